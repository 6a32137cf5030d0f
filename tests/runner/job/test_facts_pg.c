#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* What is true after a failure, and what is offered. */

static struct rig rig;

static const struct rig_frame *
find(enum wire_journal_kind kind, const char *text)
{
	const struct rig_frame *f;
	size_t i;

	for (i = 0; (f = rig_find(&rig, kind, i)) != NULL; i++) {
		if (strcmp(f->text, text) == 0)
			return f;
	}
	return NULL;
}

static void
fact(const char *what, bool good, const char *part)
{
	const struct rig_frame *f = find(WIRE_J_FACT, what);
	size_t i;

	for (i = 0; f == NULL && rig_find(&rig, WIRE_J_FACT, i) != NULL; i++)
		print_message("there is: %s\n", rig_find(&rig, WIRE_J_FACT, i)->text);
	assert_non_null(f);
	if (strstr(f->more, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, f->more);
	assert_int_equal(f->number, good);
}

/* All kinds that are offered, with their goals. */
static const char *
actions(void)
{
	GH_TEXT t = { 0 };
	const struct rig_frame *f;
	size_t i;

	for (i = 0; (f = rig_find(&rig, WIRE_J_ACTION, i)) != NULL; i++)
		gh_text_putf(&t, "%s%s", i == 0 ? "" : ", ", f->text);
	return gh_strdup(&rig.arena, gh_text_str(&t));
}

static void
with_table(void)
{
	(void)rig_sql(
	    &rig, "CREATE TABLE a (id int); ALTER TABLE a OWNER TO shop; INSERT INTO a VALUES (1), (1)");
}

static void
rolled_back(void **state)
{
	(void)state;
	with_table();
	rig_add(&rig, "001_b",
	    "CREATE TABLE b (id int, c int);\nALTER TABLE a ADD COLUMN n int;\nSELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "22012");
	fact("table public.b", true, "Not there: 001_b was rolled back");
	fact("column public.a.n", true, "Not there: 001_b was rolled back");
	fact("row 001_b", true, "Not recorded");
	assert_string_equal(actions(), "retry 001_b");
}

static void
what_stays_is_there(void **state)
{
	(void)state;
	with_table();
	rig.plan.policy.rollback_on_failure = false;
	rig_add(&rig, "001_b",
	    "CREATE TABLE b (id int, c int);\nALTER TABLE a ADD CONSTRAINT k CHECK (id > 0);",
	    "DROP TABLE b;");
	rig_add(&rig, "002_c", "SELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "22012");
	fact("table public.b", true, "There, as 001_b makes it: 2 columns");
	fact("constraint public.a.k", true, "CHECK ((id > 0))");
	fact("row 001_b", true, "Recorded as applied");
	fact("row 002_c", true, "Not recorded");
	assert_string_equal(actions(), "retry 002_c, down 1");
}

static void
what_was_taken_back_is_gone(void **state)
{
	(void)state;
	rig_add(&rig, "001_b", "CREATE TABLE b (id int);", "DROP TABLE b;");
	rig_add(&rig, "002_c", "CREATE TABLE c (id int);", "SELECT 'forgets c';");
	rig_add(&rig, "003_d", "SELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "22012");
	fact("table public.b", true, "Not there: 001_b was taken back");
	fact("table public.c", false, "Still there: 1 columns");
	assert_string_equal(actions(), "retry 003_d");
}

static void
an_invalid_index_is_offered_to_be_dropped(void **state)
{
	(void)state;
	with_table();
	rig.plan.policy.rollback_on_failure = false;
	rig_add(&rig, "001_i", "CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "");
	fact("index public.a_id", false, "There but invalid");
	assert_string_equal(
	    find(WIRE_J_FACT, "index public.a_id")->text, rig_find(&rig, WIRE_J_FACT, 0)->text);
	assert_string_equal(
	    actions(), gh_printf(&rig.arena, "drop-index %" PRId64 "/0, repair ", rig.spec.id));
}

static void
half_done_but_all_there_may_be_marked(void **state)
{
	(void)state;
	with_table();
	rig.plan.policy.rollback_on_failure = false;
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY a_id ON a (id);\nSELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "");
	fact("index public.a_id", false, "There: valid, although 001_i is not recorded");
	assert_string_equal(actions(), "mark 001_i, repair ");
}

static void
half_done_with_something_missing_may_not(void **state)
{
	(void)state;
	with_table();
	rig.plan.policy.rollback_on_failure = false;
	rig_add(&rig, "001_i",
	    "CREATE INDEX CONCURRENTLY a_id ON a (id);\nCREATE INDEX CONCURRENTLY a_odd ON a (nothing);",
	    NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "");
	fact("index public.a_odd", true, "Not there.");
	assert_string_equal(actions(), "repair ");
}

static void
what_was_there_already_may_be_marked(void **state)
{
	(void)state;
	with_table();
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "42P07");
	fact("table public.a", true, "but not by this run");
	assert_string_equal(actions(), "retry 001_a, mark 001_a");
}

static void
a_way_back_that_failed(void **state)
{
	(void)state;
	rig_track(&rig, "('001_a')");
	rig.plan.down = true;
	rig.plan.after = "001_a";
	rig_add(&rig, "001_a", "DROP TABLE nothing;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "42P01");
	fact("row 001_a", true, "Recorded as applied");
	assert_string_equal(actions(), "retry 1");
}

static void
nothing_was_begun(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE b (id int);", NULL);
	rig.plan.database_oid++;
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "another database");
	assert_null(rig_find(&rig, WIRE_J_FACT, 0));
}

static void
reconcile_says_the_same(void **state)
{
	(void)state;
	with_table();
	(void)rig_sql(&rig, "CREATE INDEX a_id ON a (id)");
	(void)rig_sql(&rig, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'a_id'::regclass");
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY a_id ON a (id);", NULL);
	rig_seal(&rig);
	rig.spec.intent_migration = 0;
	rig.spec.intent_statement = 0;
	rig.spec.intent_xid = rig.spec.backend_start = "";
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "invalid");
	fact("index public.a_id", false, "There but invalid");
	assert_null(rig_find(&rig, WIRE_J_CAUSE, 0));
	assert_string_equal(
	    actions(), gh_printf(&rig.arena, "drop-index %" PRId64 "/0, repair ", rig.spec.id));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(rolled_back),
		T(what_stays_is_there),
		T(what_was_taken_back_is_gone),
		T(an_invalid_index_is_offered_to_be_dropped),
		T(half_done_but_all_there_may_be_marked),
		T(half_done_with_something_missing_may_not),
		T(what_was_there_already_may_be_marked),
		T(a_way_back_that_failed),
		T(nothing_was_begun),
		T(reconcile_says_the_same),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name("job/facts", tests, rig_group_start, rig_group_stop);
}
