#include "base/ban.h"
#include "runner/job/batch.h"
#include "base/fault.h"
#include "runner/job/sql.gen.h"

/* gatehouse_batch: how far batched migrations are, written in the transactions that move them on. */

enum gh_code
batch_cursor_sql(
    struct pg *pg, const struct tracking *t, const char *sql, const char **ret, struct gh_err *err)
{
	struct tracking_statement s;

	GH_TRY(tracking_fill(pg, t, sql, NULL, &s, err));
	*ret = s.sql;
	return GH_OK;
}

static enum gh_code
exists(struct pg *pg, const struct tracking *t, bool *ret, struct gh_err *err)
{
	const char *sql, *text;

	GH_TRY(batch_cursor_sql(pg, t, SQL_BATCH_EXISTS, &sql, err));
	GH_TRY(pg_value(pg, sql, NULL, 0, &text, err));
	*ret = text[0] == 't';
	return GH_OK;
}

static struct batch_cursor
row_read(const PGresult *res, int i, struct gh_arena *a)
{
	return (struct batch_cursor){
		.migration = gh_strdup(a, PQgetvalue(res, i, 0)),
		.direction = gh_strdup(a, PQgetvalue(res, i, 1)),
		.subject = gh_strdup(a, PQgetvalue(res, i, 2)),
		.digest = gh_strdup(a, PQgetvalue(res, i, 3)),
		.at = PQgetisnull(res, i, 4) ? NULL : gh_strdup(a, PQgetvalue(res, i, 4)),
		.batches = strtoll(PQgetvalue(res, i, 5), NULL, 10),
		.rows = strtoll(PQgetvalue(res, i, 6), NULL, 10),
		.passed = strtoll(PQgetvalue(res, i, 7), NULL, 10),
		.expected = strtoll(PQgetvalue(res, i, 8), NULL, 10),
		.keys = gh_strdup(a, PQgetvalue(res, i, 9)),
		.left_out = strtoll(PQgetvalue(res, i, 10), NULL, 10),
	};
}

enum gh_code
batch_cursor_list(struct pg *pg, const struct tracking *t, struct batch_cursors *ret, struct gh_err *err)
{
	struct gh_arena *a = pg->job->arena;
	PG_RESULT res = NULL;
	const char *sql;
	bool there;
	int i;

	*ret = (struct batch_cursors){ 0 };
	GH_TRY(exists(pg, t, &there, err));
	if (!there)
		return GH_OK;
	GH_TRY(batch_cursor_sql(pg, t, SQL_BATCH_LIST, &sql, err));
	GH_TRY(pg_query(pg, sql, NULL, 0, &res, err));
	ret->n = (size_t)PQntuples(res);
	ret->rows = gh_alloc_n(a, ret->n, sizeof(*ret->rows));
	for (i = 0; i < PQntuples(res); i++)
		ret->rows[i] = row_read(res, i, a);
	return GH_OK;
}

const struct batch_cursor *
batch_cursor_find(const struct batch_cursors *list, const char *key, bool down)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (strcmp(list->rows[i].migration, key) == 0 &&
		    strcmp(list->rows[i].direction, down ? "down" : "up") == 0)
			return &list->rows[i];
	}
	return NULL;
}

const char *
batch_cursor_text(const struct batch_cursor *c, struct gh_arena *a)
{
	const char *at = c->at == NULL || c->at[0] == '\0' ? "" : gh_printf(a, ", up to the key %s", c->at);
	const char *of = "", *left = "";

	if (c->expected > 0)
		of = gh_printf(a, ", %" PRId64 " %%",
		    c->passed >= c->expected ? INT64_C(99) : c->passed * 100 / c->expected);
	if (c->left_out > 0)
		left = gh_printf(a, "; %" PRId64 " row%s left out", c->left_out, c->left_out == 1 ? "" : "s");
	return gh_printf(a, "%" PRId64 " row%s in %" PRId64 " batch%s%s%s%s", c->rows,
	    c->rows == 1 ? "" : "s", c->batches, c->batches == 1 ? "" : "es", at, of, left);
}

/* The keys of an array's text. */
static enum gh_code
keys_read(struct batching *g, const char *keys, struct gh_err *err)
{
	const char *params[] = { keys };
	PG_RESULT res = NULL;
	int i;

	g->left_out = gh_alloc_n(g->r->job->arena, BATCH_ERRORS_MAX, sizeof(*g->left_out));
	GH_TRY(pg_query(&g->r->pg, SQL_BATCH_KEYS, params, 1, &res, err));
	for (i = 0; i < PQntuples(res) && g->n_left_out < BATCH_ERRORS_MAX; i++)
		g->left_out[g->n_left_out++] = gh_strdup(g->r->job->arena, PQgetvalue(res, i, 0));
	return GH_OK;
}

