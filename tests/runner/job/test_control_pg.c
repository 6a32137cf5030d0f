#include "base/ban.h"
#include "runner/job/control.h"
#include "tests/support/job_rig.h"
#include "base/clock.h"
#include "base/io.h"

#include <sys/mman.h>

#include <setjmp.h>
#include <cmocka.h>
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

/* After so many ms this is what is wanted. */
struct wish {
	int64_t after_ms;
	struct wire_control c;
};

static void
run(const struct wish *wishes, size_t n)
{
	pid_t pid = fork();
	int status;
	size_t i;

	if (pid == 0) {
		for (i = 0; i < n; i++) {
			struct timespec wait = { .tv_sec = wishes[i].after_ms / 1000,
				.tv_nsec = wishes[i].after_ms % 1000 * 1000000 };

			(void)nanosleep(&wait, NULL);
			if (wire_control_write(rig.control, &wishes[i].c, NULL) != GH_OK)
				_exit(1);
		}
		_exit(0);
	}
	rig_run(&rig, &job_run);
	(void)waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
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

#define ACTIVE                                                                                               \
	"SELECT count(*) = 1 FROM pg_stat_activity WHERE state = 'active' AND usename = 'shop' AND datname " \
	"= "                                                                                                 \
	"current_database() AND query LIKE "

/* The run is cancelled when the query is true or, where it is none, when the journal says that. */
static void
run_cancelled_when(const char *what)
{
	const struct wire_control cancel = { .serial = 1, .cancel = true };
	const char *conninfo = rig_conninfo(&rig, "other");
	bool sql = strncmp(what, "SELECT", 6) == 0;
	int64_t *gave = mmap(NULL, sizeof(*gave), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = -1;
	pid_t pid;

	assert_ptr_not_equal(gave, MAP_FAILED);
	pid = fork();
	if (pid == 0) {
		bool given = (sql ? rig_until(conninfo, what) : rig_until_said(&rig, what)) &&
		    wire_control_write(rig.control, &cancel, NULL) == GH_OK;

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
	plan("CREATE TABLE b (id int);\nSELECT pg_sleep(600);");
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
	static const char *const slow[] = { "/bin/sleep", "1", NULL };

	(void)state;
	plan("SELECT 1;");
	rig_hook(&rig, POLICY_AFTER, 90000, slow);
	run_cancelled_when("/bin/sleep");
	rig_expect(&rig, WIRE_SUCCEEDED, "3 migrations");
	assert_non_null(rig_last(&rig, WIRE_J_CONTROL, "cancel", "too late"));
	assert_true(there("c"));
}

/* While the first migration runs, which waits for that, the pause is wanted; once it is shown, no longer. */
static bool
pause_it(const char *conninfo)
{
	const struct wire_control pause = { .serial = 1, .pause = true }, on = { .serial = 2 };
	bool well =
	    rig_until(conninfo,
		"SELECT count(*) = 1 FROM pg_stat_activity WHERE state = 'active' AND usename = 'shop' "
		"AND datname = current_database() AND query LIKE 'DO %'") &&
	    wire_control_write(rig.control, &pause, NULL) == GH_OK;

	rig_hang(conninfo, "INSERT INTO wanted VALUES (1)");
	well = well && rig_until_said(&rig, "Paused before 002_b") &&
	    rig_until(conninfo, "SELECT to_regclass('a') IS NOT NULL AND to_regclass('b') IS NULL");
	return wire_control_write(rig.control, &on, NULL) == GH_OK && well;
}

static void
pause_waits_before_the_next_migration(void **state)
{
	const char *conninfo = rig_conninfo(&rig, "other");
	const struct rig_frame *paused, *resumed;
	int status = -1;
	pid_t pid;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE wanted (n int); GRANT SELECT ON wanted TO shop");
	rig_add(&rig, "001_a",
	    "CREATE TABLE a (id int);\n"
	    "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM wanted) LOOP PERFORM pg_sleep(0.02); END LOOP; END "
	    "$$;",
	    "DROP TABLE a;");
	rig_add(&rig, "002_b", "CREATE TABLE b (id int);", "DROP TABLE b;");
	pid = fork();
	if (pid == 0)
		_exit(pause_it(conninfo) ? 0 : 1);
	rig_run(&rig, &job_run);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	paused = rig_last(&rig, WIRE_J_CONTROL, "pause", "Paused before ");
	resumed = rig_last(&rig, WIRE_J_CONTROL, "resume", "It goes on");
	assert_non_null(paused);
	assert_string_equal(paused->more, "Paused before 002_b.");
	assert_non_null(resumed);
	assert_true(paused < resumed);
	assert_non_null(rig_last(&rig, WIRE_J_PROGRESS, "paused", "Paused before 002_b"));
	assert_true(there("b"));
	assert_int_equal(status, 0);
}

static void
a_paused_run_can_be_cancelled(void **state)
{
	static const struct wish wishes[] = { { 0, { .serial = 1, .pause = true } },
		{ 900, { .serial = 2, .pause = true, .cancel = true } } };

	(void)state;
	plan("SELECT 1;");
	run(wishes, 2);
	rig_expect(&rig, WIRE_FAILED_CLEAN,
	    "Cancelled: cancelled before 001_a. Nothing of this run is in the database");
	assert_false(there("a"));
}

/* Nobody resumes it: that it is over is said while it waits. */
static void
a_paused_run_says_at_once_that_its_session_is_lost(void **state)
{
	static const struct wish wishes[] = { { 0, { .serial = 1, .pause = true } } };
	int64_t from = gh_clock_mono();
	pid_t killer;

	(void)state;
	plan("CREATE TABLE b (id int);");
	killer = rig_session(&rig, "killer", "SELECT pg_sleep(1)", 0,
	    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE "
	    "'gatehouse:%'");
	run(wishes, 1);
	rig_wait(killer);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "the session was lost while the run was paused");
	assert_true(gh_clock_mono() - from < 10 * GH_SECOND);
	assert_false(there("a"));
}

/* What is told and taken back between two looks is answered too. */
static void
a_pause_that_was_over_before_it_was_seen(void **state)
{
	static const struct wish wishes[] = { { 150, { .serial = 2 } } };

	(void)state;
	plan("SELECT pg_sleep(0.8);");
	run(wishes, 1);
	rig_expect(&rig, WIRE_SUCCEEDED, "3 migrations");
	assert_non_null(rig_last(&rig, WIRE_J_CONTROL, "resume", "It goes on"));
	assert_null(rig_last(&rig, WIRE_J_CONTROL, "pause", ""));
}

static void
after_the_window_nothing_new_begins(void **state)
{
	const struct wish wishes[] = { { 0, { .serial = 1, .window_end_us = gh_clock_now() + GH_SECOND } } };

	(void)state;
	plan("CREATE TABLE b (id int);\nSELECT pg_sleep(1.2);");
	run(wishes, 1);
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
	const struct wire_control c = { .serial = 0, .window_end_us = gh_clock_now() - GH_SECOND };

	(void)state;
	plan("SELECT 1;");
	assert_int_equal(wire_control_write(rig.control, &c, NULL), GH_OK);
	run(NULL, 0);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "so 001_a was not begun. Nothing of this run is in the database");
	assert_false(there("a"));
}

static void
a_window_can_be_extended(void **state)
{
	const struct wish wishes[] = { { 0, { .serial = 1, .window_end_us = gh_clock_now() + GH_SECOND } },
		{ 400, { .serial = 2, .window_end_us = gh_clock_now() + GH_HOUR } } };

	(void)state;
	plan("SELECT pg_sleep(1.3);");
	run(wishes, 2);
	rig_expect(&rig, WIRE_SUCCEEDED, "3 migrations");
	assert_non_null(rig_last(&rig, WIRE_J_CONTROL, "window", "Nothing new begins after"));
}

static void
one_transaction_is_not_stopped_in_between(void **state)
{
	static const struct wish wishes[] = { { 200, { .serial = 1, .pause = true } },
		{ 1200, { .serial = 2 } } };

	(void)state;
	rig.plan.one_transaction = true;
	plan("SELECT pg_sleep(0.6);");
	run(wishes, 2);
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
