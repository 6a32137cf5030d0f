#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* Tracking rows outside the migration's transaction, and migrations of several transactions, on a real
 * server. */

static struct rig rig;

#define ROW                                                                                                  \
	"SELECT coalesce(string_agg(version || CASE WHEN dirty THEN ' dirty' ELSE '' END, ','), 'none') "    \
	"FROM public.schema_migrations"
#define STARTED                                                                                              \
	"SELECT string_agg(migration_name || CASE WHEN finished_at IS NULL THEN ' started' ELSE "            \
	"' finished' END || coalesce(' ' || logs, ''), ',' ORDER BY started_at) FROM "                       \
	"public._prisma_migrations"
#define THERE(t) "SELECT to_regclass('public." t "') IS NOT NULL"

static const char *const versions[] = { "1", "2", "3" };
static struct plan_fact previous[] = { { "previous", NULL }, { "previous", "1" }, { "previous", "2" } };

/* golang-migrate: the row is written dirty before and clean after. */
static struct plan_migration *
add(size_t i, const char *up, const char *down)
{
	struct plan_migration *m = rig_add(&rig, versions[i], up, down);

	rig_convention(&rig, "golang-migrate");
	m->facts = &previous[i];
	m->n_facts = 1;
	rig_groups(&m->run, "1111111");
	if (down != NULL)
		rig_groups(&m->back, "1111111");
	return m;
}

/* Version 1 is in. */
static void
with_first(void)
{
	rig_convention(&rig, "golang-migrate");
	(void)rig_sql(&rig,
	    "CREATE TABLE public.schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL); "
	    "ALTER TABLE public.schema_migrations OWNER TO shop; "
	    "INSERT INTO public.schema_migrations VALUES (1, false); CREATE TABLE a (id int); "
	    "ALTER TABLE a OWNER TO shop");
	rig.plan.after = "1";
}

static void
the_row_is_dirty_while_it_runs(void **state)
{
	(void)state;
	add(0, "CREATE TABLE a AS SELECT version, dirty FROM public.schema_migrations;", "DROP TABLE a;");
	add(1, "CREATE TABLE b (id int);\nINSERT INTO b VALUES (1);", "DROP TABLE b;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_string_equal(rig_sql(&rig, ROW), "2");
	assert_string_equal(rig_sql(&rig, "SELECT version || dirty::text FROM a"), "1true");
	assert_int_equal(rig_statement(&rig, 1, 1), WIRE_OK);
	/* Before, the statements, the row: each with its number, each said again where statements ran. */
	assert_int_equal(rig_find(&rig, WIRE_J_INTENT, 0)->statement, WIRE_INTENT_BEFORE);
	assert_int_equal(rig_find(&rig, WIRE_J_INTENT, 1)->statement, 0);
	assert_int_equal(rig_find(&rig, WIRE_J_INTENT, 3)->statement, WIRE_INTENT_ROW);
	assert_true(strlen(rig_find(&rig, WIRE_J_INTENT, 1)->text) > 0);
}

static void
a_failure_is_taken_back_with_its_row(void **state)
{
	(void)state;
	with_first();
	add(1, "CREATE TABLE b (id int);\nSELECT 1 / 0;", "DROP TABLE b;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "rolled back");
	assert_string_equal(rig_sql(&rig, ROW), "1");
	assert_string_equal(rig_sql(&rig, THERE("b")), "f");
	assert_int_equal(rig_migration(&rig, 0), WIRE_ROLLED_BACK);
}

static void
without_the_policy_the_dirty_row_stays_and_blocks(void **state)
{
	(void)state;
	with_first();
	rig.plan.policy.rollback_on_failure = false;
	add(1, "CREATE TABLE b (id int);\nSELECT 1 / 0;", "DROP TABLE b;");
	rig_run(&rig, &job_run);
	rig_expect(
	    &rig, WIRE_NEEDS_PERSON, "Nothing of it is in, but public.schema_migrations calls 2 dirty");
	assert_non_null(strstr(rig_sentence(&rig), "force VERSION"));
	assert_string_equal(rig_sql(&rig, ROW), "2 dirty");
	assert_string_equal(rig_sql(&rig, THERE("b")), "f");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "public.schema_migrations calls 2 dirty now");
	assert_string_equal(rig_sql(&rig, ROW), "2 dirty");
}

static void
several_transactions_and_one_by_itself(void **state)
{
	struct plan_migration *m;

	(void)state;
	with_first();
	m = add(1,
	    "CREATE TABLE b (id int);\nINSERT INTO b VALUES (1);\nCREATE INDEX CONCURRENTLY b_id ON b (id);\n"
	    "SET ROLE shop;\nINSERT INTO b VALUES (2);",
	    "DROP TABLE b;");
	rig_groups(&m->run, "11022");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_sql(&rig, ROW), "2");
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM b"), "2");
}

static void
half_done_is_taken_back_by_the_down(void **state)
{
	struct plan_migration *m;

	(void)state;
	with_first();
	m = add(1, "CREATE TABLE b (id int);\nINSERT INTO b VALUES (1);\nSELECT 1 / 0;", "DROP TABLE b;");
	rig_groups(&m->run, "123");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back by its down SQL");
	assert_string_equal(rig_sql(&rig, ROW), "1");
	assert_string_equal(rig_sql(&rig, THERE("b")), "f");
	assert_int_equal(rig_migration(&rig, 0), WIRE_TAKEN_BACK);
}

static void
half_done_without_a_down_is_described(void **state)
{
	struct plan_migration *m;

	(void)state;
	with_first();
	m = add(1, "CREATE TABLE b (id int);\nINSERT INTO b VALUES (1);\nSELECT 1 / 0;", NULL);
	rig_groups(&m->run, "123");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON,
	    "Half done in 2: the 2 statements before it took effect outside a transaction.");
	assert_non_null(strstr(rig_sentence(&rig), "calls 2 dirty"));
	assert_string_equal(rig_sql(&rig, ROW), "2 dirty");
}

