#include "base/ban.h"
#include "tests/cgi/http.h"
#include "store/message_write.h"

/* Two messages, three deliveries: one sent, one failed, one that waits for its second attempt. */
static void
fill(struct http *h)
{
	assert_ok(h->f,
	    fixture_exec(h->f,
		"INSERT INTO message (id, event, request_id, run_id, target_id, subject, body, created_at) "
		"VALUES (1, 'approval', 5, NULL, 3, 'Approval needed: <b>0004</b>', 'b', "
		"1795255000000000), (2, 'failed', 2, 2, 2, 'Database migration failed', 'b', "
		"1795255100000000);"
		"INSERT INTO delivery VALUES (1, 1, 'ops', 'slack', 'sent', 1, 5, 1795255010000000, 'HTTP "
		"200: ok'),"
		" (2, 2, 'mail', 'email', 'failed', 8, 5, NULL, 'SMTP 550 no such <user>'),"
		" (3, 2, 'ops', 'slack', 'waiting', 1, 1795255300000000, NULL, 'HTTP 500')"));
}

static void
lists_deliveries_newest_first(void **state)
{
	struct http *h = *state;
	const char *body;

	fill(h);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/deliveries"), 200);
	assert_says(h, "Approval needed: &lt;b&gt;0004&lt;/b&gt;");
	assert_says(h, "href=\"/requests/5\"");
	assert_says(h, "href=\"/runs/2\"");
	/* Of a task, or of a target alone. */
	assert_ok(
	    h->f, fixture_exec(h->f, "UPDATE message SET run_id = NULL, request_id = NULL WHERE id = 2"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/deliveries"), 200);
	assert_says(h, "href=\"/targets/");
	assert_says_not(h, "/requests/0");
	assert_says(h, "SMTP 550 no such &lt;user&gt;");
	assert_says(h, "8 attempts");
	assert_says(h, "next <time");
	body = gh_text_str(&h->reply.body);
	assert_true(strstr(body, "id=\"d3\"") < strstr(body, "id=\"d1\""));
}

static void
offers_another_try_of_a_failed_one_to_those_who_may(void **state)
{
	struct http *h = *state;

	fill(h);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/deliveries"), 200);
	assert_says(h, "action=\"/deliveries/2/retry\"");
	assert_says_not(h, "/deliveries/1/retry");
	assert_says_not(h, "/deliveries/3/retry");
	assert_int_equal(http_get(h, FIXTURE_ADMIN, "/deliveries"), 200);
	assert_says(h, "/deliveries/2/retry");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/deliveries"), 200);
	assert_says_not(h, "/retry");
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/deliveries"), 200);
	assert_says_not(h, "/retry");
}

static void
filters_by_state_and_channel(void **state)
{
	struct http *h = *state;

	fill(h);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/deliveries?state=failed"), 200);
	assert_says(h, "id=\"d2\"");
	assert_says_not(h, "id=\"d1\"");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/deliveries?channel=ops&state=waiting"), 200);
	assert_says(h, "id=\"d3\"");
	assert_says_not(h, "id=\"d1\"");
	assert_says(h, "<option value=\"ops\" selected>");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/deliveries?channel=mail&state=sending"), 200);
	assert_says(h, "No delivery matches");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/deliveries?channel=nowhere"), 400);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/deliveries?state=lost"), 400);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/deliveries?before=2"), 200);
	assert_says_not(h, "id=\"d2\"");
	assert_says(h, "id=\"d1\"");
}

static void
says_what_to_configure_when_there_is_none(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/deliveries"), 200);
	assert_says(h, "No delivery yet");
	assert_says(h, "notify \"ops\" {");
}

static void
is_csv_and_json_without_forms(void **state)
{
	struct http *h = *state;

	fill(h);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/deliveries?format=csv"), 200);
	assert_says(h,
	    "id,created_at,event,subject,target,environment,request,run,url,channel,kind,state,"
	    "attempts,tries,next_at,sent_at,answer,retry");
	assert_says_not(h, "csrf");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/deliveries?format=json"), 200);
	assert_says(h, "\"answer\":\"HTTP 200: ok\"");
	assert_says(h, "\"attempts\":8");
	assert_says_not(h, "csrf");
}

static void
needs_somebody_who_is_signed_in(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, 0, "/deliveries"), 303);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(lists_deliveries_newest_first),
		T(offers_another_try_of_a_failed_one_to_those_who_may),
		T(filters_by_state_and_channel),
		T(says_what_to_configure_when_there_is_none),
		T(is_csv_and_json_without_forms),
		T(needs_somebody_who_is_signed_in),
	};

	return cmocka_run_group_tests_name("cgi/page_deliveries", tests, NULL, NULL);
}
