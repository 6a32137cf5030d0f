#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* The job `count`: what a plan downwards would destroy. */

static struct rig rig;

static const char *
said(size_t n)
{
	const struct rig_frame *f = rig_find(&rig, WIRE_J_DESTROYS, n);

	return f == NULL ? "" : f->extra;
}

static void
down(const char *sql)
{
	rig.plan.down = true;
	rig_add(&rig, "001_a", sql, NULL);
	rig_run(&rig, &job_count);
}

static void
orders(void)
{
	(void)rig_sql(&rig,
	    "CREATE TABLE orders (id int, note text); ALTER TABLE orders OWNER TO shop;"
	    "INSERT INTO orders SELECT i, CASE WHEN i > 100 THEN 'x' END "
	    "FROM generate_series(1, 18304) i");
}

static void
rows_and_values(void **state)
{
	(void)state;
	orders();
	down("ALTER TABLE orders DROP COLUMN note;\nTRUNCATE orders;\nDELETE FROM orders;\n"
	     "DELETE FROM orders WHERE id = 1;\nDROP TABLE IF EXISTS nowhere;\nDROP TABLE public.orders;");
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(said(0), "public.orders.note: 18,204 values");
	assert_string_equal(said(1), "public.orders: 18,304 rows");
	assert_string_equal(said(2), "public.orders: 18,304 rows");
	assert_string_equal(said(3), "orders: the rows that its WHERE finds are deleted");
	assert_string_equal(said(4), "public.orders: 18,304 rows");
	assert_null(rig_find(&rig, WIRE_J_DESTROYS, 5));
	assert_int_equal(rig_find(&rig, WIRE_J_DESTROYS, 4)->statement, 5);
	/* It has only looked. */
	assert_string_equal(rig_sql(&rig, "SELECT count(note) FROM orders"), "18204");
}

static void
what_was_written_since(void **state)
{
	(void)state;
	orders();
	rig.spec.since_xid = rig_sql(&rig, "SELECT pg_current_xact_id()");
	(void)rig_sql(&rig, "UPDATE orders SET note = 'y' WHERE id <= 311");
	down("ALTER TABLE orders DROP COLUMN note;");
	assert_string_equal(said(0), "public.orders.note: 18,304 values, 311 in rows written since the run");
}

static void
an_unlikely_transaction_counts_as_unknown(void **state)
{
	(void)state;
	orders();
	rig.spec.since_xid = "999999999999";
	down("DROP TABLE orders;");
	assert_string_equal(said(0), "public.orders: 18,304 rows");
	assert_int_equal(rig_find(&rig, WIRE_J_DESTROYS, 0)->since, -1);
}

static void
what_has_no_rows_is_named(void **state)
{
	(void)state;
	(void)rig_sql(&rig, "CREATE SCHEMA app; CREATE TABLE app.a (); CREATE TABLE app.b ();");
	down("DROP SCHEMA app CASCADE;\nDROP TYPE mood;\nDROP SEQUENCE s;");
	assert_string_equal(said(0), "app: the schema is dropped, 2 tables are in it");
	assert_string_equal(said(1), "mood: the type is dropped");
	assert_string_equal(said(2), "s: the sequence is dropped");
}

static void
what_may_not_be_read_cannot_be_counted(void **state)
{
	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE secret (id int)");
	down("DROP TABLE secret;");
	rig_expect(&rig, WIRE_SUCCEEDED, "Not everything could be counted");
	assert_non_null(strstr(said(0), "cannot be counted: permission denied"));
	assert_int_equal(rig_find(&rig, WIRE_J_DESTROYS, 0)->number, -1);
}

static void
a_plan_upwards_takes_nothing_away(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	rig_run(&rig, &job_count);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "only a plan downwards");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(rows_and_values),
		T(what_was_written_since),
		T(an_unlikely_transaction_counts_as_unknown),
		T(what_has_no_rows_is_named),
		T(what_may_not_be_read_cannot_be_counted),
		T(a_plan_upwards_takes_nothing_away),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name("runner/job/count", tests, rig_group_start, rig_group_stop);
}
