#include "base/ban.h"
#include "tests/cgi/http.h"

static void
lists_incidents(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents"), 200);
	assert_says(h, "href=\"/incidents/1\">1</a>");
	assert_says(h, "1 incident is open");
	assert_says(h, "medium");
	assert_says(h, "the runner");
}

static void
filters_by_state(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents?state=closed"), 200);
	assert_says(h, "No incident matches");
}

static void
says_that_there_is_none(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "DROP TRIGGER note_kept"));
	assert_ok(h->f, fixture_exec(h->f, "DELETE FROM note"));
	assert_ok(h->f, fixture_exec(h->f, "DROP TRIGGER incident_kept; DELETE FROM incident"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents"), 200);
	assert_says(h, "No incident yet");
	assert_says(h, "None is open");
}

static void
refuses_a_bad_cursor(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents?before=9e9"), 400);
	assert_says(h, "Before is not a number");
}

static void
is_csv_and_json(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents?format=csv"), 200);
	assert_says(h, "id,title,state");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents?format=json"), 200);
	assert_says(h, "\"severity\":\"medium\"");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(lists_incidents),
		T(filters_by_state),
		T(says_that_there_is_none),
		T(refuses_a_bad_cursor),
		T(is_csv_and_json),
	};

	return cmocka_run_group_tests_name("cgi/page_incidents", tests, NULL, NULL);
}
