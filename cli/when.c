#include "base/ban.h"
#include "cli/when.h"
#include "base/clock.h"
#include "base/io.h"

#define DAY_S 86400

enum gh_code
cli_span(const char *text, int64_t max_ms, int64_t *ret_ms, struct gh_err *err)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "min", 60000 }, { "h", 3600000 } };
	size_t digits = strspn(text, "0123456789"), i;
	char number[16];

	if (strcmp(text, "0") == 0) {
		*ret_ms = 0;
		return GH_OK;
	}
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (digits == 0 || digits >= sizeof(number) || strcmp(text + digits, units[i].unit) != 0)
			continue;
		memcpy(number, text, digits);
		number[digits] = '\0';
		if (!gh_parse_i64(number, 0, max_ms / units[i].ms, ret_ms))
			break;
		*ret_ms *= units[i].ms;
		return GH_OK;
	}
	return gh_fail(err, GH_BAD_INPUT,
	    "\"%s\" is not a time of at most %" PRId64 " s: write 100ms, 2s, 5m or 1h", text, max_ms / 1000);
}

/* Whole text by format; the zone is this machine's or UTC. */
static bool
read_as(const char *text, const char *format, bool utc, const struct tm *base, int64_t *ret_s)
{
	struct tm tm = *base;
	const char *end = strptime(text, format, &tm);

	if (end == NULL || *end != '\0')
		return false;
	tm.tm_isdst = -1;
	*ret_s = (int64_t)(utc ? timegm(&tm) : mktime(&tm));
	return *ret_s != -1;
}

enum gh_code
cli_moment(const char *text, int64_t now_us, int64_t *ret_us, struct gh_err *err)
{
	time_t now = (time_t)(now_us / GH_SECOND);
	struct tm today = { 0 }, none = { 0 };
	int64_t s = 0;

	if (text[0] == '+') {
		GH_TRY(cli_span(text + 1, 24 * GH_HOUR / 1000, &s, err));
		*ret_us = now_us + s * 1000;
		return GH_OK;
	}
	(void)localtime_r(&now, &today);
	today.tm_sec = 0;
	if (read_as(text, "%H:%M", false, &today, &s))
		s += s <= (int64_t)now ? DAY_S : 0;
	else if (!read_as(text, "%Y-%m-%d %H:%M", false, &none, &s) &&
	    !read_as(text, "%Y-%m-%dT%H:%MZ", true, &none, &s) &&
	    !read_as(text, "%Y-%m-%dT%H:%M:%SZ", true, &none, &s))
		return gh_fail(err, GH_BAD_INPUT,
		    "\"%s\" is not a time: write +30m, 18:30, \"2026-11-21 18:30\" or 2026-11-21T18:30Z",
		    text);
	*ret_us = s * GH_SECOND;
	return GH_OK;
}
