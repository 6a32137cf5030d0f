#include "base/ban.h"
#include "base/retention.h"
#include "base/clock.h"
#include "base/window.h"
#include "tests/support/kept.h"

static void
text_is(const struct gh_keep *k, const struct gh_kept *row, const char *want)
{
	GH_TEXT text = { 0 };

	gh_retention_text(k, row, &text);
	assert_string_equal(gh_text_str(&text), want);
}

static void
nothing_is_no_trouble(void **state)
{
	const struct gh_keep k = { 1, 1, 1, 1, "UTC", 0 };

	(void)state;
	gh_retention(&k, NULL, 0, utc("2026-11-21 10:00"));
	assert_true(gh_keep_any(&k));
}

static void
without_numbers_all_stay(void **state)
{
	const struct gh_keep k = { .zone = "UTC" };
	struct gh_kept rows[] = { one(1, utc("2001-01-01 00:00"), 0), one(2, utc("2026-11-20 00:00"), 5) };

	(void)state;
	assert_false(gh_keep_any(&k));
	gh_retention(&k, rows, 2, utc("2026-11-21 10:00"));
	assert_string_equal(stay(rows, 2), "2 1");
	text_is(&k, &rows[1], "nothing says how many are kept");
	text_is(&k, &rows[0], "the newest; the newest proved one; nothing says how many are kept");
}

static void
the_only_one_stays(void **state)
{
	const struct gh_keep daily = { .daily = 1, .zone = "UTC" };
	struct gh_kept row = one(1, utc("2001-01-01 00:00"), 0);

	(void)state;
	gh_retention(&daily, &row, 1, utc("2026-11-21 10:00"));
	assert_false(row.goes);
	assert_true(row.newest);
	assert_false(row.proved);
	/* Its day is over: it goes when another day has one, today at the soonest. */
	assert_int_equal(row.until_us, 0);
	text_is(&daily, &row, "the newest; day 1 of 1");
}

static void
the_last_stay_and_equal_times_go_by_number(void **state)
{
	const struct gh_keep k = { .last = 2, .zone = "UTC" };
	int64_t at = utc("2026-11-20 02:30");
	struct gh_kept rows[] = { one(2, at, 1), one(4, at, 1), one(1, at, 1), one(3, at, 1) };

	(void)state;
	gh_retention(&k, rows, 4, at + GH_HOUR);
	assert_string_equal(stay(rows, 4), "4 3");
	text_is(&k, &rows[0], "the newest; 1 of the last 2");
	text_is(&k, &rows[1], "2 of the last 2");
	text_is(&k, &rows[2], "nothing keeps it");
	assert_int_equal(rows[1].until_us, 0); /* at which pace? */
}

/* A day without a backup does not count, so that nothing goes when backups stop. */
static void
days_without_one_do_not_count(void **state)
{
	const struct gh_keep k = { .daily = 3, .zone = "UTC" };
	struct gh_kept rows[] = { one(1, utc("2026-10-01 02:30"), 1), one(2, utc("2026-10-05 02:30"), 1),
		one(3, utc("2026-10-05 12:00"), 1), one(4, utc("2026-10-09 02:30"), 1),
		one(5, utc("2026-10-20 02:30"), 1) };

	(void)state;
	gh_retention(&k, rows, 5, utc("2026-11-21 10:00"));
	assert_string_equal(stay(rows, 5), "5 4 3");
	/* Three new days have to come: today, tomorrow, and the day after. */
	assert_int_equal(find(rows, 5, 5)->until_us, utc("2026-11-23 00:00"));
	assert_int_equal(find(rows, 5, 4)->until_us, utc("2026-11-22 00:00"));
	assert_int_equal(find(rows, 5, 3)->until_us, 0); /* any moment */
}

static void
of_a_day_the_newest_proved_one_has_the_place(void **state)
{
	const struct gh_keep k = { .daily = 2, .zone = "UTC" };
	struct gh_kept rows[] = { one(1, utc("2026-11-19 02:30"), 5), one(2, utc("2026-11-19 09:00"), 5),
		one(3, utc("2026-11-19 12:00"), 3), one(4, utc("2026-11-20 02:30"), 2) };

	(void)state;
	gh_retention(&k, rows, 4, utc("2026-11-21 10:00"));
	assert_string_equal(stay(rows, 4), "4 2");
	text_is(&k, find(rows, 4, 2), "the newest proved one; day 2 of 2");
}

