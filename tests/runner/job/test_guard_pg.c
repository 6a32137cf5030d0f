#include "base/ban.h"
#include "base/clock.h"
#include "runner/job/guard.h"
#include "tests/support/job_rig.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>

/* The guard on a real server: whom we wait for, who waits for us, and that we give way. */

static struct rig rig;

/* A reader that comes once somebody waits for the table; *ret_fd gets how many ms its SELECT took. */
static pid_t
reader(int *ret_fd)
{
	static const char waits[] =
	    "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'orders'::regclass";
	const char *conninfo = rig_conninfo(&rig, "reader");
	int fd[2];
	pid_t pid;

	assert_int_equal(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		PGconn *c = PQconnectdb(conninfo);
		bool well = rig_until(conninfo, waits);
		int64_t began = gh_clock_mono(), ms;

		PQclear(PQexec(c, "SELECT count(*) FROM orders"));
		ms = (gh_clock_mono() - began) / 1000;
		(void)!write(fd[1], &ms, sizeof(ms));
		PQfinish(c);
		_exit(well ? 0 : 1);
	}
	(void)close(fd[1]);
	*ret_fd = fd[0];
	return pid;
}

static void
a_reader_behind_us_is_let_through(void **state)
{
	const struct rig_frame *e;
	pid_t idle, read_pid;
	int64_t ms = -1;
	int fd = -1;

	(void)state;
	rig_orders(&rig);
	rig.plan.policy.lock_timeout_ms = 60000;
	rig.plan.policy.guard_wait_ms = 100;
	rig.plan.policy.max_retries = 5;
	rig.plan.policy.retry_delay_ms = 1500;
	rig_add(&rig, "001_note", "ALTER TABLE orders ADD COLUMN note text;", NULL);
	idle = rig_hold(&rig, "idle", "BEGIN; SELECT count(*) FROM orders", "gave way to");
	read_pid = reader(&fd);
	rig_run(&rig, &job_run);
	assert_int_equal(read(fd, &ms, sizeof(ms)), sizeof(ms));
	(void)close(fd);
	rig_ended_well(idle);
	rig_ended_well(read_pid);
	print_message("the reader waited %lld ms, lock_timeout was 60000 ms\n", (long long)ms);
	assert_in_range(ms, 1, 1000);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_note");
	assert_null(rig_find(&rig, WIRE_J_ERROR, 0));
	/* both are told, and how they ended */
	e = rig_last(&rig, WIRE_J_EPISODE, "queue public.orders ACCESS SHARE gave-way", "sufferer ");
	assert_non_null(e);
	assert_non_null(strstr(e->more, "postgres|reader|active|SELECT count(*) FROM orders"));
	e = rig_last(&rig, WIRE_J_EPISODE, "blocked public.orders ACCESS EXCLUSIVE gave-way", "blocker ");
	assert_non_null(e);
	assert_non_null(strstr(e->more, "postgres|idle|idle in transaction|"));
	e = rig_find(&rig, WIRE_J_RETRY, 0);
	assert_non_null(e);
	assert_non_null(strstr(e->text, "gave way to pid "));
	assert_non_null(strstr(e->text, "(postgres, reader), which had waited"));
	assert_non_null(
	    rig_last(&rig, WIRE_J_PROGRESS, "waiting", "(postgres, idle, idle in transaction), "));
	assert_non_null(rig_last(&rig, WIRE_J_PROGRESS, "backing-off", "gave way to"));
}

static void
giving_way_has_an_end(void **state)
{
	const struct rig_frame *e;
	pid_t idle, read_pid;
	int fd = -1;

	(void)state;
	rig_orders(&rig);
	rig.plan.policy.lock_timeout_ms = 60000;
	rig.plan.policy.guard_sessions = 1;
	rig.plan.policy.max_retries = 0;
	rig_add(&rig, "001_note", "ALTER TABLE orders ADD COLUMN note text;", NULL);
	idle = rig_hold(&rig, "idle", "BEGIN; SELECT count(*) FROM orders", "gave way to");
	read_pid = reader(&fd);
	rig_run(&rig, &job_run);
	(void)close(fd);
	rig_ended_well(idle);
	rig_ended_well(read_pid);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "the statement gave way to pid");
	e = rig_find(&rig, WIRE_J_ERROR, 0);
	assert_string_equal(e->text, "57014");
	assert_non_null(strstr(e->more, "gave way to pid"));
}

