#include "base/ban.h"
#include "tests/cgi/http.h"

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
shows_the_sql_and_the_facts(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_ok(h->f, fixture_exec(h->f, "DROP TRIGGER plan_stays"));
	assert_ok(h->f,
	    fixture_exec(h->f,
		"UPDATE plan SET bytes = CAST(replace('gatehouse-plan 4|direction up|policy 5|backup 1|"
		"lock_timeout_ms 5000|statement_timeout_ms 0|rollback_on_failure 1||after 0003_orders_status|"
		"migrations 3|', '|', char(10)) AS BLOB)"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "0004");
	assert_says(h, "0006");
	assert_says(h, "What would run");
	assert_says(h, "shop_production");
	assert_says(h, "taken before anything runs");
	assert_says(h, "0003_orders_status");
	assert_says(h, "lock 5.0 s, statement none");
	assert_says(h, "taken back with the down SQL");
	assert_says(h, "viewer");
	assert_says(h, "Approvals: 0 of 1");
}

static void
says_when_not_all_of_the_sql_is_shown(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says_not(h, "Not all of the SQL is shown");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE plan_statement SET sql = printf('%.*c', 300000, 'x')"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "Not all of the SQL is shown");
	assert_says(h, "SHA-256 ");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/5"), 200);
	assert_says(h, "This is your own request");
}

static void
says_what_runs_outside_a_transaction(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says_not(h, "runs outside a transaction");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE plan_statement SET alone = 1, tx_group = 0"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "runs outside a transaction");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE plan_migration SET batched = 1"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "in batches, a transaction each");
	assert_says_not(h, "outside a transaction");
}

static void
lets_another_lead_decide_with_the_digest(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "action=\"/requests/5/approve\"");
	assert_says(h, "name=\"digest\" value=\"");
	assert_says(h, "name=\"password\"");
	assert_says(h, "action=\"/requests/5/refuse\"");
	assert_says_not(h, "/withdraw\"");
}

static void
lets_nobody_approve_their_own(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_ok(h->f, fixture_exec(h->f, "UPDATE request SET person_id = 2 WHERE id = 5"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "This is your own request");
	assert_says(h, "action=\"/requests/5/withdraw\"");
	assert_says_not(h, "/approve\"");
	assert_says_not(h, "name=\"password\"");
}

static void
tells_a_viewer_that_a_lead_decides(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_ok(h->f, fixture_exec(h->f, "UPDATE request SET person_id = 3 WHERE id = 5"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/5"), 200);
	assert_says(h, "A lead decides");
	assert_says_not(h, "/approve\"");
	assert_says_not(h, "/withdraw\"");
}

static void
offers_nothing_after_its_time(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_ok(h->f, fixture_exec(h->f, "UPDATE request SET expires_at = 1 WHERE id = 5"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "Its time is over");
	assert_says_not(h, "/approve\"");
}

static void
explains_why_it_is_stale(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_ok(h->f,
	    fixture_exec(h->f,
		"UPDATE request SET state = 'stale', state_text = '0005_x.sql changed since.' WHERE id = 5"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "This plan no longer fits");
	assert_says(h, "0005_x.sql changed since.");
	assert_says_not(h, "/approve\"");
}

static void
lets_an_admin_withdraw(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_int_equal(http_get(h, FIXTURE_ADMIN, "/requests/5"), 200);
	assert_says(h, "action=\"/requests/5/withdraw\"");
	assert_says_not(h, "/approve\"");
}

static void
leads_to_its_run(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/2"), 200);
	assert_says(h, "href=\"/runs/2\"");
	assert_says(h, "failed clean");
	assert_says_not(h, "/approve\"");
}

static void
keeps_tokens_out_of_json(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5?format=json"), 200);
	assert_says(h, "\"state\":\"waiting\"");
	assert_says(h, "\"run\":0");
	assert_says_not(h, "csrf");
}

static void
knows_no_other_request(void **state)
{
	struct http *h = *state;

	keep_waiting(h);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/77"), 404);
	assert_says(h, "does not exist");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_the_sql_and_the_facts),
		T(says_when_not_all_of_the_sql_is_shown),
		T(says_what_runs_outside_a_transaction),
		T(lets_another_lead_decide_with_the_digest),
		T(lets_nobody_approve_their_own),
		T(tells_a_viewer_that_a_lead_decides),
		T(offers_nothing_after_its_time),
		T(explains_why_it_is_stale),
		T(lets_an_admin_withdraw),
		T(leads_to_its_run),
		T(keeps_tokens_out_of_json),
		T(knows_no_other_request),
	};

	return cmocka_run_group_tests_name("cgi/page_request", tests, NULL, NULL);
}
