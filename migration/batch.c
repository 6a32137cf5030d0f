#include "base/ban.h"
#include "migration/batch.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/text.h"
#include "migration/scan.h"

#define MARK "gatehouse:batch"
#define HOUR 3600000

/* ---- the header -----------------------------------------------------------------------------------------
 */

enum { TEXT, NUMBER, DURATION };
static const struct setting {
	const char *name;
	int kind;
	int64_t min, max;
	size_t at; /* in struct batch */
} settings[] = {
	{ "table", TEXT, 0, 0, offsetof(struct batch, table) },
	{ "key", TEXT, 0, 0, offsetof(struct batch, key) },
	{ "size", NUMBER, 1, BATCH_SIZE_MAX, offsetof(struct batch, size) },
	{ "min_size", NUMBER, 1, BATCH_SIZE_MAX, offsetof(struct batch, size_min) },
	{ "max_size", NUMBER, 1, BATCH_SIZE_MAX, offsetof(struct batch, size_max) },
	{ "pause", DURATION, 0, HOUR, offsetof(struct batch, pause_ms) },
	{ "target", DURATION, 0, HOUR, offsetof(struct batch, target_ms) },
	{ "max_lag", DURATION, 0, HOUR, offsetof(struct batch, max_lag_ms) },
	{ "max_active", NUMBER, 0, 100000, offsetof(struct batch, max_active) },
	{ "max_errors", NUMBER, 0, BATCH_ERRORS_MAX, offsetof(struct batch, max_errors) },
	{ "throttle", TEXT, 0, 0, offsetof(struct batch, throttle) },
	{ "done", TEXT, 0, 0, offsetof(struct batch, done) },
	{ "check", TEXT, 0, 0, offsetof(struct batch, check) },
	{ "select", TEXT, 0, 0, offsetof(struct batch, select) },
};
#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

struct reading_header {
	const char *sql, *end;
	struct gh_arena *arena;
	struct batch *to;
	bool repeat, seen[SETTINGS];
};

static void problem(struct reading_header *r, const char *at, const char *fmt, ...) GH_PRINTF(3, 4);
static void
problem(struct reading_header *r, const char *at, const char *fmt, ...)
{
	va_list ap;

	if (r->to->problem[0] != '\0')
		return;
	va_start(ap, fmt);
	r->to->problem = gh_vprintf(r->arena, fmt, ap);
	va_end(ap);
	r->to->problem_at = (size_t)(at - r->sql);
}

/* The next line comment that is a header: what stands behind the mark; NULL none. */
static const char *
header_next(const char *sql, const char *p, const char *end, const char **ret_end)
{
	for (; p < end; p++) {
		const char *skip = scan_skip(p, end), *text = p + 2, *line = p;

		if (skip == p)
			continue;
		*ret_end = skip;
		while (line > sql && (line[-1] == ' ' || line[-1] == '\t'))
			line--;
		while (text < skip && (*text == ' ' || *text == '\t'))
			text++;
		if (p[0] == '-' && (line == sql || line[-1] == '\n' || line[-1] == '\r') &&
		    (size_t)(skip - text) >= strlen(MARK) && memcmp(text, MARK, strlen(MARK)) == 0 &&
		    (text + strlen(MARK) == skip || isspace((unsigned char)text[strlen(MARK)])))
			return text + strlen(MARK);
		p = skip - 1;
	}
	return NULL;
}

/* A value that begins at *at: to the next blank, or within quotes, a doubled one being one of it. */
static const char *
value_read(struct reading_header *r, const char **at, const char *end)
{
	const char *p = *at;
	GH_TEXT out = { 0 };
	char quote;

	if (p == end || (*p != '"' && *p != '\'')) {
		while (p < end && !isspace((unsigned char)*p))
			gh_text_putc(&out, *p++);
		*at = p;
		return gh_strdup(r->arena, gh_text_str(&out));
	}
	for (quote = *p++; p < end; p++) {
		if (*p == quote && (p + 1 == end || p[1] != quote))
			break;
		p += *p == quote ? 1 : 0;
		gh_text_putc(&out, *p);
	}
	if (p == end)
		problem(r, *at, "the value is not closed: %c is missing at the end of the line", quote);
	else if (++p < end && !isspace((unsigned char)*p))
		problem(r, p, "a blank is missing behind the value");
	*at = p;
	return gh_strdup(r->arena, gh_text_str(&out));
}