static void
without_a_limit_nobody_is_let_through(void **state)
{
	pid_t idle, read_pid;
	int64_t ms = -1;
	int fd = -1;

	(void)state;
	rig_orders(&rig);
	rig.plan.policy.lock_timeout_ms = 60000;
	rig.plan.policy.guard_sessions = rig.plan.policy.guard_wait_ms = 0;
	rig_add(&rig, "001_note", "ALTER TABLE orders ADD COLUMN note text;", NULL);
	idle = rig_hold(&rig, "idle", "BEGIN; SELECT count(*) FROM orders",
	    "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'reader' AND wait_event_type "
	    "= 'Lock' AND query_start < clock_timestamp() - interval '3 seconds'");
	read_pid = reader(&fd);
	rig_run(&rig, &job_run);
	assert_int_equal(read(fd, &ms, sizeof(ms)), sizeof(ms));
	(void)close(fd);
	rig_ended_well(idle);
	rig_ended_well(read_pid);
	assert_true(ms > 2500);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_note");
	assert_null(rig_find(&rig, WIRE_J_RETRY, 0));
	assert_non_null(rig_last(&rig, WIRE_J_EPISODE, "blocked public.orders ACCESS EXCLUSIVE granted", ""));
	assert_non_null(rig_last(&rig, WIRE_J_EPISODE, "queue public.orders ACCESS SHARE ended", "reader"));
}

/* Our guard's session is ended by somebody while the statement waits, which the guard has seen. */
static bool
end_the_guard(const char *conninfo)
{
	bool well = rig_until_said(&rig, "(postgres, idle, idle in transaction)");

	rig_hang(conninfo,
	    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE "
	    "'gatehouse:% guard'");
	return well;
}

static void
a_guard_that_is_killed_does_not_end_the_run(void **state)
{
	const struct rig_frame *f;
	pid_t idle, killer;

	(void)state;
	rig_orders(&rig);
	rig.plan.policy.lock_timeout_ms = 60000;
	rig_add(&rig, "001_note", "ALTER TABLE orders ADD COLUMN note text;", NULL);
	idle = rig_hold(&rig, "idle", "BEGIN; SELECT count(*) FROM orders", "The guard is back");
	killer = rig_beside(&rig, "killer", end_the_guard);
	rig_run(&rig, &job_run);
	rig_ended_well(idle);
	rig_ended_well(killer);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_note");
	f = rig_last(&rig, WIRE_J_LOG, "The guard's connection is lost", "");
	assert_non_null(f);
	assert_non_null(rig_last(&rig, WIRE_J_LOG, "The guard is back", ""));
	assert_non_null(
	    rig_last(&rig, WIRE_J_EPISODE, "blocked public.orders ACCESS EXCLUSIVE granted", "idle"));
}

/* The target's role may not see what others do: that is said, not guessed. */
static void
what_may_not_be_seen_is_said_so(void **state)
{
	const struct rig_frame *e;
	pid_t idle;

	(void)state;
	rig_orders(&rig);
	(void)rig_sql(&rig,
	    "DO $$ BEGIN CREATE ROLE app LOGIN; EXCEPTION WHEN duplicate_object THEN END $$;"
	    "GRANT SELECT ON orders TO app; REVOKE pg_read_all_stats FROM shop");
	rig.plan.policy.lock_timeout_ms = 60000;
	rig_add(&rig, "001_note", "ALTER TABLE orders ADD COLUMN note text;", NULL);
	idle =
	    rig_hold(&rig, "app", "BEGIN; SELECT count(*) FROM orders", "(app, app, insufficient privilege)");
	rig_run(&rig, &job_run);
	rig_ended_well(idle);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_note");
	e = rig_last(&rig, WIRE_J_EPISODE, "blocked public.orders ACCESS EXCLUSIVE granted", "app|app|");
	assert_non_null(e);
	assert_non_null(strstr(e->more, "app|app|insufficient privilege|<insufficient privilege>"));
	assert_non_null(rig_last(&rig, WIRE_J_PROGRESS, "waiting", "(app, app, insufficient privilege)"));
}

