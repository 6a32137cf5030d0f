#include "base/ban.h"
#include "base/window.h"
#include "base/clock.h"

#define DAY_S      ((time_t)86400)
#define DAYS_AHEAD 1827 /* five years */
#define DAYS_BACK  9    /* the longest window, and what a zone may be off */
#define NEAR_S     (6 * DAY_S)

/* What TZ was before. */
struct zone {
	bool was_set;
	char was[PATH_MAX];
};

/* NOLINTBEGIN(concurrency-mt-unsafe): see window.h */
static void
zone_enter(struct zone *z, const char *name)
{
	const char *was = getenv("TZ");

	z->was_set = was != NULL;
	if (was != NULL && (size_t)snprintf(z->was, sizeof(z->was), "%s", was) >= sizeof(z->was))
		gh_bug("TZ is longer than %zu bytes", sizeof(z->was));
	(void)setenv("TZ", name, 1);
	tzset();
}

static void
zone_leave(struct zone *z)
{
	if (z->was_set)
		(void)setenv("TZ", z->was, 1);
	else
		(void)unsetenv("TZ");
	tzset();
}
/* NOLINTEND(concurrency-mt-unsafe) */

#define ZONE __attribute__((cleanup(zone_leave))) struct zone

/* What the clock on the wall shows, as seconds since 1970 as if it showed UTC. */
static time_t
wall(time_t at)
{
	struct tm tm = { 0 };

	(void)localtime_r(&at, &tm);
	return at + tm.tm_gmtoff;
}

/* The first moment at which the wall clock shows it; where it is skipped, the moment of the change. */
static time_t
moment(time_t shown)
{
	time_t one = shown - (wall(shown - DAY_S) - (shown - DAY_S)),
	       other = shown - (wall(shown + DAY_S) - (shown + DAY_S)), low = one < other ? one : other,
	       high = one < other ? other : one;

	if (wall(low) == shown)
		return low;
	while (wall(high) < shown) /* an offset that lasted less than a day */
		high += 900;
	while (low < high) {
		time_t middle = low + (high - low) / 2;

		if (wall(middle) < shown)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
has(uint64_t bits, int n)
{
	return (bits >> n & 1) != 0;
}

/* day: midnight on the wall. */
static bool
day_fits(const struct gh_window *w, time_t day)
{
	struct tm tm = { 0 };
	bool by_day, by_weekday;

	(void)gmtime_r(&day, &tm);
	by_day = has(w->days, tm.tm_mday);
	by_weekday = has(w->weekdays, tm.tm_wday);
	if (!has(w->months, tm.tm_mon + 1))
		return false;
	if (!w->any_day && !w->any_weekday)
		return by_day || by_weekday;
	return by_day && by_weekday;
}

/* The last opening on that day not after `at`; 0 none. */
static time_t
last_of_day(const struct gh_window *w, time_t day, time_t at)
{
	int minute;

	for (minute = 1439; minute >= 0; minute--) {
		time_t start;

		if (!has(w->hours, minute / 60) || !has(w->minutes, minute % 60))
			continue;
		start = moment(day + (time_t)minute * 60);
		if (start <= at)
			return start;
	}
	return 0;
}

static time_t
first_of_day(const struct gh_window *w, time_t day, time_t after)
{
	int minute;

	for (minute = 0; minute < 1440; minute++) {
		time_t start;

		if (!has(w->hours, minute / 60) || !has(w->minutes, minute % 60))
			continue;
		start = moment(day + (time_t)minute * 60);
		if (start > after)
			return start;
	}
	return 0;
}

/* Midnight on the wall of the day that it is. */
static time_t
day_of(time_t at)
{
	time_t shown = wall(at);

	return shown - ((shown % DAY_S) + DAY_S) % DAY_S;
}

bool
gh_window_open(const struct gh_window *w, int64_t at_us, int64_t *ret_until)
{
	time_t at = (time_t)(at_us / GH_SECOND), day, start = 0;
	ZONE zone;
	int i;

	zone_enter(&zone, w->zone);
	day = day_of(at);
	*ret_until = 0;
	for (i = 0; i < DAYS_BACK && start == 0; i++, day -= DAY_S) {
		if (day_fits(w, day))
			start = last_of_day(w, day, at);
	}
	if (start == 0 || (int64_t)start * GH_SECOND + w->length_us <= at_us)
		return false;
	*ret_until = (int64_t)start * GH_SECOND + w->length_us;
	return true;
}

int64_t
gh_window_next(const struct gh_window *w, int64_t at_us)
{
	time_t at = (time_t)(at_us / GH_SECOND), day, start = 0;
	ZONE zone;
	int i;

	zone_enter(&zone, w->zone);
	day = day_of(at);
	for (i = 0; i < DAYS_AHEAD && start == 0; i++, day += DAY_S) {
		if (day_fits(w, day))
			start = first_of_day(w, day, at);
	}
	return (int64_t)start * GH_SECOND;
}

const char *
gh_window_when(const struct gh_window *w, int64_t at_us, int64_t now_us, char *ret)
{
	static const char *const names[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday" };
	time_t at = (time_t)(at_us / GH_SECOND);
	struct tm tm = { 0 };
	char date[40] = "";
	ZONE zone;

	zone_enter(&zone, w->zone);
	(void)localtime_r(&at, &tm);
	if (at_us - now_us >= NEAR_S * GH_SECOND || at_us < now_us)
		(void)snprintf(
		    date, sizeof(date), "%d-%02d-%02d ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	(void)snprintf(ret, GH_WINDOW_WHEN_LEN, "%s %s%02d:%02d %s", names[tm.tm_wday], date, tm.tm_hour,
	    tm.tm_min, w->zone);
	return ret;
}

void
gh_zone_days(const char *zone_name, const int64_t *at_us, size_t n, int64_t *ret)
{
	ZONE zone;
	size_t i;

	zone_enter(&zone, zone_name);
	for (i = 0; i < n; i++)
		ret[i] = (int64_t)(day_of((time_t)(at_us[i] / GH_SECOND)) / DAY_S);
}

int64_t
gh_zone_midnight(const char *zone_name, int64_t day)
{
	ZONE zone;

	zone_enter(&zone, zone_name);
	return (int64_t)moment((time_t)day * DAY_S) * GH_SECOND;
}
