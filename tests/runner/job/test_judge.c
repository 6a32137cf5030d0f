#include "base/ban.h"
#include "runner/job/judge.h"

#include <setjmp.h>
#include <cmocka.h>

/* What the facts after a dead job mean. */

static struct plan_migration migrations[3] = { { .key = "001_a" }, { .key = "002_b", .has_back = true },
	{ .key = "003_c" } };
static struct plan up = { .tracking = "public.t", .n_migrations = 3, .migrations = migrations };
static struct plan down = {
	.tracking = "public.t", .n_migrations = 3, .migrations = migrations, .down = true
};

static struct judge_verdict
ask(const struct judge_facts *f)
{
	static struct gh_arena a;
	struct judge_verdict v = { 0 };

	judge(f, &a, &v);
	return v;
}

static void
all_some_or_none_are_in(void **state)
{
	static const bool none[3], one[3] = { true }, all[3] = { true, true, true };
	struct judge_facts f = { .plan = &up, .row = none, .intent = { .migration = -2 } };

	(void)state;
	assert_int_equal(ask(&f).outcome, WIRE_FAILED_CLEAN);
	f.row = one;
	assert_int_equal(ask(&f).outcome, WIRE_FAILED_PARTLY);
	assert_int_equal(ask(&f).n_in, 1);
	f.row = all;
	assert_int_equal(ask(&f).outcome, WIRE_SUCCEEDED);
	f.plan = &down;
	assert_int_equal(ask(&f).outcome, WIRE_FAILED_CLEAN);
	f.row = none;
	assert_int_equal(ask(&f).outcome, WIRE_SUCCEEDED);
}

static void
a_gap_needs_a_person(void **state)
{
	static const bool gap[3] = { true, false, true };
	struct judge_facts f = { .plan = &up, .row = gap, .intent = { .migration = -2 } };

	(void)state;
	assert_int_equal(ask(&f).outcome, WIRE_NEEDS_PERSON);
	assert_non_null(strstr(ask(&f).sentence, "without an earlier one"));
}

static void
committed_but_not_there_needs_a_person(void **state)
{
	static const bool none[3], one[3] = { true };
	struct judge_facts f = { .plan = &up,
		.row = none,
		.intent = { .at = WIRE_INTENT_ROW, .numbered = true, .xact = JUDGE_COMMITTED } };

	(void)state;
	assert_int_equal(ask(&f).outcome, WIRE_NEEDS_PERSON);
	f.row = one;
	assert_int_equal(ask(&f).outcome, WIRE_FAILED_PARTLY);
	f.intent.xact = JUDGE_ABORTED;
	assert_int_equal(ask(&f).outcome, WIRE_NEEDS_PERSON);
	f.row = none;
	assert_int_equal(ask(&f).outcome, WIRE_FAILED_CLEAN);
}

static void
known_as_committed_but_gone_needs_a_person(void **state)
{
	static const bool one[3] = { true };
	struct judge_facts f = { .plan = &up, .row = one, .done = 2, .intent = { .migration = -2 } };

	(void)state;
	assert_int_equal(ask(&f).outcome, WIRE_NEEDS_PERSON);
	/* Unless its way back was under way. */
	f.intent =
	    (struct judge_intent){ .migration = 1, .back = true, .at = WIRE_INTENT_ROW, .numbered = true };
	f.intent.xact = JUDGE_COMMITTED;
	assert_int_equal(ask(&f).outcome, WIRE_FAILED_PARTLY);
	f.intent.xact = JUDGE_ABORTED;
	assert_int_equal(ask(&f).outcome, WIRE_NEEDS_PERSON);
}

static void
in_progress_is_not_known_yet(void **state)
{
	static const bool none[3];
	struct judge_facts f = { .plan = &up,
		.row = none,
		.intent = { .at = WIRE_INTENT_ROW, .numbered = true, .xact = JUDGE_IN_PROGRESS } };

	(void)state;
	assert_int_equal(ask(&f).outcome, WIRE_UNKNOWN);
}

static void
half_done_needs_a_person(void **state)
{
	static const bool none[3];
	struct judge_facts f = { .plan = &up, .row = none, .half = "the index x is invalid" };

	(void)state;
	assert_int_equal(ask(&f).outcome, WIRE_NEEDS_PERSON);
	assert_non_null(strstr(ask(&f).sentence, "the index x is invalid"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_some_or_none_are_in),
		cmocka_unit_test(a_gap_needs_a_person),
		cmocka_unit_test(committed_but_not_there_needs_a_person),
		cmocka_unit_test(known_as_committed_but_gone_needs_a_person),
		cmocka_unit_test(in_progress_is_not_known_yet),
		cmocka_unit_test(half_done_needs_a_person),
	};

	return cmocka_run_group_tests_name("runner/job/judge", tests, NULL, NULL);
}
