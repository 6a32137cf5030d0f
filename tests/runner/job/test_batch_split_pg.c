#include "base/ban.h"
#include "tests/support/batch_rig.h"
#include "base/io.h"
#include "wire/control.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

/*
 * What a batched migration does with batches that fail, on a real server: rows are found by halves, left out,
 * listed; what takes too long is made smaller.
 */

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

static void
bad_rows_are_left_out_and_listed(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 200) i");
	(void)rig_sql(&rig, "UPDATE orders SET n = 49 WHERE id IN (1, 57, 58, 200)");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=64 max_errors=4" BATCH_ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:196 49:4");
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
	batch_orders(&rig, "i FROM generate_series(1, 100) i");
	(void)rig_sql(&rig, "UPDATE orders SET n = 49 WHERE id IN (20, 40, 60)");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=30 max_errors=2" BATCH_ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "no more rows may be left out");
	assert_string_equal(rig_sql(&rig, BATCH_CURSOR), "59");
	assert_string_equal(rig_sql(&rig, "SELECT left_out::text FROM gatehouse_batch"), "{20,40}");
	/* What was left out before counts. */
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "the row with the key 60 fails");
}

static void
bad_keys_of_a_query_are_left_out(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 50) i");
	(void)rig_sql(&rig, "UPDATE orders SET n = 49 WHERE id IN (3, 30)");
	batch_add(&rig, "001_ids",
	    BATCH_HEAD
	    "size=16 max_errors=2 select=\"SELECT id FROM orders WHERE note IS NULL LIMIT :size\"\n"
	    "UPDATE orders SET n = n + 1, note = 'x' WHERE id = ANY (:ids)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:48 49:2");
}

static void
deferred_constraints_split_as_well(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 40) i");
	(void)rig_sql(&rig,
	    "CREATE TABLE other (id bigint PRIMARY KEY); INSERT INTO other SELECT i FROM generate_series(1, "
	    "40) i "
	    "WHERE i <> 17; ALTER TABLE orders ADD o bigint REFERENCES other DEFERRABLE INITIALLY "
	    "DEFERRED; "
	    "ALTER TABLE other OWNER TO shop");
	batch_add(&rig, "001_fill",
	    BATCH_HEAD
	    "size=16 max_errors=1\nUPDATE orders SET o = id, n = n + 1 WHERE id BETWEEN :from AND :to");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "0:1 1:39");
	assert_string_equal(rig_find(&rig, WIRE_J_BATCH_ROW, 0)->text, "17");
}

/*
 * A statement takes too long from its 31st row on: it sleeps there, until that has happened 20 times, so that
 * nothing goes on for ever.  first comes before.
 */
static void
slow_from_31(const char *first)
{
	rig.plan.policy.statement_timeout_ms = 500;
	(void)rig_sql(&rig,
	    gh_printf(&rig.arena,
		"CREATE SEQUENCE rows_seen; CREATE SEQUENCE slept; GRANT ALL ON rows_seen, slept TO shop;"
		"CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s "
		"PERFORM set_config('test.n', (coalesce(nullif(current_setting('test.n', true), ''), "
		"'0')::int + 1)::text, true); "
		"IF current_setting('test.n')::int > 30 AND nextval('slept') <= 20 THEN PERFORM "
		"pg_sleep(60); END IF; RETURN NEW; END $$;"
		"CREATE TRIGGER slow BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION slow()",
		first));
}

/* How often one of that many rows ("of 100 rows ", "") took too long. */
static size_t
too_long(const char *rows)
{
	const char *part = gh_printf(&rig.arena, "a batch %s", rows);
	const struct rig_frame *f;
	size_t i, n = 0;

	for (i = 0; (f = rig_find(&rig, WIRE_J_LOG, i)) != NULL; i++) {
		if (strstr(f->text, part) != NULL && strstr(f->text, " took too long: ") != NULL)
			n++;
	}
	return n;
}

static void
what_a_person_wants_is_made_smaller_as_well(void **state)
{
	const struct wire_control wish = { .serial = 1, .batch_size = 100 };

	(void)state;
	assert_int_equal(wire_control_write(rig.control, &wish, NULL), GH_OK);
	batch_orders(&rig, "i FROM generate_series(1, 200) i");
	slow_from_31("");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=10" BATCH_ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:200");
	assert_non_null(rig_saying(&rig, WIRE_J_LOG, "a batch of 100 rows took too long: the next has 50"));
	assert_int_equal(too_long("of 100 rows"), 1);
	assert_int_equal(too_long("of 50 rows"), 1);
	/* On a slow machine there are some below. */
	assert_in_range(too_long(""), 2, 6);
}

/* The same is wanted again, in a process of its own, once the run asks for it. */
static bool
wish_again(const char *conninfo)
{
	const struct wire_control wish = { .serial = 2, .batch_size = 100 };
	bool well = rig_until_said(&rig, "the throttle query says so: wish") &&
	    wire_control_write(rig.control, &wish, NULL) == GH_OK;

	rig_hang(conninfo, "INSERT INTO wished VALUES (1)");
	return well;
}

static void
what_is_wanted_anew_is_tried_anew(void **state)
{
	/* The throttle query is asked between two batches when the last look was long enough ago. */
	const struct wire_control wish = { .serial = 1, .batch_size = 100, .batch_pause_ms = 1100 };
	const char *conninfo = rig_conninfo(&rig, "other");
	int status = -1;
	pid_t pid;

	(void)state;
	assert_int_equal(wire_control_write(rig.control, &wish, NULL), GH_OK);
	batch_orders(&rig, "i FROM generate_series(1, 200) i");
	(void)rig_sql(&rig, "CREATE TABLE wished (n int); GRANT SELECT ON wished TO shop");
	slow_from_31("");
	/* After the first batch it waits for the wish. */
	batch_add(&rig, "001_fill",
	    BATCH_HEAD "size=10 throttle=\"SELECT NOT EXISTS (SELECT FROM wished) AND EXISTS (SELECT FROM "
		       "orders WHERE n = 1), 'wish'\"" BATCH_ADD);
	pid = fork();
	if (pid == 0)
		_exit(wish_again(conninfo) ? 0 : 1);
	rig_run(&rig, &job_run);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:200");
	assert_int_equal(too_long("of 100 rows"), 2);
	assert_in_range(too_long(""), 4, 12);
}

/* Looking for a bad row, half of the batch takes too long: the next try has a quarter. */
static void
a_half_that_takes_too_long_is_halved(void **state)
{
	(void)state;
	batch_orders(&rig, "i FROM generate_series(1, 100) i");
	slow_from_31("IF nextval('rows_seen') = 1 THEN RAISE division_by_zero; END IF;");
	batch_add(&rig, "001_fill", BATCH_HEAD "size=100" BATCH_ADD);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_string_equal(rig_sql(&rig, BATCH_TOUCHED), "1:100");
	assert_int_equal(too_long("of 50 rows"), 1);
	assert_non_null(rig_saying(&rig, WIRE_J_LOG, "a batch of 50 rows took too long: the next has 25"));
	assert_in_range(too_long(""), 1, 6);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(bad_rows_are_left_out_and_listed),
		T(one_bad_row_too_many_ends_it),
		T(bad_keys_of_a_query_are_left_out),
		T(deferred_constraints_split_as_well),
		T(what_a_person_wants_is_made_smaller_as_well),
		T(what_is_wanted_anew_is_tried_anew),
		T(a_half_that_takes_too_long_is_halved),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/batch_split (PostgreSQL)", tests, rig_group_start, rig_group_stop);
}
