#include "base/ban.h"
#include "runner/follow_kind.h"
#include "store/batch.h"
#include "store/run_write.h"
#include "tests/support/fixture_plan.h"

/* Frames of batched migrations as rows: how far, points of the chart, rows left out. */

static int64_t run_id;

static void
begin(struct fixture_runner *f)
{
	fixture_shop(f);
	(void)fixture_request(f, "shop_development", &run_id);
	assert_int_equal(store_run_start(f->runner->store, run_id, 1, &f->err), GH_OK);
}

static struct wire_in
in(const struct gh_text *t)
{
	const unsigned char *at = (const unsigned char *)t->data;

	return (struct wire_in){ .at = at, .end = at + t->len };
}

struct told {
	int64_t at, rows;
	const char *state, *why;
	bool short_of_one;
};

static enum gh_code
put(struct fixture_runner *f, const struct told *t)
{
	const struct follow_run run = { .id = run_id };
	GH_TEXT text = { 0 };
	struct wire_out o = { .text = &text };
	struct wire_event e = { .kind = WIRE_J_BATCH, .at_us = t->at };

	wire_put_i64(&o, 0);
	wire_put_text(&o, t->state);
	wire_put_text(&o, "k");
	wire_put_i64(&o, 3);
	wire_put_i64(&o, t->rows);
	wire_put_i64(&o, t->rows + 1);
	wire_put_i64(&o, 1000);
	wire_put_i64(&o, 50);
	wire_put_i64(&o, 2500);
	wire_put_i64(&o, 100);
	wire_put_text(&o, t->why);
	if (!t->short_of_one)
		wire_put_i64(&o, 2);
	e.fields = in(&text);
	return follow_batch.put(f->runner->store, &run, &e, &f->arena, &f->err);
}

static enum gh_code
put_row(struct fixture_runner *f, const char *key)
{
	const struct follow_run run = { .id = run_id };
	GH_TEXT text = { 0 };
	struct wire_out o = { .text = &text };
	struct wire_event e = { .kind = WIRE_J_BATCH_ROW, .at_us = 5 };

	wire_put_i64(&o, 0);
	wire_put_text(&o, key);
	wire_put_text(&o, "23514");
	wire_put_text(&o, "n < 50");
	e.fields = in(&text);
	return follow_batch_row.put(f->runner->store, &run, &e, &f->arena, &f->err);
}

static void
the_newest_state_is_kept(void **state)
{
	struct fixture_runner *f = *state;
	struct store_batches list;

	begin(f);
	assert_int_equal(put(f, &(struct told){ .at = 10, .rows = 5, .state = "running", .why = "" }), GH_OK);
	assert_int_equal(
	    put(f, &(struct told){ .at = 20, .rows = 9, .state = "waiting", .why = "a replica" }), GH_OK);
	assert_int_equal(store_batch_list(f->runner->store, &f->arena, run_id, &list, &f->err), GH_OK);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.rows[0].started_at, 10);
	assert_int_equal(list.rows[0].at, 20);
	assert_string_equal(list.rows[0].state, "waiting");
	assert_string_equal(list.rows[0].cursor, "k");
	assert_int_equal(list.rows[0].batches, 3);
	assert_int_equal(list.rows[0].rows, 9);
	assert_int_equal(list.rows[0].passed, 10);
	assert_int_equal(list.rows[0].expected, 1000);
	assert_int_equal(list.rows[0].size, 50);
	assert_int_equal(list.rows[0].batch_us, 2500);
	assert_int_equal(list.rows[0].pause_ms, 100);
	assert_string_equal(list.rows[0].why, "a replica");
	assert_int_equal(list.rows[0].left_out, 2);
}

static void
points_are_a_second_apart_and_at_most_500(void **state)
{
	struct fixture_runner *f = *state;
	struct store_batch_points p;
	int64_t i, gap = 0;
	size_t k;

	begin(f);
	/* Four frames a second, for an hour. */
	for (i = 0; i < 4 * 3600; i++)
		assert_int_equal(
		    put(f,
			&(struct told){
			    .at = GH_SECOND + i * 250000, .rows = i, .state = "running", .why = "" }),
		    GH_OK);
	assert_int_equal(store_batch_points(f->runner->store, &f->arena, run_id, 0, &p, &f->err), GH_OK);
	assert_in_range(p.n, 200, 500);
	assert_int_equal(p.rows[0].at, GH_SECOND);
	assert_true(p.rows[p.n - 1].at > 3580 * GH_SECOND);
	for (k = 1; k < p.n; k++) {
		assert_true(p.rows[k].at - p.rows[k - 1].at >= GH_SECOND);
		gap = p.rows[k].at - p.rows[k - 1].at > gap ? p.rows[k].at - p.rows[k - 1].at : gap;
	}
	/* Evenly enough for a line. */
	assert_true(gap < 40 * GH_SECOND);
	assert_int_equal(p.rows[1].rows, (p.rows[1].at - GH_SECOND) / 250000);
}

static void
rows_left_out_are_listed_in_their_order(void **state)
{
	struct fixture_runner *f = *state;
	struct store_batch_rows rows;

	begin(f);
	/* Of a batch that is not known. */
	assert_int_not_equal(put_row(f, "9"), GH_OK);
	f->err = (struct gh_err){ 0 };
	assert_int_equal(put(f, &(struct told){ .at = 10, .state = "running", .why = "" }), GH_OK);
	assert_int_equal(put_row(f, "9"), GH_OK);
	assert_int_equal(put_row(f, "10"), GH_OK);
	assert_int_equal(store_batch_rows(f->runner->store, &f->arena, run_id, 0, &rows, &f->err), GH_OK);
	assert_int_equal(rows.n, 2);
	assert_string_equal(rows.rows[0].key, "9");
	assert_string_equal(rows.rows[1].key, "10");
	assert_string_equal(rows.rows[1].sqlstate, "23514");
	assert_string_equal(
	    fixture_value(f, "SELECT text FROM event WHERE run_id = ?1 ORDER BY seq DESC LIMIT 1", run_id),
	    "left out the row with the key 10: n < 50 (23514)");
}

static void
a_wrong_frame_is_a_corrupt_journal(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	assert_int_equal(
	    put(f, &(struct told){ .at = 10, .state = "running", .why = "", .short_of_one = true }),
	    GH_BAD_INPUT);
	assert_non_null(strstr(f->err.msg, "a frame BATCH has wrong fields"));
	f->err = (struct gh_err){ 0 };
	assert_int_equal(put(f, &(struct told){ .at = 10, .state = "resting", .why = "" }), GH_BAD_INPUT);
	assert_non_null(strstr(f->err.msg, "a batch is \"resting\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(the_newest_state_is_kept),
		FIXTURE_TEST(points_are_a_second_apart_and_at_most_500),
		FIXTURE_TEST(rows_left_out_are_listed_in_their_order),
		FIXTURE_TEST(a_wrong_frame_is_a_corrupt_journal),
	};

	return cmocka_run_group_tests_name("runner/follow_batch", tests, NULL, NULL);
}
