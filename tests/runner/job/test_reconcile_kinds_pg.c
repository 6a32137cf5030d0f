#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* What is true after a run that died, where the row is outside, in one transaction for all, and on ways back.
 */

static struct rig rig;

#define ROW                                                                                                  \
	"SELECT coalesce(string_agg(version || CASE WHEN dirty THEN ' dirty' ELSE '' END, ','), 'none') "    \
	"FROM public.schema_migrations"
#define THERE(t) "SELECT to_regclass('public." t "') IS NOT NULL"

static struct plan_fact previous[] = { { "previous", NULL }, { "previous", "1" } };

static void
faults_needed(void)
{
#ifndef GH_FAULTS
	skip();
#endif
}

/* golang-migrate: 1 in one transaction and 2 in two. */
static void
add_outside(void)
{
	struct plan_migration
	    *a = rig_add(&rig, "1", "CREATE TABLE a (id int);", "DROP TABLE a;"),
	    *b = rig_add(&rig, "2",
		"CREATE TABLE b (id int);\nINSERT INTO b VALUES (1);\nINSERT INTO b VALUES (2);",
		"DROP TABLE b;");

	faults_needed();
	rig_convention(&rig, "golang-migrate");
	a->facts = &previous[0];
	b->facts = &previous[1];
	a->n_facts = b->n_facts = 1;
	rig_groups(&a->run, "1");
	rig_groups(&a->back, "1");
	rig_groups(&b->run, "112");
	rig_groups(&b->back, "1");
}

/* Version 1 is in: only 2 is left of the plan. */
static void
only_second(void)
{
	add_outside();
	rig.plan.n_migrations = 0;
	rig.plan.after = "1";
	rig.migrations[0] = rig.migrations[1];
	rig.plan.n_migrations = 1;
	(void)rig_sql(&rig,
	    "CREATE TABLE public.schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL); "
	    "ALTER TABLE public.schema_migrations OWNER TO shop; "
	    "INSERT INTO public.schema_migrations VALUES (1, false)");
}

static void
killed_before_the_dirty_row(void **state)
{
	(void)state;
	only_second();
	rig_run_killed(&rig, "job.before-commit-before");
	assert_int_equal(rig.spec.intent_statement, WIRE_INTENT_BEFORE);
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "The database is as it was before.");
	assert_string_equal(rig_sql(&rig, ROW), "1");
}

static void
killed_with_only_the_dirty_row(void **state)
{
	(void)state;
	only_second();
	rig_run_killed(&rig, "job.after-commit-before");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON,
	    "Nothing of 2 is in the database, but public.schema_migrations calls 2 dirty");
	assert_int_equal(rig_migration(&rig, 0), WIRE_FAILED);
}

static void
killed_before_the_first_group(void **state)
{
	(void)state;
	only_second();
	rig_run_killed(&rig, "job.before-commit-group");
	assert_int_equal(rig.spec.intent_statement, 0);
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "Nothing of 2 is in the database, but");
	assert_string_equal(rig_sql(&rig, THERE("b")), "f");
}

static void
killed_between_groups(void **state)
{
	(void)state;
	only_second();
	rig_run_killed(&rig, "job.after-commit-group");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "the first 2 statements of 2 took effect outside a transaction");
	assert_non_null(strstr(rig_sentence(&rig), "calls 2 dirty"));
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM b"), "1");
}

/* The number of the group's transaction is too old to ask for: nobody can tell. */
static void
a_group_that_cannot_be_told(void **state)
{
	(void)state;
	only_second();
	rig_run_killed(&rig, "job.after-commit-group");
	rig.spec.backend_start = "2001-01-01 00:00:00.000000";
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "whether the statements 1 to 2 of 2 took effect cannot be told");
}

static void
killed_before_the_row(void **state)
{
	(void)state;
	only_second();
	rig_run_killed(&rig, "job.before-commit");
	assert_int_equal(rig.spec.intent_statement, WIRE_INTENT_ROW);
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "the statements of 2 took effect, but it is not recorded in");
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM b"), "2");
}

