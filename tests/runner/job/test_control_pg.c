#include "base/ban.h"
#include "runner/job/control.h"
#include "tests/support/job_rig.h"
#include "base/clock.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* What a person tells a run on a real server: the record is written by another process while it runs. */

static struct rig rig;

static int
setup(void **state)
{
	return rig_setup(state) != 0 || gh_memfd("control", "", 0, &rig.control, NULL) != GH_OK ? -1 : 0;
}

static int
teardown(void **state)
{
	gh_fd_done(&rig.control);
	return rig_teardown(state);
}

/* The run, beside a process that tells it what it wants when it sees what it waits for. */
static void
run_beside(bool (*tell)(const char *conninfo))
{
	const char *conninfo = rig_conninfo(&rig, "other");
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(tell(conninfo) ? 0 : 1);
	rig_run(&rig, &job_run);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static bool
want(struct wire_control c)
{
	return wire_control_write(rig.control, &c, NULL) == GH_OK;
}

static bool
there(const char *table)
{
	return strcmp(rig_sql(&rig, gh_printf(&rig.arena, "SELECT to_regclass('%s') IS NOT NULL", table)),
		   "t") == 0;
}

static void
plan(const char *second)
{
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_add(&rig, "002_b", second, "DROP TABLE IF EXISTS b;");
	rig_add(&rig, "003_c", "CREATE TABLE c (id int);", "DROP TABLE c;");
}

/* A statement that lasts until somebody is done with it. */
#define HELD                                                                                                 \
	"DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM wanted) LOOP PERFORM pg_sleep(0.02); END LOOP; END $$;"

static void
plan_held(void)
{
	(void)rig_sql(&rig, "CREATE TABLE wanted (n int); GRANT SELECT ON wanted TO shop");
	plan("CREATE TABLE b (id int);\n" HELD);
}

#define ACTIVE                                                                                               \
	"SELECT count(*) = 1 FROM pg_stat_activity WHERE state = 'active' AND usename = 'shop' "             \
	"AND datname = current_database() AND query LIKE "
#define IS_HELD ACTIVE "'DO %'"

static bool
let_go(const char *conninfo)
{
	rig_hang(conninfo, "INSERT INTO wanted VALUES (1)");
	return true;
}

/* The run is cancelled when the query is true or, where it is none, when the journal says that. */
static void
run_cancelled_when(const char *what)
{
	const char *conninfo = rig_conninfo(&rig, "other");
	bool sql = strncmp(what, "SELECT", 6) == 0;
	int64_t *gave = mmap(NULL, sizeof(*gave), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = -1;
	pid_t pid;

	assert_ptr_not_equal(gave, MAP_FAILED);
	pid = fork();
	if (pid == 0) {
		bool given = (sql ? rig_until(conninfo, what) : rig_until_said(&rig, what)) &&
		    want((struct wire_control){ .serial = 1, .cancel = true });

		*gave = gh_clock_mono();
		_exit(given ? 0 : 1);
	}
	rig_run(&rig, &job_run);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(gh_clock_mono() - *gave < 5 * GH_SECOND);
	(void)munmap(gave, sizeof(*gave));
}

static void
cancel_ends_the_statement_and_takes_back(void **state)
{
	(void)state;
	plan("CREATE TABLE b (id int);\nSELECT pg_sleep(60);");
	run_cancelled_when(ACTIVE "'SELECT pg_sleep%'");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Cancelled: 002_b failed");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back by its down SQL");
	assert_false(there("a"));
	assert_false(there("b"));
	assert_int_equal(rig_migration(&rig, 0), WIRE_TAKEN_BACK);
	assert_non_null(rig_last(&rig, WIRE_J_CONTROL, "cancel", "known state"));
}

static void
cancel_leaves_what_the_policy_leaves(void **state)
{
	(void)state;
	rig.plan.policy.rollback_on_failure = false;
	plan("SELECT pg_sleep(60);");
	run_cancelled_when(ACTIVE "'SELECT pg_sleep%'");
	rig_expect(&rig, WIRE_FAILED_PARTLY, "Cancelled: 002_b failed");
	rig_expect(&rig, WIRE_FAILED_PARTLY, "001_a is applied and stays");
	assert_true(there("a"));
}

/* Outside a transaction it leaves a known state as well: the invalid index is taken back. */
static void
cancel_of_a_statement_by_itself(void **state)
{
	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE t (id int)");
	(void)rig_sql(&rig, "ALTER TABLE t OWNER TO shop");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM "
	    "pg_sleep(60); RETURN 1; END $$");
	(void)rig_sql(&rig, "INSERT INTO t VALUES (1)");
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY i ON t (slow(id));", "DROP INDEX IF EXISTS i;");
	run_cancelled_when(ACTIVE "'CREATE INDEX%'");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Cancelled: 001_i failed");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('i') IS NULL"), "t");
}

