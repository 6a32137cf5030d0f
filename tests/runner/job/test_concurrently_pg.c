#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* CONCURRENTLY on a real server: its budget, how far it is, what it leaves when it is cancelled. */

static struct rig rig;

static void
an_index_tells_how_far_it_is(void **state)
{
	const struct rig_frame *f;
	size_t i;
	int64_t most = -1;

	(void)state;
	(void)rig_sql(&rig,
	    "CREATE TABLE big AS SELECT g AS id, md5(g::text) AS t FROM generate_series(1, 600000) g;"
	    "ALTER TABLE big OWNER TO shop");
	rig.plan.policy.lock_timeout_ms = 40;
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY big_t ON big (t, id);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_i");
	f = rig_last(&rig, WIRE_J_PROGRESS, "running", "building index");
	assert_non_null(f);
	assert_non_null(strstr(f->more, " %"));
	for (i = 0; i < rig.n_frames; i++) {
		if (rig.frames[i].kind == WIRE_J_PROGRESS && rig.frames[i].number > most)
			most = rig.frames[i].number;
	}
	assert_in_range(most, 1, 100);
}

#define SNAPSHOT "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM orders"

/* CONCURRENTLY waits for whoever holds an old snapshot, longer than lock_timeout, within its own budget. */
static void
concurrently_has_a_budget_of_its_own(void **state)
{
	pid_t idle, old;

	(void)state;
	rig_orders(&rig);
	rig.plan.policy.lock_timeout_ms = 100;
	rig.plan.policy.statement_timeout_ms = 1000;
	rig.plan.policy.concurrently_timeout_ms = 120000;
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY orders_id ON orders (id);", NULL);
	/* one until it is seen, one until it has waited longer than the other limits */
	idle = rig_hold(&rig, "idle", SNAPSHOT, "(postgres, idle, idle in transaction)");
	old = rig_hold(&rig, "old", SNAPSHOT,
	    "SELECT count(*) = 1 FROM pg_stat_activity WHERE usename = 'shop' AND wait_event_type = 'Lock' "
	    "AND "
	    "query LIKE 'CREATE INDEX%' AND query_start < clock_timestamp() - interval '1.5 seconds'");
	rig_run(&rig, &job_run);
	rig_ended_well(idle);
	rig_ended_well(old);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_i");
	assert_non_null(rig_last(&rig, WIRE_J_PROGRESS, "waiting", "(postgres, idle, idle in transaction)"));
	assert_non_null(rig_last(&rig, WIRE_J_EPISODE, "blocked", "idle in transaction"));
}

static void
concurrently_ends_with_its_budget(void **state)
{
	pid_t idle;

	(void)state;
	rig_orders(&rig);
	rig.plan.policy.concurrently_timeout_ms = 500;
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY orders_id ON orders (id);", NULL);
	idle = rig_hold(&rig, "idle", SNAPSHOT, "57014");
	rig_run(&rig, &job_run);
	assert_string_equal(rig_find(&rig, WIRE_J_ERROR, 0)->text, "57014");
	rig_ended_well(idle);
	assert_true(rig_outcome(&rig) != WIRE_SUCCEEDED);
}

/* Two transactions: cancelled between them, it is half done, which only a look at the catalog tells. */
static void
a_partition_that_is_half_detached_is_named(void **state)
{
	pid_t idle;

	(void)state;
	(void)rig_sql(&rig,
	    "CREATE TABLE orders (id int) PARTITION BY RANGE (id);"
	    "CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (0) TO (10);"
	    "ALTER TABLE orders OWNER TO shop; ALTER TABLE orders_1 OWNER TO shop");
	rig.plan.policy.concurrently_timeout_ms = 5000; /* the first of them is over by then */
	rig_add(&rig, "001_d", "ALTER TABLE orders DETACH PARTITION orders_1 CONCURRENTLY;", NULL);
	rig.migrations[0].run.statements[0].kind = "ALTER TABLE";
	idle = rig_hold(&rig, "idle", "BEGIN; SELECT count(*) FROM orders", "57014");
	rig_run(&rig, &job_run);
	rig_ended_well(idle);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "the partition public.orders_1 is still being detached");
	rig_expect(&rig, WIRE_NEEDS_PERSON, "DETACH PARTITION public.orders_1 FINALIZE");
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_index_tells_how_far_it_is),
		TEST(concurrently_has_a_budget_of_its_own),
		TEST(concurrently_ends_with_its_budget),
		TEST(a_partition_that_is_half_detached_is_named),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/concurrently on a server", tests, rig_group_start, rig_group_stop);
}
