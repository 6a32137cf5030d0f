#include "base/ban.h"
#include "tests/cgi/http.h"

static void
asks_for_a_target_and_a_reason(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/new?target=shop_staging"), 200);
	assert_says(h, "Take a backup of shop_staging");
	assert_says(h, "name=\"reason\"");
}

static void
is_for_leads(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups/new"), 403);
}

static void
refuses_an_unknown_target(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/new?target=nowhere"), 400);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(asks_for_a_target_and_a_reason),
		T(is_for_leads),
		T(refuses_an_unknown_target),
	};

	return cmocka_run_group_tests_name("cgi/page_backup_new", tests, NULL, NULL);
}
