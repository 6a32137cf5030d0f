#include "base/ban.h"
#include "tests/cgi/http.h"

static void
says_what_marking_does(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_get(h, FIXTURE_VIEWER, "/requests/repair?target=shop_production&act=mark&goal=0004_x"), 200);
	assert_says(h, "Mark as applied");
	assert_says(h, "None of its SQL runs");
	assert_says(h, "name=\"direction\" value=\"mark\"");
	assert_says(h, "name=\"goal\" value=\"0004_x\"");
	assert_says(h, "asks for 1 approval");
}

static void
says_what_dropping_does(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_get(h, FIXTURE_VIEWER, "/requests/repair?target=shop_production&act=drop-index&goal=2%2F0"),
	    200);
	assert_says(h, "DROP INDEX CONCURRENTLY");
	assert_says(h, "name=\"direction\" value=\"repair\"");
	assert_says(h, "name=\"goal\" value=\"2/0\"");
}

static void
knows_no_other_act_and_target(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_get(h, FIXTURE_VIEWER, "/requests/repair?target=shop_production&act=drop&goal=x"), 400);
	assert_says(h, "ct is mark or drop-index");
	assert_int_equal(
	    http_get(h, FIXTURE_VIEWER, "/requests/repair?target=shop_production&act=mark"), 400);
	assert_says(h, "oal is missing");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/repair?target=none&act=mark&goal=x"), 404);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(says_what_marking_does),
		T(says_what_dropping_does),
		T(knows_no_other_act_and_target),
	};

	return cmocka_run_group_tests_name("cgi/page_request_repair", tests, NULL, NULL);
}
