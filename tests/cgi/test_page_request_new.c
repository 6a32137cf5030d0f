#include "base/ban.h"
#include "tests/cgi/http.h"

static void
offers_what_is_pending(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/new?target=shop_production"), 200);
	assert_says(h, "name=\"goal\" value=\"0004_orders_customer_index\"");
	assert_says(h, "value=\"0006_orders_total\" checked");
	assert_says(h, "name=\"target\" value=\"shop_production\"");
	assert_says(h, "Ask for approval");
	assert_says_not(h, "value=\"0003_orders_status\"");
}

static void
offers_what_may_be_taken_back_newest_first(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_get(h, FIXTURE_VIEWER, "/requests/new?target=shop_staging&direction=down"), 200);
	assert_says(h, "name=\"steps\" value=\"1\" checked");
	assert_says(h, "0004");
	assert_says(h, "0001");
}

static void
warns_of_a_missing_down(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_get(h, FIXTURE_VIEWER, "/requests/new?target=shop_development&direction=down"), 200);
	assert_says(h, "no down SQL");
}

static void
runs_at_once_where_nothing_is_asked(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"UPDATE standing SET standing = 'pending', applied = 0, decision = 'runs' WHERE target_id = "
		"1"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/new?target=shop_development"), 200);
	assert_says(h, "it runs at once");
	assert_says(h, "Run it");
}

static void
says_when_a_backup_of_others_is_asked_for(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/new?target=shop_production"), 200);
	assert_says_not(h, "others took");
	assert_ok(h->f,
	    fixture_exec(h->f,
		"UPDATE target SET policy = 'backup_level listed' || char(10) || 'backup_outside_ms 7200000' "
		"|| "
		"char(10) WHERE id = 3"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/new?target=shop_production"), 200);
	assert_says(h, "shop_production asks for a backup that others took within 2h and ");
}

static void
says_that_nothing_is_pending(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/new?target=shop_development"), 200);
	assert_says(h, "Nothing is pending");
	assert_says_not(h, "name=\"reason\"");
}

static void
says_why_a_target_is_held(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "UPDATE target SET held = 'run 4 is unknown' WHERE id = 3"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/new?target=shop_production"), 200);
	assert_says(h, "This target is held");
	assert_says(h, "run 4 is unknown");
}

static void
chooses_the_version_of_the_link(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/new?target=shop_production&to=0004"), 200);
	assert_says(h, "value=\"0004_orders_customer_index\" checked");
	assert_says_not(h, "value=\"0006_orders_total\" checked");
}

static void
refuses_other_targets_and_directions(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/new?target=nowhere"), 400);
	assert_says(h, "There is no target nowhere");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/new?direction=sideways"), 400);
	assert_says(h, "up or down, not");
}

static void
says_that_there_is_no_target(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "UPDATE target SET ended_at = 1"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/requests/new"), 200);
	assert_says(h, "No target yet");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(offers_what_is_pending),
		T(offers_what_may_be_taken_back_newest_first),
		T(warns_of_a_missing_down),
		T(runs_at_once_where_nothing_is_asked),
		T(says_when_a_backup_of_others_is_asked_for),
		T(says_that_nothing_is_pending),
		T(says_why_a_target_is_held),
		T(chooses_the_version_of_the_link),
		T(refuses_other_targets_and_directions),
		T(says_that_there_is_no_target),
	};

	return cmocka_run_group_tests_name("cgi/page_request_new", tests, NULL, NULL);
}
