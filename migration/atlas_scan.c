#include "base/ban.h"
#include "migration/atlas_scan.h"

#include <ctype.h>

#define DEPTH_MAX 8 /* of BEGIN ATOMIC in one another */

struct scan {
	struct gh_arena *a;
	const char *start, *end;
	const char *input, *p; /* of the statement, and where we are */
	const char *delimiter;
	size_t delimiter_len;
	const char *problem;
	const char *at;
	int nested;
};

static bool one(struct scan *s, struct atlas_statement *ret);

static void
fail(struct scan *s, const char *at, const char *why)
{
	if (s->problem[0] == '\0') {
		s->problem = why;
		s->at = at;
	}
}

static void
skip_spaces(struct scan *s)
{
	while (s->p < s->end && isspace((unsigned char)*s->p))
		s->p++;
	s->input = s->p;
}

static bool
starts(const struct scan *s, const char *p, const char *word, size_t len)
{
	return (size_t)(s->end - p) >= len && memcmp(p, word, len) == 0;
}

/* Behind word at p, case ignored, with white space before and behind it as asked; NULL: it is not there. */
static const char *
word_at(const struct scan *s, const char *p, const char *word)
{
	size_t len = strlen(word);

	while (p < s->end && isspace((unsigned char)*p))
		p++;
	if ((size_t)(s->end - p) < len || strncasecmp(p, word, len) != 0)
		return NULL;
	return p + len;
}

/* p is behind the quote. */
static void
skip_quote(struct scan *s, char quote)
{
	const char *from = s->p;
	bool escapes = quote == '\'' && from - s->input >= 2 && (from[-2] == 'E' || from[-2] == 'e');

	while (s->p < s->end) {
		char c = *s->p++;

		if (escapes && c == '\\' && s->p < s->end)
			s->p++;
		else if (c == quote)
			return;
	}
	fail(s, from - 1, "a quote is not closed");
}

/* p is behind the dollar sign; false: no quote begins there. */
static bool
skip_dollar(struct scan *s)
{
	const char *tag = s->p - 1, *at = s->p, *close;
	size_t len;

	if (at < s->end && isdigit((unsigned char)*at))
		return false;
	while (at < s->end && (isalnum((unsigned char)*at) || *at == '_' || (unsigned char)*at >= 0x80))
		at++;
	if (at == s->end || *at != '$')
		return false;
	len = (size_t)(at + 1 - tag);
	close = memmem(at + 1, (size_t)(s->end - at - 1), tag, len);
	s->p = close == NULL ? s->end : close + len;
	return true;
}

/* p is behind what opens it. */
static void
skip_comment(struct scan *s, const char *close)
{
	bool first = s->p == s->input + 2;
	const char *at = memmem(s->p, (size_t)(s->end - s->p), close, strlen(close));

	if (at == NULL)
		return; /* no comment for Atlas */
	s->p = at + strlen(close);
	if (first)
		skip_spaces(s);
}

/* BEGIN ATOMIC ... END at the last character read. */
static bool
skip_atomic(struct scan *s)
{
	const char *body = word_at(s, s->p - 1, "begin");
	struct scan inner = *s;
	struct atlas_statement statement;

	if (body == NULL || body == s->end || !isspace((unsigned char)*body) || s->nested >= DEPTH_MAX)
		return false;
	body = word_at(s, body, "atomic");
	if (body == NULL || body == s->end || !isspace((unsigned char)*body))
		return false;
	inner.p = inner.input = body;
	inner.problem = "";
	inner.nested++;
	while (one(&inner, &statement)) {
		if (word_at(s, s->start + statement.offset, "end") != NULL) {
			s->p = inner.p;
			return true;
		}
	}
	return false;
}

static void
emit(struct scan *s, const char *end, struct atlas_statement *ret)
{
	const char *p = s->input;

	if (s->delimiter[0] != ';' && (size_t)(end - p) >= s->delimiter_len &&
	    memcmp(end - s->delimiter_len, s->delimiter, s->delimiter_len) == 0)
		end -= s->delimiter_len;
	while (p < end && isspace((unsigned char)*p))
		p++;
	while (p < end && isspace((unsigned char)end[-1]))
		end--;
	*ret = (struct atlas_statement){ .offset = (size_t)(p - s->start), .len = (size_t)(end - p) };
	ret->empty = ret->len == 0 ||
	    (ret->len >= 2 && p[0] == '-' && p[1] == '-' && memchr(p, '\n', ret->len) == NULL);
	s->input = s->p;
}

/* Whether the character that was just read ends the statement. */
static bool
delimits(const struct scan *s, int depth)
{
	return depth == 0 && starts(s, s->p - 1, s->delimiter, s->delimiter_len);
}

/* What a character that is no parenthesis begins; true when a block that ends the statement was passed. */
static bool
pass(struct scan *s, char c)
{
	if (c == '\'' || c == '"' || c == '`')
		skip_quote(s, c);
	else if (c == '$')
		(void)skip_dollar(s);
	else if (c == '-' && s->p < s->end && *s->p == '-') {
		s->p++;
		skip_comment(s, "\n");
	} else if (c == '/' && s->p < s->end && *s->p == '*') {
		s->p++;
		skip_comment(s, "*/");
	} else if (s->delimiter[0] == ';' && (c == 'b' || c == 'B' || isspace((unsigned char)c)))
		return skip_atomic(s);
	return false;
}

