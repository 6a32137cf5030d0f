#include "base/ban.h"
#include "tests/runner/job/restore_rig.h"
#include "tests/support/plain_user.h"
#include "tests/support/proof_rig.h"

#include <signal.h>

/* A backup becomes a database again, on a real server. */

static void
becomes_the_database_and_keeps_the_old(void **state)
{
	const struct rig_frame *left;
	int64_t was;

	(void)state;
	restore_ready(PLAN_RESTORE);
	was = rig.plan.database_oid;
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "is what backup 7 was");
	assert_string_equal(databases(), "X+ X_before-");
	assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "1000");
	assert_string_equal(rig_sql(&rig, "SELECT max(t) FROM a WHERE id = 11"), "row 11");
	left = rig_find(&rig, WIRE_J_DATABASE, 0);
	assert_non_null(left);
	assert_string_equal(left->text, "before");
	assert_string_equal(left->more, rig.plan.restore.keep_name);
	assert_int_equal(left->number, was);
	assert_int_equal(rig_migration(&rig, 0), WIRE_OK);
	assert_int_equal(rig_phase(&rig, WIRE_STATUS), WIRE_SKIPPED);
	assert_non_null(strstr(rig_evidence(&rig, WIRE_STATUS), "comes with the backup"));
	assert_int_equal(rig_phase(&rig, WIRE_VERIFY), WIRE_OK);
	assert_int_equal(rig_phase(&rig, WIRE_CLEANUP), WIRE_OK);
	/* Rows were counted before the names changed. */
	assert_non_null(rig_find(&rig, WIRE_J_PROOF_TABLE, 1));
}

static void
is_made_as_the_old_one_was(void **state)
{
	static const char properties[] = "SELECT concat_ws(' ', pg_get_userbyid(datdba), datconnlimit, "
					 "datcollate, pg_encoding_to_char(encoding), "
					 "shobj_description(oid, 'pg_database'), "
					 "has_database_privilege('gatehouse_look', oid, 'CONNECT'), "
					 "(SELECT array_agg(c ORDER BY c)::text FROM pg_db_role_setting s, "
					 "unnest(setconfig) c WHERE setdatabase = "
					 "d.oid AND setrole = 0), (SELECT array_agg(acl ORDER BY acl)::text "
					 "FROM unnest(datacl::text[]) acl)) FROM "
					 "pg_database d WHERE datname = current_database()";
	const char *before;

	(void)state;
	server("DO $$ BEGIN CREATE ROLE gatehouse_look; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
	server(gh_printf(
	    &rig.arena, "GRANT CREATE ON DATABASE %s TO gatehouse_look WITH GRANT OPTION", rig.database));
	restore_ready(PLAN_RESTORE);
	before = rig_sql(&rig, properties);
	assert_non_null(strstr(before, "Odd, one"));
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_sql(&rig, properties), before);
	assert_string_equal(
	    rig_sql(&rig, "SELECT tableowner::text FROM pg_tables WHERE tablename = 'a'"), "shop");
	/* Nobody has to wait for autovacuum. */
	assert_string_equal(
	    rig_sql(&rig, "SELECT reltuples::text FROM pg_class WHERE relname = 'a'"), "1000");
}

static void
beside_the_target_nothing_is_touched(void **state)
{
	(void)state;
	restore_ready(PLAN_SIDE);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "is restored beside shop_test");
	assert_string_equal(databases(), "X+ X_look+");
	assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "10");
	assert_int_equal(rig_phase(&rig, WIRE_STATUS), WIRE_SKIPPED);
	assert_int_equal(rig_phase(&rig, WIRE_BEFORE), WIRE_SKIPPED);
	assert_int_equal(rig_phase(&rig, WIRE_BACKUP), WIRE_SKIPPED);
	assert_string_equal(rig_find(&rig, WIRE_J_DATABASE, 0)->text, "side");
	(void)snprintf(rig.database, sizeof(rig.database), "%s", rig.plan.restore.name);
	assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "1000");
	/* Once more it would be in its own way. */
	(void)snprintf(rig.database, sizeof(rig.database), "%s", rig.plan.database);
}

static void
a_backup_of_what_is_there_comes_first(void **state)
{
	const struct rig_frame *b;

	(void)state;
	restore_ready(PLAN_RESTORE);
	rig.plan.policy.backup = true;
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	b = rig_find(&rig, WIRE_J_BACKUP, 0);
	assert_non_null(b);
	assert_string_not_equal(b->text, rig.plan.restore.file);
	assert_int_equal(rig_phase(&rig, WIRE_BACKUP), WIRE_OK);
}