static enum gh_code
go_on(struct batching *g, const struct batch_cursor *c, struct gh_err *err)
{
	struct run *r = g->r;

	if (strcmp(c->subject, g->subject) != 0)
		return gh_fail(err, GH_CONFLICT,
		    "%s was begun over %s and would go on over %s: give the file its table and key back, or "
		    "remove its row from gatehouse_batch to begin anew",
		    g->called, c->subject, g->subject);
	if (strcmp(c->digest, g->digest) != 0)
		say_log(r->job,
		    "the SQL of %s was changed since it was begun: from here on the new one holds",
		    g->called);
	g->there = true;
	g->has_at = c->at != NULL;
	gh_text_put(&g->at, c->at == NULL ? "" : c->at);
	g->batches = c->batches;
	g->rows = c->rows;
	g->passed = c->passed;
	say_log(r->job, "%s goes on: %s are done", g->called, batch_cursor_text(c, r->job->arena));
	return keys_read(g, c->keys, err);
}

enum gh_code
batch_cursor_open(struct batching *g, struct gh_err *err)
{
	struct run *r = g->r;
	const char *key = r->plan.migrations[g->s->i].key, *params[] = { key, g->direction }, *sql;
	PG_RESULT res = NULL;
	bool there;

	GH_TRY(batch_cursor_sql(&r->pg, &r->tracking, SQL_BATCH_PUT, &g->put_sql, err));
	GH_TRY(exists(&r->pg, &r->tracking, &there, err));
	if (!there) {
		GH_TRY(batch_cursor_sql(&r->pg, &r->tracking, SQL_BATCH_TABLE, &sql, err));
		(void)gh_fault("job.batch.before-table");
		GH_TRY(pg_query(&r->pg, sql, NULL, 0, NULL, err));
		(void)gh_fault("job.batch.after-table");
		return keys_read(g, "{}", err);
	}
	GH_TRY(batch_cursor_sql(&r->pg, &r->tracking, SQL_BATCH_GET, &sql, err));
	GH_TRY(pg_query(&r->pg, sql, params, 2, &res, err));
	if (PQntuples(res) > 0) {
		struct batch_cursor c = row_read(res, 0, r->job->arena);

		return go_on(g, &c, err);
	}
	return keys_read(g, "{}", err);
}

void
batch_cursor_fill(const struct batching *g, const char *at, int64_t rows, int64_t passed, const char *key,
    struct batch_cursor_values *ret)
{
	const char *const params[BATCH_CURSOR_PARAMS] = { g->r->plan.migrations[g->s->i].key, g->direction,
		g->subject, g->digest, at, ret->batches, ret->rows, ret->passed, ret->expected, key };

	(void)snprintf(ret->batches, sizeof(ret->batches), "%" PRId64, g->batches + (key == NULL ? 1 : 0));
	(void)snprintf(ret->rows, sizeof(ret->rows), "%" PRId64, rows);
	(void)snprintf(ret->passed, sizeof(ret->passed), "%" PRId64, passed);
	(void)snprintf(ret->expected, sizeof(ret->expected), "%" PRId64, g->expected);
	memcpy(ret->params, params, sizeof(params));
}

enum gh_code
batch_cursor_books(struct batching *g, const char *const **ret, struct gh_err *err)
{
	struct run *r = g->r;
	const struct convention_books *b = migrate_books(r, g->s);
	const char *params[] = { r->plan.migrations[g->s->i].key, g->direction }, *sql, *others;
	const char *const *lists[] = { b->before, b->row };
	const char **books;
	size_t n = 0, i, k;

	GH_TRY(batch_cursor_sql(&r->pg, &r->tracking, SQL_BATCH_OTHERS, &sql, err));
	GH_TRY(pg_value(&r->pg, sql, params, 2, &others, err));
	for (i = 0; i < 2; i++) {
		for (k = 0; lists[i] != NULL && lists[i][k] != NULL; k++)
			n++;
	}
	books = gh_alloc_n(r->job->arena, n + 2, sizeof(*books));
	for (n = 0, i = 0; i < 2; i++) {
		for (k = 0; lists[i] != NULL && lists[i][k] != NULL; k++)
			books[n++] = lists[i][k];
	}
	/* Nobody else writes it: the run's lock is ours. */
	books[n] = others[0] == 't' ? SQL_BATCH_DELETE : SQL_BATCH_DROP;
	*ret = books;
	return GH_OK;
}

enum gh_code
batch_unfinished(struct run *r, struct gh_err *err)
{
	const struct plan *p = &r->plan;
	struct batch_cursors list;
	size_t i, k;

	if (p->act != PLAN_RUN || !r->tracking.exists)
		return GH_OK;
	GH_TRY(batch_cursor_list(&r->pg, &r->tracking, &list, err));
	for (i = 0; i < list.n; i++) {
		const struct batch_cursor *c = &list.rows[i];
		bool down = strcmp(c->direction, "down") == 0;

		/* What was recorded by other means is over. */
		if (tracking_has(&r->tracking, c->migration) != down)
			continue;
		for (k = 0; k < p->n_migrations && strcmp(p->migrations[k].key, c->migration) != 0; k++)
			continue;
		if (k < p->n_migrations && p->down == down)
			continue;
		return gh_fail(err, GH_CONFLICT,
		    "%s is unfinished (%s): %s it first, or give it up by removing its row from "
		    "gatehouse_batch",
		    c->migration, batch_cursor_text(c, r->job->arena),
		    down ? "take back the rest of" : "finish");
	}
	return GH_OK;
}
