#include "base/ban.h"
#include "tests/cgi/http.h"

static void
has_a_form(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents/new"), 200);
	assert_says(h, "action=\"/incidents\"");
	assert_says(h, "name=\"severity\" value=\"medium\" checked");
	assert_says(h, "shop_staging");
}

static void
knows_the_run_it_is_about(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents/new?run=2"), 200);
	assert_says(h, "value=\"Run 2 on shop_staging: \"");
	assert_says(h, "value=\"shop_staging\" selected");
}

static void
refuses_bad_input(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents/new?run=99"), 404);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents/new?run=x"), 400);
	assert_says(h, "Run is not a number");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents/new?target=nowhere"), 400);
	assert_says(h, "There is no target");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(has_a_form),
		T(knows_the_run_it_is_about),
		T(refuses_bad_input),
	};

	return cmocka_run_group_tests_name("cgi/page_incident_new", tests, NULL, NULL);
}
