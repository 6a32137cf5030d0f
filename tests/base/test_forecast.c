#include "base/ban.h"
#include "base/forecast.h"
#include "tests/support/kept.h"

#define GB INT64_C(1000000000)

static void
without_a_pace_nothing_is_known(void **state)
{
	const struct gh_growth g[] = { { 0, GB, -1 }, { DAY, 0, -1 } };

	(void)state;
	assert_int_equal(gh_forecast_day(g, 0), -1);
	assert_int_equal(gh_forecast_day(g, 2), -1);
	assert_int_equal(gh_forecast_full(g, 2, 5 * GB, 7), -1);
}

static void
one_a_day_without_retention_fills_the_disk(void **state)
{
	const struct gh_growth g[] = { { DAY, 2 * GB, -1 }, { 0, GB, -1 } };
	int64_t now = utc("2026-11-21 10:00");

	(void)state;
	assert_int_equal(gh_forecast_day(g, 2), 2 * GB);
	assert_in_range(
	    gh_forecast_full(g, 2, 100 * GB, now), now + 50 * DAY - GH_MINUTE, now + 50 * DAY + GH_MINUTE);
	assert_in_range(gh_forecast_full(g, 2, 0, now), now, now + GH_MINUTE);
	assert_int_equal(gh_forecast_full(g, 2, 100000 * GB, now), 0);
}

static void
retention_ends_the_growth(void **state)
{
	const struct gh_growth g[] = { { DAY, GB, 10 * GB }, { GH_HOUR, GB, 48 * GB }, { 2 * DAY, GB, -1 } };
	int64_t now = utc("2026-11-21 10:00");

	(void)state;
	assert_int_equal(gh_forecast_full(g, 2, 59 * GB, now), 0);
	/* 48 within two days, then one a day */
	assert_in_range(
	    gh_forecast_full(g, 2, 55 * GB, now), now + 7 * DAY - GH_MINUTE, now + 7 * DAY + GH_MINUTE);
	/* 58 after ten days, with the five of the third 63, which go on */
	assert_in_range(
	    gh_forecast_full(g, 3, 68 * GB, now), now + 20 * DAY - GH_MINUTE, now + 20 * DAY + GH_MINUTE);
}

static void
counts_what_the_rules_keep(void **state)
{
	const struct gh_keep none = { .pace_us = DAY }, unknown = { .last = 3 },
			     last = { .last = 3, .pace_us = DAY },
			     same = { .last = 7, .daily = 7, .pace_us = DAY },
			     hourly = { .last = 24, .daily = 7, .pace_us = GH_HOUR },
			     weekly = { .daily = 10, .pace_us = 7 * DAY }, all = { 3, 7, 4, 12, "UTC", DAY };

	(void)state;
	assert_int_equal(gh_forecast_most(&none), -1);
	assert_int_equal(gh_forecast_most(&unknown), -1);
	assert_int_equal(gh_forecast_most(&last), 3 + 1);
	assert_int_equal(gh_forecast_most(&same), 7 + 1);
	assert_int_equal(gh_forecast_most(&hourly), 24 + 6 + 1);
	assert_int_equal(gh_forecast_most(&weekly), 10 + 1);
	/* 3 days and 4 more, 3 weeks more, and the months beyond these four weeks */
	assert_int_equal(gh_forecast_most(&all), 7 + 3 + 12 + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_pace_nothing_is_known),
		cmocka_unit_test(one_a_day_without_retention_fills_the_disk),
		cmocka_unit_test(retention_ends_the_growth),
		cmocka_unit_test(counts_what_the_rules_keep),
	};

	return cmocka_run_group_tests_name("base/forecast", tests, NULL, NULL);
}