static bool
duration_read(const char *text, int64_t max, int64_t *ret)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "min", 60000 } };
	size_t n = strspn(text, "0123456789"), i;
	char digits[20];

	if (n == 0 || n >= sizeof(digits))
		return false;
	memcpy(digits, text, n);
	digits[n] = '\0';
	if (!gh_parse_i64(digits, 0, max, ret))
		return false;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(text + n, units[i].unit) == 0) {
			*ret *= units[i].ms;
			return *ret <= max;
		}
	}
	return text[n] == '\0' && *ret == 0;
}

static void
setting_put(struct reading_header *r, const struct setting *s, const char *at, const char *value)
{
	char *to = (char *)r->to + s->at;
	int64_t number = 0;

	if (r->seen[s - settings])
		problem(r, at, "%s is there twice", s->name);
	r->seen[s - settings] = true;
	if (value[0] == '\0') {
		problem(r, at, "%s has no value", s->name);
	} else if (s->kind == TEXT) {
		memcpy(to, &value, sizeof(value));
	} else {
		if (s->kind == NUMBER && !gh_parse_i64(value, s->min, s->max, &number))
			problem(r, at, "%s is a number from %" PRId64 " to %" PRId64 ", not \"%s\"", s->name,
			    s->min, s->max, value);
		if (s->kind == DURATION && !duration_read(value, s->max, &number))
			problem(r, at, "%s is a time like 100ms, 10s or 2min, an hour at most, not \"%s\"",
			    s->name, value);
		memcpy(to, &number, sizeof(number));
	}
}

static void
word_read(struct reading_header *r, const char **at, const char *end)
{
	const char *name = *at, *p = name;
	size_t i, len;

	while (p < end && *p != '=' && !isspace((unsigned char)*p))
		p++;
	len = (size_t)(p - name);
	if (p == end || *p != '=') {
		*at = p;
		if (len != strlen("repeat") || memcmp(name, "repeat", len) != 0)
			problem(r, name, "\"%.*s\" is no word of a batch: it is NAME=VALUE, or repeat",
			    (int)(len > 60 ? 60 : len), name);
		else if (r->repeat)
			problem(r, name, "repeat is there twice");
		r->repeat = true;
		return;
	}
	*at = p + 1;
	for (i = 0; i < SETTINGS; i++) {
		if (strlen(settings[i].name) == len && memcmp(name, settings[i].name, len) == 0) {
			setting_put(r, &settings[i], name, value_read(r, at, end));
			return;
		}
	}
	problem(r, name,
	    "a batch has no \"%.*s\": there are table, key, size, min_size, max_size, pause, target, "
	    "max_lag, "
	    "max_active, max_errors, throttle, done, check, select and repeat",
	    (int)(len > 60 ? 60 : len), name);
	(void)value_read(r, at, end);
}

/* ---- what it says of the statement ----------------------------------------------------------------------
 */

/* Both ends belong to a batch: one that is compared with < or > would leave rows out. */
static void
check_closed(struct reading_header *r, const char *at, size_t which)
{
	const char *before = at, *after = at + strlen(batch_words[which]);

	while (before > r->sql && isspace((unsigned char)before[-1]))
		before--;
	while (after < r->end && isspace((unsigned char)*after))
		after++;
	if ((before > r->sql && (before[-1] == '<' || before[-1] == '>')) ||
	    (after + 1 < r->end && (*after == '<' || *after == '>') && after[1] != '='))
		problem(r, at,
		    "%s belongs to its batch, so < and > would leave out a row: write BETWEEN :from AND :to, "
		    "or >= "
		    "and <=",
		    batch_words[which]);
}

static void
find_words(struct reading_header *r, bool ret[BATCH_WORDS])
{
	const char *p = r->sql, *at;
	size_t which;

	while ((at = batch_word_next(p, r->end, &which)) != NULL) {
		ret[which] = true;
		if (which < 2)
			check_closed(r, at, which);
		p = at + 1;
	}
}

static void
check_size(struct reading_header *r, const char *at)
{
	struct batch *b = r->to;

	if (b->size_min == 0)
		b->size_min = b->size < 50 ? 1 : b->size / 50;
	if (b->size_max == 0)
		b->size_max = b->size > BATCH_SIZE_MAX / 20 ? BATCH_SIZE_MAX : b->size * 20;
	if (b->size_min > b->size || b->size_max < b->size)
		problem(r, at, "size %" PRId64 " is not between min_size %" PRId64 " and max_size %" PRId64,
		    b->size, b->size_min, b->size_max);
}

