#include "base/ban.h"
#include "base/window.h"
#include "base/clock.h"

#include <setjmp.h>
#include <cmocka.h>

/* "2026-11-21 10:16" UTC as a moment. */
static int64_t
utc(const char *text)
{
	struct tm tm = { 0 };

	assert_non_null(strptime(text, "%Y-%m-%d %H:%M", &tm));
	return (int64_t)timegm(&tm) * GH_SECOND;
}

static const char *
iso(int64_t at)
{
	static char text[2][GH_CLOCK_LEN];
	static int turn;

	return at == 0 ? "none" : gh_clock_iso(at, text[turn++ % 2]);
}

static struct gh_window
window(const char *text)
{
	struct gh_err err = { 0 };
	struct gh_window w;

	if (gh_window_read(text, &w, &err) != GH_OK)
		fail_msg("%s: %s", text, err.msg);
	return w;
}

static void
assert_next(const char *text, const char *after, const char *wanted)
{
	struct gh_window w = window(text);

	assert_string_equal(iso(gh_window_next(&w, utc(after))), wanted);
}

/* until NULL: closed */
static void
assert_open(const char *text, const char *at, const char *until)
{
	struct gh_window w = window(text);
	int64_t end = 0;

	assert_int_equal(gh_window_open(&w, utc(at), &end), until != NULL);
	if (until != NULL)
		assert_string_equal(iso(end), until);
}

#define NIGHTS "0 22 * * mon-fri for 4h Europe/Berlin"

static void
opens_and_closes_by_the_clock_of_its_zone(void **state)
{
	(void)state;
	/* Saturday */
	assert_open(NIGHTS, "2026-11-21 21:30", NULL);
	assert_next(NIGHTS, "2026-11-21 21:30", "2026-11-23T21:00:00Z");
	assert_open(NIGHTS, "2026-11-23 20:59", NULL);
	assert_open(NIGHTS, "2026-11-23 21:00", "2026-11-24T01:00:00Z");
	assert_open(NIGHTS, "2026-11-24 00:59", "2026-11-24T01:00:00Z");
	assert_open(NIGHTS, "2026-11-24 01:00", NULL);
	/* Friday's is open on Saturday. */
	assert_open(NIGHTS, "2026-11-21 00:30", "2026-11-21T01:00:00Z");
	/* In summer it is an hour earlier in UTC. */
	assert_open(NIGHTS, "2026-07-06 20:00", "2026-07-07T00:00:00Z");
	assert_next(NIGHTS, "2026-07-06 20:00", "2026-07-07T20:00:00Z");
}

static void
reads_what_cron_reads(void **state)
{
	(void)state;
	assert_next("*/15 * * * * for 5min UTC", "2026-11-21 10:16", "2026-11-21T10:30:00Z");
	assert_next("5,50 1-3,22 * * * for 1min UTC", "2026-11-21 03:50", "2026-11-21T22:05:00Z");
	assert_next("0 0 1 jan * for 1d UTC", "2026-11-21 10:16", "2027-01-01T00:00:00Z");
	assert_next("0 0 * * SUN for 1d UTC", "2026-11-21 10:16", "2026-11-22T00:00:00Z");
	assert_next("0 0 * * 7 for 1d UTC", "2026-11-21 10:16", "2026-11-22T00:00:00Z");
	assert_next("0 0 29 feb * for 1d UTC", "2026-11-21 10:16", "2028-02-29T00:00:00Z");
	assert_next("0 0 30 2 * for 1d UTC", "2026-11-21 10:16", "none");
	assert_next("0 10/4 * * * for 1h UTC", "2026-11-21 10:16", "2026-11-21T14:00:00Z");
	/* Both days given: either. */
	assert_next("0 0 25 * mon for 1h UTC", "2026-11-21 10:16", "2026-11-23T00:00:00Z");
	assert_next("0 0 25 * mon for 1h UTC", "2026-11-23 10:16", "2026-11-25T00:00:00Z");
}