static void
weeks_end_on_sunday_and_months_with_their_last_day(void **state)
{
	const struct gh_keep weekly = { .weekly = 2, .zone = "UTC" },
			     monthly = { .monthly = 2, .zone = "UTC" };
	/* 2026-11-15 and 22 are Sundays */
	struct gh_kept rows[] = { one(1, utc("2026-10-31 23:59"), 1), one(2, utc("2026-11-01 00:00"), 1),
		one(3, utc("2026-11-15 23:59"), 1), one(4, utc("2026-11-16 00:00"), 1),
		one(5, utc("2026-11-22 23:59"), 1) };

	(void)state;
	gh_retention(&weekly, rows, 5, utc("2026-11-23 10:00"));
	assert_string_equal(stay(rows, 5), "5 3");
	gh_retention(&monthly, rows, 5, utc("2026-11-23 10:00"));
	assert_string_equal(stay(rows, 5), "5 1");
	assert_int_equal(find(rows, 5, 1)->until_us, utc("2026-12-01 00:00"));
}

/* Of the day that is under way another one may take the place. */
static void
an_open_period_promises_nothing_while_more_is_to_come(void **state)
{
	const struct gh_keep k = { .daily = 7, .monthly = 12, .zone = "UTC", .pace_us = DAY },
			     often = { .daily = 7, .zone = "UTC", .pace_us = GH_HOUR },
			     unknown = { .daily = 7, .zone = "UTC" };
	struct gh_kept daily[] = { one(1, utc("2026-11-19 02:30"), 1), one(2, utc("2026-11-20 02:30"), 1),
		one(3, utc("2026-11-21 02:30"), 1) };
	struct gh_kept hourly[] = { one(1, utc("2026-11-21 08:00"), 1), one(2, utc("2026-11-21 09:00"), 1) };

	(void)state;
	gh_retention(&k, daily, 3, utc("2026-11-21 10:00"));
	assert_int_equal(find(daily, 3, 3)->until_us, utc("2026-11-28 00:00"));
	assert_int_equal(find(daily, 3, 2)->until_us, utc("2026-11-27 00:00"));
	gh_retention(&often, hourly, 2, utc("2026-11-21 10:00"));
	assert_int_equal(find(hourly, 2, 2)->until_us, 0);
	gh_retention(&unknown, hourly, 2, utc("2026-11-21 10:00"));
	assert_int_equal(find(hourly, 2, 2)->until_us, 0);
	/* The last of the month that can be expected keeps its place for a year. */
	daily[0] = one(1, utc("2026-11-29 02:30"), 1);
	daily[1] = one(2, utc("2026-11-30 02:30"), 1);
	gh_retention(&k, daily, 2, utc("2026-11-30 10:00"));
	assert_int_equal(find(daily, 2, 2)->until_us, utc("2027-11-01 00:00"));
}

static void
days_are_those_of_the_zone(void **state)
{
	const struct gh_keep berlin = { .daily = 2, .zone = "Europe/Berlin" },
			     elsewhere = { .daily = 2, .zone = "UTC" };
	/* 23:30 UTC is the next day in Berlin. */
	struct gh_kept rows[] = { one(1, utc("2026-11-18 12:00"), 1), one(2, utc("2026-11-18 23:30"), 1),
		one(3, utc("2026-11-19 12:00"), 1) };

	(void)state;
	gh_retention(&elsewhere, rows, 3, utc("2026-11-21 10:00"));
	assert_string_equal(stay(rows, 3), "3 2");
	gh_retention(&berlin, rows, 3, utc("2026-11-21 10:00"));
	assert_string_equal(stay(rows, 3), "3 1");
	assert_int_equal(find(rows, 3, 3)->until_us, utc("2026-11-21 23:00"));
}

/* 2026-03-29 has 23 hours in Berlin, 2026-10-25 has 25: each is one day all the same. */
static void
days_of_23_and_25_hours_are_days(void **state)
{
	const struct gh_keep k = { .daily = 3, .zone = "Europe/Berlin" };
	struct gh_kept spring[] = { one(1, utc("2026-03-27 23:30"), 1), one(2, utc("2026-03-28 22:30"), 1),
		one(3, utc("2026-03-28 23:00"), 1), one(4, utc("2026-03-29 21:59"), 1),
		one(5, utc("2026-03-29 22:00"), 1) };
	struct gh_kept autumn[] = { one(1, utc("2026-10-24 21:59"), 1), one(2, utc("2026-10-24 22:00"), 1),
		one(3, utc("2026-10-25 00:30"), 1), one(4, utc("2026-10-25 01:30"), 1),
		one(5, utc("2026-10-25 22:59"), 1), one(6, utc("2026-10-25 23:00"), 1) };

	(void)state;
	gh_retention(&k, spring, 5, utc("2026-03-30 10:00"));
	assert_string_equal(stay(spring, 5), "5 4 2");
	gh_retention(&k, autumn, 6, utc("2026-10-26 10:00"));
	assert_string_equal(stay(autumn, 6), "6 5 1");
	assert_int_equal(find(autumn, 6, 5)->until_us, utc("2026-10-27 23:00"));
}

/* In Beirut the clock goes from 0:00 to 1:00: that day begins with the change. */
static void
a_day_without_midnight_has_a_beginning(void **state)
{
	int64_t at[2] = { utc("2026-03-28 21:59"), utc("2026-03-28 22:00") }, days[2];

	(void)state;
	gh_zone_days("Asia/Beirut", at, 2, days);
	assert_int_equal(days[1], days[0] + 1);
	assert_int_equal(gh_zone_midnight("Asia/Beirut", days[1]), at[1]);
}

