#include "base/ban.h"
#include "runner/plan_repair.h"
#include "tests/support/fixture.h"

#include "store/failure_write.h"

#define RUN 2 /* staging, failed */

static void
with_facts(struct fixture *f, const char *index)
{
	const struct store_run_fact facts[] = {
		{ .kind = "table", .object = "public.a", .text = "" },
		{ .kind = "index", .object = index, .text = "invalid" },
		{ .kind = "index", .object = "public.good", .good = true, .text = "valid" },
	};
	size_t i;

	assert_ok(f, store_failure_clear(&f->store, RUN, &f->err));
	for (i = 0; i < 3; i++)
		assert_ok(f, store_run_fact_add(&f->store, RUN, &facts[i], &f->err));
}

static enum gh_code
find(struct fixture *f, const char *goal, const char **ret)
{
	f->err = (struct gh_err){ 0 };
	return plan_repair_find(&f->store, &f->arena, "shop_staging", goal, ret, &f->err);
}

static void
finds_the_index_that_a_fact_names(void **state)
{
	struct fixture *f = *state;
	const char *index;

	with_facts(f, "public.\"Odd \"\"one\"\"\"");
	assert_int_equal(find(f, "2/1", &index), GH_OK);
	assert_string_equal(index, "public.\"Odd \"\"one\"\"\"");
	assert_int_equal(find(f, "2/0", &index), GH_CONFLICT); /* a table */
	assert_int_equal(find(f, "2/2", &index), GH_CONFLICT); /* valid */
	assert_int_equal(find(f, "2/7", &index), GH_NOT_FOUND);
	assert_int_equal(find(f, "99/1", &index), GH_NOT_FOUND);
	assert_int_equal(find(f, "3/1", &index), GH_CONFLICT); /* another target's */
	assert_int_equal(find(f, "x", &index), GH_BAD_INPUT);
	assert_int_equal(find(f, "2/x", &index), GH_BAD_INPUT);
	assert_int_equal(find(f, "", &index), GH_BAD_INPUT);
}

/* It becomes part of a statement: nothing but two identifiers. */
static void
takes_no_name_that_is_more(void **state)
{
	static const char *const bad[] = { "public.a; DROP TABLE b", "a", "public.a b", "public.", ".a",
		"Public.a", "public.\"a", "public.a.b", "public.\"a\"b", "public.1a", "public.a--", "" };
	struct fixture *f = *state;
	struct store_plan_migration_new row;
	const char *index;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		PLAN_BUILT b = { 0 };

		with_facts(f, bad[i]);
		assert_int_equal(find(f, "2/1", &index), GH_CONFLICT);
		f->err = (struct gh_err){ 0 };
		assert_int_equal(plan_repair_fill(&b, bad[i], &row, &f->err), GH_BAD_INPUT);
	}
}

static void
makes_one_statement_by_itself(void **state)
{
	struct fixture *f = *state;
	struct store_plan_migration_new row;
	PLAN_BUILT b = { 0 };

	assert_ok(f, plan_repair_fill(&b, "public.i", &row, &f->err));
	assert_int_equal(b.plan.act, PLAN_REPAIR);
	assert_int_equal(b.plan.n_migrations, 1);
	assert_string_equal(b.plan.migrations[0].key, "repair:public.i");
	assert_memory_equal(b.plan.migrations[0].run.sql, "DROP INDEX CONCURRENTLY public.i", 32);
	assert_int_equal(b.plan.migrations[0].run.statements[0].group, 0);
	assert_false(b.plan.migrations[0].run.row_inside);
	assert_string_equal(plan_repair_index(&b.plan), "public.i");
}

static void
marks_only_what_can_be_looked_for(void **state)
{
	struct fixture *f = *state;
	struct plan_statement s = { .object = "", .object_kind = "" };
	struct plan_migration m = {
		.key = "001_a", .version = "001", .run = { .n_statements = 1, .statements = &s }
	};
	PLAN_BUILT b = { .plan = { .n_migrations = 1, .migrations = &m } };

	assert_int_equal(plan_mark_check(&b, &f->err), GH_CONFLICT);
	s.object = "public.a";
	assert_int_equal(plan_mark_check(&b, &f->err), GH_OK);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(finds_the_index_that_a_fact_names),
		T(takes_no_name_that_is_more),
		T(makes_one_statement_by_itself),
		T(marks_only_what_can_be_looked_for),
	};

	return cmocka_run_group_tests_name("runner/plan_repair", tests, NULL, NULL);
}
