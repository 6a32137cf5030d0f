#include "base/ban.h"
#include "tests/support/batch_rig.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

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

/* Another session does something while the run goes; ends when the group ends. */
static pid_t
beside(const char *sql)
{
	const char *conninfo =
	    gh_printf(&rig.arena, "host=%s dbname=%s user=postgres", rig.cluster->folder, rig.database);
	pid_t pid = fork();

	if (pid == 0) {
		rig_hang(conninfo, sql);
		_exit(0);
	}
	return pid;
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

static void
waits_while_many_sessions_are_active(void **state)
{
	pid_t pid, pid2;
	int status;

	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig, "GRANT pg_read_all_stats TO shop");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=10 max_active=1" BATCH_ADD);
	pid = beside("SELECT pg_sleep(1.5)");
	pid2 = beside("SELECT pg_sleep(1.5)");
	(void)usleep(300000);
	rig_run(&rig, &job_run);
	(void)waitpid(pid, &status, 0);
	(void)waitpid(pid2, &status, 0);
	(void)rig_sql(&rig, "REVOKE pg_read_all_stats FROM shop");
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "2 other sessions are active, more than 1"));
}

static void
waits_for_a_replica(void **state)
{
	struct pg_cluster standby;
	struct gh_err err = { 0 };
	const char *conninfo;
	pid_t pid;
	int status;

	(void)state;
	if (pg_cluster_standby(rig.cluster, &standby, &err) != GH_OK)
		fail_msg("%s", err.msg);
	conninfo = gh_printf(&rig.arena, "host=%s dbname=postgres user=postgres", standby.folder);
	rig_hang(conninfo, "SELECT pg_wal_replay_pause()");
	(void)rig_sql(&rig, "GRANT pg_read_all_stats TO shop");
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=2 pause=100ms max_lag=300ms" BATCH_ADD);
	pid = fork();
	if (pid == 0) {
		rig_hang(conninfo, "SELECT pg_sleep(2.5), pg_wal_replay_resume()");
		_exit(0);
	}
	rig_run(&rig, &job_run);
	(void)waitpid(pid, &status, 0);
	(void)rig_sql(&rig, "REVOKE pg_read_all_stats FROM shop");
	pg_cluster_stop(&standby);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:30");
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "s behind, more than 0.3 s"));
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "the replica walreceiver is "));
}

/* Once a batch runs, somebody wants a row of it. */
#define BEHIND                                                                                               \
	"DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE usename = 'shop' AND state = "     \
	"'active' AND query LIKE '%UPDATE orders SET n%') LOOP PERFORM pg_sleep(0.02), "                     \
	"pg_stat_clear_snapshot(); END LOOP; PERFORM pg_sleep(0.1); UPDATE orders SET note = 'x' WHERE id "  \
	"= 5; END $$"

static void
gives_way_to_who_waits_behind_it(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 200) i");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.005); "
	    "RETURN "
	    "NEW; END'; CREATE TRIGGER slow BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION slow()");
	rig.plan.policy.guard_wait_ms = 200;
	rig.plan.policy.max_retries = 5;
	batch_add(&rig, "001_fill", BATCH_HEAD "size=200" BATCH_ADD);
	pid = beside(BEHIND);
	rig_run(&rig, &job_run);
	(void)waitpid(pid, &status, 0);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:200");
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "the statement gave way to "));
	/* It comes back with fewer rows. */
	assert_in_range(last_batch()->statement, 10, 100);
}

static void
rests_after_meeting_others(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 200) i");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.005); "
	    "RETURN "
	    "NEW; END'; CREATE TRIGGER slow BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION slow()");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=100" BATCH_ADD);
	pid = beside(BEHIND);
	rig_run(&rig, &job_run);
	(void)waitpid(pid, &status, 0);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "the batch before met others at a lock"));
}

static void
the_size_goes_towards_the_target(void **state)
{
	int64_t size = 0, first = 0;
	size_t i;

	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 400) i");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.002); "
	    "RETURN NEW; END';"
	    "CREATE TRIGGER slow BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION slow()");
	/* A row takes 2 ms and more: a batch of 100 is far above 60 ms. */
	batch_add(&rig, "001_fill",
	    "-- gatehouse:batch table=orders key=id size=100 min_size=5 target=60ms" BATCH_ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:400");
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
