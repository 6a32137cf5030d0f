#include "base/ban.h"
#include "tests/cgi/http.h"

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;
	struct wire_out out = http_answer(h);

	wire_put_i64(&out, 4);
	assert_int_equal(http_post(h, FIXTURE_VIEWER, "/incidents", WIRE_INCIDENT_OPEN, "incident",
			     "title=Slow&severity=low&target=shop_staging&text=one%0D%0Atwo"),
	    303);
	assert_string_equal(h->reply.location, "/incidents/4");
	http_asked(h, FIXTURE_VIEWER, WIRE_INCIDENT_OPEN, "incident");
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "Slow");
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "low");
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "shop_staging");
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "one\ntwo");
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
asks_nobody_when_the_form_is_wrong(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_post(h, FIXTURE_VIEWER, "/incidents", WIRE_INCIDENT_OPEN, "incident",
			     "title=Slow&severity=low"),
	    422);
	assert_says(h, "What happened is missing");
	assert_says(h, "Slow</pre>");
	assert_int_equal(http_post(h, FIXTURE_VIEWER, "/incidents", WIRE_INCIDENT_OPEN, "incident",
			     "title=a%0Ab&severity=low&text=x"),
	    422);
	assert_says(h, "control character");
	assert_says(h, "low</pre>");
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_VIEWER, "/incidents", WIRE_INCIDENT_OPEN, "incident",
		"title=Slow&severity=low&target=shop_staging&text=one%0D%0Atwo" };

	http_refused(h, &act, GH_CONFLICT, "not in this state", 409);
	assert_says(h, "one\ntwo</pre>");
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

	return cmocka_run_group_tests_name("cgi/act_incident_open", tests, NULL, NULL);
}
