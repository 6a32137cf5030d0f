#include "base/ban.h"
#include "runner/job/indexes.h"
#include "migration/scan.h"
#include "runner/job/sql.gen.h"

/* Which invalid index a statement can have left, as far as the beginning of its text tells. */

#define NAME_MAX_BYTES 63 /* a longer one is cut by the server, in front of a character */

enum gh_code
run_indexes_read(struct pg *pg, struct run_indexes *ret, struct gh_err *err)
{
	struct gh_arena *a = pg->job->arena;
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_query(pg, SQL_INVALID_INDEXES, NULL, 0, &res, err));
	ret->n = (size_t)PQntuples(res);
	ret->at = gh_alloc_n(a, ret->n, sizeof(*ret->at));
	for (i = 0; i < PQntuples(res); i++)
		ret->at[i] = (struct run_index){ .schema = gh_strdup(a, PQgetvalue(res, i, 0)),
			.name = gh_strdup(a, PQgetvalue(res, i, 1)),
			.table = gh_strdup(a, PQgetvalue(res, i, 2)),
			.visible = PQgetvalue(res, i, 3)[0] == 't',
			.building = PQgetvalue(res, i, 4)[0] == 't' };
	return GH_OK;
}

bool
run_indexes_have(const struct run_indexes *list, const struct run_index *x)
{
	size_t k;

	for (k = 0; k < list->n; k++) {
		if (strcmp(x->schema, list->at[k].schema) == 0 && strcmp(x->name, list->at[k].name) == 0)
			return true;
	}
	return false;
}

bool
run_index_named(const struct run_index *x, const char *name)
{
	const char *dot = strrchr(name, '.');

	return strcmp(dot == NULL ? name : dot + 1, x->name) == 0;
}

enum word_kind { WORD_NONE, WORD_MARK, WORD_PLAIN, WORD_QUOTED };
struct word {
	enum word_kind kind;
	size_t len; /* all of it */
	char text[NAME_MAX_BYTES + 1];
};
struct reader {
	const char *p, *end;
	struct word w; /* the one in front */
};

static void
put(struct word *w, char c)
{
	if (w->len < NAME_MAX_BYTES)
		w->text[w->len] = c;
	w->len++;
}

static bool
in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static char
lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

static void
quoted(struct reader *r)
{
	r->w.kind = WORD_QUOTED;
	for (r->p++; r->p < r->end; r->p++) {
		if (*r->p == '"') {
			r->p++;
			if (r->p == r->end || *r->p != '"')
				return;
		}
		put(&r->w, *r->p);
	}
}

/* Plain words in lower case, as the server has them. */
static void
step(struct reader *r)
{
	r->w = (struct word){ 0 };
	while (r->p < r->end) {
		if (isspace((unsigned char)*r->p))
			r->p++;
		else if (*r->p != '"' && scan_skip(r->p, r->end) != r->p)
			r->p = scan_skip(r->p, r->end);
		else
			break;
	}
	if (r->p == r->end)
		return;
	if (*r->p == '"') {
		quoted(r);
	} else if (in_word(*r->p)) {
		r->w.kind = WORD_PLAIN;
		for (; r->p < r->end && in_word(*r->p); r->p++)
			put(&r->w, lower(*r->p));
	} else {
		r->w.kind = WORD_MARK;
		put(&r->w, *r->p++);
	}
}

static struct reader
reader(const struct plan_sql *sql, const struct plan_statement *st)
{
	struct reader r = { .p = sql->sql + st->offset, .end = sql->sql + st->offset + st->length };

	step(&r);
	return r;
}

static bool
is(const struct reader *r, enum word_kind kind, const char *text)
{
	return r->w.kind == kind && strcmp(r->w.text, text) == 0;
}

static bool
eat(struct reader *r, const char *word)
{
	if (!is(r, WORD_PLAIN, word))
		return false;
	step(r);
	return true;
}

static bool
eat_name(struct reader *r, struct word *ret)
{
	if (r->w.kind != WORD_PLAIN && r->w.kind != WORD_QUOTED)
		return false;
	*ret = r->w;
	step(r);
	return true;
}

