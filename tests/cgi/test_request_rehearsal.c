#include "base/ban.h"
#include "tests/cgi/http.h"

#include "store/loss_write.h"
#include "store/rehearsal_write.h"

/* Request 5 waits, its plan is FIXTURE_PLAN. */
static void
rehearse(struct http *h, bool good)
{
	struct store *st = &h->f->store;
	struct gh_err *err = &h->f->err;
	struct store_rehearsal place = {
		.place = "a cluster of its own", .text = "The schema only.", .tables = 4
	};
	const struct store_rehearsal_step step = { .pass = 1,
		.state = "ok",
		.took_us = 1200,
		.rows = 1204,
		.blocks = -1,
		.wal_bytes = 8192,
		.locks = "public.orders ACCESS EXCLUSIVE\npublic.customers SHARE",
		.rewritten = "public.orders",
		.error = "",
		.line = 4,
		.kind = "ALTER TABLE" };
	const struct store_rehearsal_migration m = { 0, good ? "exact" : "differs",
		good ? "" : "index public.orders_old", !good, "See below." };
	struct store_rehearsal_move move = { "queued", "running", "", false, 5 };
	STORE_TX tx = { 0 };

	assert_ok(h->f, store_begin(st, &tx, err));
	assert_ok(h->f, store_rehearsal_add(st, FIXTURE_PLAN, FIXTURE_LEAD, 4, &place.id, err));
	assert_ok(h->f, store_rehearsal_move(st, place.id, &move, err));
	assert_ok(h->f, store_rehearsal_place(st, &place, err));
	assert_ok(h->f, store_rehearsal_step_put(st, place.id, &step, err));
	assert_ok(h->f, store_rehearsal_migration_put(st, place.id, &m, err));
	move = (struct store_rehearsal_move){ "running", "done", "The schema only.", good, 6 };
	assert_ok(h->f, store_rehearsal_move(st, place.id, &move, err));
	assert_ok(h->f, store_commit(&tx, err));
}

static void
offers_to_rehearse(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "It was not rehearsed");
	assert_says(h, "action=\"/requests/5/rehearse\"");
	assert_says(h, "Rehearse it on a copy");
}

static void
shows_what_the_rehearsal_found(void **state)
{
	struct http *h = *state;

	rehearse(h, false);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "the way back leaves another schema");
	assert_says(h, "the way back destroys data");
	assert_says(h, "index public.orders_old");
	assert_says(h, "public.orders ACCESS EXCLUSIVE</span>");
	assert_says(h, "1,204");
	assert_says(h, "8.0 kB");
	assert_says(h, "Rehearse it again");
	rehearse(h, true);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "the way back is exact");
	assert_says_not(h, "the way back destroys data");
}

static void
counts_what_would_be_lost(void **state)
{
	struct http *h = *state;
	const struct store_loss loss = { .object = "public.orders.note",
		.there = 18204,
		.since = 311,
		.text = "public.orders.note: 18,204 values, 311 in rows written since the run" };
	STORE_TX tx = { 0 };

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says_not(h, "What it would destroy");
	assert_ok(h->f, store_begin(&h->f->store, &tx, &h->f->err));
	assert_ok(h->f, store_count_put(&h->f->store, FIXTURE_PLAN, "running", "", 0, &h->f->err));
	assert_ok(h->f, store_commit(&tx, &h->f->err));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "It is being counted");
	assert_ok(h->f, store_begin(&h->f->store, &tx, &h->f->err));
	assert_ok(h->f, store_count_put(&h->f->store, FIXTURE_PLAN, "done", "", 5, &h->f->err));
	assert_ok(h->f, store_loss_add(&h->f->store, FIXTURE_PLAN, &loss, &h->f->err));
	assert_ok(h->f, store_commit(&tx, &h->f->err));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "18,204 values, 311 in rows written since the run");
	assert_says(h, "Counted in shop_production");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(offers_to_rehearse),
		T(shows_what_the_rehearsal_found),
		T(counts_what_would_be_lost),
	};

	return cmocka_run_group_tests_name("cgi/request_rehearsal", tests, NULL, NULL);
}
