#include "base/ban.h"
#include "base/clock.h"
#include "tests/support/batch_rig.h"

#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <sys/wait.h>

/* The cursor of a batched migration is committed with its batch: what a failed or killed run left is gone on
 * with. */

static struct rig rig;

static void
the_cursor_is_committed_with_its_batch(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 100) i");
	(void)rig_sql(&rig, "UPDATE orders SET n = 49 WHERE id = 73");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=10" BATCH_ADD);
	rig_run(&rig, &job_run);
	/* It fails at 73, the rows before it are in. */
	rig_expect(&rig, WIRE_FAILED_PARTLY, "the row with the key 73 fails");
	rig_expect(&rig, WIRE_FAILED_PARTLY, "up to the key 72");
	assert_string_equal(rig_sql(&rig, BATCH_CURSOR), "72");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "0:27 1:72 49:1");
	assert_string_equal(rig_sql(&rig, "SELECT rows FROM gatehouse_batch"), "72");
	assert_int_equal(rig_migration(&rig, 0), WIRE_FAILED);
	/* A later run goes on from there. */
	(void)rig_sql(&rig, "UPDATE orders SET n = 0 WHERE id = 73");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:100");
	assert_string_equal(rig_sql(&rig, BATCH_GONE), "t");
}

static void
nothing_runs_past_an_unfinished_one(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig, "UPDATE orders SET n = 49 WHERE id = 15");
	rig_add(&rig, "001_before", "CREATE TABLE before (id int);", "DROP TABLE before;");
	batch_add(&rig, "002_fill", BATCH_HEAD "size=10" BATCH_ADD);
	rig_add(&rig, "003_later", "CREATE TABLE later (id int);", NULL);
	rig_run(&rig, &job_run);
	/* What went before stays: the batches may need it. */
	rig_expect(&rig, WIRE_FAILED_PARTLY, "001_before is applied and stays");
	rig_expect(&rig, WIRE_FAILED_PARTLY, "the next run goes on from there");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('later') IS NULL"), "t");
	rig.plan.n_migrations = 0;
	rig.plan.after = "001_before";
	rig_add(&rig, "003_later", "CREATE TABLE later (id int);", NULL);
	rig_seal(&rig);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "002_fill is unfinished (14 rows in 3 batches, up to the key 14");
	/* Nor is anything below it taken back. */
	rig.plan.n_migrations = 0;
	rig.plan.down = true;
	rig_add(&rig, "001_before", "DROP TABLE before;", NULL);
	rig_seal(&rig);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "002_fill is unfinished");
	rig.plan.down = false;
}

static void
another_key_does_not_go_on(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig,
	    "UPDATE orders SET n = 49 WHERE id = 15; ALTER TABLE orders ADD other bigint UNIQUE; "
	    "UPDATE "
	    "orders SET other = id; ALTER TABLE orders ALTER other SET NOT NULL");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=10" BATCH_ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "up to the key 14");
	rig.plan.n_migrations = 0;
	batch_add(&rig, "001_fill", "-- gatehouse:batch table=public.orders key=other size=10" BATCH_ADD);
	rig_seal(&rig);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN,
	    "was begun over public.orders.id and would go on over public.orders.other");
}

/* Runs in a child that is killed after so many microseconds; false when it had ended before. */
static bool
killed_after(unsigned us)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		rig_run(&rig, &job_run);
		_exit(0);
	}
	(void)usleep(us);
	(void)kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status);
}

static void
every_row_once_whenever_it_is_killed(void **state)
{
	unsigned seed = (unsigned)gh_clock_now();
	int kills = 0, i;

	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 3000) i");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=20" BATCH_ADD);
	rig_seal(&rig);
	for (i = 0; i < 60; i++) {
		seed = seed * 1103515245 + 12345;
		/* Later and later: on a slow machine the first ones come before anything has begun. */
		if (!killed_after((5000 + seed / 65536 % 60000) * (1 + (unsigned)i / 6)))
			break;
		kills++;
		/* As the runner does: nobody of it is left before the next begins. */
		(void)rig_sql(&rig,
		    "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = 'shop'");
	}
	if (strcmp(rig_sql(&rig, "SELECT to_regclass('public.schema_migrations') IS NULL"), "t") == 0 ||
	    strcmp(rig_sql(&rig, BATCH_TRACKED), "") == 0) {
		rig_run(&rig, &job_run);
		rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	}
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:3000");
	assert_true(kills > 2);
	print_message("%d kills\n", kills);
}