static void
autovacuum_is_named(void **state)
{
	const struct rig_frame *f;
	int turn;

	(void)state;
	(void)rig_sql(&rig,
	    "CREATE TABLE orders (id int, t text) WITH (autovacuum_vacuum_cost_delay = 100,"
	    "autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_threshold = 1,"
	    "autovacuum_vacuum_scale_factor = 0); ALTER TABLE orders OWNER TO shop;"
	    "GRANT pg_read_all_stats TO shop");
	(void)rig_sql(&rig, "INSERT INTO orders SELECT g, repeat('x', 500) FROM generate_series(1, 20000) g");
	(void)rig_sql(&rig, "DELETE FROM orders WHERE id % 2 = 0");
	(void)rig_sql(&rig, "ALTER SYSTEM SET autovacuum = on");
	(void)rig_sql(&rig, "ALTER SYSTEM SET autovacuum_naptime = '1s'");
	/* Autovacuum gives way by itself after deadlock_timeout. */
	(void)rig_sql(&rig, "ALTER SYSTEM SET deadlock_timeout = '3s'");
	(void)rig_sql(&rig, "SELECT pg_reload_conf()");
	for (turn = 0; turn < 1200; turn++) {
		if (strcmp(rig_sql(&rig,
			       "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum "
			       "worker' AND "
			       "query LIKE '%orders%'"),
			"0") != 0)
			break;
		(void)usleep(50000);
	}
	assert_true(turn < 1200);
	rig.plan.policy.lock_timeout_ms = 10000;
	rig_add(&rig, "001_note", "ALTER TABLE orders ADD COLUMN note text;", NULL);
	rig_run(&rig, &job_run);
	(void)rig_sql(&rig, "ALTER SYSTEM RESET ALL");
	(void)rig_sql(&rig, "SELECT pg_reload_conf()");
	rig_expect(&rig, WIRE_SUCCEEDED, "001_note");
	f = rig_last(&rig, WIRE_J_PROGRESS, "waiting", "(autovacuum: VACUUM ");
	assert_non_null(f);
	print_message("%s\n", f->more);
	assert_non_null(
	    rig_last(&rig, WIRE_J_EPISODE, "blocked public.orders ACCESS EXCLUSIVE granted", "|autovacuum|"));
}

/* Small migrations: the guard is there and asks nothing, but of one that the machine has held up. */
static void
small_migrations_are_not_watched(void **state)
{
	const struct rig_frame *f;
	int i;

	(void)state;
	rig.plan.policy.lock_timeout_ms = 60000;
	for (i = 0; i < 20; i++)
		rig_add(&rig, gh_printf(&rig.arena, "%03d_t", i + 1),
		    gh_printf(&rig.arena, "CREATE TABLE t%d (id int);", i), NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "20 migrations");
	for (i = 0; (f = rig_find(&rig, WIRE_J_PROGRESS, (size_t)i)) != NULL; i++) {
		assert_string_equal(f->text, "running");
		assert_true(f->at_us - f->since >= GUARD_EVERY_MS * INT64_C(1000));
	}
	assert_null(rig_find(&rig, WIRE_J_EPISODE, 0));
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_reader_behind_us_is_let_through),
		TEST(giving_way_has_an_end),
		TEST(without_a_limit_nobody_is_let_through),
		TEST(a_guard_that_is_killed_does_not_end_the_run),
		TEST(what_may_not_be_seen_is_said_so),
		TEST(autovacuum_is_named),
		TEST(small_migrations_are_not_watched),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/guard on a server", tests, rig_group_start, rig_group_stop);
}
