#include "base/ban.h"
#include "tests/support/fixture_runner.h"

static enum gh_code
ask(struct fixture_runner *f, const char *who, const char *target, const char *environment)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, target);
	wire_put_text(&out, environment);
	return fixture_cli(f, who, WIRE_READ_STATUS, false, &fields);
}

static void
lists_targets_in_promotion_order_and_filters(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	fixture_ok(f, ask(f, "viewer", "", ""));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 2);
	assert_string_equal(fixture_cell(f, t, 0, "target")->text, "shop_development");
	assert_string_equal(fixture_cell(f, t, 1, "environment")->text, "production");
	assert_int_equal(fixture_cell(f, t, 0, "pending")->kind, 'i');
	fixture_ok(f, ask(f, "viewer", "", "production"));
	assert_int_equal(fixture_table(f)->n_rows, 1);
	fixture_ok(f, ask(f, "viewer", "shop_development", "production"));
	assert_int_equal(fixture_table(f)->n_rows, 0);
}

static void
knows_no_other_target_and_no_stranger(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_NOT_FOUND, "shop_moon", ask(f, "viewer", "shop_moon", ""));
	fixture_refused(f, GH_FORBIDDEN, "stands for nobody", ask(f, NULL, "", ""));
	assert_int_equal(fixture_entries(f), 0);
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, "");
	wire_put_text(&out, "");
	fixture_cuts_cli(f, "lead", WIRE_READ_STATUS, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(lists_targets_in_promotion_order_and_filters),
		FIXTURE_TEST(knows_no_other_target_and_no_stranger),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_status", tests, NULL, NULL);
}
