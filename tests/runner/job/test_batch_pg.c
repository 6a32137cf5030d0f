#include "base/ban.h"
#include "base/clock.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <sys/wait.h>

/* Batched migrations on a real server: every row once, whatever comes between. */

static struct rig rig;

#define HEAD "-- gatehouse:batch table=public.orders key=id target=0ms "
#define ADD  "\nUPDATE orders SET n = n + 1 WHERE id BETWEEN :from AND :to;"
/* How often each row was touched: "1:100" is a hundred rows once. */
#define TOUCHED                                                                                              \
	"SELECT coalesce(string_agg(n || ':' || c, ' ' ORDER BY n), '') FROM (SELECT n, count(*) c FROM "    \
	"orders GROUP BY n) s"
#define TRACKED "SELECT coalesce(string_agg(version, ',' ORDER BY version), '') FROM public.schema_migrations"
#define GONE    "SELECT to_regclass('public.gatehouse_batch') IS NULL"
#define CURSOR  "SELECT cursor FROM gatehouse_batch"

static void
orders(const char *rows)
{
	(void)rig_sql(&rig,
	    gh_printf(&rig.arena,
		"CREATE TABLE orders (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, note text, CHECK (n < "
		"50));"
		"INSERT INTO orders (id) SELECT %s; ALTER TABLE orders OWNER TO shop; ANALYZE orders",
		rows));
}

static struct plan_migration *
batched(const char *key, const char *sql)
{
	struct plan_migration *m = rig_add(&rig, key, sql, NULL);

	rig_groups(&m->run, "0");
	return m;
}

static void
goes_over_every_row_once(void **state)
{
	(void)state;
	/* Gaps do not matter: as many rows a batch, not as many numbers. */
	orders("i * i FROM generate_series(1, 103) i");
	batched("001_fill", HEAD "size=10" ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:103");
	assert_string_equal(rig_sql(&rig, TRACKED), "001_fill");
	assert_string_equal(rig_sql(&rig, GONE), "t");
	assert_int_equal(rig_statement(&rig, 0, 0), WIRE_OK);
}

static void
any_ordered_type_is_a_key(void **state)
{
	static const char *const types[] = { "integer", "uuid", "text COLLATE \"C\"", "timestamptz", "date",
		"numeric(12,2)", "bigint", "interval" };
	static const char *const values[] = { "i", "md5(i::text)::uuid", "md5(i::text)",
		"now() - i * interval '1 ms'", "date '2024-01-31' + i", "i / 7.0", "-i",
		"i * interval '1 h'" };
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
		batched(gh_printf(&rig.arena, "00%zu_t", i),
		    gh_printf(&rig.arena,
			"-- gatehouse:batch table='public.\"T %zu\"' key='\"K y\"' size=10 target=0ms\n"
			"UPDATE %s SET n = n + 1 WHERE \"K y\" >= :from AND \"K y\" <= :to",
			i, t));
	}
	rig_run(&rig, &job_run);
	(void)rig_sql(&rig, "ALTER ROLE shop RESET datestyle");
	rig_expect(&rig, WIRE_SUCCEEDED, "8 migrations");
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		assert_string_equal(
		    rig_sql(&rig, gh_printf(&rig.arena, "SELECT count(*) FROM \"T %zu\" WHERE n = 1", i)),
		    "95");
}

