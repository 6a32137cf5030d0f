#include "base/ban.h"
#include "tests/cgi/http.h"

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;
	struct wire_out out = http_answer(h);

	wire_put_i64(&out, 12);
	assert_int_equal(http_post(h, FIXTURE_VIEWER, "/incidents/1/notes", WIRE_INCIDENT_NOTE, "incident/1",
			     "text=seen+it"),
	    303);
	assert_string_equal(h->reply.location, "/incidents/1#note-12");
	http_asked(h, FIXTURE_VIEWER, WIRE_INCIDENT_NOTE, "incident/1");
	assert_int_equal(wire_i64(&h->fields), 1);
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "seen it");
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
asks_nobody_when_the_form_is_wrong(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_VIEWER, "/incidents/1/notes", WIRE_INCIDENT_NOTE, "incident/1", "text="),
	    422);
	assert_says(h, "Note is missing");
	assert_int_equal(
	    http_post(h, FIXTURE_VIEWER, "/incidents/1/notes", WIRE_INCIDENT_NOTE, "incident/1", "text=%ff"),
	    400);
	assert_says(h, "not UTF-8");
	assert_int_equal(http_post(h, FIXTURE_VIEWER, "/incidents/1/notes", WIRE_INCIDENT_NOTE, "incident/1",
			     "text=a%00b"),
	    400);
	assert_says(h, "NUL");
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_VIEWER, "/incidents/1/notes", WIRE_INCIDENT_NOTE, "incident/1",
		"text=seen+it" };

	http_refused(h, &act, GH_CONFLICT, "not in this state", 409);
	assert_says(h, "seen it</pre>");
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

	return cmocka_run_group_tests_name("cgi/act_incident_note", tests, NULL, NULL);
}
