#include "base/ban.h"
#include "base/stamp.h"
#include "base/clock.h"

#define YEAR_MIN   1970
#define UNIX_LEN   10
#define OFFSET_MAX 24 /* hours */

/* What was read of a time; -1 not given. */
struct parts {
	int year, month, day, hour, minute, second;
	int64_t seconds;  /* since 1970, instead of all others */
	int offset;       /* minutes east */
	int64_t fraction; /* microseconds */
};
#define PARTS ((struct parts){ -1, -1, -1, -1, -1, -1, -1, 0, 0 })

/* Exactly n digits within min..max; NULL: not there. */
static const char *
digits(const char *s, int n, int min, int max, int *ret)
{
	int v = 0, i;

	for (i = 0; i < n; i++) {
		if (!isdigit((unsigned char)s[i]))
			return NULL;
		v = v * 10 + (s[i] - '0');
	}
	*ret = v;
	return v >= min && v <= max ? s + n : NULL;
}

static const char *
offset(const char *s, int *ret)
{
	int sign = s[0] == '-' ? -1 : 1, hours = 0, minutes = 0;

	*ret = 0;
	if (s[0] == 'Z' || s[0] == 'z')
		return s + 1;
	if (s[0] != '+' && s[0] != '-')
		return NULL;
	s = digits(s + 1, 2, 0, OFFSET_MAX - 1, &hours);
	if (s != NULL && *s == ':')
		s++;
	if (s != NULL)
		s = digits(s, 2, 0, 59, &minutes);
	*ret = sign * (hours * 60 + minutes);
	return s;
}

static const char *
unix_seconds(const char *s, int64_t *ret)
{
	int i;

	*ret = 0;
	for (i = 0; i < UNIX_LEN; i++) {
		if (!isdigit((unsigned char)s[i]))
			return NULL;
		*ret = *ret * 10 + (s[i] - '0');
	}
	return s + UNIX_LEN;
}

/* False when there is no such day, or it is before 1970. */
static bool
moment(const struct parts *p, int64_t *ret_us)
{
	struct tm tm = { .tm_year = p->year - 1900,
		.tm_mon = p->month - 1,
		.tm_mday = p->day,
		.tm_hour = p->hour < 0 ? 0 : p->hour,
		.tm_min = p->minute < 0 ? 0 : p->minute,
		.tm_sec = p->second < 0 ? 0 : p->second };
	int64_t at;

	if (p->seconds >= 0) {
		*ret_us = p->seconds * GH_SECOND;
		return true;
	}
	at = timegm(&tm);
	/* It makes the 2nd of March of the 30th of February. */
	if (tm.tm_mday != p->day && p->second != 60)
		return false;
	*ret_us = (at - (int64_t)p->offset * 60) * GH_SECOND + p->fraction;
	return *ret_us >= 0;
}

static const char *
fraction(const char *s, int64_t *ret)
{
	int64_t unit = GH_SECOND / 10;

	if (*s != '.')
		return s;
	if (!isdigit((unsigned char)*++s))
		return NULL;
	for (; isdigit((unsigned char)*s); s++, unit /= 10)
		*ret += unit * (*s - '0');
	return s;
}

bool
gh_stamp_read(const char *s, int64_t *ret_us)
{
	struct parts p = PARTS;

	s = digits(s, 4, YEAR_MIN, 9999, &p.year);
	s = s == NULL || *s != '-' ? NULL : digits(s + 1, 2, 1, 12, &p.month);
	s = s == NULL || *s != '-' ? NULL : digits(s + 1, 2, 1, 31, &p.day);
	s = s == NULL || (*s != 'T' && *s != 't' && *s != ' ') ? NULL : digits(s + 1, 2, 0, 23, &p.hour);
	s = s == NULL || *s != ':' ? NULL : digits(s + 1, 2, 0, 59, &p.minute);
	s = s == NULL || *s != ':' ? NULL : digits(s + 1, 2, 0, 60, &p.second);
	s = s == NULL ? NULL : fraction(s, &p.fraction);
	s = s == NULL ? NULL : offset(s, &p.offset);
	return s != NULL && *s == '\0' && moment(&p, ret_us);
}

