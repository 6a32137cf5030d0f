#include "base/ban.h"
#include "tests/cgi/http.h"

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_LEAD, "/runs/4/extend", WIRE_RUN_EXTEND, "run/4", "minutes=30&reason=why"),
	    303);
	assert_string_equal(h->reply.location, "/runs/4");
	http_asked(h, FIXTURE_LEAD, WIRE_RUN_EXTEND, "run/4");
	assert_int_equal(wire_i64(&h->fields), 4);
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "why");
	assert_true(wire_i64(&h->fields) > INT64_C(30) * 60 * 1000000);
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
asks_nobody_when_the_form_is_wrong(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_LEAD, "/runs/4/extend", WIRE_RUN_EXTEND, "run/4", "minutes=30"), 422);
	assert_says(h, "Reason");
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_LEAD, "/runs/4/extend", WIRE_RUN_EXTEND, "run/4",
		"minutes=30&reason=why" };

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

	return cmocka_run_group_tests_name("cgi/act_run_extend", tests, NULL, NULL);
}
