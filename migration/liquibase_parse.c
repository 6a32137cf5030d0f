#include "base/ban.h"
#include "migration/liquibase_parse.h"
#include "base/text.h"
#include "migration/liquibase_line.h"

#define DBMS_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_!,"

struct parser {
	struct convention_folder *f;
	const char *file;
	struct liquibase_log *log;
	size_t room, property_room;
	const char *path; /* logicalFilePath of the file; "" */
	const char *p, *end;
	struct liquibase_line line;
	int64_t number;
	struct liquibase_set *set; /* NULL before the first */
	struct gh_text sql, back;
	bool any; /* the set has SQL */
};

static void
refuse(struct parser *r, const char *why)
{
	if (r->log->problem[0] == '\0')
		r->log->problem = gh_printf(r->f->arena, "%s:%" PRId64 ":1: %s", r->file, r->number, why);
}

static bool
next(struct parser *r)
{
	const char *eol;

	if (r->p == r->end || r->log->problem[0] != '\0')
		return false;
	eol = memchr(r->p, '\n', (size_t)(r->end - r->p));
	r->line.p = r->p;
	r->line.end = eol == NULL ? r->end : eol;
	r->p = eol == NULL ? r->end : eol + 1;
	if (r->line.end > r->line.p && r->line.end[-1] == '\r')
		r->line.end--;
	r->number++;
	return true;
}

/* An empty line in place of one that is no SQL. */
static void
skip_line(struct parser *r)
{
	if (r->set != NULL)
		gh_text_putc(&r->sql, '\n');
}

static void
sql_line(struct parser *r)
{
	const char *p;

	for (p = r->line.p; p < r->line.end; p++)
		r->any |= !liquibase_space(*p);
	gh_text_put_n(&r->sql, r->line.p, (size_t)(r->line.end - r->line.p));
	gh_text_putc(&r->sql, '\n');
}

static void
back_line(struct parser *r, const char *p, const char *end)
{
	int64_t have = r->set->back_line, i;
	const char *at;

	if (have == 0) {
		r->set->back_line = r->number;
	} else {
		/* As many lines as lie between, so that places fit. */
		for (at = gh_text_str(&r->back); *at != '\0'; at++)
			have += *at == '\n';
		for (i = have; i < r->number; i++)
			gh_text_putc(&r->back, '\n');
	}
	gh_text_put_n(&r->back, p, (size_t)(end - p));
	gh_text_putc(&r->back, '\n');
}

static bool
begins(const char *text, const char *word)
{
	return strncasecmp(text, word, strlen(word)) == 0;
}

static void
set_end(struct parser *r)
{
	struct gh_arena *a = r->f->arena;
	struct liquibase_set *s = r->set;
	const char *back;

	if (s == NULL)
		return;
	if (!r->any)
		refuse(r,
		    gh_printf(
			a, "the changeset %s:%s on line %" PRId64 " has no SQL", s->author, s->id, s->line));
	s->sql = liquibase_expand(r->f, r->log, gh_text_str(&r->sql));
	back = liquibase_trimmed(a, gh_text_str(&r->back), gh_text_str(&r->back) + r->back.len);
	if (back[0] == '\0')
		s->back = LIQUIBASE_NO_BACK;
	else if (begins(back, "not required") || begins(back, "empty"))
		s->back = LIQUIBASE_BACK_NOTHING;
	else
		s->back = strcasestr(back, "changesetid") != NULL ? LIQUIBASE_BACK_OTHER : LIQUIBASE_BACK_SQL;
	s->back_sql = liquibase_expand(r->f, r->log, gh_text_str(&r->back));
	r->set = NULL;
}

/* A name in double quotes or up to one of the stop characters. */
static const char *
part(struct gh_arena *a, const char **p, const char *end, bool author)
{
	const char *start = *p;

	if (start < end && *start == '"') {
		const char *close = memchr(start + 1, '"', (size_t)(end - start - 1));

		if (close != NULL && close > start + 1) {
			*p = close + 1;
			return gh_strndup(a, start + 1, (size_t)(close - start - 1));
		}
	}
	while (*p < end && (author ? **p != ':' : !liquibase_space(**p)))
		(*p)++;
	return gh_strndup(a, start, (size_t)(*p - start));
}

