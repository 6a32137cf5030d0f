#include "base/ban.h"
#include "runner/plan_build.h"
#include "store/project_write.h"
#include "tests/support/fixture_plan.h"

static enum gh_code
build(struct fixture_runner *f, const char *target, bool down, const char *to, int64_t steps,
    struct plan_built *ret)
{
	const struct plan_goal goal = { .down = down, .to = to, .steps = steps };

	f->err = (struct gh_err){ 0 };
	return plan_build(f->runner->store, target, &goal, false, ret, &f->err);
}

/* The keys of the plan and its goal, or the message. */
static void
expect(struct fixture_runner *f, bool down, const char *to, int64_t steps, const char *want)
{
	PLAN_BUILT b = { 0 };
	GH_TEXT text = { 0 };
	size_t i;

	if (build(f, "shop_production", down, to, steps, &b) != GH_OK) {
		gh_text_put(&text, f->err.msg);
	} else {
		for (i = 0; i < b.plan.n_migrations; i++)
			gh_text_putf(&text, "%.4s ", b.plan.migrations[i].key);
		gh_text_putf(&text, "| %s", b.goal);
	}
	if (strstr(gh_text_str(&text), want) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", gh_text_str(&text), want);
}

static void
goes_up_in_order(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	expect(f, false, "", 0, "0003 0004 0005 | to 0005");
	expect(f, false, "0004", 0, "0003 0004 | to 0004");
	expect(f, false, "4", 0, "0003 0004 | to 0004");
	expect(f, false, "0003_status", 0, "0003 | to 0003");
	expect(f, false, "0002", 0, "nothing to do: 0002_orders and all before it are applied");
	expect(f, false, "0099", 0, "no migration 0099");
	expect(f, false, "", 1, "steps");
}

static void
goes_down_newest_first(void **state)
{
	static const char *const all[] = { "0001_customers", "0002_orders", "0003_status", "0004_index",
		"0005_total", NULL };
	struct fixture_runner *f = *state;

	fixture_shop(f);
	expect(f, true, "", 2, "0002 0001 | back 2, to nothing");
	expect(f, true, "1", 0, "0002 | back 1, to 0001");
	expect(f, true, "2", 0, "2 is the newest on shop_production");
	expect(f, true, "", 3, "only 2 migrations are applied");
	expect(f, true, "0004", 0, "0004 is not applied");
	expect(f, true, "", 0, "say either");
	expect(f, true, "0001", 1, "say either");
	expect(f, true, "", -1, "steps");
	fixture_seen(f, "shop_production", all);
	expect(f, true, "", 2, "0005 0004 | back 2, to 0003");
	expect(f, true, "", 3, "0003_status has no down SQL");
	expect(f, false, "", 0, "all migrations of shop are applied");
}

static void
says_what_is_out_of_order_and_what_has_no_file(void **state)
{
	static const char *const gap[] = { "0002_orders", NULL },
				 *const gone[] = { "0001_customers", "0009_gone", NULL };
	struct fixture_runner *f = *state;

	fixture_shop(f);
	fixture_seen(f, "shop_production", gap);
	expect(f, false, "1", 0, "0001 | to 0001 (out of order: 0001_customers is older than 0002_orders");
	fixture_seen(f, "shop_production", gone);
	expect(f, true, "", 1, "0009_gone is applied but its file is no longer in the folder");
}

static void
refuses_files_with_problems(void **state)
{
	struct fixture_migration m[FIXTURE_MIGRATIONS + 1];
	struct fixture_runner *f = *state;

	fixture_shop(f);
	memcpy(m, fixture_migrations, sizeof(fixture_migrations));
	m[4].problem = "0005_total.sql:1:7: syntax error";
	fixture_folder(f, m, FIXTURE_MIGRATIONS);
	expect(f, false, "", 0, "0005_total.sql:1:7: syntax error");
	expect(f, false, "4", 0, "0003 0004 | to 0004");
	m[4].problem = "";
	/* what runs would be read in another way by its tool */
	assert_int_equal(sqlite3_exec(f->runner->store->db,
			     "UPDATE project SET folder_problem = 'atlas.sum differs'", NULL, NULL, NULL),
	    0);
	expect(f, false, "4", 0, "nothing of project shop runs: atlas.sum differs");
}

static void
change(struct fixture_runner *f, const char *sql)
{
	char *msg = NULL;

	if (sqlite3_exec(f->runner->store->db, sql, NULL, NULL, &msg) != SQLITE_OK)
		fail_msg("%s", msg);
}

static void
obeys_the_rules_of_the_tool(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	change(f,
	    "UPDATE standing SET standing = 'out-of-order', decision = 'never', text = 'older than 0004'"
	    " WHERE key = '0003_status'");
	expect(f, false, "", 0, "0004 0005 | to 0005 (without 0003_status: its tool passes over it)");
	expect(f, false, "3", 0,
	    "nothing to do: 0003_status and all before it are applied on shop_production, and "
	    "0003_status never will be: older than 0004");
	change(f, "UPDATE standing SET decision = 'blocks' WHERE key = '0004_index'");
	expect(f, false, "", 0, "0004_index is pending.");
	expect(f, false, "", 0, "An older migration runs whenever it appears.");
	change(f, "UPDATE standing SET decision = 'runs' WHERE key = '0003_status'");
	expect(f, false, "3", 0, "0003 | to 0003");
	change(f, "UPDATE target SET blocked = 'version 2 is dirty'");
	expect(f, false, "3", 0, "nothing can be applied on shop_production: version 2 is dirty. An older");
	/* what a tool would not go forward from may still be left backwards, unless it is half done */
	expect(f, true, "", 1, "0002 | back 1, to 0001");
	change(f,
	    "UPDATE standing SET standing = 'failed', decision = 'blocks', text = 'it is dirty'"
	    " WHERE key = '0003_status'");
	expect(f, true, "", 1,
	    "nothing can be taken back on shop_production: 0003_status has failed. it is dirty.");
}

static void
goes_up_by_one_alone(void **state)
{
	struct plan_goal goal = { .to = "0004", .only = true };
	struct fixture_runner *f = *state;
	PLAN_BUILT b = { 0 };
	PLAN_BUILT c = { 0 };
	PLAN_BUILT d = { 0 };

	fixture_shop(f);
	assert_int_equal(plan_build(f->runner->store, "shop_production", &goal, false, &b, &f->err), GH_OK);
	assert_int_equal(b.plan.n_migrations, 1);
	assert_string_equal(b.goal, "only 0004");
	change(f, "UPDATE project SET in_turn = 'only the newest version is recorded'");
	assert_int_equal(
	    plan_build(f->runner->store, "shop_production", &goal, false, &c, &f->err), GH_CONFLICT);
	assert_string_equal(f->err.msg,
	    "0004_index cannot run alone, 0003_status is pending before it: only the newest version is "
	    "recorded");
	goal.to = "2";
	f->err = (struct gh_err){ 0 };
	plan_built_done(&c);
	assert_int_equal(
	    plan_build(f->runner->store, "shop_production", &goal, false, &c, &f->err), GH_CONFLICT);
	assert_string_equal(f->err.msg, "nothing to do: 0002_orders is applied on shop_production");
	goal.to = "";
	assert_int_equal(
	    plan_build(f->runner->store, "shop_production", &goal, false, &d, NULL), GH_BAD_INPUT);
}

static void
code_steps_and_baselines_are_no_sql(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	change(f,
	    "UPDATE migration SET code = 1 WHERE key = '0003_status';"
	    "UPDATE project_file SET taken_as = 'code', reason = 'a step in Go' WHERE key = '0003_status'");
	expect(f, false, "", 0,
	    "0003_status cannot run here, nor what comes after it: 0003_status.sql: a step in Go");
	change(f, "UPDATE standing SET standing = 'baseline' WHERE key = '0001_customers'");
	expect(f, true, "", 1, "0002 | back 1, to 0001");
	expect(f, true, "", 2, "0001_customers is the baseline on shop_production or before it");
}

static void
the_folder_must_be_the_one_that_was_compared(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	change(f, "UPDATE target SET signature = 'older'");
	expect(f, false, "", 0, "the folder of project shop has changed since shop_production was compared");
	fixture_shop(f);
	change(f, "UPDATE project SET convention = '', detected = '', detected_text = 'goose or dbmate'");
	expect(f, false, "", 0, "it is not known which tool project shop is for: goose or dbmate");
}

static void
facts_and_checksums_go_along(void **state)
{
	struct fixture_runner *f = *state;
	PLAN_BUILT b = { 0 };
	PLAN_BUILT c = { 0 };

	fixture_shop(f);
	change(f,
	    "UPDATE migration SET checksum = '4711' WHERE key = '0003_status';"
	    "INSERT INTO migration_fact SELECT id, 0, 'script', 'V3.sql' FROM migration WHERE key = "
	    "'0003_status';"
	    "INSERT INTO migration_fact SELECT id, 1, 'by', NULL FROM migration WHERE key = '0003_status';"
	    "UPDATE project SET one_transaction = 1");
	assert_int_equal(build(f, "shop_production", false, "3", 0, &b), GH_OK);
	assert_string_equal(b.plan.migrations[0].checksum, "4711");
	assert_string_equal(b.plan.migrations[0].file, "0003_status.sql");
	assert_int_equal(b.plan.migrations[0].n_facts, 2);
	assert_string_equal(b.plan.migrations[0].facts[0].value, "V3.sql");
	assert_null(b.plan.migrations[0].facts[1].value);
	assert_true(b.plan.one_transaction);
	/* 0004 cannot be in a transaction: then none is for all of them */
	assert_int_equal(build(f, "shop_production", false, "4", 0, &c), GH_OK);
	assert_false(c.plan.one_transaction);
}

/* A table that only holds the newest version: what was passed over is not named by it on the way back. */
static void
the_way_back_leaves_out_what_was_passed_over(void **state)
{
	struct fixture_runner *f = *state;
	PLAN_BUILT b = { 0 };
	PLAN_BUILT c = { 0 };

	fixture_shop(f);
	change(f,
	    "INSERT INTO migration_fact SELECT id, 0, 'previous', '0001_customers' FROM migration "
	    "WHERE key = '0002_orders'");
	assert_int_equal(build(f, "shop_production", true, "", 1, &b), GH_OK);
	assert_string_equal(b.plan.migrations[0].facts[0].value, "0001_customers");
	change(f,
	    "UPDATE standing SET standing = 'out-of-order', decision = 'never', applied = 0 "
	    "WHERE key = '0001_customers'");
	assert_int_equal(build(f, "shop_production", true, "", 1, &c), GH_OK);
	assert_string_equal(c.plan.migrations[0].key, "0002_orders");
	assert_null(c.plan.migrations[0].facts[0].value);
}

static void
needs_a_target_that_is_known(void **state)
{
	struct fixture_runner *f = *state;
	struct store *st = f->runner->store;
	int64_t id = fixture_target_id(f, "shop_production");
	PLAN_BUILT b = { 0 };

	assert_int_equal(build(f, "nowhere", false, "", 0, &b), GH_NOT_FOUND);
	plan_built_done(&b);
	assert_int_equal(build(f, "shop_production", false, "", 0, &b), GH_UNAVAILABLE);
	fixture_shop(f);
	assert_int_equal(store_target_hold(st, id, "run 3 is unknown", &f->err), GH_OK);
	expect(f, false, "", 0, "shop_production is held: run 3 is unknown");
	assert_int_equal(store_target_hold(st, id, "", &f->err), GH_OK);
	assert_int_equal(store_target_problem(st, id, true, "the role is a superuser", 1, &f->err), GH_OK);
	expect(f, false, "", 0, "nothing can run on shop_production: the role is a superuser");
	assert_int_equal(store_target_problem(st, id, false, "connection refused", 1, &f->err), GH_OK);
	expect(f, false, "", 0, "connection refused");
	fixture_shop(f);
	change(f, "UPDATE target SET tracking_known = 0, tracking_text = 'it has other columns'");
	expect(f, false, "", 0, "it has other columns");
	fixture_shop(f);
	assert_int_equal(store_project_problem(st, 1, "permission denied", 1, &f->err), GH_OK);
	expect(f, false, "", 0, "permission denied");
}

static void
gives_the_same_bytes_again_and_carries_the_way_back(void **state)
{
	struct fixture_runner *f = *state;
	PLAN_BUILT a = { 0 };
	PLAN_BUILT b = { 0 };
	GH_ARENA arena = { 0 };
	struct plan read;

	fixture_shop(f);
	assert_int_equal(build(f, "shop_production", false, "", 0, &a), GH_OK);
	assert_int_equal(build(f, "shop_production", false, "5", 0, &b), GH_OK);
	assert_string_equal(a.digest, b.digest);
	assert_int_equal(plan_read(a.bytes.data, a.bytes.len, &arena, &read, &f->err), GH_OK);
	assert_string_equal(read.after, "0002_orders");
	assert_false(read.migrations[0].has_back);
	assert_true(read.migrations[2].has_back);
	assert_int_equal(read.migrations[1].run.statements[0].group, 0);
	assert_false(read.migrations[1].run.row_inside);
	assert_memory_equal(
	    read.migrations[2].back.sql, "ALTER TABLE orders DROP total", read.migrations[2].back.sql_len);
	assert_int_equal(read.policy.approvals, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(goes_up_in_order),
		FIXTURE_TEST(goes_down_newest_first),
		FIXTURE_TEST(says_what_is_out_of_order_and_what_has_no_file),
		FIXTURE_TEST(refuses_files_with_problems),
		FIXTURE_TEST(obeys_the_rules_of_the_tool),
		FIXTURE_TEST(goes_up_by_one_alone),
		FIXTURE_TEST(code_steps_and_baselines_are_no_sql),
		FIXTURE_TEST(the_folder_must_be_the_one_that_was_compared),
		FIXTURE_TEST(facts_and_checksums_go_along),
		FIXTURE_TEST(the_way_back_leaves_out_what_was_passed_over),
		FIXTURE_TEST(needs_a_target_that_is_known),
		FIXTURE_TEST(gives_the_same_bytes_again_and_carries_the_way_back),
	};

	return cmocka_run_group_tests_name("runner/plan_build", tests, NULL, NULL);
}
