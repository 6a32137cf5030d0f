#include "base/ban.h"
#include "tests/cgi/http.h"

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_post(h, FIXTURE_LEAD, "/runs/4/speed", WIRE_RUN_SPEED, "run/4",
			     "size=500&pause=20&reason=why"),
	    303);
	assert_string_equal(h->reply.location, "/runs/4");
	http_asked(h, FIXTURE_LEAD, WIRE_RUN_SPEED, "run/4");
	assert_int_equal(wire_i64(&h->fields), 4);
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "why");
	assert_int_equal(wire_i64(&h->fields), 500);
	assert_int_equal(wire_i64(&h->fields), 20);
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
what_is_left_empty_stays(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_LEAD, "/runs/4/speed", WIRE_RUN_SPEED, "run/4", "size=&pause=0&reason=why"),
	    303);
	http_asked(h, FIXTURE_LEAD, WIRE_RUN_SPEED, "run/4");
	assert_int_equal(wire_i64(&h->fields), 4);
	(void)wire_text(&h->fields, &h->f->arena);
	assert_int_equal(wire_i64(&h->fields), -1);
	assert_int_equal(wire_i64(&h->fields), 0);
}

static void
asks_nobody_when_the_form_is_wrong(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_LEAD, "/runs/4/speed", WIRE_RUN_SPEED, "run/4", "size=x&reason=why"), 422);
	assert_says(h, "Rows in a batch");
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_LEAD, "/runs/4/speed", WIRE_RUN_SPEED, "run/4",
		"size=500&pause=20&reason=why" };

	http_refused(h, &act, GH_CONFLICT, "not in this state", 409);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(sends_what_was_filled_in),
		T(what_is_left_empty_stays),
		T(asks_nobody_when_the_form_is_wrong),
		T(shows_why_the_runner_refused),
	};

	return cmocka_run_group_tests_name("cgi/act_run_speed", tests, NULL, NULL);
}
