#include "base/ban.h"
#include "base/clock.h"

static int64_t
read_clock(clockid_t id)
{
	struct timespec ts = { 0 };

	(void)clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * GH_SECOND + (int64_t)ts.tv_nsec / 1000;
}

int64_t
gh_clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t
gh_clock_mono(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

static char *
digits(char *to, int value, int n)
{
	int i;

	for (i = n - 1; i >= 0; i--, value /= 10)
		to[i] = (char)('0' + value % 10);
	return to + n;
}

/* By hand: pages have hundreds of times, and strftime is slow. */
static const char *
format(int64_t at_us, char between, const char *after, char *ret)
{
	time_t at = (time_t)(at_us / GH_SECOND);
	struct tm tm = { 0 };
	char *to = ret;

	(void)gmtime_r(&at, &tm);
	/* A year of another length than four digits: no clock says so, but a file might. */
	if (tm.tm_year < -1900 || tm.tm_year > 8099)
		tm = (struct tm){ .tm_year = tm.tm_year < 0 ? -1900 : 8099, .tm_mday = 1 };
	to = digits(to, tm.tm_year + 1900, 4);
	*to++ = '-';
	to = digits(to, tm.tm_mon + 1, 2);
	*to++ = '-';
	to = digits(to, tm.tm_mday, 2);
	*to++ = between;
	to = digits(to, tm.tm_hour, 2);
	*to++ = ':';
	to = digits(to, tm.tm_min, 2);
	*to++ = ':';
	to = digits(to, tm.tm_sec, 2);
	memcpy(to, after, strlen(after) + 1);
	return ret;
}

const char *
gh_clock_iso(int64_t at_us, char *ret)
{
	return format(at_us, 'T', "Z", ret);
}

const char *
gh_clock_utc(int64_t at_us, char *ret)
{
	return format(at_us, ' ', " UTC", ret);
}

const char *
gh_clock_ago(int64_t at_us, int64_t now_us, char *ret)
{
	static const struct {
		int64_t us;
		const char *one, *many;
	} units[] = {
		{ INT64_C(365) * 24 * GH_HOUR, "year", "years" },
		{ INT64_C(30) * 24 * GH_HOUR, "month", "months" },
		{ 24 * GH_HOUR, "day", "days" },
		{ GH_HOUR, "hour", "hours" },
		{ GH_MINUTE, "minute", "minutes" },
		{ GH_SECOND, "second", "seconds" },
	};
	int64_t d = now_us - at_us;
	bool future = d < 0;
	size_t i;

	if (future)
		d = -d;
	if (d < 2 * GH_SECOND) {
		(void)snprintf(ret, GH_CLOCK_LEN, "just now");
		return ret;
	}
	for (i = 0; i + 1 < sizeof(units) / sizeof(units[0]) && d < units[i].us; i++)
		;
	d /= units[i].us;
	(void)snprintf(ret, GH_CLOCK_LEN, "%s%" PRId64 " %s%s", future ? "in " : "", d,
	    d == 1 ? units[i].one : units[i].many, future ? "" : " ago");
	return ret;
}

const char *
gh_clock_span(int64_t us, char *ret)
{
	if (us < INT64_C(10) * 1000)
		(void)snprintf(ret, GH_CLOCK_LEN, "%.1f ms", (double)us / 1e3);
	else if (us < GH_SECOND)
		(void)snprintf(ret, GH_CLOCK_LEN, "%" PRId64 " ms", us / 1000);
	else if (us < GH_MINUTE)
		(void)snprintf(ret, GH_CLOCK_LEN, "%.1f s", (double)us / 1e6);
	else if (us < GH_HOUR)
		(void)snprintf(ret, GH_CLOCK_LEN, "%" PRId64 " min %" PRId64 " s", us / GH_MINUTE,
		    us % GH_MINUTE / GH_SECOND);
	else
		(void)snprintf(ret, GH_CLOCK_LEN, "%" PRId64 " h %" PRId64 " min", us / GH_HOUR,
		    us % GH_HOUR / GH_MINUTE);
	return ret;
}