static void
attributes(struct parser *r, struct liquibase_set *s)
{
	struct gh_arena *a = r->f->arena;
	const struct liquibase_line *l = &r->line;
	const char *context = liquibase_attribute(a, l, "contextFilter", NULL), *path;

	s->context =
	    context != NULL && context[0] != '\0' ? context : liquibase_attribute(a, l, "context", NULL);
	s->labels = liquibase_attribute(a, l, "labels", NULL);
	s->dbms = liquibase_attribute(a, l, "dbms", DBMS_CHARS);
	s->delimiter = liquibase_attribute(a, l, " endDelimiter", NULL);
	s->back_delimiter = liquibase_attribute(a, l, "rollbackEndDelimiter", NULL);
	s->run_with = liquibase_attribute(a, l, "runWith", NULL);
	s->split = liquibase_flag(a, l, "splitStatements", true);
	s->back_split = liquibase_flag(a, l, "rollbackSplitStatements", true);
	s->on_change = liquibase_flag(a, l, "runOnChange", false);
	s->always = liquibase_flag(a, l, "runAlways", false);
	s->in_transaction = liquibase_flag(a, l, "runInTransaction", true);
	s->ignore = liquibase_flag(a, l, "ignore", false);
	s->fail_on_error = liquibase_flag(a, l, "failOnError", true);
	path = liquibase_attribute(a, l, "logicalFilePath", NULL);
	s->path = liquibase_expand(r->f, r->log, path != NULL && path[0] != '\0' ? path : r->path);
}

static struct liquibase_set *
set_add(struct parser *r)
{
	struct liquibase_log *log = r->log;

	if (log->n == r->room) {
		struct liquibase_set *more;

		r->room = r->room * 2 + 8;
		more = gh_alloc_n(r->f->arena, r->room, sizeof(*more));
		if (log->n > 0)
			memcpy(more, log->sets, log->n * sizeof(*more));
		log->sets = more;
	}
	return &log->sets[log->n++];
}

/* --changeset author:id attributes */
static void
changeset(struct parser *r, const char *rest)
{
	const char *author, *id, *p = rest, *end = r->line.end;
	struct gh_arena *a = r->f->arena;

	set_end(r);
	if (r->log->problem[0] != '\0')
		return;
	while (p < end && liquibase_space(*p))
		p++;
	author = part(a, &p, end, true);
	if (p == rest || p == end || *p != ':' || author[0] == '\0' || p + 1 == end ||
	    liquibase_space(p[1])) {
		refuse(r, "not a changeset: write --changeset author:id, without a blank before the id");
		return;
	}
	p++;
	id = part(a, &p, end, false);
	if (id[strspn(id, ": ")] == '\0') {
		refuse(r, "the changeset has no id: write --changeset author:id");
		return;
	}
	r->set = set_add(r);
	*r->set = (struct liquibase_set){ .author = liquibase_expand(r->f, r->log, author),
		.id = liquibase_expand(r->f, r->log, id),
		.comment = "",
		.valid = "",
		.line = r->number,
		.first_line = r->number + 1 };
	attributes(r, r->set);
	gh_text_clear(&r->sql);
	gh_text_clear(&r->back);
	r->any = false;
}

/* --property name:x value:y */
static void
property(struct parser *r)
{
	struct gh_arena *a = r->f->arena;
	const char *name = liquibase_attribute(a, &r->line, "name", NULL),
		   *value = liquibase_attribute(a, &r->line, "value", NULL),
		   *dbms = liquibase_attribute(a, &r->line, "dbms", DBMS_CHARS);
	struct liquibase_log *log = r->log;

	if (name == NULL || value == NULL) {
		refuse(r, "not a property: write --property name:NAME value:VALUE");
		return;
	}
	if (dbms != NULL && !liquibase_for_postgresql(dbms))
		return;
	if (log->n_properties == r->property_room) {
		struct convention_option *more;

		r->property_room = r->property_room * 2 + 8;
		more = gh_alloc_n(a, r->property_room, sizeof(*more));
		if (log->n_properties > 0)
			memcpy(more, log->properties, log->n_properties * sizeof(*more));
		log->properties = more;
	}
	value = liquibase_expand(r->f, log, value);
	log->properties[log->n_properties++] = (struct convention_option){ name, value };
}

