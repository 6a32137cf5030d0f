#include "base/ban.h"
#include "tests/cgi/http.h"

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;
	GH_SECRET secret = { 0 };
	struct wire_out out = http_answer(h);

	wire_put_i64(&out, 9);
	assert_int_equal(http_post(h, FIXTURE_LEAD, "/requests/5/approve", WIRE_REQUEST_APPROVE, "request/5",
			     "digest=abc&comment=fine&password=pass+word"),
	    303);
	assert_string_equal(h->reply.location, "/runs/9");
	http_asked(h, FIXTURE_LEAD, WIRE_REQUEST_APPROVE, "request/5");
	assert_int_equal(wire_i64(&h->fields), 5);
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "abc");
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "fine");
	wire_secret(&h->fields, &secret);
	assert_string_equal((const char *)secret.data, "pass word");
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
goes_on_to_the_request(void **state)
{
	struct http *h = *state;
	struct wire_out out = http_answer(h);

	wire_put_i64(&out, 0);
	assert_int_equal(http_post(h, FIXTURE_LEAD, "/requests/5/approve", WIRE_REQUEST_APPROVE, "request/5",
			     "digest=abc&comment=fine&password=pass+word"),
	    303);
	assert_string_equal(h->reply.location, "/requests/5");
}

static void
asks_nobody_when_the_form_is_wrong(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_post(h, FIXTURE_LEAD, "/requests/5/approve", WIRE_REQUEST_APPROVE, "request/5",
			     "digest=abc&comment=fine"),
	    422);
	assert_says(h, "Password is missing");
	assert_says(h, "fine</pre>");
	assert_int_equal(http_post(h, FIXTURE_LEAD, "/requests/5/approve", WIRE_REQUEST_APPROVE, "request/5",
			     "comment=fine&password=x"),
	    422);
	assert_says(h, "Plan digest is missing");
	assert_says(h, "fine</pre>");
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_LEAD, "/requests/5/approve", WIRE_REQUEST_APPROVE, "request/5",
		"digest=abc&comment=fine&password=pass+word" };

	http_refused(h, &act, GH_CONFLICT, "0005_x.sql changed since", 409);
	assert_says_not(h, "pass word");
	assert_says(h, "fine</pre>");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(sends_what_was_filled_in),
		T(goes_on_to_the_request),
		T(asks_nobody_when_the_form_is_wrong),
		T(shows_why_the_runner_refused),
	};

	return cmocka_run_group_tests_name("cgi/act_request_approve", tests, NULL, NULL);
}
