#include "base/ban.h"
#include "base/duration.h"
#include "base/io.h"

#define DIGITS_MAX 18

/* From the largest: gh_duration_text takes the first that is exact. */
static const struct unit {
	const char *name;
	int64_t ms;
} units[] = { { "d", 86400000 }, { "h", 3600000 }, { "min", 60000 }, { "s", 1000 }, { "ms", 1 } };
#define UNITS (sizeof(units) / sizeof(units[0]))

static enum gh_code
bad(const char *s, const char *why, struct gh_err *err)
{
	return gh_fail(err, GH_BAD_INPUT,
	    "must be a whole number and its unit (ms, s, min, h or d), as in \"5s\", not \"%.60s\"%s", s,
	    why);
}

enum gh_code
gh_duration_read(const char *s, int64_t min_ms, int64_t max_ms, int64_t *ret_ms, struct gh_err *err)
{
	char digits[DIGITS_MAX + 1], low[GH_DURATION_LEN], high[GH_DURATION_LEN];
	size_t n = strspn(s, "0123456789"), i;
	int64_t v = 0;

	if (n > 0 && s[n] == '\0')
		return bad(s, ": a number alone does not say of what", err);
	if (n == 0 || n > DIGITS_MAX)
		return bad(s, "", err);
	memcpy(digits, s, n);
	digits[n] = '\0';
	for (i = 0; i < UNITS && strcmp(units[i].name, s + n + strspn(s + n, " ")) != 0; i++)
		;
	if (i == UNITS)
		return bad(s, "", err);
	if (!gh_parse_i64(digits, 0, INT64_MAX / units[i].ms, &v))
		return bad(s, "", err);
	v *= units[i].ms;
	if (v < min_ms || v > max_ms)
		return gh_fail(err, GH_BAD_INPUT, "must be \"%s\" to \"%s\", not \"%.60s\"",
		    gh_duration_text(min_ms, low), gh_duration_text(max_ms, high), s);
	*ret_ms = v;
	return GH_OK;
}

const char *
gh_duration_text(int64_t ms, char *ret)
{
	size_t i;

	for (i = 0; i < UNITS - 1 && (ms == 0 || ms % units[i].ms != 0); i++)
		;
	if (ms == 0)
		i = UNITS - 2;
	(void)snprintf(ret, GH_DURATION_LEN, "%" PRId64 "%s", ms / units[i].ms, units[i].name);
	return ret;
}
