#include "base/ban.h"
#include "tests/cgi/http.h"

#include "store/batch_write.h"

static void
put(struct http *h, const struct store_batch *b)
{
	assert_ok(h->f, store_batch_put(&h->f->store, 4, b, &h->f->err));
}

/* Run 4 is under way: a minute of batches. */
static void
fill(struct http *h, const char *state, const char *why)
{
	const struct store_batch_row row = { "17", "23514", "new row violates \"orders_total\"" };
	struct store_batch b = { .started_at = GH_SECOND,
		.state = "running",
		.cursor = "0",
		.expected = 400000,
		.size = 5000,
		.batch_us = 480000,
		.pause_ms = 100,
		.why = "" };
	STORE_TX tx = { 0 };
	int64_t i;

	assert_ok(h->f, store_begin(&h->f->store, &tx, &h->f->err));
	for (i = 1; i <= 30; i++) {
		b.at = i * 2 * GH_SECOND;
		b.rows = b.passed = i * 4000;
		b.batches = i;
		if (i == 30) {
			b.state = state;
			b.why = why;
			b.left_out = 1;
			b.cursor = "120000";
		}
		put(h, &b);
	}
	assert_ok(h->f, store_batch_row_add(&h->f->store, 4, 0, &row, &h->f->err));
	assert_ok(h->f, store_commit(&tx, &h->f->err));
}

static void
shows_how_far_and_how_fast(void **state)
{
	struct http *h = *state;

	fill(h, "waiting", "standby1 is 14 s behind, allowed are 10 s");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/4"), 200);
	assert_says(h, "120,000 of 400,000");
	assert_says(h, "value=\"30\"");
	assert_says(h, "2,000 rows/s");
	assert_says(h, "about 2 min");
	assert_says(h, "standby1 is 14 s behind");
	assert_says(h, "class=\"chart-line\" d=\"M0 ");
	assert_says(h, "between 2,000 and 2,000");
	assert_says(h, "23514");
	assert_says(h, "violates &quot;orders_total&quot;");
	assert_says(h, "/runs/4/control?do=speed");
}

static void
offers_no_speed_when_it_is_done(void **state)
{
	struct http *h = *state;

	fill(h, "done", "");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/4"), 200);
	assert_says_not(h, "do=speed");
	assert_says_not(h, "<dt>Left</dt>");
}

static void
is_not_there_without_batches(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/1"), 200);
	assert_says_not(h, "In batches");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_how_far_and_how_fast),
		T(offers_no_speed_when_it_is_done),
		T(is_not_there_without_batches),
	};

	return cmocka_run_group_tests_name("cgi/run_batch", tests, NULL, NULL);
}
