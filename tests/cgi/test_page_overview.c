#include "base/ban.h"
#include "tests/cgi/http.h"

#include "store/guard_write.h"

/* The fixture's times are fixed, the clock is not: request 5 waits until next week. */
static void
keep_waiting(struct http *h)
{
	assert_ok(h->f, fixture_exec(h->f, "DROP TRIGGER request_stays"));
	assert_ok(h->f,
	    fixture_exec(
		h->f, "UPDATE request SET expires_at = (unixepoch('now') + 604800) * 1000000 WHERE id = 5"));
}

static void
shows_each_environment_in_order(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/"), 200);
	assert_says(h, ">shop_development</a>");
	assert_says(h, "up to date");
	assert_says(h, ">shop_staging</a>");
	assert_says(h, ">shop_production</a>");
	assert_says(h, "3 pending");
	assert_says(h, "1 of 3 targets is up to date");
	const char *body = gh_text_str(&h->reply.body);
	assert_true(strstr(body, ">shop_development</a>") < strstr(body, ">shop_staging</a>"));
	assert_true(strstr(body, ">shop_staging</a>") < strstr(body, ">shop_production</a>"));
}

static void
tells_a_lead_what_waits_for_approval(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/"), 200);
	assert_says(h, "href=\"/requests/5\">Approve request 5</a>");
	assert_says(h, "Incident 1");
	assert_says(h, "1 file refused");
}

static void
does_not_tell_others(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/"), 200);
	assert_says(h, "Incident 1");
	assert_says_not(h, "Approve request");
}

static void
does_not_ask_for_an_own_request(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_ok(h->f, fixture_exec(h->f, "UPDATE request SET person_id = 2 WHERE id = 5"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/"), 200);
	assert_says_not(h, "Approve request 5");
	assert_int_equal(http_get(h, FIXTURE_LEAD2, "/"), 200);
	assert_says(h, "Approve request 5");
}

static void
names_targets_that_are_held_or_unreachable(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "UPDATE target SET held = 'run 4 is unknown' WHERE id = 2"));
	assert_ok(
	    h->f, fixture_exec(h->f, "UPDATE target SET reachable = 0, problem = 'no route' WHERE id = 3"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/"), 200);
	assert_says(h, "shop_staging is held");
	assert_says(h, "run 4 is unknown");
	assert_says(h, "shop_production is unreachable");
	assert_says(h, "no route");
}

static void
draws_a_mark_for_each_run(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"DROP TRIGGER IF EXISTS run_stays; UPDATE run SET started_at = unixepoch('now') * 1000000"));

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/"), 200);
	assert_says(h, "class=\"strip-good\"");
	assert_says(h, "class=\"strip-bad\"");
	assert_says(h, "class=\"strip-live\"");
	assert_says(h, "Run 2 on shop_staging: failed clean");
	assert_says(h, "4 runs: 2 succeeded, 1 failed, 1 running");
}

static void
says_what_to_do_first(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "UPDATE target SET ended_at = 1"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/"), 200);
	assert_says(h, "No target yet");
	assert_says(h, "--check-config");
	assert_says_not(h, "New request");
}

static void
asks_for_itself_again(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/"), 200);
	assert_says(h, "data-hx-trigger=\"every 3s\"");
}

static void
is_json_too(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/?format=json"), 200);
	assert_says(h, "\"lanes\":[{\"environment\":\"development\"");
	assert_says(h, "\"state\":\"pending\"");
	assert_says_not(h, "\"tone\":\"wait\",\"icon\":\"circle-dashed\"");
}

static void
is_for_people_who_are_signed_in(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, 0, "/"), 303);
}

static void
shows_how_far_a_run_is(void **state)
{
	struct http *h = *state;
	const struct store_progress p = { .at = 1,
		.activity = "running",
		.text = "statement 2 of 3",
		.done = 31,
		.total = 50,
		.unit = "rows",
		.since = 1 };
	STORE_TX tx = { 0 };

	assert_ok(h->f, store_begin(&h->f->store, &tx, &h->f->err));
	assert_ok(h->f, store_progress_put(&h->f->store, 4, &p, &h->f->err));
	assert_ok(h->f, store_commit(&tx, &h->f->err));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/"), 200);
	assert_says(h, "running 62 %");
	assert_says(h, "statement 2 of 3");
	assert_says(h, "value=\"62\"");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_each_environment_in_order),
		T(tells_a_lead_what_waits_for_approval),
		T(does_not_tell_others),
		T(does_not_ask_for_an_own_request),
		T(names_targets_that_are_held_or_unreachable),
		T(draws_a_mark_for_each_run),
		T(says_what_to_do_first),
		T(asks_for_itself_again),
		T(is_json_too),
		T(is_for_people_who_are_signed_in),
		T(shows_how_far_a_run_is),
	};

	return cmocka_run_group_tests_name("cgi/page_overview", tests, NULL, NULL);
}
