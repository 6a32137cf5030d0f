#include "base/ban.h"
#include "runner/job/batch.h"
#include "base/hash.h"
#include "runner/job/sql.gen.h"

/* What must be true before the first part: a statement and queries that the server takes, a key with an
 * index. */

static enum gh_code refuse(struct batching *g, struct gh_err *err, const char *fmt, ...) GH_PRINTF(3, 4);
static enum gh_code
refuse(struct batching *g, struct gh_err *err, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = gh_vprintf(g->r->job->arena, fmt, ap);
	va_end(ap);
	pg_error_text(&g->r->pg.error, false, "%s", text);
	return gh_fail(err, GH_CONFLICT, "%s", text);
}

static bool
flag(const PGresult *res, int column)
{
	return PQgetvalue(res, 0, column)[0] == 't';
}

/* NULL keys would never be met. */
static enum gh_code
none_empty(struct batching *g, const PGresult *key, struct gh_err *err)
{
	PG_RESULT res = NULL;

	if (flag(key, 5))
		return GH_OK;
	GH_TRY(pg_query_slow(&g->r->pg, PQgetvalue(key, 0, 11), &res, err));
	if (flag(res, 0))
		return refuse(g, err, "rows of %s have no %s (it is NULL), and no batch would meet them",
		    g->b.table, g->b.key);
	return GH_OK;
}

static enum gh_code
key_check(struct batching *g, const PGresult *res, struct gh_err *err)
{
	const struct batch *b = &g->b;

	if (!flag(res, 0))
		return refuse(g, err, "there is no table %s", b->table);
	if (!flag(res, 1))
		return refuse(g, err, "%s is no table", b->table);
	if (!flag(res, 2))
		return refuse(g, err, "the table %s has no column %s", b->table, b->key);
	if (b->form == BATCH_IDS && PQgetisnull(res, 0, 4))
		return refuse(g, err, "there is no array of the type %s, so the statement cannot have :ids",
		    PQgetvalue(res, 0, 3));
	if (!flag(res, 6))
		return refuse(g, err,
		    "%s.%s has no index that begins with it: each batch would read the whole table to find "
		    "its rows",
		    b->table, b->key);
	if (!flag(res, 7))
		say_log(g->r->job,
		    "%s.%s is not unique: rows with the same key are always in one batch, however many they "
		    "are",
		    b->table, b->key);
	return GH_OK;
}

enum gh_code
batch_key(struct batching *g, struct gh_err *err)
{
	struct gh_arena *a = g->r->job->arena;
	const char *params[] = { g->b.table, g->b.key };
	PG_RESULT res = NULL;

	if (g->b.form == BATCH_REPEAT)
		return GH_OK;
	GH_TRY(pg_query(&g->r->pg, SQL_BATCH_DATE_STYLE, NULL, 0, NULL, err));
	GH_TRY(pg_query(&g->r->pg, SQL_BATCH_KEY, params, 2, &res, err));
	GH_TRY(key_check(g, res, err));
	g->type = gh_strdup(a, PQgetvalue(res, 0, 3));
	g->list = gh_strdup(a, PQgetvalue(res, 0, 4));
	g->first_sql = gh_strdup(a, PQgetvalue(res, 0, 9));
	g->next_sql = gh_strdup(a, PQgetvalue(res, 0, 10));
	g->edge_sql = gh_strdup(a, PQgetvalue(res, 0, 12));
	if (g->b.form == BATCH_IDS)
		return GH_OK;
	g->expected = strtoll(PQgetvalue(res, 0, 8), NULL, 10);
	return none_empty(g, res, err);
}

/* The statement and the queries as they are sent; each is parsed by the server now, not after hours. */
static enum gh_code
parse(struct batching *g, struct gh_err *err)
{
	struct gh_arena *a = g->r->job->arena;
	const struct batch *b = &g->b;
	const struct plan_statement *st = &g->s->sql->statements[0];
	const struct batch_values size = { .size = "($1::bigint)" };
	const char *keys = b->select[0] != '\0' ? b->select : b->done;
	struct batch_values v = size;
	size_t i;

	if (b->form == BATCH_RANGE)
		v = (struct batch_values){ .from = gh_printf(a, "($1::%s)", g->type),
			.to = gh_printf(a, "($2::%s)", g->type) };
	if (b->form == BATCH_IDS) {
		v = (struct batch_values){ .ids = gh_printf(a, "($1::%s)", g->list) };
		g->select_sql = batch_fill(keys, strlen(keys), &size, a);
	}
	g->sized = g->select_sql != NULL
	    ? batch_uses(keys, strlen(keys), ":size")
	    : batch_uses(g->s->sql->sql + st->offset, (size_t)st->length, ":size");
	g->sql = batch_fill(g->s->sql->sql + st->offset, (size_t)st->length, &v, a);
	GH_TRY(pg_parse(&g->r->pg, g->sql, err));
	{
		const struct {
			const char *what, *sql;
		} queries[] = { { "throttle", b->throttle }, { "done", g->select_sql == NULL ? b->done : "" },
			{ "check", b->check }, { "select", g->select_sql == NULL ? "" : g->select_sql } };

		for (i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
			struct gh_err why = { 0 };

			if (queries[i].sql[0] != '\0' && pg_parse(&g->r->pg, queries[i].sql, &why) != GH_OK)
				return gh_fail(
				    err, GH_CONFLICT, "the %s query: %s", queries[i].what, why.msg);
		}
	}
	return GH_OK;
}

