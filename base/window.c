#include "base/ban.h"
#include "base/window.h"
#include "base/duration.h"
#include "base/io.h"

#define ZONEINFO   "/usr/share/zoneinfo/"
#define TEXT_MAX   200
#define LENGTH_MIN INT64_C(60000)
#define LENGTH_MAX (INT64_C(7) * 24 * 3600 * 1000)
#define FIELDS     5

static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct",
	"nov", "dec", NULL };
static const char *const weekdays[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL };
static const struct field {
	const char *name;
	int64_t min, max;
	const char *const *names; /* of min and those that follow; NULL none */
} fields[FIELDS] = {
	{ "minute", 0, 59, NULL },
	{ "hour", 0, 23, NULL },
	{ "day of the month", 1, 31, NULL },
	{ "month", 1, 12, months },
	{ "weekday", 0, 7, weekdays },
};

/* A number or a name of the field. */
static bool
value_read(const struct field *f, const char *s, size_t len, int64_t *ret)
{
	char word[8];
	size_t i;

	if (len == 0 || len >= sizeof(word))
		return false;
	memcpy(word, s, len);
	word[len] = '\0';
	for (i = 0; f->names != NULL && f->names[i] != NULL; i++) {
		if (strcasecmp(f->names[i], word) == 0) {
			*ret = f->min + (int64_t)i;
			return true;
		}
	}
	return isdigit((unsigned char)word[0]) && gh_parse_i64(word, f->min, f->max, ret);
}

/* One of a list: "*", "5", "1-5", each with "/2". */
static bool
part_read(const struct field *f, const char *s, size_t len, uint64_t *bits)
{
	const char *slash = memchr(s, '/', len), *dash;
	int64_t from = f->min, to = f->max, step = 1, i;
	size_t range = slash == NULL ? len : (size_t)(slash - s);
	char word[8] = "";

	if (slash != NULL) {
		size_t rest = len - range - 1;

		if (rest == 0 || rest >= sizeof(word))
			return false;
		memcpy(word, slash + 1, rest);
		if (!isdigit((unsigned char)word[0]) || !gh_parse_i64(word, 1, f->max, &step))
			return false;
	}
	if (range != 1 || s[0] != '*') {
		dash = memchr(s, '-', range);
		if (!value_read(f, s, dash == NULL ? range : (size_t)(dash - s), &from))
			return false;
		to = slash != NULL && dash == NULL ? f->max : from;
		if (dash != NULL && !value_read(f, dash + 1, range - (size_t)(dash - s) - 1, &to))
			return false;
	}
	if (to < from)
		return false;
	for (i = from; i <= to; i += step)
		*bits |= UINT64_C(1) << i;
	return true;
}

static enum gh_code
field_read(const struct field *f, const char *s, size_t len, uint64_t *ret, struct gh_err *err)
{
	size_t at = 0, end;

	*ret = 0;
	for (;;) {
		for (end = at; end < len && s[end] != ','; end++)
			;
		if (!part_read(f, s + at, end - at, ret))
			return gh_fail(err, GH_BAD_INPUT,
			    "the %s must be %" PRId64 " to %" PRId64
			    "%s, a list or a range of them, or *, not "
			    "\"%.*s\"",
			    f->name, f->min, f->max, f->names == NULL ? "" : " or their names", (int)len, s);
		if (end == len)
			return GH_OK;
		at = end + 1;
	}
}

static enum gh_code
zone_read(const char *s, const char *behind, struct gh_window *w, struct gh_err *err)
{
	char path[sizeof(ZONEINFO) + GH_WINDOW_ZONE_LEN];
	GH_FD int fd = -1;
	char magic[4] = "";

	if (s[0] == '\0' || strlen(s) >= GH_WINDOW_ZONE_LEN || !isalpha((unsigned char)s[0]) ||
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/")] != '\0')
		return gh_fail(err, GH_BAD_INPUT, "a time zone must follow %s, not \"%.60s\"", behind, s);
	(void)snprintf(w->zone, sizeof(w->zone), "%s", s);
	if (strcmp(s, "UTC") == 0)
		return GH_OK;
	(void)snprintf(path, sizeof(path), "%s%s", ZONEINFO, s);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || read(fd, magic, sizeof(magic)) != (ssize_t)sizeof(magic) ||
	    memcmp(magic, "TZif", sizeof(magic)) != 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "this machine knows no time zone \"%s\": there is no %s", s, path);
	return GH_OK;
}