/* A transaction of that role's, open as long as the session lives. */
static pid_t
busy(const char *application)
{
	pid_t pid = rig_session(&rig, application, "BEGIN; SELECT count(*) FROM pg_class", 600000, "COMMIT");

	assert_true(rig_until(rig_conninfo(&rig, "look"),
	    gh_printf(&rig.arena,
		"SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = '%s' AND state = 'idle "
		"in transaction'",
		application)));
	return pid;
}

static void
sessions_in_the_way_are_ended(void **state)
{
	pid_t app;

	(void)state;
	server("DO $$ BEGIN CREATE ROLE app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
	restore_ready(PLAN_RESTORE);
	server(gh_printf(&rig.arena, "GRANT CONNECT ON DATABASE %s TO app", rig.database));
	app = busy("app");
	rig_run(&rig, &job_run);
	(void)kill(app, SIGKILL);
	rig_wait(app);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(databases(), "X+ X_before-");
}

static void
one_that_may_not_be_ended_stays(void **state)
{
	pid_t admin;

	(void)state;
	restore_ready(PLAN_RESTORE);
	admin = busy("nightly");
	rig_run(&rig, &job_run);
	(void)kill(admin, SIGKILL);
	rig_wait(admin);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "may not be ended by gatehouse_restore");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "nightly");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "lets connections in again");
	assert_string_equal(databases(), "X+");
	assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "10");
}

/* What lacks is named with the statement that gives it, before anything is done. */
static void
refuses_a_role_that_lacks_something(void **state)
{
	static const char *const lacks[][3] = {
		{ "ALTER ROLE gatehouse_restore NOCREATEDB", "it may not create databases",
		    "ALTER ROLE gatehouse_restore CREATEDB" },
		{ "REVOKE shop FROM gatehouse_restore", "it is no member of shop",
		    "GRANT shop TO gatehouse_restore" },
		{ "REVOKE pg_signal_backend FROM gatehouse_restore", "may not end the sessions",
		    "GRANT pg_signal_backend TO gatehouse_restore" },
	};
	size_t i;

	(void)state;
	restore_ready(PLAN_RESTORE);
	for (i = 0; i < 3; i++) {
		restore_role(lacks[i][0]);
		rig_run(&rig, &job_run);
		rig_expect(&rig, WIRE_FAILED_CLEAN, lacks[i][1]);
		rig_expect(&rig, WIRE_FAILED_CLEAN, lacks[i][2]);
		assert_int_equal(rig_phase(&rig, WIRE_PREFLIGHT), WIRE_FAILED);
	}
	restore_role("ALTER ROLE gatehouse_restore SUPERUSER");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "is a superuser");
	restore_role("SELECT 1");
	server("CREATE TABLE of_postgres (id int)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "GRANT postgres TO gatehouse_restore");
	assert_string_equal(databases(), "X+");
}

static void
refuses_names_that_are_taken(void **state)
{
	(void)state;
	restore_ready(PLAN_RESTORE);
	(void)cluster_sql(gh_printf(&rig.arena, "CREATE DATABASE %s", rig.plan.restore.keep_name));
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "already, which is what the old one is to be called");
	assert_int_equal(rig_phase(&rig, WIRE_PREFLIGHT), WIRE_FAILED);
	restore_plan(PLAN_SIDE);
	rig.plan.restore.name = rig.plan.restore.keep_name = gh_printf(&rig.arena, "%s_before", rig.database);
	rig.plan.restore.keep_name = "";
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "ask for another name");
}

/* Nothing of a backup that is not what was recorded gets a name. */
static void
a_backup_that_is_not_whole_changes_nothing(void **state)
{
	const char *path;

	(void)state;
	restore_ready(PLAN_RESTORE);
	restore_tables[1].rows = 999;
	rig_run(&rig, &job_run);
	restore_tables[1].rows = 1000;
	rig_expect(&rig, WIRE_FAILED_CLEAN, "the backup is not whole");
	assert_string_equal(databases(), "X+");
	path = gh_printf(&rig.arena, "%s/%s", rig.folder, rig.plan.restore.file);
	assert_int_equal(truncate(path, rig.plan.restore.size - 1), 0);
	restore_plan(PLAN_RESTORE);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "the backup is not whole");
	assert_string_equal(databases(), "X+");
	assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "10");
	assert_int_equal(unlink(path), 0);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "");
}

static void
another_server_is_refused(void **state)
{
	(void)state;
	restore_ready(PLAN_RESTORE);
	rig.plan.system_id = "1";
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "another server");
	rig.spec.restore_connection = "host=/nonexistent user=gatehouse_restore";
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "restore_connection");
}

