#include "base/ban.h"
#include "runner/job/tracking.h"

/* A convention's statements, filled in.  They are ours, so anything odd in them is a bug. */

#define PARAMS_MAX 48
#define NAME_MAX_  64

struct filling {
	struct pg *pg;
	const struct tracking *t;
	const struct tracking_values *v;
	const char *sql; /* for messages */
	struct gh_text out;
	const char *params[PARAMS_MAX];
	size_t n;
};

/* {schema} or {table} at `at`: its length, and what it stands for; 0 it is neither. */
static size_t
placeholder(const struct filling *f, const char *at, const char **ret)
{
	if (strncmp(at, "{schema}", 8) == 0) {
		*ret = f->t->schema;
		return 8;
	}
	if (strncmp(at, "{table}", 7) == 0) {
		*ret = f->t->table;
		return 7;
	}
	return 0;
}

/* Within '...' the name's own single quotes are doubled as well. */
static enum gh_code
put_name(struct filling *f, const char *name, bool quoted, struct gh_err *err)
{
	char *escaped = PQescapeIdentifier(f->pg->conn, name, strlen(name));
	const char *c;

	if (escaped == NULL)
		return gh_fail(err, GH_UNAVAILABLE, "the name %s cannot be quoted: %s", name,
		    PQerrorMessage(f->pg->conn));
	for (c = escaped; *c != '\0'; c++) {
		if (*c == '\'' && quoted)
			gh_text_putc(&f->out, '\'');
		gh_text_putc(&f->out, *c);
	}
	PQfreemem(escaped);
	return GH_OK;
}

static const char *
of_migration(const struct filling *f, const char *name)
{
	const struct plan_migration *m = f->v->migration;

	if (strcmp(name, "key") == 0)
		return m->key;
	if (strcmp(name, "version") == 0)
		return m->version;
	if (strcmp(name, "name") == 0)
		return m->name;
	if (strcmp(name, "checksum") == 0)
		return m->checksum;
	if (strcmp(name, "file") == 0)
		return m->file;
	if (strcmp(name, "sql") == 0 && f->v->side != NULL)
		return f->v->side->sql_len == 0
		    ? ""
		    : gh_strndup(f->pg->job->arena, f->v->side->sql, f->v->side->sql_len);
	return NULL;
}

/* The value may be NULL: a fact that is SQL NULL. */
static const char *
parameter(const struct filling *f, const char *name)
{
	struct gh_arena *a = f->pg->job->arena;
	const char *value;
	size_t i;

	if (f->v == NULL)
		gh_bug("the parameter :%s has no value in: %s", name, f->sql);
	if (strcmp(name, "run") == 0)
		return gh_printf(a, "%" PRId64, f->v->run);
	if (strcmp(name, "elapsed_ms") == 0)
		return gh_printf(a, "%" PRId64, f->v->elapsed_ns / 1000000);
	if (strcmp(name, "elapsed_ns") == 0)
		return gh_printf(a, "%" PRId64, f->v->elapsed_ns);
	if (strcmp(name, "done") == 0)
		return gh_printf(a, "%" PRId64, f->v->done);
	if (strcmp(name, "error") == 0)
		return f->v->error == NULL ? "" : f->v->error;
	if (f->v->migration == NULL)
		gh_bug("the parameter :%s has no migration in: %s", name, f->sql);
	for (i = 0; i < f->v->migration->n_facts; i++) {
		if (strcmp(f->v->migration->facts[i].name, name) == 0)
			return f->v->migration->facts[i].value;
	}
	value = of_migration(f, name);
	if (value == NULL)
		gh_bug("the parameter :%s of %s has no value in: %s", name, f->v->migration->key, f->sql);
	return value;
}

/* Each occurrence is a number of its own: the server may take them for different types. */
static const char *
put_parameter(struct filling *f, const char *at)
{
	size_t len = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
	char name[NAME_MAX_];

	if (len >= sizeof(name) || f->n == PARAMS_MAX)
		gh_bug("too many parameters, or too long a name, in: %s", f->sql);
	memcpy(name, at + 1, len);
	name[len] = '\0';
	f->params[f->n++] = parameter(f, name);
	gh_text_putf(&f->out, "$%zu", f->n);
	return at + 1 + len;
}

