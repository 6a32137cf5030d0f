#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* The job `run` on a real server: what goes in, what does not, and what it says. */

static struct rig rig;

#define TRACKED "SELECT coalesce(string_agg(version, ',' ORDER BY version), '') FROM public.schema_migrations"

static void
applies_in_order_and_records(void **state)
{
	(void)state;
	rig_add(
	    &rig, "001_orders", "CREATE TABLE orders (id int);\nINSERT INTO orders VALUES (1), (2);", NULL);
	rig_add(&rig, "002_notice", "DO $$ BEGIN RAISE NOTICE 'hello'; END $$;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations, the last one 002_notice");
	assert_string_equal(rig_sql(&rig, TRACKED), "001_orders,002_notice");
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM orders"), "2");
	assert_int_equal(rig_migration(&rig, 1), WIRE_OK);
	assert_int_equal(rig_statement(&rig, 0, 1), WIRE_OK);
	assert_int_equal(rig_phase(&rig, WIRE_VERIFY), WIRE_OK);
	assert_int_equal(rig_phase(&rig, WIRE_BACKUP), WIRE_SKIPPED);
	assert_string_equal(rig_find(&rig, WIRE_J_NOTICE, 0)->more, "hello");
	assert_true(strlen(rig_find(&rig, WIRE_J_INTENT, 0)->text) > 0);
}

