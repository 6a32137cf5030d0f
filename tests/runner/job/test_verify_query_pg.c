#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* The project's own queries and the policy's tables, asked after a run on a real server. */

static struct rig rig;

static void
plan(void)
{
	rig_add(&rig, "001_a",
	    "CREATE TABLE a (id int, note text);\nINSERT INTO a SELECT i, 'n' || i FROM generate_series(1, "
	    "30) i;",
	    "DROP TABLE a;");
}

static bool
gone(void)
{
	return strcmp(rig_sql(&rig, "SELECT to_regclass('a') IS NULL"), "t") == 0;
}

static void
no_row_or_one_true_holds(void **state)
{
	(void)state;
	plan();
	rig_query(&rig, "verify/none.sql", "SELECT id FROM a WHERE note IS NULL");
	rig_query(&rig, "verify/true.sql", "SELECT count(*) = 30 FROM a");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "query verify/none.sql", "")->state, WIRE_OK);
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "query verify/true.sql", "")->state, WIRE_OK);
	assert_non_null(strstr(rig_evidence(&rig, WIRE_VERIFY), "2 queries of the project hold"));
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "tracking", "")->state, WIRE_OK);
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "object", "1 object")->state, WIRE_OK);
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "index", "")->state, WIRE_OK);
}

/* What does not hold, and what its evidence says. */
static void
each_other_answer_fails_and_takes_back(void **state)
{
	static const struct {
		const char *sql, *part;
	} cases[] = {
		{ "SELECT false", "it gave false" },
		{ "SELECT NULL::boolean", "it gave NULL" },
		{ "SELECT 1", "it gave 1 row" },
		{ "SELECT 't'::text", "it gave 1 row" },
		{ "SELECT true, true", "it gave 1 row" },
		{ "SELECT id, note FROM a WHERE id < 3 ORDER BY id",
		    "it gave 2 rows, where none (or one that is true) is expected:\nid | note\n1 | n1\n2 | "
		    "n2." },
		{ "SELECT id, NULL AS x FROM a ORDER BY id",
		    "it gave more than 20 rows, where none (or one that is "
		    "true) is expected:\nid | x\n1 | NULL\n2 | NULL\n3 | NULL\n4 "
		    "| NULL\n5 | NULL\n...." },
		{ "UPDATE a SET note = '' RETURNING false", "read-only transaction" },
		{ "SELECT nextval('s')", "does not exist" },
		{ "SELECT * FROM a WHERE", "syntax error" },
		{ "SELECT 1; SELECT 2", "multiple commands" },
		{ "COMMIT", "it is no query" },
		{ "SET search_path = ''", "it is no query" },
		{ "SELECT pg_sleep(30)", "statement timeout" },
		{ "COPY a TO STDOUT", "it is no query" },
		{ "-- nothing", "it is no query" },
	};
	size_t i;

	(void)state;
	rig.plan.policy.statement_timeout_ms = 3000;
	plan();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct rig_frame *f;

		rig.plan.n_queries = 0;
		rig_query(&rig, "verify/q.sql", cases[i].sql);
		rig_query(&rig, "verify/z.sql", "SELECT true");
		rig_seal(&rig);
		rig_run(&rig, &job_run);
		rig_expect(&rig, WIRE_FAILED_CLEAN, "the query verify/q.sql does not hold");
		f = rig_last(&rig, WIRE_J_EVIDENCE, "query verify/q.sql", "");
		assert_non_null(f);
		assert_int_equal(f->state, WIRE_FAILED);
		if (strstr(f->more, cases[i].part) == NULL)
			fail_msg("%s: \"%s\" is not in: %s", cases[i].sql, cases[i].part, f->more);
		/* The others are asked nevertheless. */
		assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "query verify/z.sql", "")->state, WIRE_OK);
		assert_int_equal(rig_phase(&rig, WIRE_VERIFY), WIRE_FAILED);
		assert_int_equal(rig_migration(&rig, 0), WIRE_TAKEN_BACK);
		assert_true(gone());
	}
}

static void
without_rollback_on_failure_it_stays(void **state)
{
	(void)state;
	rig.plan.policy.rollback_on_failure = false;
	plan();
	rig_query(&rig, "verify/q.sql", "SELECT false");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "001_a is applied and stays");
	assert_false(gone());
}

static void
expected_tables_must_be_there(void **state)
{
	static const char *good[] = { "public.a", "a", "public.\"Odd\"" };
	static const char *bad[] = { "public.a", "public.nowhere", "public.a_seq" };

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE public.\"Odd\" (id int)");
	(void)rig_sql(&rig, "CREATE SEQUENCE a_seq");
	plan();
	rig.plan.policy.tables = good;
	rig.plan.policy.n_tables = 3;
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_non_null(strstr(rig_evidence(&rig, WIRE_VERIFY), "3 expected tables are there"));
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "table public.\"Odd\"", "")->state, WIRE_OK);
	(void)rig_sql(&rig, "DROP TABLE a; DROP TABLE schema_migrations");
	rig.plan.policy.tables = bad;
	rig_seal(&rig);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "the table public.nowhere that the policy expects is not there");
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "table public.nowhere", "")->state, WIRE_FAILED);
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "table public.a_seq", "")->state, WIRE_FAILED);
	assert_true(gone());
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(no_row_or_one_true_holds),
		T(each_other_answer_fails_and_takes_back),
		T(without_rollback_on_failure_it_stays),
		T(expected_tables_must_be_there),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name("runner/job/verify_query", tests, rig_group_start, rig_group_stop);
}
