#include "base/ban.h"
#include "tests/cgi/http.h"

static void
says_how_far_each_is_proved(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "it was not restored yet");
	assert_says(h, "listed");
	assert_says(h, "shop_production-3.dump.zst");
	assert_says(h, "0003_orders_status");
}

static void
filters_by_target(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups?target=shop_staging"), 200);
	assert_says(h, "shop_staging-2.dump.zst");
	assert_says_not(h, "shop_production-3.dump.zst");
}

static void
is_green_only_when_counted(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "proof tone-wait");
	assert_says_not(h, "proof tone-good");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE backup SET level = 'counted'"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "proof tone-good");
}

static void
says_that_there_is_none(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "DELETE FROM backup"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "No backup yet");
}

static void
refuses_bad_input(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups?target=nowhere"), 400);
	assert_says(h, "There is no target");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups?before=1.5"), 400);
	assert_says(h, "Before is not a number");
}

static void
is_csv_and_json(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups?format=csv"), 200);
	assert_says(h, "id,target,");
	assert_says(h, "listed");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups?format=json"), 200);
	assert_says(h, "\"level\":\"listed\"");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(says_how_far_each_is_proved),
		T(filters_by_target),
		T(is_green_only_when_counted),
		T(says_that_there_is_none),
		T(refuses_bad_input),
		T(is_csv_and_json),
	};

	return cmocka_run_group_tests_name("cgi/page_backups", tests, NULL, NULL);
}