static void
stays_open_for_days(void **state)
{
	(void)state;
	assert_open("0 18 * * fri for 3d UTC", "2026-11-23 17:59", "2026-11-23T18:00:00Z");
	assert_open("0 18 * * fri for 3d UTC", "2026-11-23 18:00", NULL);
	assert_open("0 0 * * mon for 7d UTC", "2026-11-22 23:59", "2026-11-23T00:00:00Z");
	assert_open("0 12 * * mon for 7d Pacific/Kiritimati", "2026-11-22 21:59", "2026-11-22T22:00:00Z");
	/* One after the other without a gap: the newest counts. */
	assert_open("0 * * * * for 2h UTC", "2026-11-22 10:30", "2026-11-22T12:00:00Z");
}

/* In Berlin 2026-03-29 02:00 is 03:00, and 2026-10-25 03:00 is 02:00 again. */
static void
keeps_to_daylight_saving(void **state)
{
	(void)state;
	/* 02:30 is skipped: it opens at the change. */
	assert_next("30 2 * * * for 1h Europe/Berlin", "2026-03-28 12:00", "2026-03-29T01:00:00Z");
	assert_open("30 2 * * * for 1h Europe/Berlin", "2026-03-29 00:59", NULL);
	assert_open("30 2 * * * for 1h Europe/Berlin", "2026-03-29 01:00", "2026-03-29T02:00:00Z");
	assert_next("30 2 * * * for 1h Europe/Berlin", "2026-03-29 01:00", "2026-03-30T00:30:00Z");
	/* 02:30 comes twice: it opens the first time and is no longer open at the second. */
	assert_next("30 2 * * * for 1h Europe/Berlin", "2026-10-24 12:00", "2026-10-25T00:30:00Z");
	assert_open("30 2 * * * for 1h Europe/Berlin", "2026-10-25 01:29", "2026-10-25T01:30:00Z");
	assert_open("30 2 * * * for 1h Europe/Berlin", "2026-10-25 01:30", NULL);
	assert_next("30 2 * * * for 1h Europe/Berlin", "2026-10-25 00:30", "2026-10-26T01:30:00Z");
	/* The duration is time that passes: from 01:00 for 3 hours is until 05:00 or 03:00 on the wall. */
	assert_open("0 1 * * * for 3h Europe/Berlin", "2026-03-29 02:59", "2026-03-29T03:00:00Z");
	assert_open("0 1 * * * for 3h Europe/Berlin", "2026-10-25 01:59", "2026-10-25T02:00:00Z");
	/* Half an hour of change, on the other side of the world. */
	assert_next("15 2 * * * for 1h Australia/Lord_Howe", "2026-10-03 00:00", "2026-10-03T15:30:00Z");
}

static void
says_when(void **state)
{
	struct gh_window w = window(NIGHTS);
	char text[GH_WINDOW_WHEN_LEN];
	int64_t now = utc("2026-11-21 21:30");

	(void)state;
	assert_string_equal(
	    gh_window_when(&w, gh_window_next(&w, now), now, text), "Monday 22:00 Europe/Berlin");
	w = window("0 6 24 dec * for 1h America/New_York");
	assert_string_equal(gh_window_when(&w, gh_window_next(&w, now), now, text),
	    "Thursday 2026-12-24 06:00 America/New_York");
}

static void
puts_the_zone_back(void **state)
{
	struct gh_window w = window(NIGHTS);
	int64_t until;

	(void)state;
	assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0); /* NOLINT(concurrency-mt-unsafe) */
	tzset();
	(void)gh_window_open(&w, utc("2026-11-21 21:30"), &until);
	assert_string_equal(getenv("TZ"), "Asia/Tokyo"); /* NOLINT(concurrency-mt-unsafe) */
	assert_int_equal(timezone, -9 * 3600);
	assert_int_equal(unsetenv("TZ"), 0); /* NOLINT(concurrency-mt-unsafe) */
	(void)gh_window_next(&w, utc("2026-11-21 21:30"));
	assert_null(getenv("TZ")); /* NOLINT(concurrency-mt-unsafe) */
}