static void
keys_come_from_a_query(void **state)
{
	(void)state;
	orders("i FROM generate_series(1, 57) i");
	batched("001_ids",
	    HEAD "size=10 select=\"SELECT id FROM orders WHERE note IS NULL ORDER BY id DESC LIMIT :size\"\n"
		 "UPDATE orders SET n = n + 1, note = 'x' WHERE id = ANY (:ids)");
	batched("002_done",
	    HEAD "size=10 done=\"SELECT id FROM orders WHERE note = 'x'\"\n"
		 "UPDATE orders SET n = n + 1, note = 'y' WHERE id = ANY (:ids)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_string_equal(rig_sql(&rig, TOUCHED), "2:57");
	assert_string_equal(rig_sql(&rig, GONE), "t");
}

static void
keys_that_come_again_end_it(void **state)
{
	(void)state;
	orders("i FROM generate_series(1, 7) i");
	batched("001_ids",
	    HEAD
	    "size=10 select=\"SELECT id FROM orders\"\nUPDATE orders SET n = n + 1 WHERE id = ANY (:ids)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "gives the key 1 again after its batch");
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:7");
}

static void
a_statement_is_repeated_until_it_touches_no_rows(void **state)
{
	(void)state;
	orders("i FROM generate_series(1, 57) i");
	/* The loop of guide 004. */
	batched("001_loop",
	    "-- gatehouse:batch repeat table=orders size=10 pause=1ms target=0ms\n"
	    "WITH batch AS (SELECT id FROM orders WHERE note IS NULL LIMIT :size)\n"
	    "UPDATE orders SET note = 'seen', n = n + 1 FROM batch WHERE orders.id = batch.id;");
	batched("002_loop",
	    "-- gatehouse:batch repeat\nDELETE FROM orders WHERE id IN (SELECT id FROM orders WHERE id > 50 "
	    "LIMIT 3)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:50");
}

static void
the_cursor_is_committed_with_its_batch(void **state)
{
	(void)state;
	orders("i FROM generate_series(1, 100) i");
	(void)rig_sql(&rig, "UPDATE orders SET n = 49 WHERE id = 73");
	batched("001_fill", HEAD "size=10" ADD);
	rig_run(&rig, &job_run);
	/* It fails at 73, the rows before it are in. */
	rig_expect(&rig, WIRE_FAILED_PARTLY, "the row with the key 73 fails");
	rig_expect(&rig, WIRE_FAILED_PARTLY, "up to the key 72");
	assert_string_equal(rig_sql(&rig, CURSOR), "72");
	assert_string_equal(rig_sql(&rig, TOUCHED), "0:27 1:72 49:1");
	assert_string_equal(rig_sql(&rig, "SELECT rows FROM gatehouse_batch"), "72");
	assert_int_equal(rig_migration(&rig, 0), WIRE_FAILED);
	/* A later run goes on from there. */
	(void)rig_sql(&rig, "UPDATE orders SET n = 0 WHERE id = 73");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:100");
	assert_string_equal(rig_sql(&rig, GONE), "t");
}

static void
bad_rows_are_left_out_and_listed(void **state)
{
	(void)state;
	orders("i FROM generate_series(1, 200) i");
	(void)rig_sql(&rig, "UPDATE orders SET n = 49 WHERE id IN (1, 57, 58, 200)");
	batched("001_fill", HEAD "size=64 max_errors=4" ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:196 49:4");
	assert_string_equal(rig_find(&rig, WIRE_J_BATCH_ROW, 0)->text, "1");
	assert_string_equal(rig_find(&rig, WIRE_J_BATCH_ROW, 1)->text, "57");
	assert_string_equal(rig_find(&rig, WIRE_J_BATCH_ROW, 2)->text, "58");
	assert_string_equal(rig_find(&rig, WIRE_J_BATCH_ROW, 3)->text, "200");
	assert_string_equal(rig_find(&rig, WIRE_J_BATCH_ROW, 3)->more, "23514");
	assert_null(rig_find(&rig, WIRE_J_BATCH_ROW, 4));
}

static void
one_bad_row_too_many_ends_it(void **state)
{
	(void)state;
	orders("i FROM generate_series(1, 100) i");
	(void)rig_sql(&rig, "UPDATE orders SET n = 49 WHERE id IN (20, 40, 60)");
	batched("001_fill", HEAD "size=30 max_errors=2" ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "no more rows may be left out");
	assert_string_equal(rig_sql(&rig, CURSOR), "59");
	assert_string_equal(rig_sql(&rig, "SELECT left_out::text FROM gatehouse_batch"), "{20,40}");
	/* What was left out before counts. */
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "the row with the key 60 fails");
}

static void
bad_keys_of_a_query_are_left_out(void **state)
{
	(void)state;
	orders("i FROM generate_series(1, 50) i");
	(void)rig_sql(&rig, "UPDATE orders SET n = 49 WHERE id IN (3, 30)");
	batched("001_ids",
	    HEAD "size=16 max_errors=2 select=\"SELECT id FROM orders WHERE note IS NULL LIMIT :size\"\n"
		 "UPDATE orders SET n = n + 1, note = 'x' WHERE id = ANY (:ids)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:48 49:2");
}

static void
deferred_constraints_split_as_well(void **state)
{
	(void)state;
	orders("i FROM generate_series(1, 40) i");
	(void)rig_sql(&rig,
	    "CREATE TABLE other (id bigint PRIMARY KEY); INSERT INTO other SELECT i FROM generate_series(1, "
	    "40) i "
	    "WHERE i <> 17; ALTER TABLE orders ADD o bigint REFERENCES other DEFERRABLE INITIALLY DEFERRED; "
	    "ALTER TABLE other OWNER TO shop");
	batched("001_fill",
	    HEAD "size=16 max_errors=1\nUPDATE orders SET o = id, n = n + 1 WHERE id BETWEEN :from AND :to");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, TOUCHED), "0:1 1:39");
	assert_string_equal(rig_find(&rig, WIRE_J_BATCH_ROW, 0)->text, "17");
}