static void
cancel_before_anything_began(void **state)
{
	static const char *const slow[] = { "/bin/sleep", "60", NULL };

	(void)state;
	plan("SELECT 1;");
	rig_hook(&rig, POLICY_BEFORE, 90000, slow);
	run_cancelled_when("/bin/sleep");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Cancelled in before: the hook /bin/sleep 60 failed");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Nothing was applied");
	assert_false(there("a"));
}

/* All is in: nothing is stopped any more. */
static void
cancel_may_come_too_late(void **state)
{
	/* the hook lasts until the cancel is answered; its own words are in the journal too */
	const char *script = gh_printf(
	    &rig.arena, "until grep -qa 'came to[o] late' %s/journal; do sleep 0.05; done", rig.folder);
	const char *const slow[] = { "/bin/sh", "-c", script, NULL };

	(void)state;
	plan("SELECT 1;");
	rig_hook(&rig, POLICY_AFTER, 90000, slow);
	run_cancelled_when("/bin/sh");
	rig_expect(&rig, WIRE_SUCCEEDED, "3 migrations");
	assert_non_null(rig_last(&rig, WIRE_J_CONTROL, "cancel", "too late"));
	assert_true(there("c"));
}

/* While the first migration runs, which waits for that, the pause is wanted; once it is shown, no longer. */
static bool
pause_it(const char *conninfo)
{
	bool well = rig_until(conninfo, IS_HELD) && want((struct wire_control){ .serial = 1, .pause = true });

	well = let_go(conninfo) && well && rig_until_said(&rig, "Paused before 002_b") &&
	    rig_until(conninfo, "SELECT to_regclass('a') IS NOT NULL AND to_regclass('b') IS NULL");
	return want((struct wire_control){ .serial = 2 }) && well;
}

static void
pause_waits_before_the_next_migration(void **state)
{
	const struct rig_frame *paused, *resumed;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE wanted (n int); GRANT SELECT ON wanted TO shop");
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);\n" HELD, "DROP TABLE a;");
	rig_add(&rig, "002_b", "CREATE TABLE b (id int);", "DROP TABLE b;");
	run_beside(pause_it);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	paused = rig_last(&rig, WIRE_J_CONTROL, "pause", "Paused before ");
	resumed = rig_last(&rig, WIRE_J_CONTROL, "resume", "It goes on");
	assert_non_null(paused);
	assert_string_equal(paused->more, "Paused before 002_b.");
	assert_non_null(resumed);
	assert_true(paused < resumed);
	assert_non_null(rig_last(&rig, WIRE_J_PROGRESS, "paused", "Paused before 002_b"));
	assert_true(there("b"));
}

static bool
cancel_the_paused(const char *conninfo)
{
	bool well = rig_until_said(&rig, "Paused before 001_a");

	(void)conninfo;
	return want((struct wire_control){ .serial = 2, .pause = true, .cancel = true }) && well;
}

static void
a_paused_run_can_be_cancelled(void **state)
{
	(void)state;
	plan("SELECT 1;");
	assert_true(want((struct wire_control){ .serial = 1, .pause = true }));
	run_beside(cancel_the_paused);
	rig_expect(&rig, WIRE_FAILED_CLEAN,
	    "Cancelled: cancelled before 001_a. Nothing of this run is in the database");
	assert_false(there("a"));
}

static bool
end_the_paused(const char *conninfo)
{
	bool well = rig_until_said(&rig, "Paused before 001_a");

	rig_hang(conninfo,
	    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ~ 'gatehouse:'");
	well = rig_until_said(&rig, "the session was lost while the run was paused") && well;
	return want((struct wire_control){ .serial = 2 }) && well;
}

/* Nobody resumes it: that it is over is said while it waits. */
static void
a_paused_run_says_at_once_that_its_session_is_lost(void **state)
{
	int64_t from = gh_clock_mono();

	(void)state;
	plan("CREATE TABLE b (id int);");
	assert_true(want((struct wire_control){ .serial = 1, .pause = true }));
	run_beside(end_the_paused);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "the session was lost while the run was paused");
	assert_true(gh_clock_mono() - from < 30 * GH_SECOND);
	assert_false(there("a"));
}