/* The next statement; false at the end or when something is wrong. */
static bool
one(struct scan *s, struct atlas_statement *ret)
{
	const char *open = NULL;
	int depth = 0;

	skip_spaces(s);
	while (s->p < s->end && s->problem[0] == '\0') {
		char c = *s->p++;

		if (c == '(') {
			if (depth++ == 0)
				open = s->p - 1;
		} else if (c == ')') {
			if (depth-- == 0)
				fail(s, s->p - 1, "a ) without its (");
		} else if (c != '\'' && c != '"' && c != '`' && delimits(s, depth)) {
			s->p += s->delimiter_len - 1;
			emit(s, s->p, ret);
			return true;
		} else if (pass(s, c)) {
			emit(s, s->p, ret);
			return true;
		}
	}
	if (depth > 0)
		fail(s, open, "a ( is not closed");
	if (s->problem[0] != '\0' || s->p == s->input)
		return false;
	emit(s, s->end, ret);
	return true;
}

/* \n, \r and \t as what they stand for. */
static const char *
unescaped(struct gh_arena *a, const char *text)
{
	char *ret = gh_strdup(a, text), *out = ret;
	const char *p;

	for (p = text; *p != '\0'; p++) {
		if (*p == '\\' && (p[1] == 'n' || p[1] == 'r' || p[1] == 't')) {
			p++;
			*out++ = (char)(*p == 'n' ? '\n' : *p == 'r' ? '\r' : '\t');
		} else {
			*out++ = *p;
		}
	}
	*out = '\0';
	return ret;
}

void
atlas_scan(struct gh_arena *a, const char *sql, size_t len, struct atlas_statements *ret)
{
	struct scan s = { .a = a,
		.start = sql,
		.end = sql + len,
		.input = sql,
		.p = sql,
		.delimiter = ";",
		.problem = "",
		.at = sql };
	const char *delimiter =
	    starts(&s, sql, "-- atlas:", 9) ? atlas_first_line(a, sql, len, "delimiter") : NULL;
	struct atlas_statement statement;
	size_t room = 0;

	*ret = (struct atlas_statements){ .problem = "" };
	if (delimiter != NULL) {
		const char *eol = memchr(sql, '\n', len);

		s.delimiter = unescaped(a, delimiter);
		if (eol == NULL || s.delimiter[0] == '\0')
			fail(&s, sql, "the delimiter is empty, or nothing follows it");
		else
			s.p = s.input = eol + 1;
	}
	s.delimiter_len = strlen(s.delimiter);
	while (one(&s, &statement)) {
		if (ret->n == room) {
			struct atlas_statement *more;

			room = room * 2 + 16;
			more = gh_alloc_n(a, room, sizeof(*more));
			if (ret->n > 0)
				memcpy(more, ret->items, ret->n * sizeof(*more));
			ret->items = more;
		}
		ret->items[ret->n++] = statement;
	}
	ret->problem = s.problem;
	ret->at = (size_t)(s.at - sql);
}

/* ^([ -~]*)atlas:(\w+)(?: +([ -~]*))* */
static const char *
directive(struct gh_arena *a, const char *p, const char *end, const char *name)
{
	const char *stop = p, *found = NULL, *value;
	size_t len = strlen(name);

	while (stop < end && *stop >= ' ' && *stop <= '~')
		stop++;
	for (; p + 6 < stop; p++) {
		if (memcmp(p, "atlas:", 6) == 0 && (isalnum((unsigned char)p[6]) || p[6] == '_'))
			found = p + 6;
	}
	if (found == NULL || (size_t)(stop - found) < len || memcmp(found, name, len) != 0)
		return NULL;
	value = found + len;
	if (value < stop && (isalnum((unsigned char)*value) || *value == '_'))
		return NULL;
	if (value < stop && *value != ' ')
		return "";
	while (value < stop && *value == ' ')
		value++;
	return gh_strndup(a, value, (size_t)(stop - value));
}

const char *
atlas_first_line(struct gh_arena *a, const char *sql, size_t len, const char *name)
{
	return directive(a, sql, sql + len, name);
}

const char *
atlas_directive(struct gh_arena *a, const char *sql, size_t len, const char *name, size_t *ret_n)
{
	const char *p = sql, *end = sql + len, *ret = NULL;

	*ret_n = 0;
	while (p < end && (*p == '#' || (end - p >= 2 && p[0] == '-' && p[1] == '-'))) {
		const char *eol = memchr(p, '\n', (size_t)(end - p)), *last = eol, *value;

		if (eol == NULL)
			break;
		while (last > p && isspace((unsigned char)last[-1]))
			last--;
		value = directive(a, p, last, name);
		if (value != NULL && (*ret_n)++ == 0)
			ret = value;
		p = eol + 1;
	}
	if (p < end && *p == '\n')
		return ret;
	*ret_n = 0;
	return NULL;
}
