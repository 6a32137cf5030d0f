#include "base/ban.h"
#include "tests/support/batch_rig.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

/* Batched migrations on a real server: every row once. */

static struct rig rig;

static void
goes_over_every_row_once(void **state)
{
	(void)state;
	/* Gaps do not matter: as many rows a batch, not as many numbers. */
	batch_orders(&rig, "i * i FROM generate_series(1, 103) i");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=10" BATCH_ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:103");
	assert_string_equal(rig_sql(&rig, BATCH_TRACKED), "001_fill");
	assert_string_equal(rig_sql(&rig, BATCH_GONE), "t");
	assert_int_equal(rig_statement(&rig, 0, 0), WIRE_OK);
}

/* The ends of the second batch are known before the pause; a row that comes in front of it is not passed
 * over. */
static void
a_row_that_comes_between_two_batches_is_met(void **state)
{
	const char *conninfo = rig_conninfo(&rig, "other");
	int status = -1;
	pid_t pid;

	(void)state;
	batch_orders(&rig, "i * 10 FROM generate_series(1, 20) i");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=10 pause=4s" BATCH_ADD);
	pid = fork();
	if (pid == 0) {
		bool well = rig_until(conninfo, "SELECT cursor = '100' FROM gatehouse_batch");

		rig_hang(conninfo, "INSERT INTO orders (id) VALUES (105)");
		_exit(well ? 0 : 1);
	}
	rig_run(&rig, &job_run);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:21");
}

static void
any_ordered_type_is_a_key(void **state)
{
	static const char *const types[] = { "integer", "uuid", "text COLLATE \"C\"", "timestamptz", "date",
		"numeric(12,2)", "bigint", "interval", "character(8)", "bit(16)" };
	static const char *const values[] = { "i", "md5(i::text)::uuid", "md5(i::text)",
		"now() - i * interval '1 ms'", "date '2024-01-31' + i", "i / 7.0", "-i", "i * interval '1 h'",
		"lpad(i::text, 8, '0')", "i::bit(16)" };
	size_t i;

	(void)state;
	(void)rig_sql(&rig, "ALTER ROLE shop SET datestyle = 'SQL, DMY'");
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const char *t = gh_printf(&rig.arena, "\"T %zu\"", i);

		(void)rig_sql(&rig,
		    gh_printf(&rig.arena,
			"CREATE TABLE %s (\"K y\" %s PRIMARY KEY, n int DEFAULT 0); ALTER TABLE %s OWNER TO "
			"shop; "
			"INSERT INTO %s SELECT %s FROM generate_series(1, 95) i",
			t, types[i], t, t, values[i]));
		batch_add(&rig, gh_printf(&rig.arena, "00%zu_t", i),
		    gh_printf(&rig.arena,
			"-- gatehouse:batch table='public.\"T %zu\"' key='\"K y\"' size=10 target=0ms\n"
			"UPDATE %s SET n = n + 1 WHERE \"K y\" >= :from AND \"K y\" <= :to",
			i, t));
	}
	rig_run(&rig, &job_run);
	(void)rig_sql(&rig, "ALTER ROLE shop RESET datestyle");
	rig_expect(&rig, WIRE_SUCCEEDED, "10 migrations");
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		assert_string_equal(
		    rig_sql(&rig, gh_printf(&rig.arena, "SELECT count(*) FROM \"T %zu\" WHERE n = 1", i)),
		    "95");
}

static void
keys_come_from_a_query(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 57) i");
	batch_add(&rig, "001_ids",
	    BATCH_HEAD
	    "size=10 select=\"SELECT id FROM orders WHERE note IS NULL ORDER BY id DESC LIMIT :size\"\n"
	    "UPDATE orders SET n = n + 1, note = 'x' WHERE id = ANY (:ids)");
	batch_add(&rig, "002_done",
	    BATCH_HEAD "size=10 done=\"SELECT id FROM orders WHERE note = 'x'\"\n"
		       "UPDATE orders SET n = n + 1, note = 'y' WHERE id = ANY (:ids)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "2:57");
	assert_string_equal(rig_sql(&rig, BATCH_GONE), "t");
}

static void
keys_that_come_again_end_it(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 7) i");
	batch_add(&rig, "001_ids",
	    BATCH_HEAD
	    "size=10 select=\"SELECT id FROM orders\"\nUPDATE orders SET n = n + 1 WHERE id = ANY (:ids)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "gives the key 1 again after its batch");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:7");
}

static void
a_statement_is_repeated_until_it_touches_no_rows(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 57) i");
	/* The loop of guide 004. */
	batch_add(&rig, "001_loop",
	    "-- gatehouse:batch repeat table=orders size=10 pause=1ms target=0ms\n"
	    "WITH batch AS (SELECT id FROM orders WHERE note IS NULL LIMIT :size)\n"
	    "UPDATE orders SET note = 'seen', n = n + 1 FROM batch WHERE orders.id = batch.id;");
	batch_add(&rig, "002_loop",
	    "-- gatehouse:batch repeat\nDELETE FROM orders WHERE id IN (SELECT id FROM orders WHERE id > 50 "
	    "LIMIT 3)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:50");
}

