#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

/* What is true after a run that died, on a real server. */

static struct rig rig;

#define TRACKED "SELECT coalesce(string_agg(version, ',' ORDER BY version), '') FROM public.schema_migrations"

static void
add_two(void)
{
#ifndef GH_FAULTS
	skip();
#endif
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_add(&rig, "002_b", "CREATE TABLE b (id int);", "DROP TABLE b;");
}

static void
killed_before_anything(void **state)
{
	static const char *const points[] = { "job.phase.connect", "job.phase.lock", "job.phase.preflight",
		"job.phase.migrate", "job.before-intent", "job.before-commit" };
	size_t i;

	(void)state;
	add_two();
	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		rig_run_killed(&rig, points[i]);
		rig_run(&rig, &job_reconcile);
		rig_expect(&rig, WIRE_FAILED_CLEAN, "The database is as it was before.");
		assert_string_equal(rig_sql(&rig, "SELECT to_regclass('a') IS NULL"), "t");
	}
	assert_int_equal(rig_migration(&rig, 0), WIRE_ROLLED_BACK);
}

static void
killed_after_the_first_commit(void **state)
{
	(void)state;
	add_two();
	rig_run_killed(&rig, "job.after-commit");
	assert_int_equal(rig.spec.intent_migration, 0);
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "001_a is applied");
	assert_int_equal(rig_migration(&rig, 0), WIRE_OK);
	assert_string_equal(rig_sql(&rig, TRACKED), "001_a");
}

static void
killed_after_the_last_commit(void **state)
{
	static const char *const points[] = { "job.phase.verify", "job.phase.done" };
	size_t i;

	(void)state;
	add_two();
	for (i = 0; i < 2; i++) {
		rig_run_killed(&rig, points[i]);
		rig_run(&rig, &job_reconcile);
		rig_expect(&rig, WIRE_SUCCEEDED, "all of it is in the database");
		(void)rig_sql(&rig, "DROP TABLE a, b; DELETE FROM schema_migrations");
	}
}

static void
a_row_that_somebody_removed_needs_a_person(void **state)
{
	(void)state;
	add_two();
	rig_run_killed(&rig, "job.after-commit");
	(void)rig_sql(&rig, "DELETE FROM schema_migrations");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "is committed, but public.schema_migrations does not show it");
}

static void
killed_around_a_statement_that_runs_alone(void **state)
{
	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE a (id int); ALTER TABLE a OWNER TO shop");
#ifndef GH_FAULTS
	skip();
#endif
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY a_id ON a (id);", NULL);
	rig_run_killed(&rig, "job.before-alone");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "as it was before");
	rig_run_killed(&rig, "job.after-alone");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "Half done");
	/* As if it had been killed while the server was at it. */
	(void)rig_sql(
	    &rig, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.a_id'::regclass");
	rig.spec.intent_statement = 0;
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "public.a_id is there but invalid");
}

/* The catalog is as it was: nothing of a DROP happened; else nobody can tell from its name alone. */
static void
killed_before_and_in_a_drop_by_itself(void **state)
{
	(void)state;
	(void)rig_sql(&rig,
	    "CREATE TABLE a (id int); ALTER TABLE a OWNER TO shop; CREATE INDEX a_id ON a (id); "
	    "ALTER INDEX a_id OWNER TO shop");
#ifndef GH_FAULTS
	skip();
#endif
	rig_add(&rig, "001_d", "DROP INDEX CONCURRENTLY a_id;", NULL);
	rig_run_killed(&rig, "job.before-alone");
	assert_int_equal(rig.spec.intent_xid[0], '@');
	/* Neither rows nor temporary objects count. */
	(void)rig_sql(&rig, "INSERT INTO a SELECT generate_series(1, 1000)");
	(void)rig_sql(&rig, "VACUUM ANALYZE a");
	(void)rig_sql(&rig, "CREATE TEMP TABLE t (id int PRIMARY KEY)");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "as it was before");
	(void)rig_sql(
	    &rig, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.a_id'::regclass");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "the catalog has changed since it began");
}

/* Its own SET search_path: the plan's public.a_id is s.a_id. */
static void
killed_in_another_search_path(void **state)
{
	(void)state;
	(void)rig_sql(&rig,
	    "CREATE SCHEMA s AUTHORIZATION shop; CREATE TABLE s.a (id int); ALTER TABLE s.a OWNER TO shop");
#ifndef GH_FAULTS
	skip();
#endif
	rig_add(&rig, "001_i", "SET search_path = s;\nCREATE INDEX CONCURRENTLY a_id ON a (id);", NULL);
	rig_run_killed(&rig, "job.before-alone#2");
	assert_int_equal(rig.spec.intent_statement, 1);
	rig_run(&rig, &job_reconcile);
	assert_null(strstr(rig_sentence(&rig), "a_id"));
	/* As if the server had been at it when the job died. */
	(void)rig_sql(&rig, "CREATE INDEX a_id ON s.a (id)");
	rig_run(&rig, &job_reconcile);
	rig_expect(
	    &rig, WIRE_NEEDS_PERSON, "the catalog has changed since it began, but public.a_id is not found");
}

