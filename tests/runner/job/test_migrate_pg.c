#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* All migrations in one transaction, and what a tool asks after each, on a real server. */

static struct rig rig;

#define TRACKED  "SELECT coalesce(string_agg(name, ',' ORDER BY id), '') FROM public.pgmigrations"
#define THERE(t) "SELECT to_regclass('public." t "') IS NOT NULL"

static void
all_at_once(void)
{
	rig_convention(&rig, "sections");
	rig.plan.one_transaction = true;
}

static void
add_two(void)
{
	rig_add(&rig, "1_a", "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);", "DROP TABLE a;");
	rig_add(&rig, "2_b", "CREATE TABLE b AS SELECT txid_current() AS x;", "DROP TABLE b;");
	all_at_once();
}

static void
all_go_in_together(void **state)
{
	(void)state;
	add_two();
	rig_add(&rig, "3_c",
	    "CREATE TABLE c AS SELECT txid_current() AS x, (SELECT count(*) FROM pgmigrations) AS n;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "3 migrations");
	assert_string_equal(rig_sql(&rig, TRACKED), "1_a,2_b,3_c");
	assert_string_equal(rig_sql(&rig, "SELECT b.x = c.x FROM b, c"), "t");
	/* Each finds the rows of those before it. */
	assert_string_equal(rig_sql(&rig, "SELECT n FROM c"), "2");
	assert_int_equal(rig_migration(&rig, 0), WIRE_OK);
	assert_int_equal(rig_migration(&rig, 2), WIRE_OK);
	assert_non_null(strstr(rig_evidence(&rig, WIRE_MIGRATE), "in one transaction"));
}

static void
all_are_rolled_back_together(void **state)
{
	(void)state;
	add_two();
	rig_add(&rig, "3_bad", "CREATE TABLE c (id int);\nSELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "3_bad failed: division by zero");
	assert_non_null(strstr(rig_sentence(&rig), "nothing of this run is in the database"));
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
	assert_string_equal(rig_sql(&rig, THERE("pgmigrations")), "f");
	assert_int_equal(rig_migration(&rig, 0), WIRE_ROLLED_BACK);
	assert_int_equal(rig_migration(&rig, 1), WIRE_ROLLED_BACK);
	assert_int_equal(rig_migration(&rig, 2), WIRE_ROLLED_BACK);
	assert_int_equal(rig_statement(&rig, 0, 1), WIRE_ROLLED_BACK);
	assert_int_equal(rig_statement(&rig, 2, 0), WIRE_ROLLED_BACK);
	assert_int_equal(rig_statement(&rig, 2, 1), WIRE_FAILED);
	assert_int_equal(rig_find(&rig, WIRE_J_ERROR, 0)->migration, 2);
}

static void
all_are_tried_again_together(void **state)
{
	pid_t holder;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE busy (id int); ALTER TABLE busy OWNER TO shop");
	add_two();
	rig.plan.policy.max_retries = 20;
	rig_add(&rig, "3_busy", "ALTER TABLE busy ADD COLUMN x int;", NULL);
	holder = rig_hold(&rig, "holder", "BEGIN; LOCK TABLE busy", "due to lock timeout");
	rig_run(&rig, &job_run);
	rig_ended_well(holder);
	rig_expect(&rig, WIRE_SUCCEEDED, "3 migrations");
	assert_non_null(rig_find(&rig, WIRE_J_RETRY, 0));
	assert_string_equal(rig_sql(&rig, TRACKED), "1_a,2_b,3_busy");
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM a"), "1");
}

static void
a_stop_stops_all(void **state)
{
	pid_t stopper;

	(void)state;
	add_two();
	rig_add(&rig, "3_sleep", "SELECT pg_sleep(600);", NULL);
	stopper = rig_stop_at(&rig, "SELECT pg_sleep%");
	rig_run(&rig, &job_run);
	rig_ended_well(stopper);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "rolled back");
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
}

static void
a_deferred_constraint_fails_all_at_commit(void **state)
{
	(void)state;
	rig_add(&rig, "1_p", "CREATE TABLE p (id int PRIMARY KEY);", "DROP TABLE p;");
	rig_add(&rig, "2_c",
	    "CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO c VALUES (7);",
	    NULL);
	all_at_once();
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "23503");
	assert_string_equal(rig_sql(&rig, THERE("p")), "f");
}

