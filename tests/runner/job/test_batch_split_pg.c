#include "base/ban.h"
#include "tests/support/batch_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* What a batched migration does with rows that fail, on a real server: found by halves, left out, listed. */

static struct rig rig;

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

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(bad_rows_are_left_out_and_listed),
		T(one_bad_row_too_many_ends_it),
		T(bad_keys_of_a_query_are_left_out),
		T(deferred_constraints_split_as_well),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/batch_split (PostgreSQL)", tests, rig_group_start, rig_group_stop);
}
