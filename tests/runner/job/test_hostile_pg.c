#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <sys/wait.h>

/* Migrations that change the session under the run, and servers that leave it, on a real server. */

static struct rig rig;

#define TRACKED "SELECT coalesce(string_agg(version, ',' ORDER BY version), '') FROM public.schema_migrations"
#define THERE   "SELECT to_regclass('public.a') IS NOT NULL"

#define ACTIVE                                                                                               \
	"SELECT count(*) = 1 FROM pg_stat_activity WHERE usename = 'shop' AND state = 'active' AND "         \
	"datname = current_database() AND query LIKE "

/* In a child: SIGTERM to the job while its COMMIT goes on, which ends only some time after that. */
static bool
stop_the_commit(const char *conninfo)
{
	bool well = rig_until(conninfo, ACTIVE "'COMMIT%' AND wait_event = 'PgSleep'") &&
	    kill(getppid(), SIGTERM) == 0;

	rig_hang(conninfo, "INSERT INTO stopped VALUES (1)");
	return well;
}

/* In a child: as a standby that took over without the last transaction. */
static bool
forget_the_last(const char *conninfo)
{
	bool well = rig_until(conninfo, ACTIVE "'DO %'");

	rig_hang(conninfo, "DELETE FROM public.schema_migrations");
	return well;
}

