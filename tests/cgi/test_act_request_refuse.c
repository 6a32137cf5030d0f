#include "base/ban.h"
#include "tests/cgi/http.h"

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_LEAD, "/requests/5/refuse", WIRE_REQUEST_REFUSE, "request/5", "comment=why"),
	    303);
	assert_string_equal(h->reply.location, "/requests/5");
	http_asked(h, FIXTURE_LEAD, WIRE_REQUEST_REFUSE, "request/5");
	assert_int_equal(wire_i64(&h->fields), 5);
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "why");
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
asks_nobody_when_the_form_is_wrong(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_post(h, FIXTURE_LEAD, "/requests/5/refuse", WIRE_REQUEST_REFUSE, "request/5",
			     "comment=a&extra=b"),
	    400);
	assert_says(h, "no field extra");
	assert_int_equal(
	    http_post(h, FIXTURE_LEAD, "/requests/5/refuse", WIRE_REQUEST_REFUSE, "request/5", "comment=%zz"),
	    400);
	assert_says(h, "percent sign");
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_LEAD, "/requests/5/refuse", WIRE_REQUEST_REFUSE, "request/5",
		"comment=why" };

	http_refused(h, &act, GH_CONFLICT, "not in this state", 409);
	assert_says(h, "why</pre>");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(sends_what_was_filled_in),
		T(asks_nobody_when_the_form_is_wrong),
		T(shows_why_the_runner_refused),
	};

	return cmocka_run_group_tests_name("cgi/act_request_refuse", tests, NULL, NULL);
}