/* Whether what it is to wait for can be seen at all. */
static enum gh_code
sees(struct batching *g, struct gh_err *err)
{
	bool lag = g->b.max_lag_ms > 0, policy = g->b.max_lag_ms < 0 && g->r->plan.policy.replica_lag_ms > 0;
	const char *text;

	if (!lag && !policy && g->b.max_active == 0)
		return GH_OK;
	GH_TRY(pg_value(&g->r->pg, SQL_BATCH_SEES, NULL, 0, &text, err));
	g->lag_seen = text[0] == 't';
	if (!g->lag_seen && (lag || g->b.max_active > 0))
		return refuse(g, err, "%s needs to see other sessions: GRANT pg_read_all_stats TO %s",
		    lag ? "max_lag" : "max_active", g->r->id.role);
	if (!g->lag_seen)
		say_log(g->r->job,
		    "how far replicas are behind cannot be seen: GRANT pg_read_all_stats TO %s",
		    g->r->id.role);
	return GH_OK;
}

static enum gh_code
header(struct batching *g, struct gh_err *err)
{
	struct gh_arena *a = g->r->job->arena;
	const struct plan_migration *m = &g->r->plan.migrations[g->s->i];
	const struct plan_sql *q = g->s->sql;
	char digest[GH_SHA256_HEX_LEN];

	batch_read(q->sql, q->sql_len, a, &g->b);
	g->called = plan_called(m->key, m->version);
	g->next = gh_printf(a, "the next batch of %s", g->called);
	g->direction = g->r->plan.down != g->s->back ? "down" : "up";
	if (g->b.problem[0] != '\0')
		return refuse(g, err, "the header of batches: %s", g->b.problem);
	if (q->n_statements != 1)
		return refuse(
		    g, err, "a batched migration is one statement, this one has %zu", q->n_statements);
	gh_sha256_hex(q->sql, q->sql_len, digest);
	g->digest = gh_strdup(a, digest);
	g->subject = g->b.form == BATCH_REPEAT ? "" : gh_printf(a, "%s.%s", g->b.table, g->b.key);
	g->size = g->b.size;
	g->expected = -1;
	return GH_OK;
}

enum gh_code
batch_open(struct batching *g, struct gh_err *err)
{
	GH_TRY(header(g, err));
	GH_TRY(alone_session(g->r, err));
	GH_TRY(batch_key(g, err));
	GH_TRY(parse(g, err));
	GH_TRY(sees(g, err));
	GH_TRY(batch_cursor_open(g, err));
	if (g->expected >= 0 && g->expected < g->passed)
		g->expected = g->passed;
	return GH_OK;
}

/* The role may make gatehouse_batch. */
static enum gh_code
may_create(struct run *r, struct gh_err *err)
{
	const struct tracking *t = &r->tracking;
	const char *params[] = { t->schema }, *sql, *text;

	if (!t->exists)
		return GH_OK;
	GH_TRY(batch_cursor_sql(&r->pg, t, SQL_BATCH_EXISTS, &sql, err));
	GH_TRY(pg_value(&r->pg, sql, NULL, 0, &text, err));
	if (text[0] == 't')
		return GH_OK;
	GH_TRY(pg_value(&r->pg, SQL_MAY_CREATE, params, 1, &text, err));
	if (text[0] != 't')
		return gh_fail(err, GH_CONFLICT,
		    "the role %s may not create %s.gatehouse_batch, where batched migrations keep how far "
		    "they are: "
		    "GRANT CREATE ON SCHEMA %s TO %s",
		    r->id.role, t->schema, t->schema, r->id.role);
	return GH_OK;
}

enum gh_code
batch_preflight(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	size_t i, n = 0;

	for (i = 0; i < r->plan.n_migrations; i++) {
		struct step s = { .i = i, .sql = &r->plan.migrations[i].run };
		struct batching g = { .r = r, .s = &s };
		struct gh_err why = { 0 };

		if (!batch_step(&s))
			continue;
		n++;
		/* What an earlier migration of the plan makes is not there yet. */
		if (header(&g, &why) != GH_OK || (i == 0 && batch_key(&g, &why) != GH_OK))
			return gh_fail(err, GH_CONFLICT, "%s: %s", r->plan.migrations[i].key, why.msg);
	}
	if (n == 0)
		return GH_OK;
	gh_text_putf(evidence, "%zu migration%s in batches. ", n, n == 1 ? "" : "s");
	return may_create(r, err);
}