static void
killed_after_the_row(void **state)
{
	(void)state;
	add_outside();
	rig_run_killed(&rig, "job.after-commit");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "1 is applied");
	assert_int_equal(rig_migration(&rig, 0), WIRE_OK);
	rig_sql(&rig, "UPDATE schema_migrations SET version = 5");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "has 5, which is not what any migration of the run leaves");
}

static void
killed_when_all_is_in(void **state)
{
	(void)state;
	add_outside();
	rig_run_killed(&rig, "job.phase.verify");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 to 2 are applied");
}

/* Downwards the row names the one before. */
static void
killed_on_the_way_down(void **state)
{
	(void)state;
	add_outside();
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	rig.plan.n_migrations = 0;
	rig.plan.down = true;
	rig.plan.after = "2";
	rig_groups(&rig_add(&rig, "2", "DROP TABLE b;", NULL)->run, "1");
	rig_groups(&rig_add(&rig, "1", "DROP TABLE a;", NULL)->run, "1");
	rig.migrations[0].facts = &previous[1];
	rig.migrations[1].facts = &previous[0];
	rig.migrations[0].n_facts = rig.migrations[1].n_facts = 1;
	rig_run_killed(&rig, "job.after-commit");
	assert_string_equal(rig_sql(&rig, ROW), "1");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "2 is taken back.");
}

static void
killed_while_a_failure_is_recorded(void **state)
{
	struct plan_migration *m = rig_add(&rig, "a", "CREATE TABLE a (id int);\nSELECT 1 / 0;", NULL);

	(void)state;
	faults_needed();
	rig_convention(&rig, "prisma");
	rig_groups(&m->run, "12");
	rig_run_killed(&rig, "job.before-commit-failed");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "the first 1 statement of a took effect");
}

static void
add_all(void)
{
	faults_needed();
	rig_add(&rig, "1_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_add(&rig, "2_b", "CREATE TABLE b (id int);", "DROP TABLE b;");
	rig_convention(&rig, "sections");
	rig.plan.one_transaction = true;
}

static void
killed_around_the_one_commit(void **state)
{
	(void)state;
	add_all();
	rig_run_killed(&rig, "job.before-commit");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "as it was before");
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
	rig_run_killed(&rig, "job.after-commit");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_SUCCEEDED, "1_a to 2_b are applied");
	(void)rig_sql(&rig, "DELETE FROM pgmigrations WHERE name = '2_b'");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "is one transaction, but public.pgmigrations shows only a part");
}

/* 001 is in; its way back has two steps. */
static void
add_back(const char *groups)
{
	faults_needed();
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "ALTER TABLE a ADD COLUMN x int;\nDROP TABLE a;");
	rig_add(&rig, "002_bad", "SELECT 1 / 0;", NULL);
	rig_groups(&rig.migrations[0].back, groups);
}

static void
killed_before_the_way_back(void **state)
{
	(void)state;
	add_back("12");
	rig_run_killed(&rig, "job.before-commit-group");
	assert_int_equal(rig.spec.intent_statement, WIRE_INTENT_BACK(0));
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "001_a is applied");
}

/* What is half taken back is not called applied. */
static void
killed_on_the_way_back(void **state)
{
	(void)state;
	add_back("12");
	rig_run_killed(&rig, "job.after-commit-group");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON,
	    "the down SQL of 001_a was under way outside a transaction. Nothing of this run is applied.");
	assert_int_equal(rig_migration(&rig, 0), WIRE_FAILED);
}

/* One that failed half way is taken back by a transaction: in, or not. */
static void
killed_around_the_way_back_of_a_half_done_one(void **state)
{
	(void)state;
	faults_needed();
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);\nSELECT 1 / 0;", "DROP TABLE a;");
	rig_groups(&rig.migrations[0].run, "12");
	rig_run_killed(&rig, "job.before-commit");
	assert_int_equal(rig.spec.intent_statement, WIRE_INTENT_BACK(WIRE_INTENT_ROW));
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "001_a had failed on the way, and its down SQL was rolled back");
	(void)rig_sql(&rig, "DROP TABLE a");
	rig_run_killed(&rig, "job.after-commit");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "as it was before, but for the tracking table");
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
}