/* Lines up to "--ignoreLines:end", or as many as it says. */
static void
ignore_lines(struct parser *r, const char *rest)
{
	const char *again;
	int64_t n = 0;

	skip_line(r);
	if ((size_t)(r->line.end - rest) == 5 && memcmp(rest, "start", 5) == 0) {
		while (next(r)) {
			skip_line(r);
			if (liquibase_word(&r->line, false, "ignoreLines:end", &again) == 2)
				return;
		}
		return;
	}
	for (; rest < r->line.end && *rest >= '0' && *rest <= '9' && n < INT32_MAX; rest++)
		n = n * 10 + (*rest - '0');
	if (rest != r->line.end) {
		refuse(r,
		    "not a way to pass over lines: write --ignoreLines:start and --ignoreLines:end, or "
		    "--ignoreLines:3");
		return;
	}
	for (; n > 0 && next(r); n--)
		skip_line(r);
}

/* A way back in a comment of several lines, up to its end. */
static void
back_block(struct parser *r)
{
	int64_t from = r->number;

	skip_line(r);
	while (next(r)) {
		const char *end = r->line.end;

		while (end > r->line.p && liquibase_space(end[-1]))
			end--;
		skip_line(r);
		if (end - r->line.p >= 2 && end[-1] == '/' && end[-2] == '*') {
			if (end - 2 > r->line.p)
				back_line(r, r->line.p, end - 2);
			return;
		}
		back_line(r, r->line.p, r->line.end);
	}
	r->number = from;
	refuse(r, "the comment with the way back is not closed");
}

/* What a line within a changeset is. */
static void
set_line(struct parser *r)
{
	const struct liquibase_line *l = &r->line;
	struct liquibase_set *s = r->set;
	const char *rest;

	if (liquibase_word(l, false, "comment", &rest) == 2) {
		rest += rest < l->end && *rest == ':';
		s->comment = liquibase_trimmed(r->f->arena, rest, l->end);
	} else if (liquibase_word(l, false, "validCheckSum", &rest) == 2) {
		rest += rest < l->end && *rest == ':';
		s->valid =
		    gh_printf(r->f->arena, "%s%s\n", s->valid, liquibase_trimmed(r->f->arena, rest, l->end));
	} else if (liquibase_word(l, true, "rollback ", &rest) == 2) {
		back_line(r, rest, l->end);
	} else if (liquibase_is_back_block(l)) {
		back_block(r);
		return;
	} else if (liquibase_word(l, true, "precondition", &rest) == 2) {
		if (s->precondition == 0)
			s->precondition = r->number;
	} else {
		sql_line(r);
		return;
	}
	skip_line(r);
}

static void
one_line(struct parser *r)
{
	const struct liquibase_line *l = &r->line;
	const char *rest, *right;
	bool blank_next;

	if (liquibase_is_first(l)) {
		const char *path = liquibase_attribute(r->f->arena, l, "logicalFilePath", NULL);

		if (path != NULL)
			r->path = path;
		skip_line(r);
		return;
	}
	if (liquibase_word(l, true, "property", &rest) == 2) {
		property(r);
		skip_line(r);
		return;
	}
	if (liquibase_word(l, false, "ignoreLines:", &rest) == 2) {
		ignore_lines(r, rest);
		return;
	}
	blank_next =
	    liquibase_word(l, true, "changeset", &rest) == 2 && rest < l->end && liquibase_space(*rest);
	if (blank_next) {
		changeset(r, rest);
		return;
	}
	right = liquibase_near_miss(l);
	if (right != NULL)
		refuse(r,
		    gh_printf(
			r->f->arena, "nearly a line of Liquibase's own, which it refuses: write %s", right));
	else if (r->set != NULL)
		set_line(r);
	else if (liquibase_word(l, false, "comment", &rest) == 2)
		refuse(r, "a --comment outside of a changeset, which Liquibase refuses");
}

void
liquibase_parse(
    struct convention_folder *f, const char *file, const char *text, size_t len, struct liquibase_log *ret)
{
	struct parser r = { .f = f, .file = file, .log = ret, .path = "", .p = text, .end = text + len };

	*ret = (struct liquibase_log){ .problem = "" };
	while (next(&r))
		one_line(&r);
	if (ret->problem[0] == '\0')
		set_end(&r);
	gh_text_done(&r.sql);
	gh_text_done(&r.back);
}
