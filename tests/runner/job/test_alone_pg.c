#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

/* Statements outside a transaction, on a real server. */

static struct rig rig;

#define TRACKED "SELECT coalesce(string_agg(version, ',' ORDER BY version), '') FROM public.schema_migrations"
#define VALID   "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('public.a_id')"

static void
with_table(void)
{
	(void)rig_sql(
	    &rig, "CREATE TABLE a (id int); ALTER TABLE a OWNER TO shop; INSERT INTO a VALUES (1), (1)");
}

static void
builds_an_index(void **state)
{
	(void)state;
	with_table();
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY a_id ON a (id);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_i");
	assert_string_equal(rig_sql(&rig, VALID), "t");
	assert_string_equal(rig_sql(&rig, TRACKED), "001_i");
	assert_int_equal(rig_find(&rig, WIRE_J_INTENT, 0)->statement, 0);
	assert_int_equal(rig_statement(&rig, 0, 0), WIRE_OK);
}

static void
drops_the_invalid_index_that_it_left(void **state)
{
	(void)state;
	with_table();
	rig_add(&rig, "001_i", "CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "23505");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('public.a_id') IS NULL"), "t");
}

static void
names_it_when_the_policy_does_not_undo(void **state)
{
	(void)state;
	with_table();
	rig.plan.policy.rollback_on_failure = false;
	rig_add(&rig, "001_i", "CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "public.a_id is there but invalid");
	assert_string_equal(rig_sql(&rig, VALID), "f");
}

static void
an_old_invalid_index_is_not_ours(void **state)
{
	(void)state;
	with_table();
	(void)rig_sql(&rig, "CREATE INDEX old ON a (id)");
	(void)rig_sql(
	    &rig, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.old'::regclass");
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY a_id ON a (id);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_non_null(strstr(rig_evidence(&rig, WIRE_PREFLIGHT), "public.old"));
}

static void
half_done_is_taken_back_by_the_down(void **state)
{
	(void)state;
	with_table();
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY a_id ON a (id);\nSELECT 1 / 0;",
	    "DROP INDEX CONCURRENTLY IF EXISTS a_id;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('public.a_id') IS NULL"), "t");
	assert_int_equal(rig_migration(&rig, 0), WIRE_TAKEN_BACK);
}

static void
half_done_without_a_down_needs_a_person(void **state)
{
	(void)state;
	with_table();
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY a_id ON a (id);\nSELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "Half done in 001_i: ");
	assert_string_equal(rig_sql(&rig, VALID), "t");
}

static void
an_invalid_index_is_not_taken_for_a_good_one(void **state)
{
	(void)state;
	with_table();
	(void)rig_sql(&rig, "CREATE INDEX a_id ON a (id); ALTER TABLE a OWNER TO shop");
	(void)rig_sql(
	    &rig, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.a_id'::regclass");
	/* Something that names it, so that preflight thinks that it is cared for. */
	rig_add(&rig, "000_c", "COMMENT ON INDEX a_id IS 'old';", "COMMENT ON INDEX a_id IS NULL;");
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id);", NULL);
	rig.migrations[1].run.statements[0].object = "public.a_id";
	rig.migrations[1].run.statements[0].object_kind = "index";
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "public.a_id is invalid since before the run");
	assert_string_equal(rig_sql(&rig, VALID), "f");
	assert_string_equal(rig_sql(&rig, TRACKED), "");
}

/* Somebody else builds an index at the same time: it is invalid for as long as that takes. */
static pid_t
meanwhile(unsigned after_us, const char *sql)
{
	pid_t pid = fork();

	if (pid == 0) {
		(void)usleep(after_us);
		rig_hang(gh_printf(&rig.arena, "host=%s dbname=%s user=postgres", rig.cluster->folder,
			     rig.database),
		    sql);
		_exit(0);
	}
	return pid;
}

static void
an_index_of_somebody_else_is_left_alone(void **state)
{
	int status;
	pid_t holder, builder;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE busy (id int)");
	rig_add(&rig, "001_i", "SELECT pg_sleep(1);\nDROP INDEX CONCURRENTLY IF EXISTS absent;", NULL);
	holder = meanwhile(0, "BEGIN; INSERT INTO busy VALUES (1); SELECT pg_sleep(2)");
	builder = meanwhile(600000, "CREATE INDEX CONCURRENTLY busy_id ON busy (id)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	(void)waitpid(builder, &status, 0);
	(void)waitpid(holder, &status, 0);
	assert_string_equal(
	    rig_sql(&rig, "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('public.busy_id')"),
	    "t");
}

static void
a_word_in_a_comment_does_not_wait_for_ever(void **state)
{
	int status;
	pid_t holder;

	(void)state;
	with_table();
	rig_add(&rig, "001_i",
	    "DROP INDEX CONCURRENTLY IF EXISTS absent;\nALTER TABLE a /* not CONCURRENTLY */ ADD COLUMN x "
	    "int;",
	    NULL);
	holder = meanwhile(0, "BEGIN; LOCK TABLE a; SELECT pg_sleep(60)");
	(void)usleep(300000);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "lock timeout");
	(void)rig_sql(&rig,
	    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK TABLE a%'");
	(void)waitpid(holder, &status, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(builds_an_index),
		TEST(drops_the_invalid_index_that_it_left),
		TEST(names_it_when_the_policy_does_not_undo),
		TEST(an_old_invalid_index_is_not_ours),
		TEST(half_done_is_taken_back_by_the_down),
		TEST(half_done_without_a_down_needs_a_person),
		TEST(an_invalid_index_is_not_taken_for_a_good_one),
		TEST(an_index_of_somebody_else_is_left_alone),
		TEST(a_word_in_a_comment_does_not_wait_for_ever),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/alone on a server", tests, rig_group_start, rig_group_stop);
}