static void
names_what_is_wrong(void **state)
{
	static const char *const rows[][2] = {
		{ "", "the minute is missing" },
		{ "0 22 * *", "the weekday is missing" },
		{ "0 22 * * for 4h UTC", "the weekday is missing" },
		{ "60 22 * * * for 4h UTC", "the minute must be 0 to 59" },
		{ "0 24 * * * for 4h UTC", "the hour must be 0 to 23" },
		{ "0 22 0 * * for 4h UTC", "the day of the month must be 1 to 31" },
		{ "0 22 * 13 * for 4h UTC", "the month must be 1 to 12 or their names" },
		{ "0 22 * * mo for 4h UTC", "the weekday must be 0 to 7 or their names" },
		{ "0 22 * * fri-mon for 4h UTC", "the weekday must be" },
		{ "0, 22 * * * for 4h UTC", "not \"0,\"" },
		{ "*/0 22 * * * for 4h UTC", "the minute must be" },
		{ "*/ 22 * * * for 4h UTC", "the minute must be" },
		{ "-1 22 * * * for 4h UTC", "the minute must be" },
		{ "1- 22 * * * for 4h UTC", "the minute must be" },
		{ "0 22 * * * 4h UTC", "\"for\" and a duration must follow" },
		{ "0 22 * * *", "\"for\" and a duration must follow" },
		{ "0 22 * * * for 4 UTC", "a number alone does not say of what" },
		{ "0 22 * * * for 30s UTC", "must be \"1min\" to \"7d\"" },
		{ "0 22 * * * for 8d UTC", "must be \"1min\" to \"7d\"" },
		{ "0 22 * * * for 4h", "a time zone must follow" },
		{ "0 22 * * * for 4h Europe/Berlin please", "a time zone must follow" },
		{ "0 22 * * * for 4h ../../etc/passwd", "a time zone must follow" },
		{ "0 22 * * * for 4h Europe/Nowhere", "this machine knows no time zone \"Europe/Nowhere\"" },
		{ "0 22 * * * for 4h Europe", "this machine knows no time zone \"Europe\"" },
		{ "0 22 * * * for 4h zone.tab", "a time zone must follow" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gh_err err = { 0 };
		struct gh_window w;

		if (gh_window_read(rows[i][0], &w, &err) != GH_BAD_INPUT)
			fail_msg("\"%s\" is taken", rows[i][0]);
		if (strstr(err.msg, rows[i][1]) == NULL)
			fail_msg("\"%s\": %s", rows[i][0], err.msg);
	}
}

static void
reads_a_schedule(void **state)
{
	static const char *const rows[][2] = {
		{ "", "a schedule is \"MINUTE HOUR DAY MONTH WEEKDAY ZONE\"" },
		{ "30 2 * *", "the weekday is missing in \"30 2 * *\"" },
		{ "30 2 * * *", "a time zone must follow the weekday" },
		{ "30 2 * * * for 4h UTC", "a time zone must follow the weekday" },
		{ "30 24 * * * UTC", "the hour must be 0 to 23" },
	};
	struct gh_window w;
	size_t i;

	(void)state;
	assert_int_equal(gh_window_schedule_read("30 2 * * mon-fri Europe/Berlin", &w, NULL), GH_OK);
	/* A Saturday; Monday 02:30 there. */
	assert_int_equal(gh_window_next(&w, utc("2026-11-21 12:00")), utc("2026-11-23 01:30"));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gh_err err = { 0 };

		if (gh_window_schedule_read(rows[i][0], &w, &err) != GH_BAD_INPUT)
			fail_msg("\"%s\" is taken", rows[i][0]);
		if (strstr(err.msg, rows[i][1]) == NULL)
			fail_msg("\"%s\": %s", rows[i][0], err.msg);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_and_closes_by_the_clock_of_its_zone),
		cmocka_unit_test(reads_what_cron_reads),
		cmocka_unit_test(stays_open_for_days),
		cmocka_unit_test(keeps_to_daylight_saving),
		cmocka_unit_test(says_when),
		cmocka_unit_test(puts_the_zone_back),
		cmocka_unit_test(names_what_is_wrong),
		cmocka_unit_test(reads_a_schedule),
	};

	return cmocka_run_group_tests_name("base/window", tests, NULL, NULL);
}
