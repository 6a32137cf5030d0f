#include "base/ban.h"
#include "runner/plan_build.h"
#include "store/project_write.h"
#include "tests/support/fixture_plan.h"

/* One more file in the folder that fixture_shop made, refused. */
static void
refused(struct fixture_runner *f, const char *file)
{
	const struct store_file_new row = { .file = file,
		.taken_as = "refused",
		.reason = "not a file but a symbolic link",
		.key = "",
		.digest = "" };
	struct store_project p;

	fixture_shop(f);
	assert_int_equal(store_project_get(f->runner->store, &f->arena, "shop", &p, &f->err), GH_OK);
	assert_int_equal(store_folder_file(f->runner->store, p.id, &row, &f->err), GH_OK);
}

/* Production has 0001 and 0002; want "" when the plan is made, else what its refusal says. */
static void
expect(struct fixture_runner *f, bool down, const char *to, const char *want)
{
	const struct plan_goal goal = { .down = down, .to = to };
	PLAN_BUILT b = { 0 };
	enum gh_code code;

	f->err = (struct gh_err){ 0 };
	code = plan_build(f->runner->store, "shop_production", &goal, false, &b, &f->err);
	assert_int_equal(code, want[0] == '\0' ? GH_OK : GH_CONFLICT);
	if (code != GH_OK && strstr(f->err.msg, want) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", f->err.msg, want);
}

static void
a_refused_file_is_not_jumped_over(void **state)
{
	struct fixture_runner *f = *state;

	refused(f, "0004_photos.sql");
	expect(f, false, "", "jump over 0004_photos.sql, which is refused (not a file but a symbolic link)");
	expect(f, false, "5", "jump over 0004_photos.sql");
	expect(f, false, "4", "jump over 0004_photos.sql");
	expect(f, false, "3", "");
	expect(f, true, "1", "");
}

static void
its_number_counts_and_not_how_it_is_written(void **state)
{
	struct fixture_runner *f = *state;

	refused(f, "5_photos.sql");
	expect(f, false, "", "jump over 5_photos.sql");
	expect(f, false, "4", "");
	refused(f, "0004-photos.SQL");
	expect(f, false, "5", "jump over 0004-photos.SQL");
	refused(f, "123456789012345678901234567890_x.sql");
	expect(f, false, "", "jump over 1234");
	expect(f, false, "5", "");
	refused(f, "add_photos.sql");
	expect(f, false, "", "");
}

static void
nothing_to_do_is_not_said_of_a_refused_file(void **state)
{
	static const char *const all[] = { "0001_customers", "0002_orders", "0003_status", "0004_index",
		"0005_total", NULL };
	struct fixture_runner *f = *state;

	refused(f, "0006_photos.sql");
	fixture_seen(f, "shop_production", all);
	expect(f, false, "", "jump over 0006_photos.sql");
	expect(f, false, "6", "0006_photos.sql is refused and cannot run: not a file but a symbolic link");
	expect(f, false, "0006_photos", "0006_photos.sql is refused and cannot run");
	expect(f, false, "5", "nothing to do");
}

static void
what_is_applied_already_stands_in_nobodys_way(void **state)
{
	static const char *const seen[] = { "0001_customers", "0002_orders", "0002_photos", NULL };
	struct fixture_runner *f = *state;

	refused(f, "0002_photos.sql");
	expect(f, false, "3", "jump over 0002_photos.sql");
	fixture_seen(f, "shop_production", seen);
	expect(f, false, "3", "");
	refused(f, "0001_customers.undo.sql");
	expect(f, false, "3", "");
}

static void
a_refused_way_back_stops_its_own_migration_only(void **state)
{
	struct fixture_runner *f = *state;

	refused(f, "0003_status_down.sql");
	expect(f, false, "3", "0003_status_down.sql, the way back of 0003_status, is refused");
	refused(f, "0002_orders.undo.sql");
	expect(f, true, "1", "");
	refused(f, "0009_gone_down.sql");
	expect(f, false, "", "jump over 0009_gone_down.sql");
	expect(f, false, "5", "");
}

static void
dates_are_placed_from_their_left(void **state)
{
	struct fixture_runner *f = *state;
	struct store *st = f->runner->store;

	refused(f, "20261102_c.sql");
	assert_int_equal(
	    sqlite3_exec(st->db,
		"UPDATE migration SET present = 0;"
		"UPDATE standing SET key = '20261101120000_a' WHERE key = '0003_status';"
		"UPDATE standing SET key = '20261103120000_b' WHERE key = '0005_total';"
		"DELETE FROM standing WHERE key = '0004_index';"
		"UPDATE migration SET present = 1, key = '20261101120000_a', version = '20261101120000',"
		" version_number = 20261101120000 WHERE key = '0003_status';"
		"UPDATE migration SET present = 1, key = '20261103120000_b', version = '20261103120000',"
		" version_number = 20261103120000 WHERE key = '0005_total';",
		NULL, NULL, NULL),
	    SQLITE_OK);
	expect(f, false, "20261101120000_a", "");
	expect(f, false, "20261103120000_b", "jump over 20261102_c.sql");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_refused_file_is_not_jumped_over),
		FIXTURE_TEST(its_number_counts_and_not_how_it_is_written),
		FIXTURE_TEST(nothing_to_do_is_not_said_of_a_refused_file),
		FIXTURE_TEST(what_is_applied_already_stands_in_nobodys_way),
		FIXTURE_TEST(a_refused_way_back_stops_its_own_migration_only),
		FIXTURE_TEST(dates_are_placed_from_their_left),
	};

	return cmocka_run_group_tests_name("runner/plan_refused", tests, NULL, NULL);
}
