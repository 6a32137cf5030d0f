#include "base/ban.h"
#include "tests/runner/job/restore_rig.h"

/* What would be lost since the backup, table by table. */

static const struct rig_frame *
of(const char *table)
{
	size_t i;

	for (i = 0; i < rig.n_frames; i++) {
		if (rig.frames[i].kind == WIRE_J_DESTROYS && strcmp(rig.frames[i].text, table) == 0)
			return &rig.frames[i];
	}
	fail_msg("nothing is said of %s", table);
	return NULL;
}

static void
counts_now_then_and_since(void **state)
{
	(void)state;
	restore_ready(PLAN_RESTORE);
	rig.plan.restore.snapshot = rig_sql(&rig, "SELECT pg_current_snapshot()::text");
	server("UPDATE a SET t = 'new' WHERE id = 1; INSERT INTO a VALUES (2000, 'new'); CREATE TABLE more "
	       "(id int); "
	       "INSERT INTO more VALUES (1), (2); GRANT SELECT ON more TO shop; DROP TABLE \"Odd \"\"name\"");
	rig_run(&rig, &job_count);
	rig_expect(&rig, WIRE_SUCCEEDED, "4 of 4 tables differ from the backup.");
	assert_int_equal(of("public.a")->number, 11);
	assert_int_equal(of("public.a")->since, 2);
	assert_string_equal(
	    of("public.a")->extra, "public.a: 11 rows now, 1,000 in the backup, 2 written or changed since");
	assert_non_null(strstr(of("public.more")->extra, "2 rows, the table is not in the backup"));
	assert_non_null(strstr(of("public.\"Odd \"\"name\"")->extra, "comes back with 1 row"));
	assert_int_equal(of("public.a")->statement, -1);
}

static void
says_that_nothing_is_lost(void **state)
{
	(void)state;
	restore_ready(PLAN_RESTORE);
	rig.plan.restore.snapshot = rig_sql(&rig, "SELECT pg_current_snapshot()::text");
	rig.plan.restore.tables = (struct plan_table[]){ { "public.\"Odd \"\"name\"", 1 }, { "public.a", 10 },
		{ "public.schema_migrations", 1 } };
	rig.plan.restore.n_tables = 3;
	rig_run(&rig, &job_count);
	rig_expect(&rig, WIRE_SUCCEEDED, "0 of 3 tables differ from the backup.");
	assert_string_equal(of("public.a")->extra, "public.a: 10 rows, as many as in the backup");
	assert_int_equal(of("public.a")->since, 0);
}

/* The session of a transaction that is not over is in the snapshot: what it writes later was not there. */
static void
counts_what_was_in_flight(void **state)
{
	(void)state;
	restore_ready(PLAN_RESTORE);
	server("BEGIN; INSERT INTO a VALUES (3000, 'x'); CREATE TABLE snap AS SELECT "
	       "pg_current_snapshot()::text AS s; "
	       "COMMIT; GRANT SELECT ON snap TO shop");
	/* As another session would have seen it meanwhile: the transaction is among those in progress. */
	rig.plan.restore.snapshot = rig_sql(&rig,
	    "SELECT x || ':' || (x::text::bigint + 1)::text || ':' || x FROM (SELECT xmin::text::bigint AS x "
	    "FROM a WHERE "
	    "id = 3000) q");
	rig_run(&rig, &job_count);
	assert_int_equal(of("public.a")->since, 1);
}

static void
without_a_snapshot_it_is_not_known(void **state)
{
	(void)state;
	restore_ready(PLAN_RESTORE);
	rig_run(&rig, &job_count);
	assert_int_equal(of("public.a")->since, -1);
	assert_string_equal(of("public.a")->extra, "public.a: 10 rows now, 1,000 in the backup");
	rig.plan.restore.n_tables = 0;
	rig.spec.plan = NULL;
	rig_run(&rig, &job_count);
	assert_string_equal(of("public.a")->extra, "public.a: 10 rows now");
}

static void
a_table_that_may_not_be_read_is_said(void **state)
{
	(void)state;
	restore_ready(PLAN_RESTORE);
	server("CREATE TABLE secret (id int)");
	rig_run(&rig, &job_count);
	rig_expect(&rig, WIRE_SUCCEEDED, "Not everything could be counted.");
	assert_int_equal(of("public.secret")->number, -1);
	assert_non_null(strstr(of("public.secret")->extra, "cannot be counted"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(counts_now_then_and_since),
		TEST(says_that_nothing_is_lost),
		TEST(counts_what_was_in_flight),
		TEST(without_a_snapshot_it_is_not_known),
		TEST(a_table_that_may_not_be_read_is_said),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/restore_count on a server", tests, rig_group_start, rig_group_stop);
}