static void
what_cannot_run_is_said_before_anything(void **state)
{
	static const struct {
		const char *sql, *why;
	} cases[] = {
		{ BATCH_HEAD "size=5\nUPDATE orders SET nope = 1 WHERE id BETWEEN :from AND :to",
		    "\"nope\"" },
		{ "-- gatehouse:batch table=nowhere key=id" BATCH_ADD, "there is no table nowhere" },
		{ "-- gatehouse:batch table=orders key=nokey" BATCH_ADD, "has no column nokey" },
		{ "-- gatehouse:batch table=orders key=n" BATCH_ADD,
		    "orders.n has no index that begins with it" },
		{ "-- gatehouse:batch table=plain key=id" BATCH_ADD, "rows of plain have no id" },
		{ "-- gatehouse:batch table=seen key=id" BATCH_ADD, "seen is no table" },
		{ BATCH_HEAD "done=\"SELECT nope\"" BATCH_ADD, "the done query: " },
		{ BATCH_HEAD "check=\"SELECT nope\"" BATCH_ADD, "the check query: " },
		{ BATCH_HEAD "throttle=\"SELECT nope\"" BATCH_ADD, "the throttle query: " },
		{ BATCH_HEAD "throttle=\"SELECT 1\"" BATCH_ADD, "must give true, false or no row" },
		{ BATCH_HEAD "throttle=\"SELECT NULL::bool\"" BATCH_ADD, "must give true, false or no row" },
		{ BATCH_HEAD "throttle=\"SELECT 1 / 0 > 0\"" BATCH_ADD, "division by zero" },
		{ BATCH_HEAD "max_lag=1s" BATCH_ADD, "GRANT pg_read_all_stats TO shop" },
		{ BATCH_HEAD "max_active=1" BATCH_ADD, "GRANT pg_read_all_stats TO shop" },
		{ BATCH_HEAD "sized=3" BATCH_ADD, "a batch has no \"sized\"" },
	};
	size_t i;

	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig,
	    "CREATE TABLE plain (id int UNIQUE, n int); INSERT INTO plain VALUES (NULL, 0); ALTER TABLE "
	    "plain OWNER TO "
	    "shop; CREATE VIEW seen AS SELECT * FROM orders; ALTER VIEW seen OWNER TO shop");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rig.plan.n_migrations = 0;
		batch_add(&rig, "001_fill", cases[i].sql);
		rig_seal(&rig);
		rig_run(&rig, &job_run);
		rig_expect(&rig, WIRE_FAILED_CLEAN, cases[i].why);
		assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "0:30");
	}
}

static void
done_and_check_are_asked_last(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	batch_add(&rig, "001_fill",
	    BATCH_HEAD "size=7 done=\"SELECT id FROM orders WHERE n = 0\" check=\"SELECT sum(n) = 31 FROM "
		       "orders\"" BATCH_ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY,
	    "all rows were gone through, but the check query does not hold: it is not true");
	assert_string_equal(rig_sql(&rig, BATCH_TRACKED), "");
	/* Once it holds, the next run only records. */
	(void)rig_sql(&rig, "UPDATE orders SET n = 2 WHERE id = 1");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:29 2:1");
	rig.plan.n_migrations = 0;
	rig.plan.after = "001_fill";
	batch_add(&rig, "002_fill", BATCH_HEAD "done=\"SELECT id FROM orders WHERE n = 3\"" BATCH_ADD);
	rig_seal(&rig);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "the done query does not hold: it gives 1 row, the first 1");
}

static void
taking_back_in_batches(void **state)
{
	struct plan_migration *m;

	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	m = rig_add(&rig, "001_fill", BATCH_HEAD "size=10" BATCH_ADD,
	    BATCH_HEAD "size=7\nUPDATE orders SET n = n - 1 WHERE id BETWEEN :from AND :to");
	rig_groups(&m->run, "0");
	rig_groups(&m->back, "0");
	rig_add(&rig, "002_bad", "SELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back by its down SQL");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "0:30");
	assert_string_equal(rig_sql(&rig, BATCH_GONE), "t");
	assert_string_equal(rig_sql(&rig, BATCH_TRACKED), "");
}

static void
temporary_tables_are_gone(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION scratch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN CREATE TEMP TABLE IF NOT "
	    "EXISTS s (); "
	    "RETURN NEW; END'; CREATE TRIGGER scratch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION "
	    "scratch()");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=10" BATCH_ADD);
	rig_add(&rig, "002_look",
	    "DO $$ BEGIN IF to_regclass('pg_temp.s') IS NOT NULL THEN RAISE 'still there'; END IF; END $$;",
	    NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(goes_over_every_row_once),
		T(a_row_that_comes_between_two_batches_is_met),
		T(any_ordered_type_is_a_key),
		T(keys_come_from_a_query),
		T(keys_that_come_again_end_it),
		T(a_statement_is_repeated_until_it_touches_no_rows),
		T(what_cannot_run_is_said_before_anything),
		T(done_and_check_are_asked_last),
		T(taking_back_in_batches),
		T(temporary_tables_are_gone),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/batch (PostgreSQL)", tests, rig_group_start, rig_group_stop);
}