/* Where the comment at `at` ends; at itself when there is none. */
static const char *
comment_end(const char *at)
{
	const char *end;

	if (at[0] == '-' && at[1] == '-')
		return at + strcspn(at, "\n");
	if (at[0] != '/' || at[1] != '*')
		return at;
	end = strstr(at, "*/");
	return end == NULL ? at + strlen(at) : end + 2;
}

/* Where the dollar quote at `at` ends; at itself when there is none. */
static const char *
dollar_end(const char *at)
{
	size_t tag;
	const char *p;

	if (at[0] != '$')
		return at;
	tag = strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") + 2;
	if (at[tag - 1] != '$')
		return at;
	for (p = at + tag; *p != '\0'; p++) {
		if (strncmp(p, at, tag) == 0)
			return p + tag;
	}
	return p;
}

/* 'text' and "name": a doubled quote closes and opens again. */
static enum gh_code
put_quoted(struct filling *f, const char **at, struct gh_err *err)
{
	char quote = **at;
	const char *name;

	gh_text_putc(&f->out, *(*at)++);
	while (**at != '\0' && **at != quote) {
		size_t len = quote == '\'' ? placeholder(f, *at, &name) : 0;

		if (len > 0) {
			GH_TRY(put_name(f, name, true, err));
			*at += len;
			continue;
		}
		gh_text_putc(&f->out, *(*at)++);
	}
	if (**at != '\0')
		gh_text_putc(&f->out, *(*at)++);
	return GH_OK;
}

/* One step outside quotes. */
static enum gh_code
put_next(struct filling *f, const char **at, struct gh_err *err)
{
	const char *end = comment_end(*at), *name;
	size_t len;

	if (end == *at)
		end = dollar_end(*at);
	if (end != *at) {
		gh_text_put_n(&f->out, *at, (size_t)(end - *at));
		*at = end;
		return GH_OK;
	}
	if (**at == '\'' || **at == '"')
		return put_quoted(f, at, err);
	len = placeholder(f, *at, &name);
	if (len > 0) {
		*at += len;
		return put_name(f, name, false, err);
	}
	if ((*at)[0] == ':' && (*at)[1] == ':') {
		gh_text_put_n(&f->out, *at, 2);
		*at += 2;
	} else if ((*at)[0] == ':' && (*at)[1] >= 'a' && (*at)[1] <= 'z') {
		*at = put_parameter(f, *at);
	} else {
		gh_text_putc(&f->out, *(*at)++);
	}
	return GH_OK;
}

enum gh_code
tracking_fill(struct pg *pg, const struct tracking *t, const char *sql, const struct tracking_values *v,
    struct tracking_statement *ret, struct gh_err *err)
{
	struct filling f = { .pg = pg, .t = t, .v = v, .sql = sql };
	struct gh_arena *a = pg->job->arena;
	enum gh_code code = GH_OK;
	const char *at = sql;
	size_t i;

	while (*at != '\0' && code == GH_OK)
		code = put_next(&f, &at, err);
	if (code == GH_OK) {
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
		*ret = (struct tracking_statement){ .sql = gh_strdup(a, gh_text_str(&f.out)),
			.n = f.n,
			.params = gh_alloc_n(a, f.n, sizeof(*ret->params)) };
		for (i = 0; i < f.n; i++)
			ret->params[i] = f.params[i];
	}
	gh_text_done(&f.out);
	return code;
}

enum gh_code
tracking_send(struct pg *pg, const struct tracking *t, const char *const *list,
    const struct tracking_values *v, struct gh_err *err)
{
	size_t i;

	for (i = 0; list != NULL && list[i] != NULL; i++) {
		struct tracking_statement s;

		GH_TRY(tracking_fill(pg, t, list[i], v, &s, err));
		GH_TRY(pg_query(pg, s.sql, s.params, s.n, NULL, err));
	}
	return GH_OK;
}