static void
check_range(struct reading_header *r, const char *at, const bool has[BATCH_WORDS])
{
	if (!has[0] || !has[1])
		problem(r, at, "the statement has %s, but not %s", batch_words[has[0] ? 0 : 1],
		    batch_words[has[0] ? 1 : 0]);
	if (r->to->select[0] != '\0')
		problem(r, at, "select is for a statement with :ids, this one has :from and :to");
}

static void
check_repeat(struct reading_header *r, const char *at)
{
	if (r->to->max_errors > 0)
		problem(r, at,
		    "max_errors needs a key to leave a row out by: a statement with :from and :to, or with "
		    ":ids");
	if (r->to->select[0] != '\0')
		problem(r, at, "select is for a statement with :ids, this one is repeated");
	if (!scan_has_word(r->sql, (size_t)(r->end - r->sql), "limit") &&
	    !scan_has_word(r->sql, (size_t)(r->end - r->sql), "fetch"))
		problem(r, at,
		    "a statement that is repeated must choose some of its rows by a LIMIT (LIMIT :size), "
		    "this "
		    "one takes all of them at once");
}

static void
check_form(struct reading_header *r, const char *at)
{
	struct batch *b = r->to;
	bool has[BATCH_WORDS] = { false };

	find_words(r, has);
	if (r->repeat + has[2] + (has[0] || has[1]) > 1)
		problem(r, at, "the statement is one of three: with :from and :to, with :ids, or repeated");
	else if (r->repeat)
		b->form = BATCH_REPEAT;
	else if (has[2])
		b->form = BATCH_IDS;
	else if (!has[0] && !has[1])
		problem(r, at,
		    "the statement has neither :from and :to nor :ids; the word repeat in the header runs it "
		    "until it touches no rows");
	if (b->form == BATCH_RANGE)
		check_range(r, at, has);
	if (b->form == BATCH_REPEAT)
		check_repeat(r, at);
	if (has[3] && b->form != BATCH_REPEAT)
		problem(r, at, ":size is for a statement that is repeated, or for the select query");
	if (b->form == BATCH_IDS && b->select[0] == '\0' && b->done[0] == '\0')
		problem(r, at,
		    "who gives the keys of :ids: select=\"SELECT id FROM ... LIMIT :size\" is missing");
	if (b->form != BATCH_REPEAT && (b->table[0] == '\0' || b->key[0] == '\0'))
		problem(r, at, "%s is missing: table=public.orders key=id",
		    b->table[0] == '\0' ? "table" : "key");
	check_size(r, at);
}

bool
batch_is(const char *sql, size_t len)
{
	const char *end;

	return memmem(sql, len, MARK, strlen(MARK)) != NULL && header_next(sql, sql, sql + len, &end) != NULL;
}

void
batch_read(const char *sql, size_t len, struct gh_arena *a, struct batch *ret)
{
	struct reading_header r = { .sql = sql, .end = sql + len, .arena = a, .to = ret };
	const char *p = sql, *at, *line_end, *first = NULL;

	*ret = (struct batch){ .problem = "",
		.table = "",
		.key = "",
		.throttle = "",
		.done = "",
		.check = "",
		.select = "",
		.size = 1000,
		.target_ms = 500,
		.max_lag_ms = -1 };
	if (memmem(sql, len, MARK, strlen(MARK)) == NULL)
		return;
	while ((at = header_next(sql, p, r.end, &line_end)) != NULL) {
		first = first == NULL ? at - strlen(MARK) : first;
		for (;;) {
			while (at < line_end && isspace((unsigned char)*at))
				at++;
			if (at >= line_end)
				break;
			word_read(&r, &at, line_end);
		}
		p = line_end;
	}
	if (first == NULL)
		return;
	ret->form = BATCH_RANGE;
	ret->at = (size_t)(first - sql);
	check_form(&r, first);
}

void
batch_digest(const struct batch *b, struct gh_sha256 *sum)
{
	size_t i;
	char text[24];

	for (i = 0; i < SETTINGS; i++) {
		const char *at = (const char *)b + settings[i].at, *value = text;
		int64_t number;

		if (settings[i].kind == TEXT) {
			memcpy(&value, at, sizeof(value));
		} else {
			memcpy(&number, at, sizeof(number));
			(void)snprintf(text, sizeof(text), "%" PRId64, number);
		}
		gh_sha256_add(sum, value, strlen(value) + 1);
	}
}