/* The next word of the text; its length is 0 at the end. */
static const char *
word_next(const char **at, size_t *ret_len)
{
	const char *s = *at + strspn(*at, " \t");

	*ret_len = strcspn(s, " \t");
	*at = s + *ret_len;
	return s;
}

/* How a window and a schedule are written, for messages. */
#define WINDOW_USAGE                                                                                         \
	"a window is \"MINUTE HOUR DAY MONTH WEEKDAY for DURATION ZONE\", as in \"0 22 * * mon-fri for 4h "  \
	"Europe/Berlin\""
#define SCHEDULE_USAGE                                                                                       \
	"a schedule is \"MINUTE HOUR DAY MONTH WEEKDAY ZONE\", as in \"30 2 * * * Europe/Berlin\""

/* The five fields of when it opens; *at is what follows them. */
static enum gh_code
fields_read(const char **at, const char *usage, struct gh_window *ret, struct gh_err *err)
{
	uint64_t *const bits[FIELDS] = { &ret->minutes, &ret->hours, &ret->days, &ret->months,
		&ret->weekdays };
	const char *s, *text = *at;
	size_t len, i;

	*ret = (struct gh_window){ 0 };
	if (strnlen(text, TEXT_MAX + 1) > TEXT_MAX)
		return gh_fail(err, GH_BAD_INPUT, "it has more than %d characters: %s", TEXT_MAX, usage);
	for (i = 0; i < FIELDS; i++) {
		s = word_next(at, &len);
		if (len == 0 || (len == 3 && strncmp(s, "for", len) == 0))
			return gh_fail(err, GH_BAD_INPUT, "%s; the %s is missing in \"%s\"", usage,
			    fields[i].name, text);
		GH_TRY(field_read(&fields[i], s, len, bits[i], err));
		if (i == 2)
			ret->any_day = s[0] == '*';
		ret->any_weekday = s[0] == '*';
	}
	/* Sunday is 0 and 7. */
	ret->weekdays |= ret->weekdays >> 7 & 1;
	return GH_OK;
}

enum gh_code
gh_window_read(const char *text, struct gh_window *ret, struct gh_err *err)
{
	char word[GH_WINDOW_ZONE_LEN];
	const char *s, *at = text;
	struct gh_err why = { 0 };
	int64_t ms = 0;
	size_t len;

	GH_TRY(fields_read(&at, WINDOW_USAGE, ret, err));
	s = word_next(&at, &len);
	if (len != 3 || strncmp(s, "for", len) != 0)
		return gh_fail(err, GH_BAD_INPUT,
		    "after the weekday \"for\" and a duration must follow, as in \"for 4h Europe/Berlin\", "
		    "not "
		    "\"%s\"",
		    s);
	s = word_next(&at, &len);
	(void)snprintf(word, sizeof(word), "%.*s", (int)len, s);
	if (gh_duration_read(word, LENGTH_MIN, LENGTH_MAX, &ms, &why) != GH_OK)
		return gh_fail(err, GH_BAD_INPUT, "the duration of a window %s", why.msg);
	ret->length_us = ms * 1000;
	s = word_next(&at, &len);
	return zone_read(s, "the duration, as in \"for 4h Europe/Berlin\"", ret, err);
}

enum gh_code
gh_window_schedule_read(const char *text, struct gh_window *ret, struct gh_err *err)
{
	const char *s, *at = text;
	size_t len;

	GH_TRY(fields_read(&at, SCHEDULE_USAGE, ret, err));
	ret->length_us = LENGTH_MIN * 1000;
	s = word_next(&at, &len);
	return zone_read(s, "the weekday, as in \"30 2 * * * Europe/Berlin\"", ret, err);
}
