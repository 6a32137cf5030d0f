#include "base/ban.h"
#include "tests/runner/job/restore_rig.h"

#include <sys/wait.h>

/*
 * A restore whose job was killed at each step: reconcile finds it done, or takes it back to before.  Whatever
 * is true, it is one of the two, and the target lets connections in.
 */

static void
settled(bool in)
{
	rig_run(&rig, &job_reconcile);
	if (in) {
		rig_expect(&rig, WIRE_SUCCEEDED, "The run broke off, but");
		assert_string_equal(databases(), "X+ X_before-");
		assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "1000");
		assert_string_equal(rig_find(&rig, WIRE_J_DATABASE, 0)->text, "before");
		assert_int_equal(rig_migration(&rig, 0), WIRE_OK);
	} else {
		rig_expect(&rig, WIRE_FAILED_CLEAN, "before the databases got their new names");
		assert_string_equal(databases(), "X+");
		assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "10");
		assert_null(rig_find(&rig, WIRE_J_DATABASE, 0));
		assert_int_equal(rig_migration(&rig, 0), WIRE_ROLLED_BACK);
		assert_non_null(rig_saying(&rig, WIRE_J_ACTION, "restore"));
	}
}

static void
killed(const char *point, bool in)
{
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	rig_run_killed(&rig, point);
	settled(in);
	/* A second look finds the same. */
	settled(in);
}

#define BEFORE(name, point)                                                                                  \
	static void name(void **state)                                                                       \
	{                                                                                                    \
		(void)state;                                                                                 \
		killed(point, false);                                                                        \
	}
#define AFTER(name, point)                                                                                   \
	static void name(void **state)                                                                       \
	{                                                                                                    \
		(void)state;                                                                                 \
		killed(point, true);                                                                         \
	}

BEFORE(killed_before_anything, "job.phase.migrate")
BEFORE(killed_with_an_empty_database, "job.restore.created")
BEFORE(killed_with_a_full_database, "job.restore.restored")
BEFORE(killed_when_proved, "job.restore.proved")
BEFORE(killed_when_made, "job.restore.made")
BEFORE(killed_when_nobody_gets_in, "job.restore.closed")
BEFORE(killed_when_nobody_is_in, "job.restore.alone")
BEFORE(killed_before_the_commit, "job.restore.before-commit")
AFTER(killed_after_the_commit, "job.restore.swapped")
AFTER(killed_when_it_was_said, "job.restore.said")
AFTER(killed_before_verify, "job.phase.verify")
AFTER(killed_at_the_end, "job.phase.done")

/* The way back itself is interrupted, by a restore that fails. */
static void
killed_on_the_way_back(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	restore_tables[1].rows = 999;
	rig_run_killed(&rig, "job.restore.undo");
	restore_tables[1].rows = 1000;
	settled(false);
}

/* It fails when nobody gets in any more: the run itself lets them in again. */
static void
fails_when_nobody_gets_in(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	rig_fault(&rig, "job.restore.alone", "fail");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "lets connections in again");
	assert_string_equal(databases(), "X+");
	assert_non_null(rig_find(&rig, WIRE_J_ACTION, 0));
}

static void
reconcile_is_killed_as_well(void **state)
{
	static const char *const points[] = { "job.restore.settle-connected", "job.restore.settle-alone",
		"job.restore.opened", "job.restore.dropped" };
	size_t i;

	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	rig_run_killed(&rig, "job.restore.alone");
	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		pid_t pid;
		int status;

		rig_fault(&rig, points[i], "kill");
		pid = fork();
		if (pid == 0) {
			rig_run(&rig, &job_reconcile);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (!WIFSIGNALED(status))
			fail_msg("%s was not passed", points[i]);
	}
	settled(false);
}

static void
a_database_beside_it_is_there_or_not(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_SIDE);
	rig_run_killed(&rig, "job.restore.before-name");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "nothing of the unfinished database is left");
	assert_string_equal(databases(), "X+");
	rig.spec.plan = NULL;
	rig_run_killed(&rig, "job.restore.named");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_SUCCEEDED, "is restored as the database");
	assert_string_equal(databases(), "X+ X_look+");
	assert_string_equal(rig_find(&rig, WIRE_J_DATABASE, 0)->text, "side");
}

/* Somebody else's database of that name is not ours, and stays. */
static void
what_is_not_ours_stays(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_SIDE);
	rig_run_killed(&rig, "job.restore.created");
	(void)cluster_sql(gh_printf(&rig.arena, "CREATE DATABASE %s", rig.plan.restore.name));
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "");
	assert_string_equal(databases(), "X+ X_look+");
}

static void
a_server_that_is_away_leaves_it_unknown(void **state)
{
	const char *connection;

	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	rig_run_killed(&rig, "job.restore.closed");
	connection = rig.spec.restore_connection;
	rig.spec.restore_connection = "host=/nonexistent user=gatehouse_restore";
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_UNKNOWN, "is not known");
	rig.spec.restore_connection = connection;
	settled(false);
}

static void
a_name_that_a_person_has_changed_needs_one(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	restore_ready(PLAN_RESTORE);
	rig_run_killed(&rig, "job.restore.closed");
	(void)cluster_sql(
	    gh_printf(&rig.arena, "ALTER DATABASE %s RENAME TO %s_elsewhere", rig.database, rig.database));
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "_elsewhere now");
	assert_non_null(rig_saying(&rig, WIRE_J_ACTION, "repair"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(killed_before_anything),
		TEST(killed_with_an_empty_database),
		TEST(killed_with_a_full_database),
		TEST(killed_when_proved),
		TEST(killed_when_made),
		TEST(killed_when_nobody_gets_in),
		TEST(killed_when_nobody_is_in),
		TEST(killed_before_the_commit),
		TEST(killed_after_the_commit),
		TEST(killed_when_it_was_said),
		TEST(killed_before_verify),
		TEST(killed_at_the_end),
		TEST(killed_on_the_way_back),
		TEST(fails_when_nobody_gets_in),
		TEST(reconcile_is_killed_as_well),
		TEST(a_database_beside_it_is_there_or_not),
		TEST(what_is_not_ours_stays),
		TEST(a_server_that_is_away_leaves_it_unknown),
		TEST(a_name_that_a_person_has_changed_needs_one),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/restore after a kill", tests, rig_group_start, rig_group_stop);
}