static bool
same(const struct word *w, const char *name)
{
	size_t len = strlen(name);

	if (w->len <= NAME_MAX_BYTES)
		return strcmp(w->text, name) == 0;
	return len > NAME_MAX_BYTES - 4 && len <= NAME_MAX_BYTES && strncmp(w->text, name, len) == 0;
}

struct made {
	struct word name, schema, table; /* WORD_NONE: not said */
};

/* CREATE [UNIQUE] INDEX [CONCURRENTLY] [[IF NOT EXISTS] name] ON [ONLY] table; false: it cannot be told. */
static bool
made(const struct plan_sql *sql, const struct plan_statement *st, struct made *ret)
{
	struct reader r = reader(sql, st), ahead;

	*ret = (struct made){ 0 };
	if (!eat(&r, "create"))
		return false;
	(void)eat(&r, "unique");
	if (!eat(&r, "index"))
		return false;
	(void)eat(&r, "concurrently");
	ahead = r;
	if (eat(&ahead, "if") && eat(&ahead, "not") && eat(&ahead, "exists"))
		r = ahead;
	if (!is(&r, WORD_PLAIN, "on") && !eat_name(&r, &ret->name))
		return false;
	if (!eat(&r, "on"))
		return false;
	(void)eat(&r, "only");
	if (!eat_name(&r, &ret->table))
		return false;
	while (is(&r, WORD_MARK, ".")) {
		step(&r);
		ret->schema = ret->table;
		if (!eat_name(&r, &ret->table))
			return false;
	}
	/* U&"..." */
	return !is(&r, WORD_MARK, "&");
}

static enum run_index_own
of_create(const struct plan_sql *sql, const struct plan_statement *st, const struct run_index *x)
{
	struct made m;
	bool here;

	if (!made(sql, st, &m))
		return RUN_INDEX_PERHAPS;
	here = m.schema.kind == WORD_NONE ? x->visible : same(&m.schema, x->schema);
	if (!same(&m.table, x->table))
		return RUN_INDEX_FOREIGN;
	if (m.name.kind == WORD_NONE)
		return here ? RUN_INDEX_PERHAPS : RUN_INDEX_FOREIGN;
	if (!same(&m.name, x->name))
		return RUN_INDEX_FOREIGN;
	if (m.schema.kind != WORD_NONE && !here)
		return RUN_INDEX_FOREIGN;
	return here ? RUN_INDEX_OWN : RUN_INDEX_NAMED;
}

/* DROP INDEX CONCURRENTLY makes it invalid first. */
static enum run_index_own
of_drop(const struct plan_sql *sql, const struct plan_statement *st, const struct run_index *x)
{
	struct reader r;

	for (r = reader(sql, st); r.w.kind != WORD_NONE; step(&r)) {
		if (r.w.kind != WORD_MARK && same(&r.w, x->name))
			return RUN_INDEX_HALF;
	}
	return RUN_INDEX_FOREIGN;
}

/* What REINDEX CONCURRENTLY calls the index that it builds, and the one that it puts away. */
static enum run_index_own
of_reindex(const struct run_index *x)
{
	size_t len = strlen(x->name);

	while (len > 0 && isdigit((unsigned char)x->name[len - 1]))
		len--;
	if (len > 6 &&
	    (strncmp(x->name + len - 6, "_ccnew", 6) == 0 || strncmp(x->name + len - 6, "_ccold", 6) == 0))
		return RUN_INDEX_PERHAPS;
	return RUN_INDEX_FOREIGN;
}

static bool
creates(const struct plan_statement *st)
{
	return strncmp(st->kind, "CREATE INDEX", 12) == 0 ||
	    strncmp(st->kind, "CREATE UNIQUE INDEX", 19) == 0;
}

bool
run_index_makes(const struct plan_statement *st)
{
	return creates(st) || strcmp(st->kind, "REINDEX") == 0 || strcmp(st->kind, "DROP INDEX") == 0;
}

enum run_index_own
run_index_own(const struct plan_sql *sql, const struct plan_statement *st, const struct run_index *x)
{
	if (creates(st))
		return of_create(sql, st, x);
	if (strcmp(st->kind, "REINDEX") == 0)
		return of_reindex(x);
	return strcmp(st->kind, "DROP INDEX") == 0 ? of_drop(sql, st, x) : RUN_INDEX_FOREIGN;
}
