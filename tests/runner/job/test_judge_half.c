#include "base/ban.h"
#include "runner/job/judge.h"

#include <setjmp.h>
#include <cmocka.h>

/* What the last intent of a dead job says about what is half done. */

static struct plan_statement three[] = { { .group = 1 }, { .group = 1 }, { .group = 2 } };
static struct plan_statement alone[] = { { .group = 0 }, { .group = 0 } };
static struct plan_migration migrations[] = {
	{ .key = "outside",
	    .run = { .n_statements = 3, .statements = three },
	    .has_back = true,
	    .back = { .n_statements = 3, .statements = three } },
	{ .key = "alone",
	    .run = { .n_statements = 2, .statements = alone },
	    .has_back = true,
	    .back = { .n_statements = 1, .statements = three, .row_inside = true } },
	{ .key = "inside", .run = { .n_statements = 2, .statements = three, .row_inside = true } },
	{ .key = "empty", .run = { .n_statements = 0 } },
};
static struct plan plan = { .tracking = "public.t", .n_migrations = 4, .migrations = migrations };
static struct gh_arena arena;

/* The intent on a migration; n_in of them are in, and done were known as that. */
static struct judge_facts
facts(int64_t migration, int64_t statement, const char *xid)
{
	struct wire_spec s = {
		.intent_migration = migration, .intent_statement = statement, .intent_xid = xid
	};
	struct judge_facts f = { .plan = &plan };

	judge_intent(&s, &f.intent);
	return f;
}

static void
expect(struct judge_facts f, enum judge_xact xact, size_t n_in, const char *text)
{
	const char *half;

	f.intent.xact = xact;
	half = judge_half(&f, n_in, NULL, &arena);
	if (text == NULL && half != NULL)
		fail_msg("half done: %s", half);
	if (text != NULL && (half == NULL || strstr(half, text) == NULL))
		fail_msg("%s: %s", text, half == NULL ? "nothing is half done" : half);
}

static void
intents_are_read(void **state)
{
	struct judge_facts f = facts(1, WIRE_INTENT_BACK(7), "12");

	(void)state;
	assert_true(f.intent.back && f.intent.numbered);
	assert_int_equal(f.intent.at, 7);
	f = facts(1, WIRE_INTENT_BACK(WIRE_INTENT_BETWEEN), "");
	assert_true(f.intent.back && !f.intent.numbered);
	assert_int_equal(f.intent.at, WIRE_INTENT_BETWEEN);
	f = facts(-2, -2, "");
	assert_false(f.intent.back);
	expect(f, JUDGE_NO_XACT, 0, NULL);
}

static void
groups_by_their_transaction(void **state)
{
	(void)state;
	expect(facts(0, WIRE_INTENT_BEFORE, "9"), JUDGE_COMMITTED, 0, NULL);
	expect(facts(0, 0, "9"), JUDGE_ABORTED, 0, NULL);
	expect(facts(0, 0, "9"), JUDGE_COMMITTED, 0, "the first 2 statements of outside took effect");
	expect(facts(0, 0, "9"), JUDGE_NO_XACT, 0,
	    "whether the statements 1 to 2 of outside took effect cannot be told");
	expect(facts(0, 2, "9"), JUDGE_ABORTED, 0, "the first 2 statements of outside took effect");
	expect(facts(0, 2, "9"), JUDGE_COMMITTED, 0,
	    "the statements of outside took effect, but it is not recorded");
	expect(facts(0, WIRE_INTENT_ROW, "9"), JUDGE_ABORTED, 0, "the statements of outside took effect");
	expect(facts(0, WIRE_INTENT_ROW, "9"), JUDGE_COMMITTED, 1, NULL);
	expect(facts(3, WIRE_INTENT_ROW, "9"), JUDGE_ABORTED, 3, NULL);
	expect(facts(2, WIRE_INTENT_ROW, "9"), JUDGE_ABORTED, 2, NULL);
}

static void
statements_by_themselves(void **state)
{
	struct judge_facts f = facts(1, 1, "");

	(void)state;
	assert_ptr_equal(judge_alone(&f, 1), &alone[1]);
	assert_null(judge_alone(&f, 2));
	expect(f, JUDGE_NO_XACT, 1, "the first 1 statement of alone took effect");
	assert_non_null(strstr(judge_half(&f, 1, "the index x is there", &arena),
	    "the index x is there, but alone is not recorded in public.t"));
	expect(facts(1, 0, ""), JUDGE_NO_XACT, 1, NULL);
	expect(
	    facts(1, WIRE_INTENT_BETWEEN, ""), JUDGE_NO_XACT, 1, "statements of alone took effect outside");
	f = facts(1, WIRE_INTENT_BETWEEN, "");
	assert_null(judge_alone(&f, 1));
}

static void
ways_back_of_what_was_in(void **state)
{
	struct judge_facts f = facts(0, WIRE_INTENT_BACK(0), "9");

	(void)state;
	f.done = 1;
	expect(f, JUDGE_ABORTED, 1, NULL);
	expect(f, JUDGE_COMMITTED, 1, "the down SQL of outside was under way");
	expect(f, JUDGE_NO_XACT, 1, "the down SQL of outside was under way");
	f.intent.at = 2;
	expect(f, JUDGE_ABORTED, 1, "the down SQL of outside was under way");
	f.intent.at = WIRE_INTENT_ROW;
	expect(f, JUDGE_COMMITTED, 0, NULL);
	expect(f, JUDGE_ABORTED, 1, "the down SQL of outside was under way");
	f.intent.at = WIRE_INTENT_BEFORE;
	expect(f, JUDGE_COMMITTED, 1, NULL);
	f = facts(1, WIRE_INTENT_BACK(WIRE_INTENT_ROW), "9");
	f.done = 2;
	expect(f, JUDGE_ABORTED, 2, NULL);
	expect(f, JUDGE_COMMITTED, 1, NULL);
}

static void
ways_back_of_what_was_half_done(void **state)
{
	struct judge_facts f = facts(1, WIRE_INTENT_BACK(WIRE_INTENT_ROW), "9");

	(void)state;
	f.done = 1;
	expect(f, JUDGE_COMMITTED, 1, NULL);
	expect(f, JUDGE_ABORTED, 1, "alone had failed on the way, and its down SQL was rolled back");
	expect(f, JUDGE_NO_XACT, 1, "whether its down SQL took effect cannot be told");
	f = facts(0, WIRE_INTENT_BACK(0), "9");
	expect(f, JUDGE_ABORTED, 0, "outside had failed on the way");
	expect(f, JUDGE_COMMITTED, 0, "the down SQL of outside was under way");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intents_are_read),
		cmocka_unit_test(groups_by_their_transaction),
		cmocka_unit_test(statements_by_themselves),
		cmocka_unit_test(ways_back_of_what_was_in),
		cmocka_unit_test(ways_back_of_what_was_half_done),
	};
	int failed = cmocka_run_group_tests_name("runner/job/judge_half", tests, NULL, NULL);

	gh_arena_done(&arena);
	return failed;
}