static void
what_cannot_run_is_said_before_anything(void **state)
{
	static const struct {
		const char *sql, *why;
	} cases[] = {
		{ HEAD "size=5\nUPDATE orders SET nope = 1 WHERE id BETWEEN :from AND :to", "\"nope\"" },
		{ "-- gatehouse:batch table=nowhere key=id" ADD, "there is no table nowhere" },
		{ "-- gatehouse:batch table=orders key=nokey" ADD, "has no column nokey" },
		{ "-- gatehouse:batch table=orders key=n" ADD, "orders.n has no index that begins with it" },
		{ "-- gatehouse:batch table=plain key=id" ADD, "rows of plain have no id" },
		{ "-- gatehouse:batch table=seen key=id" ADD, "seen is no table" },
		{ HEAD "done=\"SELECT nope\"" ADD, "the done query: " },
		{ HEAD "check=\"SELECT nope\"" ADD, "the check query: " },
		{ HEAD "throttle=\"SELECT nope\"" ADD, "the throttle query: " },
		{ HEAD "throttle=\"SELECT 1\"" ADD, "must give true, false or no row" },
		{ HEAD "throttle=\"SELECT NULL::bool\"" ADD, "must give true, false or no row" },
		{ HEAD "throttle=\"SELECT 1 / 0 > 0\"" ADD, "division by zero" },
		{ HEAD "max_lag=1s" ADD, "GRANT pg_read_all_stats TO shop" },
		{ HEAD "max_active=1" ADD, "GRANT pg_read_all_stats TO shop" },
		{ HEAD "sized=3" ADD, "a batch has no \"sized\"" },
	};
	size_t i;

	(void)state;
	orders("i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig,
	    "CREATE TABLE plain (id int UNIQUE, n int); INSERT INTO plain VALUES (NULL, 0); ALTER TABLE "
	    "plain OWNER TO "
	    "shop; CREATE VIEW seen AS SELECT * FROM orders; ALTER VIEW seen OWNER TO shop");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rig.plan.n_migrations = 0;
		batched("001_fill", cases[i].sql);
		rig_seal(&rig);
		rig_run(&rig, &job_run);
		rig_expect(&rig, WIRE_FAILED_CLEAN, cases[i].why);
		assert_string_equal(rig_sql(&rig, TOUCHED), "0:30");
	}
}

static void
done_and_check_are_asked_last(void **state)
{
	(void)state;
	orders("i FROM generate_series(1, 30) i");
	batched("001_fill",
	    HEAD
	    "size=7 done=\"SELECT id FROM orders WHERE n = 0\" check=\"SELECT sum(n) = 31 FROM orders\"" ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY,
	    "all rows were gone through, but the check query does not hold: it is not true");
	assert_string_equal(rig_sql(&rig, TRACKED), "");
	/* Once it holds, the next run only records. */
	(void)rig_sql(&rig, "UPDATE orders SET n = 2 WHERE id = 1");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:29 2:1");
	rig.plan.n_migrations = 0;
	rig.plan.after = "001_fill";
	batched("002_fill", HEAD "done=\"SELECT id FROM orders WHERE n = 3\"" ADD);
	rig_seal(&rig);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "the done query does not hold: it gives 1 row, the first 1");
}

