#include "base/ban.h"
#include "tests/cgi/http.h"

static void
asks_for_the_plan_of_the_request(void **state)
{
	struct http *h = *state;
	struct wire_out out = http_answer(h);

	wire_put_i64(&out, 7);
	assert_int_equal(
	    http_post(h, FIXTURE_VIEWER, "/requests/5/rehearse", WIRE_REHEARSAL_ADD, "request/5", ""), 303);
	assert_string_equal(h->reply.location, "/requests/5");
	http_asked(h, FIXTURE_VIEWER, WIRE_REHEARSAL_ADD, "request/5");
	assert_int_equal(wire_i64(&h->fields), 5);
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_VIEWER, "/requests/5/rehearse", WIRE_REHEARSAL_ADD, "request/5",
		"" };

	http_refused(h, &act, GH_CONFLICT, "it is being rehearsed already", 409);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(asks_for_the_plan_of_the_request),
		T(shows_why_the_runner_refused),
	};

	return cmocka_run_group_tests_name("cgi/act_rehearsal_add", tests, NULL, NULL);
}
