#include "base/ban.h"
#include "runner/job/recorded.h"

#include <setjmp.h>
#include <cmocka.h>

/* What tracking rows say of a plan's migrations. */

static struct plan_fact previous = { "previous", NULL };
static struct plan_migration forth[2] = { { .key = "2", .checksum = "" }, { .key = "3", .checksum = "" } };
static struct plan_migration back[2] = { { .key = "2", .checksum = "" },
	{ .key = "1", .checksum = "", .n_facts = 1, .facts = &previous } };
static struct plan up = { .tracking = "public.t", .after = "1", .n_migrations = 2, .migrations = forth };
static struct plan down = {
	.tracking = "public.t", .after = "2", .n_migrations = 2, .migrations = back, .down = true
};
static const struct convention one_row = { .name = "x",
	.title = "X",
	.one_row = true,
	.failed_blocks = true },
			       rows = { .name = "y", .title = "Y", .command_failed = "y force" };
static struct convention_row list[4];
static struct tracking t = { .qualified = "public.t", .exists = true, .known = true, .rows = list };
static struct gh_arena arena;

/* "2 applied, 3 dirty" */
static struct recorded
has(const struct convention *c, const struct plan *p, const char *text)
{
	const char *at = text;

	t.n = 0;
	while (*at != '\0') {
		size_t key = strcspn(at, " "), state = strcspn(at + key + 1, ",");

		list[t.n++] = (struct convention_row){ .key = gh_strndup(&arena, at, key),
			.state = gh_strndup(&arena, at + key + 1, state),
			.checksum = "",
			.detail = "" };
		at += key + 1 + state;
		at += *at == ',' ? 2 : 0;
	}
	return (struct recorded){ .c = c, .plan = p, .t = &t };
}

/* "ab": a is 1 when the first is in, b the second; then d where it is called failed. */
static void
expect(struct recorded d, const char *in, const char *failed)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		if (recorded_in(&d, i) != (in[i] == '1'))
			fail_msg("migration %zu is %s", i, in[i] == '1' ? "not in" : "in");
		assert_int_equal(recorded_failed(&d, i) != NULL, failed[i] == 'd');
	}
}

static void
a_row_a_migration(void **state)
{
	(void)state;
	expect(has(&rows, &up, ""), "00", "--");
	expect(has(&rows, &up, "1 applied, 2 applied"), "10", "--");
	expect(has(&rows, &up, "2 baseline, 3 failed"), "10", "-d");
	/* The last row of a key counts. */
	expect(has(&rows, &up, "2 applied, 2 gone"), "00", "--");
	expect(has(&rows, &up, "2 failed, 2 applied"), "10", "--");
	expect(has(&rows, &down, "1 applied"), "01", "--");
}

static void
a_repeatable_one_counts_as_it_is_in_the_plan(void **state)
{
	struct recorded d = has(&rows, &up, "2 applied");

	(void)state;
	forth[0].repeatable = true;
	forth[0].checksum = "new";
	list[0].checksum = "old";
	assert_false(recorded_in(&d, 0));
	list[0].checksum = "new";
	assert_true(recorded_in(&d, 0));
	forth[0].repeatable = false;
	forth[0].checksum = "";
}

static void
one_row_upwards(void **state)
{
	(void)state;
	expect(has(&one_row, &up, ""), "00", "--");
	expect(has(&one_row, &up, "1 applied"), "00", "--");
	expect(has(&one_row, &up, "2 applied"), "10", "--");
	expect(has(&one_row, &up, "3 applied"), "11", "--");
	expect(has(&one_row, &up, "2 dirty"), "00", "d-");
	expect(has(&one_row, &up, "3 dirty"), "10", "-d");
}

/* While and after the way back of 2 the row names 1, of 1 what its fact says. */
static void
one_row_downwards(void **state)
{
	(void)state;
	expect(has(&one_row, &down, "2 applied"), "11", "--");
	expect(has(&one_row, &down, "1 dirty"), "11", "d-");
	expect(has(&one_row, &down, "1 applied"), "01", "--");
	expect(has(&one_row, &down, "-1 dirty"), "01", "-d");
	expect(has(&one_row, &down, ""), "00", "--");
}

