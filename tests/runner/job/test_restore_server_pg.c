#include "base/ban.h"
#include "runner/job/restore.h"
#include "tests/runner/job/restore_rig.h"

#include <signal.h>
#include <sys/wait.h>

/* The server dies, or ends the session, around the moment in which the names change: what is true is found
 * then. */

static pid_t
stopped_at(const char *point)
{
	int status = 0;
	pid_t pid;

	rig.spec.connect_timeout_ms = 2000;
	rig_seal(&rig);
	rig_fault(&rig, point, "stop");
	pid = fork();
	if (pid == 0) {
		rig_run(&rig, &job_run);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	if (!WIFSTOPPED(status))
		fail_msg("%s was not passed", point);
	return pid;
}

static void
goes_on(pid_t pid)
{
	GH_FD int fd = -1;
	int status = 0;

	(void)kill(pid, SIGCONT);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	fd = open(gh_printf(&rig.arena, "%s/journal", rig.folder), O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	rig_read(&rig, fd);
	rig_remember(&rig);
}

/* The job rests at that point while the server goes. */
static void
down_at(const char *point, bool back)
{
	struct gh_err err = { 0 };
	pid_t pid = stopped_at(point);

	assert_int_equal(pg_cluster_down(rig.cluster, &err), GH_OK);
	if (back)
		assert_int_equal(pg_cluster_up(rig.cluster, &err), GH_OK);
	goes_on(pid);
}

/*
 * The job rests at that point while its sessions are ended: what it asks next is answered with 57P01.  With
 * sql that is done then, as if the server had committed before it said so.
 */
static void
ended_at(const char *point, const char *const *sql, size_t n)
{
	pid_t pid = stopped_at(point);
	size_t i;

	/* One that had hung up by itself may be listed for a moment, and is none any more when it is told. */
	(void)cluster_sql(
	    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE "
	    "'gatehouse:%'");
	assert_true(
	    rig_until(gh_printf(&rig.arena, "host=%s dbname=postgres user=postgres", rig.cluster->folder),
		"SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name LIKE 'gatehouse:%'"));
	for (i = 0; i < n; i++)
		(void)cluster_sql(sql[i]);
	goes_on(pid);
}

static void
up(void)
{
	struct gh_err err = { 0 };

	assert_int_equal(pg_cluster_up(rig.cluster, &err), GH_OK);
}

static void
is_in(void)
{
	assert_string_equal(databases(), "X+ X_before-");
	assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "1000");
	assert_string_equal(rig_find(&rig, WIRE_J_DATABASE, 0)->text, "before");
}

/* The run itself goes on: what comes after it starts the application. */
static void
back_at_once_the_run_goes_on(void **state)
{
	static const char *const points[] = { "job.restore.said", "job.phase.verify" };
	static const char *const after[] = { "/bin/true", NULL };
	size_t i;

	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	for (i = 0; i < 2; i++) {
		if (i > 0) {
			assert_int_equal(rig_teardown(state), 0);
			assert_int_equal(rig_setup(state), 0);
		}
		restore_ready(PLAN_RESTORE);
		rig_hook(&rig, POLICY_AFTER, 10000, after);
		down_at(points[i], true);
		rig_expect(&rig, WIRE_SUCCEEDED, "is what backup 7 was");
		assert_int_equal(rig_phase(&rig, WIRE_VERIFY), WIRE_OK);
		assert_int_equal(rig_phase(&rig, WIRE_AFTER), WIRE_OK);
		is_in();
	}
}

/* COMMIT had no answer of its own, so the job waits for nobody; who looks next finds it done. */
static void
away_for_long_it_is_found_done(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	down_at("job.restore.swapped", false);
	rig_expect(&rig, WIRE_UNKNOWN, "does not answer any more");
	/* Still away. */
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_UNKNOWN, "is not known");
	up();
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_SUCCEEDED, "The run broke off, but shop_test is what backup 7 was");
	assert_null(strstr(rig_sentence(&rig), "verification"));
	assert_int_equal(rig_migration(&rig, 0), WIRE_OK);
	assert_string_equal(rig_last(&rig, WIRE_J_DATABASE, "before", "")->text, "before");
	is_in();
}

static void
away_before_the_commit_it_is_taken_back(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	down_at("job.restore.before-commit", false);
	rig_expect(&rig, WIRE_UNKNOWN, "");
	up();
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "before the databases got their new names");
	assert_string_equal(databases(), "X+");
	assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "10");
}