static void
settings_do_not_leak(void **state)
{
	(void)state;
	rig_add(&rig, "001_set", "SET search_path = '';\nSET statement_timeout = '20ms';", NULL);
	rig_add(&rig, "002_sleep", "SELECT pg_sleep(0.1);\nCREATE TABLE here (id int);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
}

static void
rolls_back_a_failure(void **state)
{
	const struct rig_frame *e;

	(void)state;
	rig_add(
	    &rig, "001_bad", "CREATE TABLE t (id int PRIMARY KEY);\nINSERT INTO t VALUES (1),\n (1);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "nothing of this run is in the database");
	e = rig_find(&rig, WIRE_J_ERROR, 0);
	assert_string_equal(e->text, "23505");
	assert_int_equal(e->statement, 1);
	assert_int_equal(rig_statement(&rig, 0, 0), WIRE_ROLLED_BACK);
	assert_int_equal(rig_statement(&rig, 0, 1), WIRE_FAILED);
	assert_int_equal(rig_migration(&rig, 0), WIRE_ROLLED_BACK);
	assert_string_equal(
	    rig_sql(&rig, "SELECT to_regclass('t') IS NULL AND to_regclass('schema_migrations') IS NULL"),
	    "t");
}

static void
a_deferred_constraint_fails_at_commit(void **state)
{
	(void)state;
	rig_add(&rig, "001_deferred",
	    "CREATE TABLE p (id int PRIMARY KEY);\n"
	    "CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO c VALUES (7);",
	    NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "23503");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('p') IS NULL"), "t");
}

static void
takes_back_what_it_applied(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_add(&rig, "002_b", "CREATE TABLE b (id int);", "DROP TABLE b;");
	rig_add(&rig, "003_bad", "SELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back by its down SQL");
	assert_int_equal(rig_migration(&rig, 0), WIRE_TAKEN_BACK);
	assert_int_equal(rig_migration(&rig, 1), WIRE_TAKEN_BACK);
	assert_string_equal(
	    rig_sql(&rig, "SELECT to_regclass('a') IS NULL AND to_regclass('b') IS NULL"), "t");
	assert_string_equal(rig_sql(&rig, TRACKED), "");
}

static void
a_missing_down_stops_taking_back(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	rig_add(&rig, "002_b", "CREATE TABLE b (id int);", "DROP TABLE b;");
	rig_add(&rig, "003_bad", "SELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "001_a has no down SQL");
	assert_string_equal(rig_sql(&rig, TRACKED), "001_a");
	assert_int_equal(rig_migration(&rig, 0), WIRE_OK);
	assert_int_equal(rig_migration(&rig, 1), WIRE_TAKEN_BACK);
}

static void
a_failing_down_stops_taking_back(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE b;");
	rig_add(&rig, "002_bad", "SELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "the down SQL of 001_a failed");
	assert_string_equal(rig_sql(&rig, TRACKED), "001_a");
	assert_int_equal(rig_migration(&rig, 0), WIRE_OK);
}

static void
without_rollback_on_failure_they_stay(void **state)
{
	(void)state;
	rig.plan.policy.rollback_on_failure = false;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	rig_add(&rig, "002_bad", "SELECT nonsense;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "001_a is applied and stays");
	assert_string_equal(rig_sql(&rig, TRACKED), "001_a");
}

static void
goes_down(void **state)
{
	(void)state;
	rig_track(&rig, "('001_a'), ('002_b')");
	(void)rig_sql(&rig, "CREATE TABLE b (id int); ALTER TABLE b OWNER TO shop");
	rig.plan.down = true;
	rig.plan.after = "002_b";
	rig_add(&rig, "002_b", "DROP TABLE b;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "Taken back");
	assert_string_equal(rig_sql(&rig, TRACKED), "001_a");
}

static void
refuses_copy_from_the_client(void **state)
{
	(void)state;
	rig_add(&rig, "001_copy", "CREATE TABLE a (id int);\nCOPY a FROM STDIN;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "COPY");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('a') IS NULL"), "t");
}

static void
refuses_copy_to_the_client(void **state)
{
	(void)state;
	rig_add(&rig, "001_copy",
	    "CREATE TABLE a (id int);\nCOPY (SELECT generate_series(1, 99999)) TO STDOUT;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('a') IS NULL"), "t");
}

static void
notices_a_statement_that_commits(void **state)
{
	(void)state;
	rig_add(&rig, "001_commit", "CREATE TABLE a (id int);\nCOMMIT;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "ended the transaction");
}

static void
retries_a_lock_timeout(void **state)
{
	pid_t holder;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE busy (id int); ALTER TABLE busy OWNER TO shop");
	rig.plan.policy.max_retries = 20;
	rig_add(&rig, "001_busy", "ALTER TABLE busy ADD COLUMN x int;", NULL);
	holder = rig_hold(&rig, "holder", "BEGIN; LOCK TABLE busy", "due to lock timeout");
	rig_run(&rig, &job_run);
	rig_ended_well(holder);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_busy");
	assert_non_null(rig_find(&rig, WIRE_J_RETRY, 0));
	assert_null(rig_find(&rig, WIRE_J_ERROR, 0));
}

/* SIGTERM to ourselves while the server sleeps. */
static void
a_stop_cancels_and_takes_back(void **state)
{
	pid_t stopper;

	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_add(&rig, "002_sleep", "SELECT pg_sleep(600);", NULL);
	stopper = rig_stop_at(&rig, "SELECT pg_sleep%");
	rig_run(&rig, &job_run);
	rig_ended_well(stopper);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back by its down SQL");
	assert_string_equal(rig_find(&rig, WIRE_J_ERROR, 0)->text, "57014");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('a') IS NULL"), "t");
}

static void
a_missing_object_fails_verify(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE IF EXISTS a;");
	rig.migrations[0].run.statements[0].object = "public.other";
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "the table public.other that 001_a creates is not there");
	assert_int_equal(rig_phase(&rig, WIRE_VERIFY), WIRE_FAILED);
	assert_string_equal(rig_sql(&rig, TRACKED), "");
}

static void
an_object_that_is_dropped_later_is_fine(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	rig_add(&rig, "002_drop", "DROP TABLE a;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(applies_in_order_and_records),
		TEST(settings_do_not_leak),
		TEST(rolls_back_a_failure),
		TEST(a_deferred_constraint_fails_at_commit),
		TEST(takes_back_what_it_applied),
		TEST(a_missing_down_stops_taking_back),
		TEST(a_failing_down_stops_taking_back),
		TEST(without_rollback_on_failure_they_stay),
		TEST(goes_down),
		TEST(refuses_copy_from_the_client),
		TEST(refuses_copy_to_the_client),
		TEST(notices_a_statement_that_commits),
		TEST(retries_a_lock_timeout),
		TEST(a_stop_cancels_and_takes_back),
		TEST(a_missing_object_fails_verify),
		TEST(an_object_that_is_dropped_later_is_fine),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/run on a server", tests, rig_group_start, rig_group_stop);
}