/* One field of a pattern: how much of the name it is, NULL when it does not fit. */
static const char *
field(char c, const char *name, struct parts *p)
{
	switch (c) {
	case 'Y':
		return digits(name, 4, YEAR_MIN, 9999, &p->year);
	case 'm':
		return digits(name, 2, 1, 12, &p->month);
	case 'd':
		return digits(name, 2, 1, 31, &p->day);
	case 'H':
		return digits(name, 2, 0, 23, &p->hour);
	case 'M':
		return digits(name, 2, 0, 59, &p->minute);
	case 'S':
		return digits(name, 2, 0, 60, &p->second);
	case 'z':
		return offset(name, &p->offset);
	case 's':
		return unix_seconds(name, &p->seconds);
	default:
		return *name == '%' ? name + 1 : NULL;
	}
}

/* One character, however many bytes it has. */
static const char *
character(const char *s)
{
	if (*s == '\0')
		return NULL;
	for (s++; ((unsigned char)*s & 0xc0) == 0x80; s++)
		;
	return s;
}

/*
 * Every part of a pattern but the star takes one certain piece of the name, so it is enough to go back to the
 * last star: what is between two of them fits best where it fits first.
 */
static bool
fits(const char *pattern, const char *name, struct parts *p)
{
	const char *star = NULL, *from = NULL;

	for (;;) {
		const char *next = NULL;

		if (*pattern == '*') {
			star = ++pattern;
			from = name;
			continue;
		}
		if (*pattern == '\0' && *name == '\0')
			return true;
		if (*pattern == '%')
			next = field(pattern[1], name, p);
		else if (*pattern == '?')
			next = character(name);
		else if (*pattern != '\0' && *pattern == *name)
			next = name + 1;
		if (next != NULL) {
			pattern += *pattern == '%' ? 2 : 1;
			name = next;
			continue;
		}
		if (star == NULL || *from == '\0')
			return false;
		pattern = star;
		name = ++from;
	}
}

bool
gh_stamp_match(const char *pattern, const char *name, int64_t *ret_us)
{
	struct parts p = PARTS;

	*ret_us = 0;
	if (!fits(pattern, name, &p))
		return false;
	return (p.year < 0 && p.seconds < 0) || moment(&p, ret_us);
}

/* Which fields there are, a bit each in this order. */
static const char letters[] = "YmdHMSzs";
enum { DATE = 7, HOUR = 8, MINUTE = 16, SECOND = 32, ZONE = 64, UNIX = 128 };

static enum gh_code
fields(const char *pattern, unsigned *ret, struct gh_err *err)
{
	const char *s, *at;

	*ret = 0;
	for (s = pattern; *s != '\0'; s++) {
		if (*s != '%' || *++s == '%')
			continue;
		at = *s == '\0' ? NULL : strchr(letters, *s);
		if (at == NULL)
			return gh_fail(err, GH_BAD_INPUT,
			    "there is no field %%%.1s: %%Y %%m %%d %%H %%M %%S %%z %%s, and %%%% for a "
			    "percent sign",
			    s);
		if ((*ret & 1U << (at - letters)) != 0)
			return gh_fail(err, GH_BAD_INPUT, "the field %%%c is there twice", *at);
		*ret |= 1U << (at - letters);
	}
	return GH_OK;
}

enum gh_code
gh_stamp_check(const char *pattern, bool *ret_timed, struct gh_err *err)
{
	unsigned has;

	*ret_timed = false;
	if (pattern[0] == '\0' || strlen(pattern) > GH_STAMP_PATTERN_MAX)
		return gh_fail(err, GH_BAD_INPUT, "a pattern has 1 to %d bytes", GH_STAMP_PATTERN_MAX);
	if (strchr(pattern, '/') != NULL)
		return gh_fail(err, GH_BAD_INPUT, "a pattern is a file's name: it has no \"/\"");
	GH_TRY(fields(pattern, &has, err));
	if (has == 0)
		return GH_OK;
	if ((has & UNIX) != 0 && has != UNIX)
		return gh_fail(err, GH_BAD_INPUT, "%%s is a whole time: no other field is beside it");
	if (has != UNIX && (has & DATE) != DATE)
		return gh_fail(err, GH_BAD_INPUT, "a time needs %%Y, %%m and %%d");
	if (((has & MINUTE) != 0 && (has & HOUR) == 0) || ((has & SECOND) != 0 && (has & MINUTE) == 0) ||
	    ((has & ZONE) != 0 && (has & HOUR) == 0))
		return gh_fail(err, GH_BAD_INPUT, "%%M and %%z need %%H, %%S needs %%M");
	*ret_timed = true;
	return GH_OK;
}
