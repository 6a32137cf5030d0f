#include "base/ban.h"
#include "runner/plan_unfinished.h"

#include <setjmp.h>
#include <cmocka.h>

/* Plans over a target on which a batched migration is on its way. */

#define FAR "620 rows in 3 batches, up to the key 620, 62 %; the next run goes on from there"

static struct gh_arena arena;
static struct gh_err err;
static struct store_migration rows[] = {
	{ .key = "003_later", .standing_text = "" },
	{ .key = "002_fill", .standing_text = "unfinished: " FAR },
	{ .key = "001_first", .standing_text = "" },
	{ .key = "000_back", .standing_text = "half taken back: " FAR },
};
static const struct store_migration *picked[2];

static enum gh_code
unfinished(size_t todo, size_t applied, bool down, struct plan_pick *p)
{
	const struct store_migrations list = { .n = todo, .rows = rows },
				      done = { .n = applied, .rows = rows + 2 };

	err = (struct gh_err){ 0 };
	p->rows = picked;
	p->goal = "to 002";
	return plan_unfinished(&arena, &list, &done, down, p, &err);
}

static int
teardown(void **state)
{
	(void)state;
	gh_arena_done(&arena);
	return 0;
}

static void
a_plan_that_goes_on_says_so(void **state)
{
	struct plan_pick p = { .n = 1 };

	(void)state;
	picked[0] = &rows[1];
	assert_int_equal(unfinished(2, 1, false, &p), GH_OK);
	assert_string_equal(p.goal, "to 002 (002_fill goes on: " FAR ")");
	picked[0] = &rows[3];
	assert_int_equal(unfinished(1, 2, true, &p), GH_OK);
	assert_string_equal(p.goal, "to 002 (000_back goes on: " FAR ")");
}

static void
a_plan_past_it_is_refused(void **state)
{
	struct plan_pick p = { .n = 1 };

	(void)state;
	picked[0] = &rows[0];
	assert_int_equal(unfinished(2, 1, false, &p), GH_CONFLICT);
	assert_string_equal(err.msg,
	    "002_fill is unfinished: " FAR ". Finish it first, or give it up by removing its row from "
	    "gatehouse_batch on the target");
	picked[0] = &rows[2];
	assert_int_equal(unfinished(2, 1, true, &p), GH_CONFLICT);
	/* Nothing new goes in while one is half taken back. */
	picked[0] = &rows[0];
	assert_int_equal(unfinished(1, 2, false, &p), GH_CONFLICT);
	assert_non_null(strstr(err.msg, "000_back is half taken back"));
	assert_int_equal(unfinished(1, 1, false, &p), GH_OK);
	assert_string_equal(p.goal, "to 002");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_plan_that_goes_on_says_so, teardown),
		cmocka_unit_test_teardown(a_plan_past_it_is_refused, teardown),
	};

	return cmocka_run_group_tests_name("runner/plan_unfinished", tests, NULL, NULL);
}
