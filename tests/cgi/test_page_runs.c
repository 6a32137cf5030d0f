#include "base/ban.h"
#include "tests/cgi/http.h"

static void
lists_runs_newest_first(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs"), 200);
	assert_says(h, "href=\"/runs/4\">4</a>");
	assert_says(h, "href=\"/runs/1\">1</a>");
	assert_says(h, "failed clean");
	const char *body = gh_text_str(&h->reply.body);
	assert_true(strstr(body, "/runs/4\"") < strstr(body, "/runs/1\""));
}

static void
filters_by_target_and_state(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs?target=shop_staging&state=failed-clean"), 200);
	assert_says(h, "href=\"/runs/2\">");
	assert_says_not(h, "href=\"/runs/4\">");
	assert_says_not(h, "href=\"/runs/1\">");
}

static void
turns_pages_by_key(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs?before=3"), 200);
	assert_says(h, "href=\"/runs/2\">");
	assert_says_not(h, "href=\"/runs/3\">");
	assert_says_not(h, "href=\"/runs/4\">");
}

static void
refuses_a_bad_cursor(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs?before=x"), 400);
	assert_says(h, "is not a number");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs?before=0"), 400);
	assert_says(h, "Before is not a number");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs?before=-1"), 400);
	assert_says(h, "Before is not a number");
}

static void
refuses_a_target_that_is_not_there(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs?target=nowhere"), 400);
	assert_says(h, "There is no target nowhere");
}

static void
refuses_a_field_it_does_not_know(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs?cursor=1"), 400);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs?state=finished"), 400);
	assert_says(h, "none of the states");
}

static void
says_that_nothing_matches(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs?state=needs-person"), 200);
	assert_says(h, "No run matches");
}

static void
is_csv_with_its_filters(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs?state=succeeded&format=csv"), 200);
	assert_says(h, "id,state,");
	assert_says(h, "succeeded");
	assert_says_not(h, "failed-clean");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs?target=shop_staging"), 200);
	assert_says(h, "?target=shop_staging&amp;format=csv");
}

static void
is_json(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs?format=json"), 200);
	assert_says(h, "\"runs\":[{\"id\":4,\"state\":\"running\"");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(lists_runs_newest_first),
		T(filters_by_target_and_state),
		T(turns_pages_by_key),
		T(refuses_a_bad_cursor),
		T(refuses_a_target_that_is_not_there),
		T(refuses_a_field_it_does_not_know),
		T(says_that_nothing_matches),
		T(is_csv_with_its_filters),
		T(is_json),
	};

	return cmocka_run_group_tests_name("cgi/page_runs", tests, NULL, NULL);
}