static void
nothing_runs_past_an_unfinished_one(void **state)
{
	(void)state;
	orders("i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig, "UPDATE orders SET n = 49 WHERE id = 15");
	rig_add(&rig, "001_before", "CREATE TABLE before (id int);", "DROP TABLE before;");
	batched("002_fill", HEAD "size=10" ADD);
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
	orders("i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig,
	    "UPDATE orders SET n = 49 WHERE id = 15; ALTER TABLE orders ADD other bigint UNIQUE; UPDATE "
	    "orders SET other = id; ALTER TABLE orders ALTER other SET NOT NULL");
	batched("001_fill", HEAD "size=10" ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "up to the key 14");
	rig.plan.n_migrations = 0;
	batched("001_fill", "-- gatehouse:batch table=public.orders key=other size=10" ADD);
	rig_seal(&rig);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN,
	    "was begun over public.orders.id and would go on over public.orders.other");
}

static void
taking_back_in_batches(void **state)
{
	struct plan_migration *m;

	(void)state;
	orders("i FROM generate_series(1, 30) i");
	m = rig_add(&rig, "001_fill", HEAD "size=10" ADD,
	    HEAD "size=7\nUPDATE orders SET n = n - 1 WHERE id BETWEEN :from AND :to");
	rig_groups(&m->run, "0");
	rig_groups(&m->back, "0");
	rig_add(&rig, "002_bad", "SELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back by its down SQL");
	assert_string_equal(rig_sql(&rig, TOUCHED), "0:30");
	assert_string_equal(rig_sql(&rig, GONE), "t");
	assert_string_equal(rig_sql(&rig, TRACKED), "");
}

static void
temporary_tables_are_gone(void **state)
{
	(void)state;
	orders("i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION scratch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN CREATE TEMP TABLE IF NOT "
	    "EXISTS s (); "
	    "RETURN NEW; END'; CREATE TRIGGER scratch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION "
	    "scratch()");
	batched("001_fill", HEAD "size=10" ADD);
	rig_add(&rig, "002_look",
	    "DO $$ BEGIN IF to_regclass('pg_temp.s') IS NOT NULL THEN RAISE 'still there'; END IF; END $$;",
	    NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
}

static const struct rig_frame *
rig_last_batch(void)
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
	pid_t pid;
	int status;

	(void)state;
	orders("i FROM generate_series(1, 30) i");
	batched("001_fill", HEAD "size=10" ADD);
	rig.plan.policy.retry_delay_ms = 200;
	rig.plan.policy.max_retries = 6;
	pid = beside("BEGIN; UPDATE orders SET note = 'x' WHERE id = 15; SELECT pg_sleep(1.5); COMMIT");
	rig_run(&rig, &job_run);
	(void)waitpid(pid, &status, 0);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:30");
	assert_non_null(rig_find(&rig, WIRE_J_RETRY, 0));
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "a lock was in the way (55P03)"));
}

static void
waits_for_the_operators_query(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	orders("i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig,
	    "CREATE TABLE hold (on_ bool, why text); INSERT INTO hold VALUES (true, 'payday'); GRANT SELECT "
	    "ON hold TO shop");
	batched("001_fill", HEAD "size=10 throttle=\"SELECT on_, why FROM hold\"" ADD);
	pid = beside("SELECT pg_sleep(1); UPDATE hold SET on_ = false");
	rig_run(&rig, &job_run);
	(void)waitpid(pid, &status, 0);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "the throttle query says so: payday"));
}

static void
waits_while_many_sessions_are_active(void **state)
{
	pid_t pid, pid2;
	int status;

	(void)state;
	orders("i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig, "GRANT pg_read_all_stats TO shop");
	batched("001_fill", HEAD "size=10 max_active=1" ADD);
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
	orders("i FROM generate_series(1, 30) i");
	batched("001_fill", HEAD "size=2 pause=100ms max_lag=300ms" ADD);
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
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:30");
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
	orders("i FROM generate_series(1, 200) i");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.005); "
	    "RETURN "
	    "NEW; END'; CREATE TRIGGER slow BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION slow()");
	rig.plan.policy.guard_wait_ms = 200;
	rig.plan.policy.max_retries = 5;
	batched("001_fill", HEAD "size=200" ADD);
	pid = beside(BEHIND);
	rig_run(&rig, &job_run);
	(void)waitpid(pid, &status, 0);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:200");
	assert_non_null(rig_saying(&rig, WIRE_J_BATCH, "the statement gave way to "));
	/* It comes back with fewer rows. */
	assert_in_range(rig_last_batch()->statement, 10, 100);
}