static void
goes_down_to_the_row_before(void **state)
{
	(void)state;
	with_first();
	(void)rig_sql(&rig, "CREATE TABLE b (id int); ALTER TABLE b OWNER TO shop");
	(void)rig_sql(&rig, "UPDATE schema_migrations SET version = 2");
	rig.plan.down = true;
	rig.plan.after = "2";
	add(1, "DROP TABLE b;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "Taken back");
	assert_string_equal(rig_sql(&rig, ROW), "1");
	/* And below the first there is no row. */
	rig.plan.n_migrations = 0;
	rig.spec.plan = NULL;
	rig.plan.after = "1";
	add(0, "DROP TABLE a;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "Taken back");
	assert_string_equal(rig_sql(&rig, ROW), "none");
}

static void
a_down_that_fails_is_described(void **state)
{
	(void)state;
	with_first();
	rig.plan.down = true;
	add(0, "DROP TABLE a;\nSELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "calls -1 dirty, as golang-migrate does while it takes back 1");
	assert_string_equal(rig_sql(&rig, ROW), "-1 dirty");
	assert_string_equal(rig_sql(&rig, THERE("a")), "t");
}

/* The way back of an applied one fails: it stays, but the row says otherwise. */
static void
a_way_back_that_fails_is_described(void **state)
{
	(void)state;
	add(0, "CREATE TABLE a (id int);", "DROP TABLE a;\nSELECT 1 / 0;");
	add(1, "SELECT 1 / 0;", "SELECT 1;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON,
	    "Its down SQL was rolled back, but public.schema_migrations calls -1 dirty, as golang-migrate "
	    "does "
	    "while it takes back 1,");
	assert_non_null(strstr(rig_sentence(&rig), "1 is applied and stays."));
	assert_string_equal(rig_sql(&rig, ROW), "-1 dirty");
	assert_string_equal(rig_sql(&rig, THERE("a")), "t");
}

static void
a_way_back_that_stops_half_way_is_described(void **state)
{
	(void)state;
	add(0, "CREATE TABLE a (id int);", "DROP TABLE a;\nSELECT 1 / 0;");
	add(1, "SELECT 1 / 0;", "SELECT 1;");
	rig_groups(&rig.migrations[0].back, "12");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON,
	    "Half done in 1: the 1 statement before it took effect outside a transaction. "
	    "public.schema_migrations calls -1 dirty");
	assert_null(strstr(rig_sentence(&rig), "stays"));
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
}

static void
an_empty_side_is_recorded(void **state)
{
	struct plan_migration *m;

	(void)state;
	with_first();
	m = add(1, "", NULL);
	m->run.n_statements = 0;
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_sql(&rig, ROW), "2");
}

static void
a_one_row_table_that_was_moved_is_stale(void **state)
{
	(void)state;
	with_first();
	(void)rig_sql(&rig, "UPDATE schema_migrations SET version = 7");
	add(1, "CREATE TABLE b (id int);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "the plan is stale");
	assert_string_equal(rig_sql(&rig, ROW), "7");
}

static void
add_prisma(const char *up)
{
	struct plan_migration *m = rig_add(&rig, "20240101_a", up, NULL);

	rig_convention(&rig, "prisma");
	m->checksum = "abc";
	rig_groups(&m->run, "1111");
}

static void
a_started_row_is_finished(void **state)
{
	(void)state;
	add_prisma("CREATE TABLE a AS SELECT migration_name, finished_at FROM public._prisma_migrations;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_sql(&rig, STARTED), "20240101_a finished");
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM a WHERE finished_at IS NULL"), "1");
}

static void
a_failure_is_recorded_where_the_tool_does(void **state)
{
	(void)state;
	add_prisma("CREATE TABLE a (id int);\nSELECT 1 / 0;");
	rig.plan.policy.rollback_on_failure = false;
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "calls 20240101_a failed");
	assert_non_null(strstr(rig_sql(&rig, STARTED), "20240101_a started Gatehouse, run"));
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
}

/* As its users do: nothing of it is in, so it is resolved as rolled back, and can run again. */
static void
a_failure_that_left_nothing_is_resolved(void **state)
{
	(void)state;
	add_prisma("CREATE TABLE a (id int);\nSELECT 1 / 0;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "nothing of this run is in the database");
	assert_string_equal(
	    rig_sql(&rig,
		"SELECT count(*) FROM public._prisma_migrations WHERE rolled_back_at IS NOT NULL AND "
		"finished_at IS NULL AND logs ~ 'Gatehouse, run'"),
	    "1");
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "nothing of this run is in the database");
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM public._prisma_migrations"), "2");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_row_is_dirty_while_it_runs),
		TEST(a_failure_is_taken_back_with_its_row),
		TEST(without_the_policy_the_dirty_row_stays_and_blocks),
		TEST(several_transactions_and_one_by_itself),
		TEST(half_done_is_taken_back_by_the_down),
		TEST(half_done_without_a_down_is_described),
		TEST(goes_down_to_the_row_before),
		TEST(a_down_that_fails_is_described),
		TEST(a_way_back_that_fails_is_described),
		TEST(a_way_back_that_stops_half_way_is_described),
		TEST(an_empty_side_is_recorded),
		TEST(a_one_row_table_that_was_moved_is_stale),
		TEST(a_started_row_is_finished),
		TEST(a_failure_is_recorded_where_the_tool_does),
		TEST(a_failure_that_left_nothing_is_resolved),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/outside on a server", tests, rig_group_start, rig_group_stop);
}