static bool
resume_what_is_held(const char *conninfo)
{
	bool well = rig_until(conninfo, IS_HELD) && want((struct wire_control){ .serial = 2 });

	return let_go(conninfo) && well;
}

/* What is told and taken back between two looks is answered too. */
static void
a_pause_that_was_over_before_it_was_seen(void **state)
{
	(void)state;
	plan_held();
	run_beside(resume_what_is_held);
	rig_expect(&rig, WIRE_SUCCEEDED, "3 migrations");
	assert_non_null(rig_last(&rig, WIRE_J_CONTROL, "resume", "It goes on"));
	assert_null(rig_last(&rig, WIRE_J_CONTROL, "pause", ""));
}

static bool
pass(int64_t when)
{
	while (gh_clock_now() <= when)
		(void)usleep(10000);
	return true;
}

/* The second migration, which began within the window, outlasts it. */
static bool
outlast_the_window(const char *conninfo)
{
	bool well = rig_until(conninfo, IS_HELD);
	int64_t end = gh_clock_now() + GH_SECOND / 2;

	well = well && want((struct wire_control){ .serial = 1, .window_end_us = end }) && pass(end);
	return let_go(conninfo) && well;
}

static void
after_the_window_nothing_new_begins(void **state)
{
	(void)state;
	plan_held();
	run_beside(outlast_the_window);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "the window has ended at");
	rig_expect(&rig, WIRE_FAILED_PARTLY, "so 003_c was not begun");
	rig_expect(&rig, WIRE_FAILED_PARTLY, "001_a to 002_b are applied and stay");
	assert_true(there("b"));
	assert_false(there("c"));
	assert_int_equal(rig_migration(&rig, 2), 0);
}

static void
a_window_that_is_over_lets_nothing_begin(void **state)
{
	(void)state;
	plan("SELECT 1;");
	assert_true(want((struct wire_control){ .window_end_us = gh_clock_now() - GH_SECOND }));
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "so 001_a was not begun. Nothing of this run is in the database");
	assert_false(there("a"));
}

/* The first end has been told and is over when the third migration can begin. */
static bool
extend_the_window(const char *conninfo)
{
	bool well = rig_until(conninfo, IS_HELD);
	int64_t end = gh_clock_now() + GH_SECOND;

	well = well && want((struct wire_control){ .serial = 1, .window_end_us = end }) &&
	    rig_until_said(&rig, "Nothing new begins after") &&
	    want((struct wire_control){ .serial = 2, .window_end_us = end + GH_HOUR }) && pass(end);
	return let_go(conninfo) && well;
}

static void
a_window_can_be_extended(void **state)
{
	(void)state;
	plan_held();
	run_beside(extend_the_window);
	rig_expect(&rig, WIRE_SUCCEEDED, "3 migrations");
	assert_non_null(rig_last(&rig, WIRE_J_CONTROL, "window", "Nothing new begins after"));
}

/* Resumed only when all is in. */
static bool
pause_in_between(const char *conninfo)
{
	bool well = rig_until(conninfo, IS_HELD) && want((struct wire_control){ .serial = 1, .pause = true });

	well = let_go(conninfo) && well && rig_until(conninfo, "SELECT to_regclass('c') IS NOT NULL");
	return want((struct wire_control){ .serial = 2 }) && well;
}

static void
one_transaction_is_not_stopped_in_between(void **state)
{
	(void)state;
	rig.plan.one_transaction = true;
	plan_held();
	run_beside(pause_in_between);
	rig_expect(&rig, WIRE_SUCCEEDED, "3 migrations");
	assert_null(rig_last(&rig, WIRE_J_CONTROL, "pause", ""));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(cancel_ends_the_statement_and_takes_back),
		T(cancel_leaves_what_the_policy_leaves),
		T(cancel_of_a_statement_by_itself),
		T(cancel_before_anything_began),
		T(cancel_may_come_too_late),
		T(pause_waits_before_the_next_migration),
		T(a_paused_run_can_be_cancelled),
		T(a_paused_run_says_at_once_that_its_session_is_lost),
		T(a_pause_that_was_over_before_it_was_seen),
		T(after_the_window_nothing_new_begins),
		T(a_window_that_is_over_lets_nothing_begin),
		T(a_window_can_be_extended),
		T(one_transaction_is_not_stopped_in_between),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/control on a server", tests, rig_group_start, rig_group_stop);
}