static void
rests_after_meeting_others(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	orders("i FROM generate_series(1, 200) i");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.005); "
	    "RETURN "
	    "NEW; END'; CREATE TRIGGER slow BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION slow()");
	batched("001_fill", HEAD "size=100" ADD);
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
	orders("i FROM generate_series(1, 400) i");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.002); "
	    "RETURN NEW; END';"
	    "CREATE TRIGGER slow BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION slow()");
	/* A row takes 2 ms and more: a batch of 100 is far above 60 ms. */
	batched("001_fill", "-- gatehouse:batch table=orders key=id size=100 min_size=5 target=60ms" ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:400");
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
	orders("i FROM generate_series(1, 100) i");
	(void)rig_sql(&rig,
	    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.005); "
	    "RETURN NEW; END';"
	    "CREATE TRIGGER slow BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION slow()");
	rig.plan.policy.statement_timeout_ms = 200;
	batched("001_fill", HEAD "size=100" ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:100");
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
	orders("i FROM generate_series(1, 3000) i");
	batched("001_fill", HEAD "size=20" ADD);
	rig_seal(&rig);
	for (i = 0; i < 60; i++) {
		seed = seed * 1103515245 + 12345;
		if (!killed_after(5000 + seed / 65536 % 60000))
			break;
		kills++;
		/* As the runner does: nobody of it is left before the next begins. */
		(void)rig_sql(&rig,
		    "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = 'shop'");
	}
	if (strcmp(rig_sql(&rig, TRACKED), "") == 0) {
		rig_run(&rig, &job_run);
		rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	}
	assert_string_equal(rig_sql(&rig, TOUCHED), "1:3000");
	assert_true(kills > 2);
	print_message("%d kills\n", kills);
}

static void
reconcile_finds_the_cursor(void **state)
{
	(void)state;
	orders("i FROM generate_series(1, 30) i");
	(void)rig_sql(&rig,
	    "CREATE TABLE schema_migrations (version varchar(255) PRIMARY KEY, applied_at timestamp DEFAULT "
	    "now())");
	batched("001_fill", HEAD "size=10" ADD);
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
	orders("i FROM generate_series(1, 100) i");
	batched("001_fill", HEAD "size=10" ADD);
	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		print_message("%s\n", points[i].point);
		rig_run_killed(&rig, points[i].point);
		rig_run(&rig, &job_reconcile);
		rig_expect(&rig, points[i].outcome,
		    points[i].outcome == WIRE_FAILED_PARTLY ? "001_fill is unfinished" : "The run broke off");
		assert_string_equal(rig_sql(&rig, TOUCHED), points[i].done);
	}
	assert_string_equal(rig_sql(&rig, TRACKED), "001_fill");
	assert_string_equal(rig_sql(&rig, GONE), "t");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(goes_over_every_row_once),
		T(any_ordered_type_is_a_key),
		T(keys_come_from_a_query),
		T(keys_that_come_again_end_it),
		T(a_statement_is_repeated_until_it_touches_no_rows),
		T(the_cursor_is_committed_with_its_batch),
		T(bad_rows_are_left_out_and_listed),
		T(one_bad_row_too_many_ends_it),
		T(bad_keys_of_a_query_are_left_out),
		T(deferred_constraints_split_as_well),
		T(what_cannot_run_is_said_before_anything),
		T(done_and_check_are_asked_last),
		T(nothing_runs_past_an_unfinished_one),
		T(another_key_does_not_go_on),
		T(taking_back_in_batches),
		T(temporary_tables_are_gone),
		T(a_lock_in_the_way_is_waited_for_and_named),
		T(waits_for_the_operators_query),
		T(waits_while_many_sessions_are_active),
		T(waits_for_a_replica),
		T(gives_way_to_who_waits_behind_it),
		T(rests_after_meeting_others),
		T(the_size_goes_towards_the_target),
		T(a_batch_that_takes_too_long_is_made_smaller),
		T(every_row_once_whenever_it_is_killed),
		T(reconcile_finds_the_cursor),
		T(killed_at_every_point),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/batch (PostgreSQL)", tests, rig_group_start, rig_group_stop);
}