/* An administrator, or idle_session_timeout, ends what has nothing to do for so long. */
static void
goes_on_when_its_idle_sessions_were_ended(void **state)
{
	pid_t pid;

	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	rig_fault(&rig, "job.restore.proved", "delay-1500");
	pid = fork();
	if (pid == 0) {
		const char *all = "SELECT count(pg_terminate_backend(pid)) = 2 FROM pg_stat_activity WHERE "
				  "application_name LIKE "
				  "'gatehouse:%' AND datname !~ '^gatehouse_' AND EXISTS (SELECT 1 FROM "
				  "pg_stat_activity WHERE "
				  "datname ~ '^gatehouse_restore')";

		_exit(rig_until(rig_conninfo(&rig, "look"), all) ? 0 : 1);
	}
	rig_run(&rig, &job_run);
	rig_wait(pid);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(databases(), "X+ X_before-");
}

/* What a proof before the restore needs. */
static void
never_counted(void)
{
	rig.spec.level = "counted";
	rig.spec.pg_bin = PG_CLUSTER_BIN;
	rig.spec.scratch_folder = gh_printf(&rig.arena, "%s/c", rig.folder);
}

static void
one_that_was_never_counted_is_proved_elsewhere_first(void **state)
{
	(void)state;
	restore_ready(PLAN_RESTORE);
	never_counted();
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_non_null(strstr(rig_evidence(&rig, WIRE_PREFLIGHT), "is now proved in a place of its own"));
	assert_string_equal(databases(), "X+ X_before-");
}

/* Nothing of it comes near the target's server. */
static void
one_that_is_no_good_stops_before_anything_is_made(void **state)
{
	(void)state;
	restore_ready(PLAN_RESTORE);
	never_counted();
	restore_tables[1].rows++;
	rig_run(&rig, &job_run);
	restore_tables[1].rows--;
	rig_expect(&rig, WIRE_FAILED_CLEAN, "the backup is not whole: public.a has 1000 rows restored");
	assert_int_equal(rig_phase(&rig, WIRE_PREFLIGHT), WIRE_FAILED);
	assert_int_equal(rig_phase(&rig, WIRE_MIGRATE), 0);
	assert_string_equal(databases(), "X+");
}

static void
its_client_is_confined(void **state)
{
	(void)state;
	restore_ready(PLAN_SIDE);
	proof_rig_curious(&rig);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "is restored beside shop_test");
	assert_int_equal(access(gh_printf(&rig.arena, "%s/escaped", rig.folder), F_OK), -1);
}

/* A check that waits for ever, in the target's own server: it stays as it is, and nothing of the attempt is
 * left. */
static void
one_that_hangs_changes_nothing(void **state)
{
	(void)state;
	server(
	    "CREATE FUNCTION waits() RETURNS int LANGUAGE plpgsql AS 'BEGIN IF "
	    "starts_with(current_database(), "
	    "''gatehouse_'') THEN PERFORM pg_sleep(3600); END IF; RETURN 1; END'; ALTER FUNCTION waits() "
	    "OWNER "
	    "TO shop; CREATE MATERIALIZED VIEW v AS SELECT waits(); ALTER MATERIALIZED VIEW v OWNER TO shop");
	restore_ready(PLAN_RESTORE);
	rig.spec.silence_ms = 5000;
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "pg_restore hangs: in a new database of shop_test");
	assert_string_equal(databases(), "X+");
}

static void
one_whose_record_names_no_table(void **state)
{
	(void)state;
	restore_ready(PLAN_RESTORE);
	rig.plan.restore.n_tables = 0;
	rig.spec.backup_tables = 2;
	rig.spec.backup_rows = 1000;
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "1001 rows were restored in all tables, and 1000 were counted");
	rig.spec.backup_rows = -1;
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_non_null(strstr(rig_evidence(&rig, WIRE_MIGRATE), "were not counted when it was taken"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(becomes_the_database_and_keeps_the_old),
		TEST(is_made_as_the_old_one_was),
		TEST(beside_the_target_nothing_is_touched),
		TEST(a_backup_of_what_is_there_comes_first),
		TEST(sessions_in_the_way_are_ended),
		TEST(one_that_may_not_be_ended_stays),
		TEST(refuses_a_role_that_lacks_something),
		TEST(refuses_names_that_are_taken),
		TEST(a_backup_that_is_not_whole_changes_nothing),
		TEST(another_server_is_refused),
		TEST(goes_on_when_its_idle_sessions_were_ended),
		TEST(one_that_was_never_counted_is_proved_elsewhere_first),
		TEST(one_that_is_no_good_stops_before_anything_is_made),
		TEST(one_whose_record_names_no_table),
		TEST(its_client_is_confined),
		TEST(one_that_hangs_changes_nothing),
	};

	if (plain_user() != 0)
		return 1;
	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/restore on a server", tests, rig_group_start, rig_group_stop);
}
