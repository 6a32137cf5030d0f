#include "base/ban.h"
#include "migration/supabase_split.h"
#include "migration/found.h"

/*
 * One state for each of the CLI's.  Its atomic states (parentheses, BEGIN ATOMIC) hold another state each:
 * here those are a stack beside the one state.
 */
enum state { READY, COMMENT, BLOCK, QUOTE, DOLLAR, TAG, ESCAPE };

struct machine {
	const char *start, *at; /* of the statement; the byte that is read */
	enum state state;
	char quote;
	bool doubled;       /* QUOTE: the last byte may have ended it */
	int64_t depth;      /* BLOCK */
	const char *tag;    /* TAG, DOLLAR: where the opening one begins */
	size_t tag_len;     /* DOLLAR */
	bool line;          /* DOLLAR: a line comment, which ends with the line */
	size_t n_atomic;    /* open parentheses and BEGIN ATOMIC bodies */
	struct gh_arena *a; /* of kinds */
	size_t room;
	char *kinds; /* of each: ')' or 'E' */
	bool end;    /* the last three bytes may be the END of a body */
};

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
open_atomic(struct machine *m, char kind)
{
	if (m->n_atomic == m->room) {
		size_t room = m->room * 2 + 64;
		char *more = gh_alloc(m->a, room);

		if (m->n_atomic > 0)
			memcpy(more, m->kinds, m->n_atomic);
		m->kinds = more;
		m->room = room;
	}
	m->kinds[m->n_atomic++] = kind;
}

/* BEGIN, blanks, ATOMIC, the last byte of which is at m->at; both as words of their own. */
static bool
begin_atomic(const struct machine *m)
{
	const char *p = m->at - 5;

	if (m->at - m->start < 5 || strncasecmp(p, "atomic", 6) != 0 || (p > m->start && is_word(p[-1])))
		return false;
	while (p > m->start && is_blank(p[-1]))
		p--;
	if (p - m->start < 5 || strncasecmp(p - 5, "begin", 5) != 0)
		return false;
	return p - 5 == m->start || !is_word(p[-6]);
}

/* True when the byte ends the statement. */
static bool
ready(struct machine *m)
{
	m->state = READY;
	switch (*m->at) {
	case '$':
		m->state = TAG;
		m->tag = m->at;
		break;
	case '\'':
	case '"':
		m->state = QUOTE;
		m->quote = *m->at;
		m->doubled = false;
		break;
	case '-':
		m->state = COMMENT;
		break;
	case '/':
		m->state = BLOCK;
		m->depth = 0;
		break;
	case '\\':
		m->state = ESCAPE;
		break;
	case ';':
		return m->n_atomic == 0;
	case '(':
		open_atomic(m, ')');
		break;
	case 'c':
	case 'C':
		if (begin_atomic(m))
			open_atomic(m, 'E');
		break;
	default:
		break;
	}
	return false;
}

static bool
block(struct machine *m)
{
	if (m->at[-1] == '/' && *m->at == '*') {
		m->depth++;
		return false;
	}
	if (m->depth == 0)
		return ready(m);
	if (m->at[-1] == '*' && *m->at == '/' && --m->depth == 0)
		m->state = READY;
	return false;
}

static bool
quote(struct machine *m)
{
	if (m->doubled && *m->at != m->quote)
		return ready(m);
	if (*m->at == m->quote)
		m->doubled = !m->doubled;
	return false;
}

static bool
tag(struct machine *m)
{
	if (*m->at == '$') {
		m->state = DOLLAR;
		m->line = false;
		m->tag_len = (size_t)(m->at - m->tag) + 1;
		return false;
	}
	if (is_word(*m->at))
		return false;
	return ready(m);
}

static void
dollar(struct machine *m)
{
	if (m->line) {
		if (*m->at == '\n')
			m->state = READY;
	} else if ((size_t)(m->at - m->start) + 1 >= m->tag_len &&
	    memcmp(m->at + 1 - m->tag_len, m->tag, m->tag_len) == 0) {
		m->state = READY;
	}
}

static bool
next(struct machine *m)
{
	switch (m->state) {
	case READY:
		return ready(m);
	case COMMENT:
		if (*m->at != '-')
			return ready(m);
		m->state = DOLLAR;
		m->line = true;
		return false;
	case BLOCK:
		return block(m);
	case QUOTE:
		return quote(m);
	case TAG:
		return tag(m);
	case DOLLAR:
		dollar(m);
		return false;
	case ESCAPE:
		m->state = READY;
		return false;
	}
	return false;
}

/*
 * END as a word of its own closes a body; that it is one is known a byte later.  One closing parenthesis
 * closes all that are open, because each outer one sees it as well.
 */
static void
close_atomic(struct machine *m)
{
	char kind;

	if (m->state != READY || m->n_atomic == 0)
		return;
	kind = m->kinds[m->n_atomic - 1];
	if (kind == ')' && *m->at == ')')
		while (m->n_atomic > 0 && m->kinds[m->n_atomic - 1] == ')')
			m->n_atomic--;
	else if (kind == 'E' && m->at - m->start >= 3 && strncasecmp(m->at - 2, "end", 3) == 0 &&
	    !is_word(m->at[-3]))
		m->end = true;
}

static void
put(struct gh_arena *a, struct convention_side *s, const char *from, const char *to)
{
	while (to > from && to[-1] == ';')
		to--;
	while (from < to && is_blank(*from))
		from++;
	while (to > from && is_blank(to[-1]))
		to--;
	if (to > from)
		found_piece(a, s, (size_t)(from - s->sql), (size_t)(to - from));
}

void
supabase_split(struct gh_arena *a, struct convention_side *s)
{
	struct machine m = { .start = s->sql, .a = a };
	const char *end = s->sql + s->len;

	for (m.at = s->sql; m.at < end; m.at++) {
		if (m.end && !is_word(*m.at))
			m.n_atomic--;
		m.end = false;
		if (next(&m)) {
			put(a, s, m.start, m.at + 1);
			m.start = m.at + 1;
			m.state = READY;
		} else {
			close_atomic(&m);
		}
	}
	put(a, s, m.start, end);
}
