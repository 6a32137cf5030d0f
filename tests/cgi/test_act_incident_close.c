#include "base/ban.h"
#include "tests/cgi/http.h"

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_LEAD, "/incidents/1/close", WIRE_INCIDENT_CLOSE, "incident/1", "text=over"),
	    303);
	assert_string_equal(h->reply.location, "/incidents/1");
	http_asked(h, FIXTURE_LEAD, WIRE_INCIDENT_CLOSE, "incident/1");
	assert_int_equal(wire_i64(&h->fields), 1);
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "over");
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
asks_nobody_when_the_form_is_wrong(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_LEAD, "/incidents/1/close", WIRE_INCIDENT_CLOSE, "incident/1", "note=x"),
	    400);
	assert_says(h, "no field note");
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_LEAD, "/incidents/1/close", WIRE_INCIDENT_CLOSE, "incident/1",
		"text=over" };

	http_refused(h, &act, GH_FORBIDDEN, "your roles do not allow this", 403);
	assert_says(h, "over</pre>");
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

	return cmocka_run_group_tests_name("cgi/act_incident_close", tests, NULL, NULL);
}
