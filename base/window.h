/*
 * Windows of time in which something may run: "0 22 * * mon-fri for 4h Europe/Berlin".
 *
 * Minute, hour, day of the month, month and weekday as cron has them ("*", "5", "1-5", "1,15", "*" and "/15",
 * names of three letters; where both days are given, either is enough) say when a window opens, by the clock
 * of the time zone; it stays open for the duration that follows, which is time that passes, not time on a
 * clock.  A clock time that is skipped when daylight saving begins opens the window at the moment of the
 * change; one that comes twice when it ends opens it the first time.
 *
 * A schedule is the same without a duration, "30 2 * * * Europe/Berlin": only its openings count.
 *
 * Zones come from the system's zoneinfo.  TZ is switched and put back: for programs of one thread.
 */
#ifndef GH_BASE_WINDOW_H
#define GH_BASE_WINDOW_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GH_WINDOW_ZONE_LEN 64 /* bytes, NUL included */
#define GH_WINDOW_WHEN_LEN 96

struct gh_window {
	uint64_t minutes, hours, days, months, weekdays; /* bits; Sunday is 0 */
	bool any_day, any_weekday;
	int64_t length_us; /* 1 minute to 7 days */
	char zone[GH_WINDOW_ZONE_LEN];
};

/* GH_BAD_INPUT: the message is about the window, and names the field that is wrong. */
enum gh_code gh_window_read(const char *text, struct gh_window *ret, struct gh_err *err) GH_MUST_USE;
/* A schedule: length_us is the shortest, and gh_window_next says when its time comes. */
enum gh_code gh_window_schedule_read(const char *text, struct gh_window *ret, struct gh_err *err) GH_MUST_USE;
/* Is it open at that moment?  Then *ret_until is its end; the next one may begin before it. */
bool gh_window_open(const struct gh_window *w, int64_t at_us, int64_t *ret_until);
/* When it opens next, after that moment; 0 not within five years ("0 0 30 2 *"). */
int64_t gh_window_next(const struct gh_window *w, int64_t at_us);
/* "Monday 22:00 Europe/Berlin", with the date unless it is within six days of now.  Returns ret. */
const char *gh_window_when(const struct gh_window *w, int64_t at_us, int64_t now_us, char *ret);

/* The date that the clock of a zone shows at each moment, as days since 1970-01-01. */
void gh_zone_days(const char *zone, const int64_t *at_us, size_t n, int64_t *ret);
/* When that day begins there: midnight, or where it is skipped the moment of the change. */
int64_t gh_zone_midnight(const char *zone, int64_t day);

#endif
