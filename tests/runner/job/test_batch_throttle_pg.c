#include "base/ban.h"
#include "tests/support/batch_rig.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>

/* What a batched migration waits for and how large its batches are, beside others on a real server. */

static struct rig rig;

static const struct rig_frame *
last_batch(void)
{
	const struct rig_frame *f, *last = NULL;
	size_t i;

	for (i = 0; (f = rig_find(&rig, WIRE_J_BATCH, i)) != NULL; i++)
		last = f;
	return last;
}

/* Where somebody waits until he is told to go on. */
static void
with_go(void)
{
	(void)rig_sql(&rig, "CREATE TABLE go (n int); GRANT SELECT ON go TO shop");
}

static void
go(const char *conninfo)
{
	rig_hang(conninfo, "INSERT INTO go VALUES (1)");
}

static void
a_lock_in_the_way_is_waited_for_and_named(void **state)
{
	pid_t holder;

	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=10" BATCH_ADD);
	rig.plan.policy.retry_delay_ms = 200;
	rig.plan.policy.max_retries = 20;
	holder = rig_hold(&rig, "holder", "BEGIN; UPDATE orders SET note = 'x' WHERE id = 15",
	    "a lock was in the way (55P03)");
	rig_run(&rig, &job_run);
	rig_ended_well(holder);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:30");
	assert_non_null(rig_find(&rig, WIRE_J_RETRY, 0));
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "a lock was in the way (55P03)"));
}

static bool
pay(const char *conninfo)
{
	bool well = rig_until_said(&rig, "the throttle query says so: payday");

	rig_hang(conninfo, "UPDATE hold SET on_ = false");
	return well;
}

static void
waits_for_the_operators_query(void **state)
{
	pid_t pid;

	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig,
	    "CREATE TABLE hold (on_ bool, why text); INSERT INTO hold VALUES (true, 'payday'); GRANT SELECT "
	    "ON hold TO shop");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=10 throttle=\"SELECT on_, why FROM hold\"" BATCH_ADD);
	pid = rig_beside(&rig, "operator", pay);
	rig_run(&rig, &job_run);
	rig_ended_well(pid);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "the throttle query says so: payday"));
}

/* Another session that is active until it is told. */
static bool
active(const char *conninfo)
{
	rig_hang(conninfo,
	    "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM go) LOOP PERFORM pg_sleep(0.02); END LOOP; END $$");
	return true;
}

static bool
go_when_they_are_seen(const char *conninfo)
{
	bool well = rig_until_said(&rig, "2 other sessions are active, more than 1");

	go(conninfo);
	return well;
}

static void
waits_while_many_sessions_are_active(void **state)
{
	pid_t one, two, teller;

	(void)state;
	with_go();
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig, "GRANT pg_read_all_stats TO shop");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=10 max_active=1" BATCH_ADD);
	one = rig_beside(&rig, "busy", active);
	two = rig_beside(&rig, "busy", active);
	assert_true(rig_until(rig_conninfo(&rig, "other"),
	    "SELECT count(*) = 2 FROM pg_stat_activity WHERE application_name = 'busy' AND state = 'active' "
	    "AND "
	    "query LIKE 'DO %'"));
	teller = rig_beside(&rig, "teller", go_when_they_are_seen);
	rig_run(&rig, &job_run);
	rig_ended_well(one);
	rig_ended_well(two);
	rig_ended_well(teller);
	(void)rig_sql(&rig, "REVOKE pg_read_all_stats FROM shop");
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "2 other sessions are active, more than 1"));
}

/* The replica goes on once the run waits for it. */
static bool
resume_it(const char *conninfo)
{
	bool well = rig_until_said(&rig, "the replica walreceiver is ");

	rig_hang(conninfo, "SELECT pg_wal_replay_resume()");
	return well;
}

static void
waits_for_a_replica(void **state)
{
	struct pg_cluster standby;
	struct gh_err err = { 0 };
	const char *conninfo;
	pid_t pid;

	(void)state;
	if (pg_cluster_standby(rig.cluster, &standby, &err) != GH_OK)
		fail_msg("%s", err.msg);
	conninfo = gh_printf(&rig.arena, "host=%s dbname=postgres user=postgres", standby.folder);
	rig_hang(conninfo, "SELECT pg_wal_replay_pause()");
	assert_true(rig_until(rig_conninfo(&rig, "other"),
	    "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming' AND replay_lsn IS NOT "
	    "NULL"));
	(void)rig_sql(&rig, "GRANT pg_read_all_stats TO shop");
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=2 pause=100ms max_lag=300ms" BATCH_ADD);
	pid = fork();
	if (pid == 0)
		_exit(resume_it(conninfo) ? 0 : 1);
	rig_run(&rig, &job_run);
	rig_ended_well(pid);
	(void)rig_sql(&rig, "REVOKE pg_read_all_stats FROM shop");
	pg_cluster_stop(&standby);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:30");
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "s behind, more than 0.3 s"));
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "the replica walreceiver is "));
}

