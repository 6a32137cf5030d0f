#include "base/ban.h"
#include "migration/goose.h"
#include "migration/found.h"
#include "migration/lines.h"

enum annotation { UP = 1, DOWN, BEGIN, END, NO_TRANSACTION, ENVSUB_ON, ENVSUB_OFF };

static const struct {
	const char *words;
	enum annotation what;
} annotations[] = {
	{ "Up", UP },
	{ "Down", DOWN },
	{ "StatementBegin", BEGIN },
	{ "StatementEnd", END },
	{ "NO TRANSACTION", NO_TRANSACTION },
	{ "ENVSUB ON", ENVSUB_ON },
	{ "ENVSUB OFF", ENVSUB_OFF },
};

struct split {
	struct convention_folder *f;
	struct goose_file *ret;
	struct lines_sql up, down;
	struct lines_sql *to; /* the direction that is being read, NULL before the first */
	bool block;           /* between StatementBegin and StatementEnd */
	bool envsub;
	int64_t line;
	const char *problem; /* without its place */
};

static void fail(struct split *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
fail(struct split *s, const char *fmt, ...)
{
	va_list ap;

	if (s->problem != NULL)
		return;
	va_start(ap, fmt);
	s->problem = gh_vprintf(s->f->arena, fmt, ap);
	va_end(ap);
}

/* goose takes every "--" and the first "+goose" out of the line; what is left must be one of its words. */
static enum annotation
annotation_of(struct split *s, const struct line *l)
{
	char words[64];
	size_t i, n = 0, w, plus = 0;

	if (l->len > 0 && (l->at[0] == ' ' || l->at[0] == '\t')) {
		fail(s, "a +goose annotation must begin its line: take the blanks away");
		return 0;
	}
	for (i = 0; i < l->len && n + 1 < sizeof(words);) {
		if (l->len - i >= 2 && memcmp(l->at + i, "--", 2) == 0) {
			i += 2;
		} else if (l->len - i >= 6 && memcmp(l->at + i, "+goose", 6) == 0) {
			plus++;
			i += 6;
		} else if (n > 0 || !isspace((unsigned char)l->at[i])) {
			words[n++] = l->at[i++];
		} else {
			i++;
		}
	}
	while (n > 0 && isspace((unsigned char)words[n - 1]))
		n--;
	words[n] = '\0';
	for (w = 0; plus == 1 && w < sizeof(annotations) / sizeof(annotations[0]); w++) {
		if (strcasecmp(words, annotations[w].words) == 0)
			return annotations[w].what;
	}
	fail(s,
	    "goose has no annotation \"%.*s\"; it has Up, Down, StatementBegin, StatementEnd, NO "
	    "TRANSACTION, "
	    "ENVSUB ON and ENVSUB OFF",
	    (int)l->len, l->at);
	return 0;
}

static void
turn(struct split *s, enum annotation what)
{
	if (what == UP && s->to != NULL) {
		fail(s, "a second +goose Up");
	} else if (what == DOWN && (s->to != &s->up || s->block)) {
		fail(s,
		    s->to == NULL ? "+goose Down without +goose Up above it"
				  : "+goose Down in the wrong place");
	} else if (what == DOWN && lines_unfinished(&s->up)) {
		fail(s, "the statement above +goose Down has no end: a semicolon is missing");
	} else {
		s->to = what == UP ? &s->up : &s->down;
		s->to->present = true;
	}
}

static void
bracket(struct split *s, enum annotation what)
{
	if (s->to == NULL || s->block == (what == BEGIN)) {
		fail(s,
		    what == BEGIN ? "+goose StatementBegin in the wrong place: it belongs below +goose Up or "
				    "+goose Down, and not into another"
				  : "+goose StatementEnd without +goose StatementBegin");
		return;
	}
	s->block = what == BEGIN;
	if (s->block)
		return;
	if (!s->to->open)
		fail(s,
		    "nothing between +goose StatementBegin and StatementEnd: goose would swallow the line "
		    "below");
	lines_end(s->to, s->f->arena, s->to == &s->up ? &s->ret->up : &s->ret->down);
}

static void
annotate(struct split *s, const struct line *l)
{
	enum annotation what = annotation_of(s, l);

	switch (what) {
	case UP:
	case DOWN:
		turn(s, what);
		return;
	case BEGIN:
	case END:
		bracket(s, what);
		return;
	case NO_TRANSACTION:
		s->ret->no_transaction = true;
		return;
	case ENVSUB_ON:
	case ENVSUB_OFF:
		s->envsub = what == ENVSUB_ON;
		return;
	}
}

/* ${NAME} or $NAME from the project's options; every other use of $ is goose's affair. */
static void
expand(struct split *s, const struct line *l, struct gh_text *ret)
{
	static const char name_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
	size_t i = 0;

	while (i < l->len) {
		const char *at = l->at + i, *name, *value;
		bool braces = l->len - i >= 2 && at[1] == '{';
		size_t from = braces ? 2 : 1, len = 0;

		if (*at != '$') {
			gh_text_putc(ret, *at);
			i++;
			continue;
		}
		while (from + len < l->len - i && strchr(name_chars, at[from + len]) != NULL)
			len++;
		if (len == 0 || (braces && (from + len == l->len - i || at[from + len] != '}'))) {
			fail(s,
			    "below +goose ENVSUB ON only ${NAME} is expanded here: write the text out or run "
			    "the "
			    "file with goose");
			return;
		}
		name = gh_strndup(s->f->arena, at + from, len);
		value = convention_option_find(s->f, name);
		if (value == NULL) {
			fail(s, "${%s} comes from goose's environment: give the project an option %s", name,
			    name);
			return;
		}
		if (strpbrk(value, "\r\n") != NULL) {
			fail(s, "the option %s holds a line end", name);
			return;
		}
		gh_text_put(ret, value);
		i += from + len + braces;
	}
}

/* Above and between statements comments and empty lines are dropped; within one they stay. */
static void
statement_line(struct split *s, const struct line *l)
{
	GH_TEXT expanded = { 0 };
	struct line line = *l;

	if ((s->to == NULL || !s->to->open) && (l->len == 0 || line_comment(l)))
		return;
	if (s->to == NULL) {
		if (!line_blank(l))
			fail(s, "SQL above +goose Up");
		return;
	}
	if (s->envsub) {
		expand(s, l, &expanded);
		line = (struct line){ .at = gh_text_str(&expanded), .len = expanded.len };
	}
	lines_put(s->to, s->line, line.at, line.len);
	if (!s->block && line_ends_statement(&line))
		lines_end(s->to, s->f->arena, s->to == &s->up ? &s->ret->up : &s->ret->down);
}

static void
finish(struct split *s, const struct convention_file *e, const struct convention_text *text)
{
	struct goose_file *ret = s->ret;
	enum convention_mode mode = ret->no_transaction ? CONVENTION_EACH : CONVENTION_WRAPPED;
	struct convention_side *sides[] = { &ret->up, &ret->down };
	size_t i;

	ret->no_down = !s->down.present;
	s->up.present = s->down.present = true;
	lines_side(&s->up, s->f->arena, e, text, &ret->up);
	lines_side(&s->down, s->f->arena, e, text, &ret->down);
	for (i = 0; i < 2; i++) {
		sides[i]->mode = mode;
		sides[i]->row_outside = ret->no_transaction;
		sides[i]->may_be_empty = true;
		if (s->problem != NULL && (sides[i]->problem == NULL || sides[i]->problem[0] == '\0'))
			sides[i]->problem =
			    gh_printf(s->f->arena, "%s:%" PRId64 ":1: %s", e->shown, s->line, s->problem);
	}
}

void
goose_split(struct convention_folder *f, const struct convention_file *e, const struct convention_text *text,
    struct goose_file *ret)
{
	struct split s = { .f = f, .ret = ret };
	struct lines lines = lines_of(text);
	struct line l;

	*ret = (struct goose_file){ .no_transaction = false };
	while (s.problem == NULL && lines_next(&lines, &l)) {
		s.line = lines.number;
		if (line_comment(&l) && memmem(l.at, l.len, "+goose", 6) != NULL)
			annotate(&s, &l);
		else
			statement_line(&s, &l);
	}
	if (s.to == NULL)
		fail(&s, "no +goose Up");
	else if (s.block)
		fail(&s, "+goose StatementBegin without +goose StatementEnd");
	else if (lines_unfinished(s.to))
		fail(&s, "the last statement has no end: a semicolon is missing");
	finish(&s, e, text);
	lines_sql_done(&s.up);
	lines_sql_done(&s.down);
}
