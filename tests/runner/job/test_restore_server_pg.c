#include "base/ban.h"
#include "tests/runner/job/restore_rig.h"

#include <signal.h>
#include <sys/wait.h>

/* The server dies around the moment in which the names change: what is true is found when it is back. */

/* The job rests at that point while the server goes. */
static void
down_at(const char *point, bool back)
{
	GH_FD int fd = -1;
	struct gh_err err = { 0 };
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
	assert_int_equal(pg_cluster_down(rig.cluster, &err), GH_OK);
	if (back)
		assert_int_equal(pg_cluster_up(rig.cluster, &err), GH_OK);
	(void)kill(pid, SIGCONT);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	fd = open(gh_printf(&rig.arena, "%s/journal", rig.folder), O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	rig_read(&rig, fd);
	rig_remember(&rig);
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
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/restore when the server dies", tests, rig_group_start, rig_group_stop);
}
