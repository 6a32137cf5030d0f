#include "base/ban.h"
#include "tests/cgi/http.h"

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_VIEWER, "/account/sessions/9/end", WIRE_SESSION_CLOSE, "session/9", ""),
	    303);
	assert_string_equal(h->reply.location, "/account");
	http_asked(h, FIXTURE_VIEWER, WIRE_SESSION_CLOSE, "session/9");
	assert_int_equal(wire_i64(&h->fields), 9);
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
asks_nobody_when_the_form_is_wrong(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_VIEWER, "/account/sessions/9/end", WIRE_SESSION_CLOSE, "session/9", "id=1"),
	    400);
	assert_says(h, "no field id");
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_VIEWER, "/account/sessions/9/end", WIRE_SESSION_CLOSE,
		"session/9", "" };

	http_refused(h, &act, GH_NOT_FOUND, "no such session", 404);
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

	return cmocka_run_group_tests_name("cgi/act_session_end", tests, NULL, NULL);
}