static void
what_no_run_leaves_is_odd(void **state)
{
	struct recorded d = has(&one_row, &up, "7 applied");

	(void)state;
	assert_string_equal(
	    recorded_odd(&d, &arena), "public.t has 7, which is not what any migration of the run leaves");
	d = has(&one_row, &up, "");
	assert_non_null(recorded_odd(&d, &arena));
	d = has(&one_row, &up, "1 applied");
	assert_null(recorded_odd(&d, &arena));
	d = has(&one_row, &up, "3 dirty");
	assert_null(recorded_odd(&d, &arena));
	d = has(&one_row, &down, "");
	assert_null(recorded_odd(&d, &arena));
	d = has(&one_row, &down, "7 applied");
	assert_non_null(recorded_odd(&d, &arena));
	d = has(&one_row, &down, "-1 dirty");
	assert_null(recorded_odd(&d, &arena));
	/* Without the fact nobody can say. */
	back[1].n_facts = 0;
	d = has(&one_row, &down, "0 applied");
	assert_null(recorded_odd(&d, &arena));
	back[1].n_facts = 1;
	d = has(&rows, &up, "1 applied, 7 applied");
	assert_null(recorded_odd(&d, &arena));
	d = has(&rows, &up, "2 applied");
	assert_string_equal(
	    recorded_odd(&d, &arena), "1 was recorded in public.t before the run and is not now");
	d = has(&rows, &down, "");
	assert_null(recorded_odd(&d, &arena));
}

/* The row of the one before is there, dirty, while the next is taken back. */
static void
one_row_on_the_way_back(void **state)
{
	struct recorded d = has(&one_row, &up, "2 dirty");

	(void)state;
	d.back = 2;
	expect(d, "10", ".d");
	assert_string_equal(recorded_failed_text(&d, 1, &arena),
	    "public.t calls 2 dirty, as X does while it takes back 3, and nothing runs until that is "
	    "cleared");
	d = has(&one_row, &up, "-1 dirty");
	d.back = 1;
	expect(d, "00", "d.");
	assert_null(recorded_odd(&d, &arena));
	d.back = 0;
	assert_non_null(recorded_odd(&d, &arena));
	d = has(&one_row, &up, "2 applied");
	d.back = 2;
	expect(d, "10", "..");
}

static void
a_table_that_is_another_now_tells_nothing(void **state)
{
	struct recorded d = has(&rows, &up, "");

	(void)state;
	assert_null(recorded_blind(&d, &arena));
	t.known = false;
	t.why = "it has a column more";
	assert_string_equal(recorded_blind(&d, &arena),
	    "public.t is not the tracking table of Y any more: it has a column more");
	t.exists = false;
	assert_non_null(strstr(recorded_blind(&d, &arena), "public.t, which was there before the run"));
	up.after = "";
	assert_null(recorded_blind(&d, &arena));
	up.after = "1";
	t.exists = t.known = true;
}

static void
the_newest_is_by_the_order_of_rows(void **state)
{
	(void)state;
	assert_string_equal(tracking_newest(has(&rows, &up, "").t), "");
	assert_string_equal(tracking_newest(has(&rows, &up, "3 applied, 2 applied").t), "2");
	assert_string_equal(tracking_newest(has(&rows, &up, "3 applied, 2 failed").t), "3");
	assert_string_equal(tracking_newest(has(&rows, &up, "1 applied, 2 applied, 2 gone").t), "1");
	assert_string_equal(tracking_newest(has(&rows, &up, "1 baseline, 2 dirty").t), "1");
}

static void
a_failure_is_told_with_the_way_out(void **state)
{
	struct recorded d = has(&rows, &up, "2 failed");

	(void)state;
	assert_string_equal(recorded_failed_text(&d, 0, &arena),
	    "public.t calls 2 failed, as Y does after a failure, and nothing runs until that is cleared: y "
	    "force");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_a_migration),
		cmocka_unit_test(a_repeatable_one_counts_as_it_is_in_the_plan),
		cmocka_unit_test(one_row_upwards),
		cmocka_unit_test(one_row_downwards),
		cmocka_unit_test(what_no_run_leaves_is_odd),
		cmocka_unit_test(one_row_on_the_way_back),
		cmocka_unit_test(a_table_that_is_another_now_tells_nothing),
		cmocka_unit_test(the_newest_is_by_the_order_of_rows),
		cmocka_unit_test(a_failure_is_told_with_the_way_out),
	};
	int failed = cmocka_run_group_tests_name("runner/job/recorded", tests, NULL, NULL);

	gh_arena_done(&arena);
	return failed;
}