static void
a_verify_without_an_answer_takes_nothing_back(void **state)
{
	(void)state;
	rig_add(&rig, "001_a",
	    "CREATE TABLE a (id int);\nREVOKE SELECT ON public.schema_migrations FROM shop;",
	    "DROP TABLE a;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_UNKNOWN, "could not be verified");
	assert_string_equal(rig_sql(&rig, THERE), "t");
	assert_string_equal(rig_sql(&rig, TRACKED), "001_a");
	(void)rig_sql(&rig, "GRANT SELECT ON public.schema_migrations TO shop");
	rig_remember(&rig);
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_a is applied");
}

static void
a_stop_after_the_last_commit_stops_nothing(void **state)
{
	pid_t pid;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE stopped (n int); GRANT SELECT ON stopped TO shop");
	rig_add(&rig, "001_a",
	    "CREATE TABLE a (id int);\n"
	    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN WHILE NOT EXISTS (SELECT "
	    "FROM "
	    "stopped) LOOP PERFORM pg_sleep(0.02); END LOOP; PERFORM pg_sleep(0.4); RETURN NULL; END $$;\n"
	    "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
	    "EXECUTE "
	    "FUNCTION slow();\nINSERT INTO a VALUES (1);",
	    "DROP TABLE a;");
	pid = rig_beside(&rig, "other", stop_the_commit);
	rig_run(&rig, &job_run);
	rig_ended_well(pid);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_a");
	assert_string_equal(rig_sql(&rig, THERE), "t");
}

static void
add_one_that_loses_its_session(const char *before)
{
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_add(&rig, "002_gone",
	    gh_printf(&rig.arena, "%s\nSELECT pg_terminate_backend(pg_backend_pid());", before), "SELECT 1;");
}

static void
takes_back_over_a_new_connection(void **state)
{
	(void)state;
	add_one_that_loses_its_session("SELECT pg_sleep(1);");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back");
	assert_string_equal(rig_sql(&rig, THERE), "f");
	assert_string_equal(rig_sql(&rig, TRACKED), "");
}

static void
takes_nothing_back_from_a_server_that_does_not_know_of_it(void **state)
{
	pid_t pid;

	(void)state;
	add_one_that_loses_its_session("DO $$ BEGIN WHILE EXISTS (SELECT FROM public.schema_migrations) LOOP "
				       "PERFORM pg_sleep(0.02); END LOOP; END $$;");
	pid = rig_beside(&rig, "other", forget_the_last);
	rig_run(&rig, &job_run);
	rig_ended_well(pid);
	rig_expect(&rig, WIRE_UNKNOWN, "001_a was committed, but public.schema_migrations does not show it");
	assert_string_equal(rig_sql(&rig, THERE), "t");
}

static void
takes_the_lock_again(void **state)
{
	(void)state;
	rig_add(&rig, "001_unlock", "SELECT pg_advisory_unlock_all();", NULL);
	rig_add(&rig, "002_count",
	    "SELECT 1 / (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = "
	    "pg_backend_pid())::int;",
	    NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "002_count");
}

static void
records_as_itself(void **state)
{
	(void)state;
	(void)rig_sql(&rig, "CREATE ROLE app");
	(void)rig_sql(&rig, "GRANT app TO shop; GRANT CREATE ON SCHEMA public TO app");
	rig_add(&rig, "001_a", "SET ROLE app;\nCREATE TABLE a (id int);", NULL);
	rig_add(&rig, "002_b", "CREATE TABLE b (id int);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_sql(&rig,
				"SELECT string_agg(tableowner, ',' ORDER BY tablename) FROM pg_tables WHERE "
				"schemaname = 'public'"),
	    "app,shop,shop");
	(void)rig_sql(&rig, "DROP OWNED BY app; DROP ROLE app");
}

static void
a_tracking_table_that_was_changed_needs_a_person(void **state)
{
	(void)state;
	rig_track(&rig, "('001_a')");
	(void)rig_sql(&rig, "ALTER TABLE schema_migrations OWNER TO shop");
	rig.plan.after = "001_a";
	rig_add(&rig, "002_delete", "DELETE FROM public.schema_migrations;", "SELECT 1;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "001_a was recorded in public.schema_migrations before the run");
	assert_string_equal(rig_sql(&rig, TRACKED), "002_delete");
}

static void
a_row_that_a_trigger_swallows_needs_a_person(void **state)
{
	(void)state;
	rig_track(&rig, "('001_a')");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION nope() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
	    "CREATE TRIGGER nope BEFORE INSERT ON schema_migrations FOR EACH ROW EXECUTE FUNCTION nope()");
	rig.plan.after = "001_a";
	rig_add(&rig, "002_a", "CREATE TABLE a (id int);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "002_a was committed but is missing in public.schema_migrations");
}

static void
an_object_may_be_in_another_schema_or_rolled_back(void **state)
{
	(void)state;
	(void)rig_sql(&rig, "CREATE SCHEMA app AUTHORIZATION shop");
	rig_add(&rig, "001_path",
	    "DO $$ BEGIN PERFORM set_config('search_path', 'app', false); END $$;\nCREATE TABLE a (id int);",
	    "DROP TABLE app.a;");
	rig_add(&rig, "002_back", "SAVEPOINT s;\nCREATE TABLE gone (id int);\nROLLBACK TO s;", "SELECT 1;");
	rig.migrations[1].run.statements[2].kind = "ROLLBACK TO";
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('app.a') IS NOT NULL"), "t");
}

static void
who_can_become_a_superuser_is_one(void **state)
{
	static const char *const how[] = { "user=postgres options='-c role=shop'", "user=helper" };
	size_t i;

	(void)state;
	(void)rig_sql(&rig, "CREATE ROLE helper LOGIN");
	(void)rig_sql(&rig, "GRANT postgres TO helper; GRANT CREATE ON SCHEMA public TO helper");
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	for (i = 0; i < 2; i++) {
		rig.spec.connection =
		    gh_printf(&rig.arena, "host=%s dbname=%s %s", rig.cluster->folder, rig.database, how[i]);
		rig_run(&rig, &job_run);
		rig_expect(&rig, WIRE_FAILED_CLEAN, "superuser");
		assert_string_equal(rig_sql(&rig, THERE), "f");
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_verify_without_an_answer_takes_nothing_back),
		TEST(a_stop_after_the_last_commit_stops_nothing),
		TEST(takes_back_over_a_new_connection),
		TEST(takes_nothing_back_from_a_server_that_does_not_know_of_it),
		TEST(takes_the_lock_again),
		TEST(records_as_itself),
		TEST(a_tracking_table_that_was_changed_needs_a_person),
		TEST(a_row_that_a_trigger_swallows_needs_a_person),
		TEST(an_object_may_be_in_another_schema_or_rolled_back),
		TEST(who_can_become_a_superuser_is_one),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/run under attack on a server", tests, rig_group_start, rig_group_stop);
}
