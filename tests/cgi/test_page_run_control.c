#include "base/ban.h"
#include "tests/cgi/http.h"

/* Run 4 is under way, run 1 has ended. */
static void
asks_why_and_says_what_will_happen(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/runs/4/control?do=pause"), 200);
	assert_says(h, "Pause run 4");
	assert_says(h, "carried to its end");
	assert_says(h, "action=\"/runs/4/pause\"");
	assert_says(h, "name=\"reason\"");
	assert_says_not(h, "name=\"minutes\"");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/runs/4/control?do=cancel"), 200);
	assert_says(h, "button danger");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/runs/4/control?do=extend"), 200);
	assert_says(h, "name=\"minutes\"");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/runs/4/control?do=speed"), 200);
	assert_says(h, "name=\"size\"");
}

static void
offers_nothing_for_a_run_that_has_ended(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/runs/1/control?do=cancel"), 200);
	assert_says(h, "The run is not under way");
	assert_says_not(h, "<form class=\"form line\"");
}

static void
knows_no_other_act(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/runs/4/control?do=explode"), 400);
	assert_says(h, "o is pause, resume, cancel, extend or speed");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/runs/4/control"), 400);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/runs/999/control?do=pause"), 404);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(asks_why_and_says_what_will_happen),
		T(offers_nothing_for_a_run_that_has_ended),
		T(knows_no_other_act),
	};

	return cmocka_run_group_tests_name("cgi/page_run_control", tests, NULL, NULL);
}
