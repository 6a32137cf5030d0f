#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>

/* What preflight sees of a target in use, and what stops a run there. */

static struct rig rig;

static void
with_tables(bool seeing)
{
	(void)rig_sql(&rig,
	    "CREATE TABLE orders (id int); ALTER TABLE orders OWNER TO shop;"
	    "CREATE TABLE other (id int); ALTER TABLE other OWNER TO shop");
	(void)rig_sql(
	    &rig, seeing ? "GRANT pg_read_all_stats TO shop" : "REVOKE pg_read_all_stats FROM shop");
}

/* Beside a transaction of somebody else that read the table half a second ago and stays open until then. */
static void
run_beside(const char *table, const char *until)
{
	pid_t reader =
	    rig_hold(&rig, "report", gh_printf(&rig.arena, "BEGIN; SELECT count(*) FROM %s", table), until);

	assert_true(rig_until(rig_conninfo(&rig, "other"),
	    "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'report' AND state = 'idle "
	    "in "
	    "transaction' AND xact_start < clock_timestamp() - interval '500 ms'"));
	rig_add(&rig, "001_new", "CREATE TABLE fresh (id int);", NULL);
	rig_add(&rig, "002_note", "ALTER TABLE orders ADD COLUMN note text;", NULL);
	rig.plan.policy.lock_timeout_ms = 60000;
	rig_run(&rig, &job_run);
	rig_ended_well(reader);
}

/* It is past preflight. */
#define FRESH "SELECT to_regclass('fresh') IS NOT NULL"

static void
an_old_transaction_on_a_touched_table_stops(void **state)
{
	const struct rig_frame *e;

	(void)state;
	with_tables(true);
	rig.plan.policy.long_transaction_ms = 300;
	run_beside("orders", "Stopped in preflight");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Stopped in preflight: session ");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "application \"report\") holds ACCESS SHARE on public.orders");
	e = rig_last(&rig, WIRE_J_EVIDENCE, "blocker public.orders", "session ");
	assert_non_null(e);
	assert_int_equal(e->state, WIRE_FAILED);
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('fresh') IS NULL"), "t");
}

static void
on_another_table_it_does_not(void **state)
{
	(void)state;
	with_tables(true);
	rig.plan.policy.long_transaction_ms = 300;
	run_beside("other", FRESH);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_non_null(
	    strstr(rig_evidence(&rig, WIRE_PREFLIGHT), "Nobody holds a lock on a table that is touched"));
}

static void
a_young_one_is_only_told(void **state)
{
	const struct rig_frame *e;

	(void)state;
	with_tables(true);
	rig.plan.policy.long_transaction_ms = 60000;
	run_beside("orders", FRESH);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	e = rig_last(&rig, WIRE_J_EVIDENCE, "blocker public.orders", "session ");
	assert_non_null(e);
	assert_int_equal(e->state, WIRE_OK);
}

static void
what_may_not_be_seen_is_told_so(void **state)
{
	(void)state;
	with_tables(false);
	rig.plan.policy.long_transaction_ms = 300;
	run_beside("orders", FRESH);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_non_null(rig_last(&rig, WIRE_J_EVIDENCE, "blocker", "needs pg_read_all_stats"));
}

static void
without_a_policy_nobody_asks(void **state)
{
	(void)state;
	with_tables(true);
	rig.plan.policy.long_transaction_ms = 0;
	run_beside("orders", FRESH);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_null(rig_last(&rig, WIRE_J_EVIDENCE, "blocker", ""));
}

/* A duplicate leaves CREATE UNIQUE INDEX CONCURRENTLY's index invalid. */
static void
with_invalid(void)
{
	PGconn *c = PQconnectdb(
	    gh_printf(&rig.arena, "host=%s dbname=%s user=postgres", rig.cluster->folder, rig.database));

	(void)rig_sql(
	    &rig, "CREATE TABLE a (id int); ALTER TABLE a OWNER TO shop; INSERT INTO a VALUES (1), (1)");
	PQclear(PQexec(c, "CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id)"));
	PQfinish(c);
	assert_string_equal(
	    rig_sql(&rig, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass"), "f");
}

static void
an_invalid_index_in_the_way_stops(void **state)
{
	(void)state;
	with_invalid();
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id);", NULL);
	rig.migrations[0].run.statements[0].object = "public.a_id";
	rig.migrations[0].run.statements[0].object_kind = "index";
	rig_run(&rig, &job_run);
	rig_expect(
	    &rig, WIRE_FAILED_CLEAN, "Stopped in preflight: the index public.a_id is there but invalid");
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "index public.a_id", "")->state, WIRE_FAILED);
}

static void
one_that_the_plan_drops_first_does_not(void **state)
{
	(void)state;
	with_invalid();
	rig_add(&rig, "001_drop", "DROP INDEX a_id;", NULL);
	rig_add(&rig, "002_i", "CREATE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "002_i");
}

static void
one_of_another_name_does_not(void **state)
{
	(void)state;
	with_invalid();
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY a_id_2 ON a (id);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_i");
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "index public.a_id", "")->state, WIRE_OK);
}

static void
no_replica_is_said(void **state)
{
	(void)state;
	rig.plan.policy.replica_lag_ms = 1000;
	rig_add(&rig, "001_t", "CREATE TABLE t (id int);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_t");
	assert_non_null(strstr(rig_evidence(&rig, WIRE_PREFLIGHT), "No replica."));
}

int
main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_old_transaction_on_a_touched_table_stops),
		TEST(on_another_table_it_does_not),
		TEST(a_young_one_is_only_told),
		TEST(what_may_not_be_seen_is_told_so),
		TEST(without_a_policy_nobody_asks),
		TEST(an_invalid_index_in_the_way_stops),
		TEST(one_that_the_plan_drops_first_does_not),
		TEST(one_of_another_name_does_not),
		TEST(no_replica_is_said),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/preflight_live on a server", tests, rig_group_start, rig_group_stop);
}
