#include "base/ban.h"
#include "tests/cgi/http.h"

static void
has_an_anchor_for_every_rule(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/docs/lint"), 200);
	assert_says(h, "id=\"index-not-concurrent\"");
	assert_says(h, "gatehouse:ignore RULE reason");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/docs/lint?format=json"), 200);
	assert_says(h, "\"id\":\"index-not-concurrent\"");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/docs/lint?format=csv"), 200);
	assert_says(h, "id,title,level");
}

static void
is_for_people_who_are_signed_in(void **state)
{
	struct http *h = *state;

	assert_int_not_equal(http_get(h, 0, "/docs/lint"), 200);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(has_an_anchor_for_every_rule),
		T(is_for_people_who_are_signed_in),
	};

	return cmocka_run_group_tests_name("cgi/page_docs_lint", tests, NULL, NULL);
}
