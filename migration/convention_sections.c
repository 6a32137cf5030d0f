#include "base/ban.h"
#include "migration/convention.h"

#if 0 /* being ported */
#include "base/ban.h"
#include "migration/convention.h"
#include "migration/name.h"

/*
 * 20251123101500_add_user_photos.sql with the sections "-- Up Migration" and "-- Down Migration", as
 * node-pg-migrate reads them.  Its rules are followed to the letter, because the tool and Gatehouse may run
 * the same folder; where they would run what nobody meant, the file is refused.
 */

#define STAMP 14 /* YYYYMMDDHHMMSS */

static int
number(const char *digits, size_t n)
{
	int v = 0;

	for (; n > 0; n--)
		v = v * 10 + (*digits++ - '0');
	return v;
}

static bool
is_date_time(const char *d)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = number(d, 4), month = number(d + 4, 2), day = number(d + 6, 2), last;

	if (year < 1970 || month < 1 || month > 12)
		return false;
	last = days[month - 1];
	if (month == 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0))
		last = 29;
	return day >= 1 && day <= last && number(d + 8, 2) < 24 && number(d + 10, 2) < 60 &&
	    number(d + 12, 2) < 60;
}

static const char *
why_refused(const char *stem, size_t digits, struct gh_arena *a)
{
	if (digits == 0)
		return gh_printf(a, "the date and time are missing: name it YYYYMMDDHHMMSS_%s.sql", stem);
	if (digits != STAMP)
		return gh_printf(a, "%zu digits where 14 belong: YYYYMMDDHHMMSS_name.sql", digits);
	if (!is_date_time(stem))
		return gh_printf(a, "%.*s is not a date and time (YYYYMMDDHHMMSS)", STAMP, stem);
	if (stem[STAMP] != '_')
		return gh_printf(a, "an underscore is missing after the number: name it %.*s_%s.sql", STAMP,
		    stem, stem[STAMP] == '\0' ? "name" : stem + STAMP + (stem[STAMP] == '-' ? 1 : 0));
	if (stem[STAMP + 1] == '\0')
		return "the name is missing: YYYYMMDDHHMMSS_name.sql";
	return "only letters, digits, underscores and dashes in the name";
}

static void
classify(const char *file, struct gh_arena *a, struct convention_file *ret)
{
	const char *stem = name_start(file, a, ret), *p;
	size_t digits;
	bool good;

	if (stem == NULL)
		return;
	digits = strspn(stem, "0123456789");
	good = digits == STAMP && is_date_time(stem) && stem[STAMP] == '_' && stem[STAMP + 1] != '\0';
	for (p = stem; good && *p != '\0'; p++)
		good = (unsigned char)*p < 0x80 && (isalnum((unsigned char)*p) || *p == '_' || *p == '-');
	if (!good) {
		ret->as = CONVENTION_REFUSED;
		ret->reason = why_refused(stem, digits, a);
		return;
	}
	ret->as = CONVENTION_BOTH;
	ret->version = gh_strndup(a, stem, STAMP);
	ret->name = stem + STAMP + 1;
	ret->key = stem;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * /^\s*--[\s-]*WORD\s+migration/i at s.  If not, no line that begins before *ret_stuck matches either, so
 * that the search stays linear.
 */
static bool
marker_at(const char *s, const char *end, const char *word, const char **ret_stuck)
{
	size_t len = strlen(word);

	while (s < end && is_space(*s))
		s++;
	*ret_stuck = s;
	if (end - s < 2 || s[0] != '-' || s[1] != '-')
		return false;
	while (s < end && (is_space(*s) || *s == '-'))
		s++;
	*ret_stuck = s;
	if ((size_t)(end - s) < len || strncasecmp(s, word, len) != 0)
		return false;
	s += len;
	if (s == end || !is_space(*s))
		return false;
	while (s < end && is_space(*s))
		s++;
	return end - s >= 9 && strncasecmp(s, "migration", 9) == 0;
}

/* Where the first marker begins, blank lines and rulers before it included; len when there is none. */
static size_t
marker_find(const char *text, size_t len, const char *word)
{
	const char *end = text + len, *p = text;

	while (p < end) {
		const char *stuck;

		if (marker_at(p, end, word, &stuck))
			return (size_t)(p - text);
		for (p = stuck; p < end && *p != '\n' && *p != '\r'; p++)
			continue;
		if (end - p >= 2 && p[0] == '\r' && p[1] == '\n')
			p++;
		if (p < end)
			p++;
	}
	return len;
}

/* Whether text holds nothing but comments and blanks. */
static bool
only_comments(const char *p, const char *end)
{
	int depth = 0;

	while (p < end) {
		if (end - p >= 2 && p[0] == '/' && p[1] == '*') {
			depth++;
			p += 2;
		} else if (depth > 0 && end - p >= 2 && p[0] == '*' && p[1] == '/') {
			depth--;
			p += 2;
		} else if (depth == 0 && end - p >= 2 && p[0] == '-' && p[1] == '-') {
			while (p < end && *p != '\n' && *p != '\r')
				p++;
		} else if (depth > 0 || is_space(*p)) {
			p++;
		} else {
			return false;
		}
	}
	return true;
}

static struct convention_part
part(const char *text, size_t from, size_t to)
{
	struct convention_part ret = { .present = true, .offset = from, .len = to - from, .first_line = 1 };
	size_t i;

	for (i = 0; i < from; i++)
		ret.first_line += text[i] == '\n';
	return ret;
}

static void
sides(const char *text, size_t len, enum convention_as as, struct convention_sides *ret)
{
	size_t up = marker_find(text, len, "up"), down = marker_find(text, len, "down");

	(void)as;
	*ret = (struct convention_sides){ 0 };
	if (up == len && down < len) {
		ret->problem =
		    "a Down Migration marker without an Up Migration marker: the whole file, the way back "
		    "included, would run as the up";
		return;
	}
	if (up == len) {
		ret->up = part(text, 0, len);
		return;
	}
	if (!only_comments(text, text + (up < down ? up : down))) {
		ret->problem = "SQL above the first section marker belongs to no section and would never run";
		return;
	}
	ret->up = part(text, up, down < up ? len : down);
	if (down < len)
		ret->down = part(text, down, up < down ? len : up);
}

const struct convention convention_sections = {
	.name = "sections",
	.description = "YYYYMMDDHHMMSS_name.sql with the sections -- Up Migration and -- Down Migration",
	.tracking = {
		.schema = "public",
		.table = "pgmigrations",
		.qualified = "public.pgmigrations",
		.create = "CREATE TABLE public.pgmigrations ("
		          "id serial PRIMARY KEY, "
		          "name varchar(255) NOT NULL, "
		          "run_on timestamp NOT NULL)",
		.columns = {
			{ "id", "integer", "t" },
			{ "name", "character varying(255)", "t" },
			{ "run_on", "timestamp without time zone", "t" },
		},
		.n_columns = 3,
		.select = "SELECT name::text, CASE WHEN isfinite(run_on) "
		          "THEN (extract(epoch FROM run_on::timestamptz) * 1000000)::bigint ELSE 0 END "
		          "FROM public.pgmigrations ORDER BY id",
		.find = "SELECT 1 FROM public.pgmigrations WHERE name = $1",
		.insert = "INSERT INTO public.pgmigrations (name, run_on) VALUES ($1, current_timestamp)",
		.delete = "DELETE FROM public.pgmigrations WHERE name = $1",
	},
	.lock = INT64_C(7241865325823964),
	.in_order = true,
	.classify = classify,
	.sides = sides,
};

#endif
const struct convention convention_sections = {
	.name = "sections",
};