static void
killed_while_taking_back(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_add(&rig, "002_b", "CREATE TABLE b (id int);",
	    "DROP INDEX CONCURRENTLY IF EXISTS absent;\nDROP TABLE b;");
#ifndef GH_FAULTS
	skip();
#endif
	rig_add(&rig, "003_bad", "SELECT 1 / 0;", NULL);
	rig_run_killed(&rig, "job.after-alone");
	assert_int_equal(rig.spec.done, 2);
	assert_int_equal(rig.spec.intent_migration, 1);
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "the down SQL of 002_b");
	assert_string_equal(rig_sql(&rig, TRACKED), "001_a,002_b");
}

/* A session of this name sleeps in the database while the run is reconciled: whether it was ended. */
static bool
ended_as(const char *database, const char *application)
{
	const char *conn = gh_printf(&rig.arena, "host=%s dbname=%s user=shop application_name='%s'",
	    rig.cluster->folder, database, application);
	int status;
	pid_t pid;
	bool left;

	rig_seal(&rig);
	pid = fork();
	if (pid == 0) {
		rig_hang(conn, "SELECT pg_sleep(600)");
		_exit(0);
	}
	assert_true(rig_until(rig_conninfo(&rig, "look"),
	    gh_printf(&rig.arena,
		"SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = '%s' AND datname = '%s' "
		"AND "
		"wait_event = 'PgSleep'",
		application, database)));
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "");
	left =
	    rig_sql(&rig,
		gh_printf(&rig.arena,
		    "SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) FROM pg_stat_activity WHERE "
		    "application_name = '%s'",
		    application))[0] == 't';
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return !left;
}

static void
sessions_of_the_run_that_survive_are_ended(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	rig.spec.id = 7;
	rig.spec.installation = "0a1b2c3d";
	assert_true(ended_as(rig.database, "gatehouse:7:0a1b2c3d"));
	assert_true(ended_as(rig.database, "gatehouse:7:0a1b2c3d guard"));
}

/* Another database, another Gatehouse at the same one, another run. */
static void
sessions_of_others_are_left_alone(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	rig.spec.id = 7;
	rig.spec.installation = "0a1b2c3d";
	assert_false(ended_as("postgres", "gatehouse:7:0a1b2c3d"));
	assert_false(ended_as(rig.database, "gatehouse:7:ffffffff"));
	assert_false(ended_as(rig.database, "gatehouse:7"));
	assert_false(ended_as(rig.database, "gatehouse:77:0a1b2c3d"));
}

/* A server that crashes forgets the numbers that it never wrote down; later it gives them out again. */
static void
a_number_that_the_server_has_forgotten(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	rig.spec.intent_migration = 0;
	rig.spec.intent_statement = -1;
	rig.spec.intent_xid = "4000000";
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "as it was before");
	/* One that is committed, by whom ever, of a session from before the server's start. */
	rig.spec.intent_xid = rig_sql(
	    &rig, "CREATE TABLE other (id int); SELECT xmin::text FROM pg_class WHERE relname = 'other'");
	rig.spec.backend_start = "2001-01-01 00:00:00.000000";
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "as it was before");
	rig.spec.backend_start = "2101-01-01 00:00:00.000000";
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "is committed");
}

static void
unreachable_stays_unknown(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	rig.spec.connection = "host=/nonexistent dbname=shop user=shop";
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_UNKNOWN, "it is asked again");
}

static void
another_database_needs_a_person(void **state)
{
	(void)state;
	rig.plan.database_oid++;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "another database now");
}

/* COMMIT waits for a standby that does not exist; its session is ended: it is committed, but the answer is
 * lost. */
static void
a_commit_without_an_answer(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	(void)rig_sql(&rig, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
	(void)rig_sql(&rig, "SELECT pg_reload_conf()");
	/* COMMIT waits for nobody until the checkpointer has read it, which it does before anything else. */
	(void)rig_sql(&rig, "CHECKPOINT");
	pid = fork();
	if (pid == 0) {
		int i;

		for (i = 0; i < 600; i++) {
			(void)usleep(100000);
			if (rig_sql(&rig,
				"SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
				"WHERE wait_event = 'SyncRep' AND application_name LIKE 'gatehouse:%'")[0] ==
			    't')
				_exit(0);
		}
		_exit(1);
	}
	rig_run(&rig, &job_run);
	(void)waitpid(pid, &status, 0);
	(void)rig_sql(&rig, "ALTER SYSTEM RESET synchronous_standby_names");
	(void)rig_sql(&rig, "SELECT pg_reload_conf()");
	rig_expect(&rig, WIRE_UNKNOWN, "not known yet");
	assert_int_equal(rig_migration(&rig, 0), WIRE_IN_DOUBT);
	rig_remember(&rig);
	assert_int_equal(rig.spec.intent_migration, 0);
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_a is applied");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(killed_before_anything),
		TEST(killed_after_the_first_commit),
		TEST(killed_after_the_last_commit),
		TEST(a_row_that_somebody_removed_needs_a_person),
		TEST(killed_around_a_statement_that_runs_alone),
		TEST(killed_before_and_in_a_drop_by_itself),
		TEST(killed_in_another_search_path),
		TEST(killed_while_taking_back),
		TEST(sessions_of_the_run_that_survive_are_ended),
		TEST(sessions_of_others_are_left_alone),
		TEST(a_number_that_the_server_has_forgotten),
		TEST(unreachable_stays_unknown),
		TEST(another_database_needs_a_person),
		TEST(a_commit_without_an_answer),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/reconcile on a server", tests, rig_group_start, rig_group_stop);
}