static void
what_is_not_whole_fills_no_place(void **state)
{
	const struct gh_keep k = { .last = 2, .zone = "UTC" }, daily = { .daily = 2, .zone = "UTC" };
	struct gh_kept rows[] = { one(1, utc("2026-11-16 02:30"), 1), one(2, utc("2026-11-17 02:30"), 5),
		one(3, utc("2026-11-18 02:30"), 5), one(4, utc("2026-11-19 02:30"), 5),
		one(5, utc("2026-11-19 14:30"), 5) };

	(void)state;
	rows[2].whole = rows[3].whole = false; /* 3 and 4 */
	gh_retention(&k, rows, 5, utc("2026-11-21 10:00"));
	assert_string_equal(stay(rows, 5), "5 4 3 2");
	text_is(&k, find(rows, 5, 4), "among the last 2");
	assert_true(find(rows, 5, 5)->proved);
	/* Of the 19th there is a whole one, of the 18th there is none. */
	gh_retention(&daily, rows, 5, utc("2026-11-21 10:00"));
	assert_string_equal(stay(rows, 5), "5 3 2");
	text_is(&daily, find(rows, 5, 3), "of one of the last 2 days");
}

static void
the_newest_stays_also_when_nothing_is_whole(void **state)
{
	const struct gh_keep k = { .monthly = 1, .zone = "UTC" };
	struct gh_kept rows[] = { one(1, utc("2026-10-16 02:30"), 1), one(2, utc("2026-11-17 02:30"), 5) };

	(void)state;
	rows[0].whole = rows[1].whole = false;
	gh_retention(&k, rows, 2, utc("2026-11-21 10:00"));
	assert_true(find(rows, 2, 2)->newest);
	assert_false(find(rows, 2, 2)->proved);
	assert_string_equal(stay(rows, 2), "2 1");
}

/* The newest proved one is far beyond all numbers; where none was counted, one that was restored counts. */
static void
the_newest_proved_one_stays(void **state)
{
	const struct gh_keep k = { .last = 1, .zone = "UTC" };
	struct gh_kept rows[5];
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++)
		rows[i] = one((int64_t)i + 1, utc("2026-11-01 02:30") + (int64_t)i * DAY, 3);
	gh_retention(&k, rows, 5, utc("2026-11-21 10:00"));
	assert_string_equal(stay(rows, 5), "5");
	assert_false(rows[0].proved);
	rows[3].level = 4; /* 2 */
	gh_retention(&k, rows, 5, utc("2026-11-21 10:00"));
	assert_string_equal(stay(rows, 5), "5 2");
	rows[4].level = 5; /* 1: older, and better */
	gh_retention(&k, rows, 5, utc("2026-11-21 10:00"));
	assert_string_equal(stay(rows, 5), "5 1");
	text_is(&k, &rows[4], "the newest proved one");
	rows[4].whole = false; /* a later look at it failed */
	gh_retention(&k, rows, 5, utc("2026-11-21 10:00"));
	assert_string_equal(stay(rows, 5), "5 2");
}

static void
what_is_named_stays(void **state)
{
	const struct gh_keep k = { .last = 1, .zone = "UTC" };
	struct gh_kept rows[] = { one(1, utc("2026-11-16 02:30"), 1), one(2, utc("2026-11-17 02:30"), 1) };

	(void)state;
	rows[0].pin = "run 12";
	gh_retention(&k, rows, 2, utc("2026-11-21 10:00"));
	assert_string_equal(stay(rows, 2), "2 1");
	text_is(&k, &rows[1], "named by run 12");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_no_trouble),
		cmocka_unit_test(without_numbers_all_stay),
		cmocka_unit_test(the_only_one_stays),
		cmocka_unit_test(the_last_stay_and_equal_times_go_by_number),
		cmocka_unit_test(days_without_one_do_not_count),
		cmocka_unit_test(of_a_day_the_newest_proved_one_has_the_place),
		cmocka_unit_test(weeks_end_on_sunday_and_months_with_their_last_day),
		cmocka_unit_test(an_open_period_promises_nothing_while_more_is_to_come),
		cmocka_unit_test(days_are_those_of_the_zone),
		cmocka_unit_test(days_of_23_and_25_hours_are_days),
		cmocka_unit_test(a_day_without_midnight_has_a_beginning),
		cmocka_unit_test(what_is_not_whole_fills_no_place),
		cmocka_unit_test(the_newest_stays_also_when_nothing_is_whole),
		cmocka_unit_test(the_newest_proved_one_stays),
		cmocka_unit_test(what_is_named_stays),
	};

	return cmocka_run_group_tests_name("base/retention", tests, NULL, NULL);
}