static void
beside_the_target_it_is_found_as_well(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_SIDE);
	down_at("job.restore.named", false);
	assert_true(rig_find(&rig, WIRE_J_DATABASE, 0)->number > 0);
	up();
	if (rig_outcome(&rig) == WIRE_UNKNOWN)
		rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_SUCCEEDED, "restored");
	assert_string_equal(databases(), "X+ X_look+");
}

/* The names are right, but whom it is for does not get in: no machine can mend that. */
static void
done_but_nobody_gets_in_needs_a_person(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	rig_run_killed(&rig, "job.restore.swapped");
	(void)cluster_sql("ALTER ROLE shop NOLOGIN");
	rig_run(&rig, &job_reconcile);
	(void)cluster_sql("ALTER ROLE shop LOGIN");
	rig_expect(&rig, WIRE_NEEDS_PERSON, "is not permitted to log in");
	rig_expect(&rig, WIRE_NEEDS_PERSON, "Nothing was taken back");
	is_in();
}

/* "ALTER DATABASE FROM RENAME TO TO" */
static const char *
renamed(const char *from, const char *to)
{
	return gh_printf(&rig.arena, "ALTER DATABASE %s RENAME TO %s", from, to);
}

static const char *
unfinished(void)
{
	char *name = gh_alloc(&rig.arena, RESTORE_NAME_LEN);

	restore_name(&rig.spec, name);
	return name;
}

/* Committed, and then the session was ended before the server had said it all. */
static void
ended_in_the_commit_it_is_found_done(void **state)
{
	const char *sql[2];

	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	sql[0] = renamed(rig.database, rig.plan.restore.keep_name);
	sql[1] = renamed(unfinished(), rig.database);
	ended_at("job.restore.before-commit", sql, 2);
	rig_expect(&rig, WIRE_UNKNOWN, "57P01");
	rig_expect(&rig, WIRE_UNKNOWN, "whether the databases have their new names is not known yet");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_SUCCEEDED, "The run broke off, but shop_test is what backup 7 was");
	is_in();
}

static void
ended_before_the_commit_it_is_taken_back(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	ended_at("job.restore.before-commit", NULL, 0);
	rig_expect(&rig, WIRE_UNKNOWN, "57P01");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "before the databases got their new names");
	assert_string_equal(databases(), "X+");
	assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "10");
}

static void
ended_beside_the_target_it_is_found_as_well(void **state)
{
	const char *sql;

	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_SIDE);
	sql = renamed(unfinished(), rig.plan.restore.name);
	ended_at("job.restore.before-name", &sql, 1);
	rig_expect(&rig, WIRE_UNKNOWN, "57P01");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_SUCCEEDED, "restored as the database");
	assert_string_equal(databases(), "X+ X_look+");
}

/* Whatever the run has seen itself: nothing is as it was where the names say otherwise. */
static void
names_that_say_otherwise_are_believed(void **state)
{
	const char *sql[2];

	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	sql[0] = renamed(rig.database, rig.plan.restore.keep_name);
	sql[1] = renamed(unfinished(), rig.database);
	ended_at("job.restore.alone", sql, 2);
	rig_expect(&rig, WIRE_UNKNOWN, "whether the databases have their new names is not known yet");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_SUCCEEDED, "The run broke off, but shop_test is what backup 7 was");
	is_in();
	assert_int_equal(rig_teardown(state), 0);
	assert_int_equal(rig_setup(state), 0);
	restore_ready(PLAN_SIDE);
	sql[0] = renamed(unfinished(), rig.plan.restore.name);
	sql[1] = gh_printf(&rig.arena, "COMMENT ON DATABASE %s IS '%s'", rig.plan.restore.name,
	    restore_mark(&rig.spec, &rig.plan, &rig.arena));
	ended_at("job.restore.made", sql, 2);
	rig_expect(&rig, WIRE_UNKNOWN, "whether the databases have their new names is not known yet");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_SUCCEEDED, "restored as the database");
	assert_string_equal(databases(), "X+ X_look+");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(back_at_once_the_run_goes_on),
		TEST(away_for_long_it_is_found_done),
		TEST(away_before_the_commit_it_is_taken_back),
		TEST(beside_the_target_it_is_found_as_well),
		TEST(done_but_nobody_gets_in_needs_a_person),
		TEST(ended_in_the_commit_it_is_found_done),
		TEST(ended_before_the_commit_it_is_taken_back),
		TEST(ended_beside_the_target_it_is_found_as_well),
		TEST(names_that_say_otherwise_are_believed),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/restore when the server dies", tests, rig_group_start, rig_group_stop);
}
