#include "base/ban.h"
#include "runner/job/explain.h"
#include "base/copytext.h"

/* Where in the statement the error is, and what cannot run where it was to run. */

#define LINES_BEFORE 3

/* Bytes of the first n characters. */
static size_t
bytes(const char *s, int64_t n)
{
	size_t i = 0;

	while (s[i] != '\0' && n > 0) {
		i++;
		while (((unsigned char)s[i] & 0xc0) == 0x80)
			i++;
		n--;
	}
	return i;
}

static size_t
line_start(const char *s, size_t at)
{
	while (at > 0 && s[at - 1] != '\n')
		at--;
	return at;
}

static void
line_put(struct explain *x, struct gh_text *rows, size_t from, int64_t number)
{
	struct gh_arena *a = x->pg->job->arena;
	size_t len = strcspn(x->sql + from, "\n");

	gh_copytext_put(rows, true, gh_printf(a, "%" PRId64, number));
	gh_copytext_put(rows, false, gh_strndup(a, x->sql + from, len > 400 ? 400 : len));
	gh_copytext_end(rows);
}

/* The mark under character at of a line: tabs stay, so that it stands right. */
static void
mark_put(struct explain *x, struct gh_text *rows, size_t from, size_t at)
{
	GH_TEXT mark = { 0 };
	size_t i;

	for (i = from; i < at; i++) {
		if (((unsigned char)x->sql[i] & 0xc0) != 0x80)
			gh_text_putc(&mark, x->sql[i] == '\t' ? '\t' : ' ');
	}
	gh_text_putc(&mark, '^');
	gh_copytext_put(rows, true, "");
	gh_copytext_put(rows, false, gh_text_str(&mark));
	gh_copytext_end(rows);
}

enum gh_code
explain_place(struct explain *x, struct gh_err *err)
{
	size_t at, from, first;
	int64_t line = x->line, k;
	GH_TEXT rows = { 0 };

	(void)err;
	if (x->sql[0] == '\0')
		return GH_OK;
	at = bytes(x->sql, x->error->position - 1);
	from = line_start(x->sql, at);
	for (first = 0; first < from; first++)
		line += x->sql[first] == '\n' ? 1 : 0;
	first = from;
	for (k = 0; k < LINES_BEFORE && first > 0; k++)
		first = line_start(x->sql, first - 1);
	for (line -= k; first < from; line++) {
		line_put(x, &rows, first, line);
		first += strcspn(x->sql + first, "\n") + 1;
	}
	line_put(x, &rows, from, line);
	mark_put(x, &rows, from, at);
	explain_say_rows(x, "The place in the file",
	    &(struct explain_rows){ "", "line\tsql", gh_text_str(&rows) },
	    gh_printf(x->pg->job->arena, "Line %" PRId64 ", column %zu: %s.", line, at - from + 1,
		x->error->message));
	return GH_OK;
}

/* SQL that was put together while it ran has no place in the file. */
enum gh_code
explain_built(struct explain *x, struct gh_err *err)
{
	(void)err;
	if (x->error->position == 0)
		explain_say(x, "The place in the file", "", NULL,
		    gh_printf(x->pg->job->arena,
			"%s, in SQL that the statement puts together while it runs (EXECUTE). %s",
			x->error->message, x->error->detail));
	return GH_OK;
}

enum gh_code
explain_alone(struct explain *x, struct gh_err *err)
{
	struct gh_arena *a = x->pg->job->arena;
	const struct convention *c = x->convention;

	(void)err;
	if (!pg_error_is(x->error, "25001")) {
		explain_say(x, "What this server cannot do", "", NULL,
		    gh_printf(a, "%s. %s%sWrite it in a way that this server offers.", x->error->message,
			x->error->hint, x->error->hint[0] == '\0' ? "" : " "));
		return GH_OK;
	}
	explain_say(x, "It must run outside a transaction", "", NULL,
	    c->opt_out == NULL
		? gh_printf(a,
		      "%s runs all of a file in a transaction, and %s refuses that: put the statement into a "
		      "migration of its own, where Gatehouse sends it by itself.",
		      c->title, x->kind[0] == '\0' ? "the statement" : x->kind)
		: gh_printf(
		      a, "Put the statement into a migration of its own; for %s, %s.", c->title, c->opt_out));
	return GH_OK;
}
