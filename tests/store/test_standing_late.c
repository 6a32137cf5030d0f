#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/standing_write.h"

/* Tables that only hold the newest version, and what comes into the folder below it. */

/* A check finds these, and nothing else, on staging; the newest version is still that of a look at 50. */
static void
look(struct fixture *f, bool newest_stays, const struct store_standing_new *rows, size_t n)
{
	struct store_standing_set set;
	size_t i;

	assert_ok(f, store_standing_start(&f->store, &f->arena, FIXTURE_STAGING, &set, &f->err));
	set.newest_stays = newest_stays;
	set.looked_at = 50;
	for (i = 0; i < n; i++)
		assert_ok(f, store_standing_put(&set, &f->arena, &rows[i], &f->err));
	assert_ok(f, store_standing_end(&set, &f->err));
}

static struct store_standing_new
row(const char *key, const char *standing, bool applied)
{
	return (struct store_standing_new){ .key = key,
		.standing = standing,
		.decision = applied ? "nothing" : "runs",
		.checksum = "",
		.by = "",
		.text = "",
		.after = "",
		.late = "",
		.applied_at = applied ? 5 : 0,
		.present = true,
		.applied = applied };
}

static struct store_standing *
find(struct fixture *f, const char *key)
{
	struct store_standing *s = NULL;

	assert_ok(f, store_standing_find(&f->store, &f->arena, FIXTURE_STAGING, key, &s, &f->err));
	return s;
}

static void
one_that_came_after_the_newest_version_was_recorded_never_runs(void **state)
{
	struct fixture *f = *state;
	struct store_standing_new rows[] = { row("0001_create_customers", "applied", true),
		row("0002_create_orders", "applied", true), row("0003_orders_status", "applied", true) };
	const char *below = NULL;

	rows[0].late = rows[1].late = "came late";
	/* the first look, or a version that has moved: all up to it count as applied, as the tool has it */
	look(f, false, &rows[2], 1);
	look(f, false, rows, 3);
	assert_string_equal(find(f, "0002_create_orders")->standing, "applied");
	look(f, false, rows, 1);
	assert_ok(f, fixture_exec(f, "UPDATE side_seen SET seen_at = 49"));
	/* one that was in the folder before that look was only away for a while */
	look(f, true, rows, 3);
	assert_string_equal(find(f, "0002_create_orders")->standing, "applied");
	look(f, false, rows, 1);
	assert_ok(f, fixture_exec(f, "UPDATE side_seen SET seen_at = 51"));
	look(f, true, rows, 3);
	assert_string_equal(find(f, "0001_create_customers")->standing, "applied");
	assert_string_equal(find(f, "0002_create_orders")->standing, "out-of-order");
	assert_string_equal(find(f, "0002_create_orders")->decision, "never");
	assert_string_equal(find(f, "0002_create_orders")->text, "came late");
	assert_false(find(f, "0002_create_orders")->applied);
	/* a row of its own tells that it is applied */
	assert_string_equal(find(f, "0003_orders_status")->standing, "applied");
	/* it stays so, with its first sentence, when the version goes up */
	rows[1].late = "came late, says a newer version";
	look(f, false, rows, 3);
	assert_string_equal(find(f, "0002_create_orders")->standing, "out-of-order");
	assert_string_equal(find(f, "0002_create_orders")->text, "came late");
	/* what the table says on the way back leaves it out */
	assert_ok(f,
	    store_standing_below(
		&f->store, &f->arena, FIXTURE_STAGING, "0003_orders_status", &below, &f->err));
	assert_string_equal(below, "0001_create_customers");
	assert_ok(f,
	    store_standing_below(
		&f->store, &f->arena, FIXTURE_STAGING, "0001_create_customers", &below, &f->err));
	assert_null(below);
	/* until the version has gone below it */
	rows[1] = row("0002_create_orders", "pending", false);
	look(f, false, rows, 2);
	assert_string_equal(find(f, "0002_create_orders")->standing, "pending");
	rows[1] = row("0002_create_orders", "applied", true);
	rows[1].late = "came late";
	look(f, true, rows, 3);
	assert_string_equal(find(f, "0002_create_orders")->standing, "applied");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    one_that_came_after_the_newest_version_was_recorded_never_runs, fixture_setup,
		    fixture_teardown),
	};

	return cmocka_run_group_tests_name("store/standing late", tests, NULL, NULL);
}
