#include "base/ban.h"
#include "tests/cgi/http.h"

static void
says_whether_one_could_go_back(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/targets/shop_production"), 200);
	assert_says(h, "Could one go back today?");
	assert_says(h, "Perhaps");
	assert_ok(h->f,
	    fixture_exec(
		h->f, "UPDATE backup SET level = 'counted', proved_at = ended_at, prove_us = 4200000"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/targets/shop_production"), 200);
	assert_says(h, "<strong>Yes</strong>");
	assert_says(h, "which took 4.2 s.");
}

static void
shows_policy_runs_and_backups(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/targets/shop_production"), 200);
	assert_says(h, "How it would be run");
	assert_says(h, "/runs?target=shop_production");
	assert_says(h, "/backups?target=shop_production");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/targets/shop_production?format=json"), 200);
	assert_says(h, "\"environment\":\"production\"");
}

static void
lists_databases_that_restores_left(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"INSERT INTO kept_database SELECT 1, target_id, id, 'before', 'shop_before_4', 5, 8192, 5, "
		"6, 'kept', 5"
		" FROM run WHERE target_id = (SELECT id FROM target WHERE name = 'shop_production') LIMIT "
		"1"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/targets/shop_production"), 200);
	assert_says(h, "shop_before_4");
	assert_says(h, "what it was before a restore");
	assert_says(h, "due");
}

static void
says_what_is_done_by_the_clock_and_what_is_late(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/targets/shop_production"), 200);
	assert_says_not(h, "By the clock");
	assert_says_not(h, "Overdue");
	assert_ok(h->f,
	    fixture_exec(h->f,
		"UPDATE target SET backup_schedule = '30 2 * * * UTC', prove_within_ms = 43200000, "
		"prove_every_ms = "
		"3600000, overdue_at = 1795251600000000"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/targets/shop_production"), 200);
	assert_says(h,
	    "By the clock: a backup (30 2 * * * UTC), the newest restored and counted within 12h, the newest "
	    "again every 1h.");
	assert_says(h, "Overdue: by 2026-11-21 09:00:00 UTC (");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE target SET backup_schedule = '', prove_every_ms = 0"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/targets/shop_production"), 200);
	assert_says(h, "By the clock: no backup, the newest restored and counted within 12h.");
	assert_says(h, "a backup that is new enough had to be restored and counted, and none was.");
	assert_ok(
	    h->f, fixture_exec(h->f, "UPDATE target SET prove_level = 'restored', prove_every_ms = 3600000"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/targets/shop_production"), 200);
	assert_says(h,
	    "By the clock: no backup, the newest restored within 12h, the newest again every 1h, until it is "
	    "counted.");
	assert_says(h, "a backup that is new enough had to be restored, and none was.");
}

static void
refuses_an_unknown_one(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/targets/nowhere"), 404);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(says_whether_one_could_go_back),
		T(shows_policy_runs_and_backups),
		T(lists_databases_that_restores_left),
		T(says_what_is_done_by_the_clock_and_what_is_late),
		T(refuses_an_unknown_one),
	};

	return cmocka_run_group_tests_name("cgi/page_target", tests, NULL, NULL);
}