/* Slow batches, of which the first that comes to row 20 goes on when it is told, or after a minute. */
static void
with_slow_rows(void)
{
	with_go();
	batch_orders(&rig, "i FROM generate_series(1, 200) i");
	(void)rig_sql(&rig,
	    "CREATE SEQUENCE reached; GRANT ALL ON reached TO shop;"
	    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.005); "
	    "IF NEW.id = 20 AND nextval(''reached'') = 1 THEN FOR i IN 1..3000 LOOP "
	    "EXIT WHEN EXISTS (SELECT FROM go); PERFORM pg_sleep(0.02); END LOOP; END IF; RETURN NEW; END'; "
	    "CREATE TRIGGER slow BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION slow()");
}

#define REACHED "SELECT is_called FROM reached"
#define ROW     "UPDATE orders SET note = 'x' WHERE id = 5"

/* Somebody wants a row of that batch. */
static bool
want_a_row(const char *conninfo)
{
	bool well = rig_until(conninfo, REACHED);

	rig_hang(conninfo, ROW);
	return well;
}

static void
gives_way_to_who_waits_behind_it(void **state)
{
	pid_t pid;

	(void)state;
	with_slow_rows();
	rig.plan.policy.guard_wait_ms = 200;
	rig.plan.policy.max_retries = 5;
	batch_add(&rig, "001_fill", BATCH_HEAD "size=200" BATCH_ADD);
	pid = rig_beside(&rig, "behind", want_a_row);
	rig_run(&rig, &job_run);
	rig_ended_well(pid);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:200");
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "the statement gave way to "));
	/* It comes back with fewer rows. */
	assert_in_range(last_batch()->statement, 10, 100);
}

/* The same; the batch goes on once the guard has seen who waits. */
static bool
want_a_row_until_seen(const char *conninfo)
{
	bool well = rig_until(conninfo, REACHED);
	PGconn *c = PQconnectdb(conninfo);

	well = PQsendQuery(c, ROW) == 1 && rig_until_said(&rig, "sufferer") && well;
	go(conninfo);
	PQclear(PQgetResult(c));
	PQfinish(c);
	return well;
}

static void
rests_after_meeting_others(void **state)
{
	pid_t pid;

	(void)state;
	with_slow_rows();
	batch_add(&rig, "001_fill", BATCH_HEAD "size=100" BATCH_ADD);
	pid = rig_beside(&rig, "behind", want_a_row_until_seen);
	rig_run(&rig, &job_run);
	rig_ended_well(pid);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "the batch before met others at a lock"));
}

static void
the_size_goes_towards_the_target(void **state)
{
	int64_t size = 0, first = 0;
	size_t i;

	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 300) i");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.02); "
	    "RETURN NEW; END';"
	    "CREATE TRIGGER slow BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION slow()");
	/* A row takes 20 ms, whatever else the machine does: a batch of 100 is far above 600 ms. */
	batch_add(&rig, "001_fill",
	    "-- gatehouse:batch table=orders key=id size=100 min_size=5 target=600ms" BATCH_ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:300");
	for (i = 0; rig_find(&rig, WIRE_J_BATCH, i) != NULL; i++) {
		size = rig_find(&rig, WIRE_J_BATCH, i)->statement;
		first = i == 0 ? size : first;
	}
	assert_int_equal(first, 100);
	assert_in_range(size, 10, 40);
}

static void
a_batch_that_takes_too_long_is_made_smaller(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 100) i");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.005); "
	    "RETURN NEW; END';"
	    "CREATE TRIGGER slow BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION slow()");
	rig.plan.policy.statement_timeout_ms = 200;
	batch_add(&rig, "001_fill", BATCH_HEAD "size=100" BATCH_ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:100");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(a_lock_in_the_way_is_waited_for_and_named),
		T(waits_for_the_operators_query),
		T(waits_while_many_sessions_are_active),
		T(waits_for_a_replica),
		T(gives_way_to_who_waits_behind_it),
		T(rests_after_meeting_others),
		T(the_size_goes_towards_the_target),
		T(a_batch_that_takes_too_long_is_made_smaller),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/batch_throttle (PostgreSQL)", tests, rig_group_start, rig_group_stop);
}
