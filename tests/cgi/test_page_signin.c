#include "base/ban.h"
#include "tests/cgi/http.h"

static void
shows_a_form_to_everybody(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, 0, "/signin?next=%2Fruns%2F3"), 200);
	assert_says(h, "action=\"/signin\"");
	assert_says(h, "name=\"next\" value=\"/runs/3\"");
	assert_says_not(h, "expired");
}

static void
says_that_a_session_has_expired(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, 0, "/signin?next=%2F&expired=1"), 200);
	assert_says(h, "Your session has expired");
}

static void
forgets_where_it_shall_not_lead(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, 0, "/signin?next=https%3A%2F%2Fevil.test%2F"), 200);
	assert_says(h, "name=\"next\" value=\"/\"");
	assert_int_equal(http_get(h, 0, "/signin?next=%2F%2Fevil.test"), 200);
	assert_says(h, "name=\"next\" value=\"/\"");
}

static void
is_there_without_a_store(void **state)
{
	struct http *h = *state;

	h->app.source.folder = "/nonexistent";
	assert_int_equal(http_get(h, 0, "/signin"), 200);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_a_form_to_everybody),
		T(says_that_a_session_has_expired),
		T(forgets_where_it_shall_not_lead),
		T(is_there_without_a_store),
	};

	return cmocka_run_group_tests_name("cgi/page_signin", tests, NULL, NULL);
}
