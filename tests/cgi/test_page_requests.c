#include "base/ban.h"
#include "tests/cgi/http.h"

static void
lists_requests(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests"), 200);
	assert_says(h, "href=\"/requests/5\">5</a>");
	assert_says(h, "waiting");
	assert_says(h, "1 request waits for an approval");
	assert_says(h, "0 of 1");
	/* A request whose run failed is not shown as if all were well. */
	assert_says(h, "failed clean");
}

static void
filters_by_state(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests?state=waiting"), 200);
	assert_says(h, "href=\"/requests/5\">");
	assert_says_not(h, "href=\"/requests/1\">");
}

static void
says_that_nothing_matches(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests?state=stale"), 200);
	assert_says(h, "No request matches");
}

static void
refuses_a_bad_cursor(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests?before=zz"), 400);
	assert_says(h, "is not a number");
}

static void
is_csv_and_json(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests?format=csv"), 200);
	assert_says(h, "id,state,");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests?format=json"), 200);
	assert_says(h, "\"requests\":[{\"id\":5,\"state\":\"waiting\"");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(lists_requests),
		T(filters_by_state),
		T(says_that_nothing_matches),
		T(refuses_a_bad_cursor),
		T(is_csv_and_json),
	};

	return cmocka_run_group_tests_name("cgi/page_requests", tests, NULL, NULL);
}
