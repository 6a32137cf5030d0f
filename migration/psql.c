#include "base/ban.h"
#include "migration/psql.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

struct scan {
	const char *start, *p, *end;
	int brackets;        /* depth of [ ]: a colon in them is a slice */
	const char *command; /* the first word of the statement; NULL before it */
	size_t command_len;
	bool from;   /* FROM was the word before */
	bool stdin_; /* the statement is COPY ... FROM stdin */
};

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static size_t
word_len(const char *p, const char *end)
{
	const char *at = p;

	while (at < end && (is_word(*at) || *at == '$'))
		at++;
	return (size_t)(at - p);
}

static bool
word_is(const char *p, size_t len, const char *word)
{
	return len == strlen(word) && strncasecmp(p, word, len) == 0;
}

/* Behind the quote that closes the one at p; escapes: backslashes count. */
static const char *
quoted_end(const char *p, const char *end, bool escapes)
{
	char quote = *p;

	for (p++; p < end; p++) {
		if (escapes && *p == '\\' && p + 1 < end)
			p++;
		else if (*p == quote)
			return p + 1;
	}
	return end;
}

static const char *
comment_end(const char *p, const char *end)
{
	int depth = 0;

	while (p < end) {
		if (end - p >= 2 && p[0] == '/' && p[1] == '*') {
			depth++;
			p += 2;
		} else if (end - p >= 2 && p[0] == '*' && p[1] == '/') {
			p += 2;
			if (--depth == 0)
				return p;
		} else {
			p++;
		}
	}
	return end;
}

/* Behind $tag$ ... $tag$ at p; p itself when no such quote begins there. */
static const char *
dollar_end(const char *p, const char *end)
{
	const char *tag = p + 1, *at;
	size_t len;

	if (tag < end && isdigit((unsigned char)*tag))
		return p;
	while (tag < end && is_word(*tag))
		tag++;
	if (tag == end || *tag != '$')
		return p;
	len = (size_t)(tag + 1 - p);
	at = memmem(tag + 1, (size_t)(end - tag - 1), p, len);
	return at == NULL ? end : at + len;
}

static const char *
complain(struct scan *s, struct gh_arena *a, const char *file, const char *what)
{
	int64_t line = 1, column = 1;
	const char *at;

	for (at = s->start; at < s->p; at++) {
		if (*at == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)*at & 0xc0) != 0x80) {
			column++;
		}
	}
	return gh_printf(a, "%s:%" PRId64 ":%" PRId64 ": %s", file, line, column, what);
}

/* A word outside of quotes; true when it is one whose quote follows, E'...'. */
static void
word(struct scan *s)
{
	size_t len = word_len(s->p, s->end);

	if (s->command == NULL) {
		s->command = s->p;
		s->command_len = len;
	}
	if (s->from && word_is(s->command, s->command_len, "copy") &&
	    (word_is(s->p, len, "stdin") || word_is(s->p, len, "pstdin")))
		s->stdin_ = true;
	s->from = word_is(s->p, len, "from");
	s->p += len;
	if (len == 1 && (s->p[-1] == 'e' || s->p[-1] == 'E') && s->p < s->end && *s->p == '\'')
		s->p = quoted_end(s->p, s->end, true);
}

/* What a colon begins; "" nothing of psql's.  Moves on. */
static const char *
colon(struct scan *s, struct gh_arena *a, const char *file)
{
	const char *next = s->p + 1;
	size_t len = next < s->end ? word_len(next, s->end) : 0;

	if (next < s->end && (*next == ':' || *next == '=')) {
		s->p += 2;
		return "";
	}
	if (next < s->end && s->brackets == 0 &&
	    (*next == '\'' || *next == '"' || *next == '{' || (len > 0 && !isdigit((unsigned char)*next)))) {
		const char *shown = len > 0 ? gh_strndup(a, s->p, len + 1)
		    : *next == '{'          ? ":{?name}"
					    : gh_printf(a, ":%cname%c", *next, *next);

		return complain(s, a, file,
		    gh_printf(a, "%s is a variable of psql: Gatehouse sends SQL to the server and has none",
			shown));
	}
	s->p++;
	return "";
}

static const char *
backslash(struct scan *s, struct gh_arena *a, const char *file)
{
	const char *at = s->p + 1;

	while (at < s->end && !isspace((unsigned char)*at))
		at++;
	if (at - s->p > 40)
		at = s->p + 40;
	return complain(s, a, file,
	    gh_printf(a, "%.*s is a command of psql: Gatehouse sends SQL to the server and cannot run it",
		(int)(at - s->p), s->p));
}

/* One token; not "": what needs psql. */
static const char *
step(struct scan *s, struct gh_arena *a, const char *file)
{
	const char *next;

	switch (*s->p) {
	case '\'':
	case '"':
		s->p = quoted_end(s->p, s->end, false);
		return "";
	case '$':
		next = dollar_end(s->p, s->end);
		s->p = next == s->p ? s->p + 1 : next;
		return "";
	case '\\':
		return backslash(s, a, file);
	case ':':
		return colon(s, a, file);
	case ';':
		if (s->stdin_)
			return complain(s, a, file,
			    "data follows COPY ... FROM stdin, as psql reads it: write INSERT instead");
		s->command = NULL;
		s->from = false;
		s->p++;
		return "";
	default:
		if (is_word(*s->p)) {
			word(s);
			return "";
		}
		if (*s->p == '[')
			s->brackets++;
		else if (*s->p == ']' && s->brackets > 0)
			s->brackets--;
		s->p++;
		return "";
	}
}

const char *
psql_needed(struct gh_arena *a, const char *file, const char *sql, size_t len)
{
	struct scan s = { .start = sql, .p = sql, .end = sql + len };

	while (s.p < s.end) {
		const char *why;

		if (s.end - s.p >= 2 && s.p[0] == '-' && s.p[1] == '-') {
			while (s.p < s.end && *s.p != '\n')
				s.p++;
			continue;
		}
		if (s.end - s.p >= 2 && s.p[0] == '/' && s.p[1] == '*') {
			s.p = comment_end(s.p, s.end);
			continue;
		}
		why = step(&s, a, file);
		if (why[0] != '\0')
			return why;
	}
	return "";
}
