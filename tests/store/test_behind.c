#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/behind.h"

static void
names_the_environment_before_and_by_how_many(void **state)
{
	struct fixture *f = *state;
	struct store_behinds list;

	assert_ok(f, store_behind_list(&f->store, &f->arena, &list, &f->err));
	assert_true(list.n > 0);
	assert_string_equal(list.rows[list.n - 1].environment, "production");
	assert_string_equal(list.rows[list.n - 1].before, "staging");
	assert_string_equal(list.rows[list.n - 1].target, "shop_production");
	assert_string_equal(list.rows[list.n - 1].ahead, "shop_staging");
	assert_true(list.rows[list.n - 1].migrations > 0);
}

static void
says_nothing_of_targets_that_lack_nothing(void **state)
{
	struct fixture *f = *state;
	struct store_behinds list;

	assert_ok(f,
	    fixture_exec(f, "UPDATE standing SET standing = 'applied', applied = 1, decision = 'nothing'"));
	assert_ok(f,
	    fixture_exec(f,
		"INSERT OR IGNORE INTO standing SELECT t.id, s.key, s.standing, 1, 'nothing', 1, '', '', '', "
		"'', 0 "
		"FROM target t, standing s"));
	assert_ok(f, store_behind_list(&f->store, &f->arena, &list, &f->err));
	assert_int_equal(list.n, 0);
}

static void
leaves_out_what_was_never_looked_at(void **state)
{
	struct fixture *f = *state;
	struct store_behinds list;

	assert_ok(f, fixture_exec(f, "UPDATE target SET checked_at = NULL"));
	assert_ok(f, store_behind_list(&f->store, &f->arena, &list, &f->err));
	assert_int_equal(list.n, 0);
}

static void
leaves_out_what_is_not_understood(void **state)
{
	struct fixture *f = *state;
	struct store_behinds list;

	assert_ok(f, fixture_exec(f, "UPDATE target SET tracking_known = 0"));
	assert_ok(f, store_behind_list(&f->store, &f->arena, &list, &f->err));
	assert_int_equal(list.n, 0);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(names_the_environment_before_and_by_how_many),
		T(says_nothing_of_targets_that_lack_nothing),
		T(leaves_out_what_was_never_looked_at),
		T(leaves_out_what_is_not_understood),
	};

	return cmocka_run_group_tests_name("store/behind", tests, NULL, NULL);
}