/* 1 is applied and 2 stops half way: both are to be taken back, each with the row of the one before. */
static void
add_half(void)
{
	add_outside();
	rig_split(&rig, "CREATE TABLE b (id int);\nSELECT 1 / 0;", &rig.migrations[1].run);
	rig_groups(&rig.migrations[1].run, "12");
}

static void
killed_when_the_row_names_the_one_before(void **state)
{
	(void)state;
	add_half();
	rig_run_killed(&rig, "job.after-commit-before#3");
	assert_string_equal(rig_sql(&rig, ROW), "1 dirty");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON,
	    "Half done: the down SQL of 2 was under way outside a transaction. public.schema_migrations "
	    "calls "
	    "1 dirty, as golang-migrate does while it takes back 2, and nothing runs until that is cleared: "
	    "migrate -path . -database URL force VERSION. 1 is applied.");
}

static void
killed_before_an_applied_one_is_taken_back(void **state)
{
	(void)state;
	add_half();
	rig_run_killed(&rig, "job.after-commit-before#4");
	assert_string_equal(rig_sql(&rig, ROW), "-1 dirty");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON,
	    "Half done: 1 was to be taken back, and nothing of its down SQL took effect. "
	    "public.schema_migrations calls -1 dirty, as golang-migrate does while it takes back 1,");
	assert_non_null(strstr(rig_sentence(&rig), "Nothing of this run is applied."));
	assert_int_equal(rig_migration(&rig, 0), WIRE_FAILED);
	assert_string_equal(rig_sql(&rig, THERE("a")), "t");
}

static void
killed_before_the_row_of_the_way_back(void **state)
{
	(void)state;
	add_half();
	rig_run_killed(&rig, "job.before-commit#3");
	assert_string_equal(rig_sql(&rig, ROW), "-1 dirty");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "the down SQL of 1 took effect, but it is not recorded in");
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
}

static void
with_older(void)
{
	rig_track(&rig, "('000_z')");
	rig.plan.after = "000_z";
}

static void
the_tracking_table_is_gone(void **state)
{
	(void)state;
	faults_needed();
	with_older();
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_run_killed(&rig, "job.phase.migrate");
	(void)rig_sql(&rig, "ALTER TABLE schema_migrations ADD COLUMN more int");
	rig_run(&rig, &job_reconcile);
	rig_expect(
	    &rig, WIRE_NEEDS_PERSON, "cannot be told: public.schema_migrations is not the tracking table");
	(void)rig_sql(&rig, "DROP TABLE schema_migrations");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "which was there before the run, does not exist");
}

static void
a_row_of_before_is_gone(void **state)
{
	(void)state;
	faults_needed();
	with_older();
	rig_add(&rig, "001_a", "DELETE FROM schema_migrations WHERE version = '000_z';", NULL);
	rig_run_killed(&rig, "job.after-commit");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "000_z was recorded in public.schema_migrations before the run");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(killed_before_the_dirty_row),
		TEST(killed_with_only_the_dirty_row),
		TEST(killed_before_the_first_group),
		TEST(killed_between_groups),
		TEST(a_group_that_cannot_be_told),
		TEST(killed_before_the_row),
		TEST(killed_after_the_row),
		TEST(killed_when_all_is_in),
		TEST(killed_on_the_way_down),
		TEST(killed_while_a_failure_is_recorded),
		TEST(killed_around_the_one_commit),
		TEST(killed_before_the_way_back),
		TEST(killed_on_the_way_back),
		TEST(killed_around_the_way_back_of_a_half_done_one),
		TEST(killed_when_the_row_names_the_one_before),
		TEST(killed_before_an_applied_one_is_taken_back),
		TEST(killed_before_the_row_of_the_way_back),
		TEST(the_tracking_table_is_gone),
		TEST(a_row_of_before_is_gone),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/reconcile, each kind, on a server", tests, rig_group_start, rig_group_stop);
}
