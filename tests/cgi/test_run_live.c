#include "base/ban.h"
#include "tests/cgi/http.h"

#include "store/control_write.h"
#include "store/guard_write.h"

/* Run 4 is under way. */
static void
progress(struct http *h, const struct store_progress *p)
{
	STORE_TX tx = { 0 };

	assert_ok(h->f, store_begin(&h->f->store, &tx, &h->f->err));
	assert_ok(h->f, store_progress_put(&h->f->store, 4, p, &h->f->err));
	assert_ok(h->f, store_commit(&tx, &h->f->err));
}

static void
says_what_it_does_now(void **state)
{
	struct http *h = *state;
	struct store_progress p = { .at = 1,
		.activity = "waiting",
		.text = "waiting for pid 4711 (autovacuum: VACUUM orders), 12 s",
		.unit = "",
		.since = 1 };

	progress(h, &p);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/4"), 200);
	assert_says(h, "Waiting");
	assert_says(h, "pid 4711 (autovacuum: VACUUM orders)");
	assert_says_not(h, "<progress");
	p = (struct store_progress){ .at = 2,
		.activity = "running",
		.text = "building index: scanning table",
		.done = 1200,
		.total = 4800,
		.unit = "blocks",
		.since = 1 };
	progress(h, &p);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/4"), 200);
	assert_says(h, "<progress class=\"bar\" max=\"100\" value=\"25\"");
	assert_says(h, "1,200 of 4,800 blocks");
	p.unit = "bytes";
	p.activity = "backup";
	progress(h, &p);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/4"), 200);
	assert_says(h, "1.2 kB of 4.7 kB");
}

static void
a_statement_that_gave_way_is_tried_again(void **state)
{
	struct http *h = *state;
	const struct store_progress p = {
		.at = 1, .activity = "backing-off", .text = "gave way", .unit = "", .since = 1
	};

	assert_ok(h->f,
	    fixture_exec(
		h->f, "UPDATE run_statement SET state = 'failed' WHERE run_id = 4 AND position = 0"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/4"), 200);
	assert_says(h, "stmt-failed");
	progress(h, &p);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/4"), 200);
	assert_says(h, "tries again");
	assert_says_not(h, "stmt-failed");
}

static void
offers_what_may_be_told(void **state)
{
	struct http *h = *state;
	struct store_run_detail d = {
		.control = "", .control_text = "", .control_serial = 1, .window_end = 7
	};
	STORE_TX tx = { 0 };

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/runs/4"), 200);
	assert_says(h, "/runs/4/control?do=pause");
	assert_says(h, "/runs/4/control?do=cancel");
	assert_says_not(h, "do=extend");
	d.control = "paused";
	d.control_text = "lead: the shop is busy";
	assert_ok(h->f, store_begin(&h->f->store, &tx, &h->f->err));
	assert_ok(h->f, store_control_put(&h->f->store, 4, &d, &h->f->err));
	assert_ok(h->f, store_commit(&tx, &h->f->err));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/runs/4"), 200);
	assert_says(h, "/runs/4/control?do=resume");
	assert_says(h, "lead: the shop is busy");
	assert_says(h, "do=extend");
	assert_says(h, "end of its window");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/runs/1"), 200);
	assert_says_not(h, "/control?do=");
}

static void
tells_whom_it_met(void **state)
{
	struct http *h = *state;
	const struct store_episode_session sessions[] = {
		{ false, 4801, "shop", "shop-web", "active", "SELECT '<b>'", 270 },
		{ false, 4802, "shop", "shop-web", "active", "SELECT 2", 230 },
	};
	const struct store_episode e = { .number = 1,
		.queue = true,
		.migration = 0,
		.statement = 1,
		.started_at = 5,
		.ended_at = 300005,
		.relation = "public.orders",
		.mode = "ACCESS EXCLUSIVE",
		.ending = "gave-way",
		.n = 2,
		.sessions = sessions };
	STORE_TX tx = { 0 };

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says_not(h, "id=\"locks\"");
	assert_ok(h->f, store_begin(&h->f->store, &tx, &h->f->err));
	assert_ok(h->f, store_episode_put(&h->f->store, 2, &e, &h->f->err));
	assert_ok(h->f, store_commit(&tx, &h->f->err));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says(h, "2 sessions waited behind this run");
	assert_says(h, "our statement gave way");
	assert_says(h, "after 300 ms");
	assert_says(h, "pid 4801");
	assert_says(h, "SELECT &#39;&lt;b&gt;&#39;");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(says_what_it_does_now),
		T(a_statement_that_gave_way_is_tried_again),
		T(offers_what_may_be_told),
		T(tells_whom_it_met),
	};

	return cmocka_run_group_tests_name("cgi/run_live", tests, NULL, NULL);
}
