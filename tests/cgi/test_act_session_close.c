#include "base/ban.h"
#include "tests/cgi/http.h"

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_post(h, FIXTURE_VIEWER, "/signout", WIRE_SESSION_CLOSE, "session/0", ""), 303);
	assert_string_equal(h->reply.location, "/signin");
	assert_string_equal(h->reply.cookie, "gatehouse=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
	http_asked(h, FIXTURE_VIEWER, WIRE_SESSION_CLOSE, "session/0");
	assert_int_equal(wire_i64(&h->fields), 0);
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
asks_nobody_when_the_form_is_wrong(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_VIEWER, "/signout", WIRE_SESSION_CLOSE, "session/0", "id=1"), 400);
	assert_says(h, "no field id");
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_VIEWER, "/signout", WIRE_SESSION_CLOSE, "session/0", "" };

	http_refused(h, &act, GH_CONFLICT, "not in this state", 409);
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

	return cmocka_run_group_tests_name("cgi/act_session_close", tests, NULL, NULL);
}