static void
reconcile_finds_the_cursor(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig,
	    "CREATE TABLE schema_migrations (version varchar(255) PRIMARY KEY, applied_at timestamp DEFAULT "
	    "now())");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=10" BATCH_ADD);
	rig_seal(&rig);
	rig.spec.intent_migration = 0;
	rig.spec.intent_statement = WIRE_INTENT_BATCH;
	(void)rig_sql(&rig, "DROP TABLE schema_migrations");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Nothing of this run is applied");
	/* A run that ends on the way leaves what a killed one would. */
	(void)rig_sql(&rig, "UPDATE orders SET n = 49 WHERE id = 15");
	rig_run(&rig, &job_run);
	rig.spec.intent_migration = 0;
	rig.spec.intent_statement = WIRE_INTENT_BATCH;
	rig_run(&rig, &job_reconcile);
	rig_expect(
	    &rig, WIRE_FAILED_PARTLY, "001_fill is unfinished: 14 rows in 3 batches, up to the key 14");
	assert_int_equal(rig_migration(&rig, 0), WIRE_FAILED);
}

/* Killed at each point in turn, looked into, and asked for again: the cursor is always the truth. */
static void
killed_at_every_point(void **state)
{
	static const struct {
		const char *point;
		enum wire_outcome outcome;
		const char *done; /* rows that are touched then */
	} points[] = {
		{ "job.batch.before-table", WIRE_FAILED_CLEAN, "0:100" },
		{ "job.batch.after-table", WIRE_FAILED_CLEAN, "0:100" },
		{ "job.batch.begun", WIRE_FAILED_CLEAN, "0:100" },
		{ "job.batch.before-commit", WIRE_FAILED_CLEAN, "0:100" },
		{ "job.batch.before-statement#2", WIRE_FAILED_PARTLY, "0:90 1:10" },
		{ "job.batch.after-statement#2", WIRE_FAILED_PARTLY, "0:80 1:20" },
		{ "job.batch.before-commit#2", WIRE_FAILED_PARTLY, "0:70 1:30" },
		{ "job.batch.after-commit", WIRE_FAILED_PARTLY, "0:60 1:40" },
		{ "job.batch.parts-done", WIRE_FAILED_PARTLY, "1:100" },
		{ "job.before-commit", WIRE_FAILED_PARTLY, "1:100" },
		{ "job.after-commit", WIRE_SUCCEEDED, "1:100" },
	};
	size_t i;

	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	batch_orders(&rig, "i FROM generate_series(1, 100) i");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=10" BATCH_ADD);
	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		print_message("%s\n", points[i].point);
		rig_run_killed(&rig, points[i].point);
		rig_run(&rig, &job_reconcile);
		rig_expect(&rig, points[i].outcome,
		    points[i].outcome == WIRE_FAILED_PARTLY ? "001_fill is unfinished" : "The run broke off");
		assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), points[i].done);
	}
	assert_string_equal(rig_sql(&rig, BATCH_TRACKED), "001_fill");
	assert_string_equal(rig_sql(&rig, BATCH_GONE), "t");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(the_cursor_is_committed_with_its_batch),
		T(nothing_runs_past_an_unfinished_one),
		T(another_key_does_not_go_on),
		T(every_row_once_whenever_it_is_killed),
		T(reconcile_finds_the_cursor),
		T(killed_at_every_point),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/batch_cursor (PostgreSQL)", tests, rig_group_start, rig_group_stop);
}
