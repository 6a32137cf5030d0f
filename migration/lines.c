#include "base/ban.h"
#include "migration/lines.h"
#include "migration/found.h"

struct lines
lines_of(const struct convention_text *text)
{
	return (struct lines){ .p = text->sql, .end = text->sql + text->len };
}

bool
lines_next(struct lines *l, struct line *ret)
{
	const char *eol;

	if (l->p == l->end)
		return false;
	eol = memchr(l->p, '\n', (size_t)(l->end - l->p));
	*ret = (struct line){ .at = l->p, .len = (size_t)((eol == NULL ? l->end : eol) - l->p) };
	if (ret->len > 0 && ret->at[ret->len - 1] == '\r')
		ret->len--;
	l->p = eol == NULL ? l->end : eol + 1;
	l->number++;
	return true;
}

bool
line_begins(const struct line *l, const char *with)
{
	size_t len = strlen(with);

	return l->len >= len && memcmp(l->at, with, len) == 0;
}

static size_t
blanks(const struct line *l, size_t from)
{
	size_t i;

	for (i = from; i < l->len && isspace((unsigned char)l->at[i]); i++)
		continue;
	return i;
}

bool
line_blank(const struct line *l)
{
	return blanks(l, 0) == l->len;
}

bool
line_comment(const struct line *l)
{
	size_t i = blanks(l, 0);

	return l->len - i >= 2 && l->at[i] == '-' && l->at[i + 1] == '-';
}

bool
line_ends_statement(const struct line *l)
{
	bool ret = false;
	size_t i = blanks(l, 0);

	while (i < l->len) {
		if (l->len - i >= 2 && l->at[i] == '-' && l->at[i + 1] == '-')
			return ret;
		while (i < l->len && !isspace((unsigned char)l->at[i]))
			i++;
		ret = l->at[i - 1] == ';';
		i = blanks(l, i);
	}
	return ret;
}

void
lines_put(struct lines_sql *s, int64_t number, const char *at, size_t len)
{
	if (s->first == 0)
		s->first = s->last = number;
	for (; s->last < number; s->last++)
		gh_text_putc(&s->text, '\n');
	if (!s->open)
		s->from = s->text.len;
	s->open = true;
	gh_text_put_n(&s->text, at, len);
}

void
lines_end(struct lines_sql *s, struct gh_arena *a, struct convention_side *side)
{
	const char *text = gh_text_str(&s->text), *semicolon;

	if (!s->open)
		return;
	s->open = false;
	semicolon = memrchr(text + s->from, ';', s->text.len - s->from);
	found_piece(a, side, s->from,
	    semicolon == NULL ? s->text.len - s->from : (size_t)(semicolon + 1 - text) - s->from);
}

bool
lines_unfinished(const struct lines_sql *s)
{
	size_t i;

	for (i = s->from; s->open && i < s->text.len; i++) {
		if (!isspace((unsigned char)s->text.data[i]))
			return true;
	}
	return false;
}

void
lines_side(struct lines_sql *s, struct gh_arena *a, const struct convention_file *e,
    const struct convention_text *text, struct convention_side *side)
{
	side->present = s->present;
	side->file = e->shown;
	side->sql = gh_strndup(a, gh_text_str(&s->text), s->text.len);
	side->len = s->text.len;
	side->first_line = s->first == 0 ? 1 : s->first;
	if (text->problem[0] != '\0')
		side->problem = text->problem;
	else if (text->bom)
		side->problem = gh_printf(
		    a, "%s:1:1: begins with a byte order mark (BOM): save it as UTF-8 without one", e->shown);
}

void
lines_sql_done(struct lines_sql *s)
{
	gh_text_done(&s->text);
}
