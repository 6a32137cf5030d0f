#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/failure_write.h"

#define RUN INT64_C(3) /* without facts of its own */

static void
facts_keep_their_order(void **state)
{
	struct fixture *f = *state;
	const struct store_run_fact a = {
		.kind = "table", .object = "public.a", .good = true, .text = "there"
	};
	const struct store_run_fact b = { .kind = "index", .object = "public.i", .text = "invalid" };
	struct store_run_facts list;

	assert_ok(f, store_run_fact_add(&f->store, RUN, &a, &f->err));
	assert_ok(f, store_run_fact_add(&f->store, RUN, &b, &f->err));
	assert_ok(f, store_run_fact_list(&f->store, &f->arena, RUN, &list, &f->err));
	assert_int_equal(list.n, 2);
	assert_int_equal(list.rows[0].position, 0);
	assert_string_equal(list.rows[0].object, "public.a");
	assert_true(list.rows[0].good);
	assert_int_equal(list.rows[1].position, 1);
	assert_string_equal(list.rows[1].text, "invalid");
	assert_false(list.rows[1].good);
}

static void
causes_come_as_cells(void **state)
{
	struct fixture *f = *state;
	const struct store_cause_new c = { .title = "Duplicates",
		.sql = "SELECT",
		.columns = "email\tcount",
		.rows = "a\\tb\t2\n\\N\t3\nshort\n",
		.more = true,
		.text = "Two." };
	struct store_causes list;

	assert_ok(f, store_cause_add(&f->store, RUN, &c, &f->err));
	assert_ok(f, store_cause_list(&f->store, &f->arena, RUN, &list, &f->err));
	assert_int_equal(list.n, 1);
	assert_int_equal(list.rows[0].n_columns, 2);
	assert_string_equal(list.rows[0].columns[1], "count");
	assert_int_equal(list.rows[0].n_rows, 3);
	assert_string_equal(list.rows[0].cells[0], "a\tb");
	assert_null(list.rows[0].cells[2]);
	assert_string_equal(list.rows[0].cells[3], "3");
	assert_null(list.rows[0].cells[5]);
	assert_true(list.rows[0].more);
}

static void
a_cause_may_have_no_rows(void **state)
{
	struct fixture *f = *state;
	const struct store_cause_new c = {
		.title = "t", .sql = "", .columns = "", .rows = "x\n", .text = ""
	};
	struct store_causes list;

	assert_ok(f, store_cause_add(&f->store, RUN, &c, &f->err));
	assert_ok(f, store_cause_list(&f->store, &f->arena, RUN, &list, &f->err));
	assert_int_equal(list.rows[0].n_rows, 0);
	assert_int_equal(list.rows[0].n_columns, 0);
}

static void
clears_facts_and_actions_but_no_cause(void **state)
{
	struct fixture *f = *state;
	const struct store_run_fact a = {
		.kind = "table", .object = "public.a", .good = true, .text = "there"
	};
	const struct store_cause_new c = { .title = "t", .sql = "", .columns = "", .rows = "", .text = "" };
	const struct store_action x = { .kind = "retry", .goal = "0006", .text = "again" };
	struct store_run_facts facts;
	struct store_causes causes;
	struct store_actions actions;

	assert_ok(f, store_run_fact_add(&f->store, RUN, &a, &f->err));
	assert_ok(f, store_cause_add(&f->store, RUN, &c, &f->err));
	assert_ok(f, store_action_add(&f->store, RUN, &x, &f->err));
	assert_ok(f, store_action_list(&f->store, &f->arena, RUN, &actions, &f->err));
	assert_int_equal(actions.n, 1);
	assert_string_equal(actions.rows[0].goal, "0006");
	assert_ok(f, store_failure_clear(&f->store, RUN, &f->err));
	assert_ok(f, store_run_fact_list(&f->store, &f->arena, RUN, &facts, &f->err));
	assert_ok(f, store_cause_list(&f->store, &f->arena, RUN, &causes, &f->err));
	assert_ok(f, store_action_list(&f->store, &f->arena, RUN, &actions, &f->err));
	assert_int_equal(facts.n, 0);
	assert_int_equal(causes.n, 1);
	assert_int_equal(actions.n, 0);
}

static void
refuses_an_action_that_nobody_knows(void **state)
{
	struct fixture *f = *state;
	const struct store_action x = { .kind = "pray", .goal = "", .text = "" };

	assert_int_not_equal(store_action_add(&f->store, RUN, &x, &f->err), GH_OK);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(facts_keep_their_order),
		T(causes_come_as_cells),
		T(a_cause_may_have_no_rows),
		T(clears_facts_and_actions_but_no_cause),
		T(refuses_an_action_that_nobody_knows),
	};

	return cmocka_run_group_tests_name("store/failure", tests, NULL, NULL);
}
