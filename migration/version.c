#include "base/ban.h"
#include "migration/version.h"
#include "base/clock.h"
#include "base/io.h"
#include "migration/found.h"

#define GAP_DIGITS 6
#define GAPS_MAX   20 /* notes; a folder with more of them numbers by a rule of its own */
#define STAMP      14 /* YYYYMMDDHHMMSS */

const char *
version_trimmed(const char *digits)
{
	while (digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9')
		digits++;
	return digits;
}

int
version_compare(const char *a, const char *b)
{
	const char *x = version_trimmed(a), *y = version_trimmed(b);
	size_t x_len = strlen(x), y_len = strlen(y);

	if (x_len != y_len)
		return x_len < y_len ? -1 : 1;
	return strcmp(x, y);
}

bool
version_number(const char *digits, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;
	const char *p;

	for (p = digits; *p >= '0' && *p <= '9'; p++) {
		uint64_t d = (uint64_t)(*p - '0');

		if (d > max || v > (max - d) / 10)
			return false;
		v = v * 10 + d;
	}
	*ret = v;
	return p > digits && *p == '\0';
}

const char *
version_digits(const char *s, struct gh_arena *a)
{
	return gh_strndup(a, s, strspn(s, "0123456789"));
}

void
version_gaps(struct gh_arena *a, struct convention_found *found)
{
	size_t i, notes = 0;

	for (i = 1; i < found->n && notes < GAPS_MAX; i++) {
		const struct convention_migration *last = &found->migrations[i - 1],
						  *m = &found->migrations[i];
		uint64_t from, to;

		if (m->repeatable || strlen(m->version) > GAP_DIGITS ||
		    !version_number(last->version, UINT64_MAX, &from) ||
		    !version_number(m->version, UINT64_MAX, &to) || to <= from + 1)
			continue;
		notes++;
		if (to - from == 2)
			found_note(a, found, "number %" PRIu64 " is missing between %s and %s", from + 1,
			    last->file, m->file);
		else
			found_note(a, found, "%" PRIu64 " numbers are missing between %s and %s",
			    to - from - 1, last->file, m->file);
	}
}

/* The version that is greatest as a number; NULL when there is none. */
static const char *
greatest(const struct convention_found *found)
{
	const char *ret = NULL;
	size_t i;

	for (i = 0; i < found->n; i++) {
		const struct convention_migration *m = &found->migrations[i];

		if (m->repeatable || m->version[0] == '\0' ||
		    m->version[strspn(m->version, "0123456789")] != '\0')
			continue;
		if (ret == NULL || version_compare(m->version, ret) > 0)
			ret = m->version;
	}
	return ret;
}

bool
version_dated(const struct convention_found *found)
{
	const char *last = greatest(found);

	return last != NULL && strlen(last) == STAMP;
}

const char *
version_next(const struct convention_found *found, int digits, struct gh_arena *a)
{
	const char *last = greatest(found);
	size_t len, at;
	char *ret;

	if (last == NULL)
		return gh_printf(a, "%0*d", digits, 1);
	len = strlen(last) > (size_t)digits ? strlen(last) : (size_t)digits;
	ret = gh_alloc(a, len + 2); /* a digit more, should all be 9 */
	memset(ret, '0', len + 1);
	memcpy(ret + len + 1 - strlen(last), last, strlen(last) + 1);
	for (at = len; ret[at] == '9'; at--)
		ret[at] = '0';
	ret[at]++;
	return ret[0] == '0' ? ret + 1 : ret;
}

const char *
version_stamp(const struct convention_found *found, int64_t now, struct gh_arena *a)
{
	const char *last = greatest(found), *in;
	char text[GH_CLOCK_LEN], digits[GH_CLOCK_LEN];
	size_t n = 0;

	for (in = gh_clock_iso(now, text); *in != '\0'; in++) {
		if (*in >= '0' && *in <= '9')
			digits[n++] = *in;
	}
	digits[n] = '\0';
	if (last != NULL && strlen(last) == STAMP && version_compare(digits, last) <= 0)
		return version_next(found, STAMP, a);
	return gh_strdup(a, digits);
}