static void
all_go_out_together(void **state)
{
	(void)state;
	add_two();
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	rig.plan.n_migrations = 0;
	rig.spec.plan = NULL;
	rig.plan.down = true;
	rig.plan.after = "2_b";
	rig_add(&rig, "2_b", "DROP TABLE b;", NULL);
	rig_add(&rig, "1_a", "DROP TABLE a;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "Taken back");
	assert_string_equal(rig_sql(&rig, TRACKED), "");
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
}

static void
a_failed_verify_takes_all_back(void **state)
{
	(void)state;
	add_two();
	rig.migrations[0].run.statements[0].object = "public.other";
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back by its down SQL");
	assert_string_equal(rig_sql(&rig, TRACKED), "");
	assert_string_equal(rig_sql(&rig, THERE("b")), "f");
}

static void
with_verify(const char *sql)
{
	struct plan_migration *m = rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");

	m->has_verify = true;
	rig_split(&rig, sql, &m->verify);
}

static void
what_a_verification_does_is_rolled_back(void **state)
{
	(void)state;
	with_verify("SELECT id FROM a;\nINSERT INTO a VALUES (1);");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM a"), "0");
}

static void
a_failed_verification_takes_back(void **state)
{
	(void)state;
	with_verify("SELECT 1 / (SELECT count(*) FROM a);");
	rig_run(&rig, &job_run);
	rig_expect(
	    &rig, WIRE_FAILED_CLEAN, "001_a is applied, but its verification failed: division by zero");
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
	assert_int_equal(rig_migration(&rig, 0), WIRE_TAKEN_BACK);
}

static void
a_failed_verification_before_the_row(void **state)
{
	(void)state;
	with_verify("SELECT 1 / (SELECT count(*) FROM a);");
	rig_groups(&rig.migrations[0].run, "1");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "001_a failed: its verification failed: division by zero");
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
	rig.migrations[0].has_back = false;
	rig.spec.plan = NULL;
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "its statements took effect, but it is not recorded");
}

/* "A migration that reads its tool's tracking table finds it." */
static void
the_table_is_there_before_the_first_statement(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a AS SELECT count(*) FROM public.schema_migrations;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
}

static void
the_table_may_have_another_name(void **state)
{
	(void)state;
	(void)rig_sql(&rig, "CREATE SCHEMA \"Odd ' one\" AUTHORIZATION shop");
	rig.plan.tracking = "Odd ' one.the \"table\"";
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(
	    rig_sql(&rig, "SELECT version FROM \"Odd ' one\".\"the \"\"table\"\"\""), "001_a");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "stale");
}

/* A trigger keeps the row of the first out; the second fails: nobody is told that the first is applied. */
static void
a_row_that_is_swallowed_is_noticed_after_a_failure(void **state)
{
	(void)state;
	rig_track(&rig, "('000_z')");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
	    "CREATE TRIGGER no BEFORE INSERT ON schema_migrations FOR EACH ROW EXECUTE FUNCTION no()");
	rig.plan.after = "000_z";
	rig.plan.policy.rollback_on_failure = false;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_add(&rig, "002_b", "SELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON,
	    "The facts contradict each other: 001_a was committed, but public.schema_migrations does not "
	    "show "
	    "it.");
}

/* The row may well be there: nobody can read it any more. */
static void
a_migration_changes_its_own_table(void **state)
{
	(void)state;
	rig_track(&rig, "('000_z')");
	rig.plan.after = "000_z";
	rig_add(&rig, "001_a", "ALTER TABLE schema_migrations ADD COLUMN more int;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "public.schema_migrations is not the tracking table of");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_migration_changes_its_own_table),
		TEST(a_row_that_is_swallowed_is_noticed_after_a_failure),
		TEST(all_go_in_together),
		TEST(all_are_rolled_back_together),
		TEST(all_are_tried_again_together),
		TEST(a_stop_stops_all),
		TEST(a_deferred_constraint_fails_all_at_commit),
		TEST(all_go_out_together),
		TEST(a_failed_verify_takes_all_back),
		TEST(what_a_verification_does_is_rolled_back),
		TEST(a_failed_verification_takes_back),
		TEST(a_failed_verification_before_the_row),
		TEST(the_table_is_there_before_the_first_statement),
		TEST(the_table_may_have_another_name),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/migrate on a server", tests, rig_group_start, rig_group_stop);
}
