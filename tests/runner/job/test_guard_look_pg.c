#include "base/ban.h"
#include "base/clock.h"
#include "tests/support/job_rig.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>

/* What the guard sees when those who are met are no ordinary sessions, or very many. */

#define CROWD 60

static struct rig rig;

static void
stand(void)
{
	rig_orders(&rig);
	rig.plan.policy.lock_timeout_ms = 6000; /* time for a look */
	rig.plan.policy.max_retries = 0;
}

/* A transaction that was prepared and forgotten has no session that could be looked at or ended. */
static void
a_prepared_transaction_is_named(void **state)
{
	static const char prepared[] = "a prepared transaction (postgres, PREPARE TRANSACTION 'forgotten')";
	const struct rig_frame *e, *cause;

	(void)state;
	stand();
	(void)rig_sql(&rig, "BEGIN; SELECT count(*) FROM orders; PREPARE TRANSACTION 'forgotten'");
	rig_add(&rig, "001_note", "ALTER TABLE orders ADD COLUMN note text;", NULL);
	rig_run(&rig, &job_run);
	(void)rig_sql(&rig, "ROLLBACK PREPARED 'forgotten'");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "lock timeout");
	e = rig_last(&rig, WIRE_J_EPISODE, "blocked public.orders ACCESS EXCLUSIVE timed-out", "blocker 0 ");
	assert_non_null(e);
	assert_non_null(strstr(e->more, "postgres||prepared transaction|PREPARE TRANSACTION 'forgotten'"));
	assert_non_null(rig_last(&rig, WIRE_J_PROGRESS, "waiting", prepared));
	cause = rig_last(&rig, WIRE_J_CAUSE, "Who holds the lock", "ROLLBACK PREPARED");
	assert_non_null(cause);
	assert_non_null(strstr(cause->more, "which stays until COMMIT PREPARED"));
	assert_non_null(strstr(cause->more, "prepared transaction\tAccessShareLock\torders"));
}

/* The same where it holds a row. */
static void
a_prepared_transaction_that_holds_a_row_is_named(void **state)
{
	const struct rig_frame *e;

	(void)state;
	stand();
	(void)rig_sql(&rig, "BEGIN; UPDATE orders SET id = 100 WHERE id = 1; PREPARE TRANSACTION 'half'");
	rig_add(&rig, "001_one", "UPDATE orders SET id = 101 WHERE id = 1;", NULL);
	rig_run(&rig, &job_run);
	(void)rig_sql(&rig, "ROLLBACK PREPARED 'half'");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "lock timeout");
	e = rig_last(&rig, WIRE_J_EPISODE, "blocked public.orders row timed-out", "blocker 0 ");
	assert_non_null(e);
	assert_non_null(strstr(e->more, "PREPARE TRANSACTION 'half'"));
}

/* So many readers at once, as soon as the migration waits; all are answered. */
static bool
crowd(const char *conninfo)
{
	static PGconn *c[CROWD];
	bool well = true;
	size_t i;

	for (i = 0; i < CROWD; i++)
		c[i] = PQconnectdb(conninfo);
	well = rig_until(conninfo,
	    "SELECT count(*) = 1 FROM pg_locks WHERE NOT granted AND relation = 'orders'::regclass");
	for (i = 0; i < CROWD; i++)
		well = PQsendQuery(c[i], "SELECT count(*) FROM orders") == 1 && well;
	for (i = 0; i < CROWD; i++) {
		PGresult *res = PQgetResult(c[i]);

		well = PQresultStatus(res) == PGRES_TUPLES_OK && well;
		PQclear(res);
		PQfinish(c[i]);
	}
	return well;
}

static size_t
lines(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += *s == '\n' ? 1 : 0;
	return n;
}

static void
a_crowd_behind_us_is_counted_and_let_through(void **state)
{
	const struct rig_frame *e, *retry;
	pid_t holder, readers;
	const char *to;

	(void)state;
	stand();
	rig.plan.policy.lock_timeout_ms = 60000;
	rig.plan.policy.guard_sessions = 50;
	rig.plan.policy.guard_wait_ms = 0;
	rig.plan.policy.max_retries = 20;
	rig_add(&rig, "001_note", "ALTER TABLE orders ADD COLUMN note text;", NULL);
	holder = rig_hold(&rig, "holder", "BEGIN; SELECT count(*) FROM orders", "gave way to");
	readers = rig_beside(&rig, "reader", crowd);
	rig_run(&rig, &job_run);
	rig_ended_well(holder);
	rig_ended_well(readers);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_note");
	retry = rig_find(&rig, WIRE_J_RETRY, 0);
	assert_non_null(retry);
	to = strstr(retry->text, "the statement gave way to ");
	assert_non_null(to);
	assert_in_range(strtoll(to + strlen("the statement gave way to "), NULL, 10), 50, CROWD);
	/* all are counted, so many are kept by name */
	e = rig_last(&rig, WIRE_J_EPISODE, "queue public.orders ACCESS SHARE gave-way", "sufferer ");
	assert_non_null(e);
	assert_int_equal(lines(e->more), 20);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(a_prepared_transaction_is_named),
		T(a_prepared_transaction_that_holds_a_row_is_named),
		T(a_crowd_behind_us_is_counted_and_let_through),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name("runner/job/guard_look", tests, rig_group_start, rig_group_stop);
}
