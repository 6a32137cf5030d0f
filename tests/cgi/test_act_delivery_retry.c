#include "base/ban.h"
#include "tests/cgi/http.h"

static void
asks_the_runner_and_goes_back_to_the_list(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_LEAD, "/deliveries/7/retry", WIRE_DELIVERY_RETRY, "delivery/7", ""), 303);
	assert_string_equal(h->reply.location, "/deliveries");
	http_asked(h, FIXTURE_LEAD, WIRE_DELIVERY_RETRY, "delivery/7");
	assert_int_equal(wire_i64(&h->fields), 7);
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
takes_no_other_field(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_LEAD, "/deliveries/7/retry", WIRE_DELIVERY_RETRY, "delivery/7", "note=x"),
	    400);
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_LEAD, "/deliveries/7/retry", WIRE_DELIVERY_RETRY, "delivery/7",
		"" };

	http_refused(h, &act, GH_CONFLICT, "delivery 7 is sent: only one that failed is tried again", 409);
	assert_says(h, "href=\"/deliveries\"");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(asks_the_runner_and_goes_back_to_the_list),
		T(takes_no_other_field),
		T(shows_why_the_runner_refused),
	};

	return cmocka_run_group_tests_name("cgi/act_delivery_retry", tests, NULL, NULL);
}
