#include "base/ban.h"
#include "runner/job/batch.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/guard.h"
#include "runner/job/sql.gen.h"

/*
 * One part: BEGIN and its rows, the statement, the cursor and COMMIT: three round trips.  With the statement
 * of a range the ends of the next part are asked for, so that it needs two.  They hold when the first key
 * behind the cursor is still the same in its own transaction, before its statement: no row is passed over
 * that came in between.
 */

#define OPENING ((size_t)3)

/* What is sent first, up to the transaction's settings. */
struct opening {
	char lock[24], statement[24], key[24], size[24];
	const char *settings[2], *held[1], *bounds[2];
	struct pg_batch b;
};

static void
opening_done(struct opening *o)
{
	pg_batch_done(&o->b);
}

static void
opening_add(struct batching *g, struct opening *o)
{
	const struct policy *p = &g->r->plan.policy;

	(void)snprintf(o->lock, sizeof(o->lock), "%" PRId64, p->lock_timeout_ms);
	(void)snprintf(o->statement, sizeof(o->statement), "%" PRId64, p->statement_timeout_ms);
	(void)snprintf(o->key, sizeof(o->key), "%" PRId64, target_lock_key());
	o->settings[0] = o->lock;
	o->settings[1] = o->statement;
	o->held[0] = o->key;
	pg_batch_add(&o->b, SQL_LOCK_HELD, o->held, 1); /* OPENING of them */
	pg_batch_add(&o->b, SQL_BEGIN, NULL, 0);
	pg_batch_add(&o->b, SQL_SETTINGS_LOCAL, o->settings, 2);
}

static bool
was_left_out(const struct batching *g, const char *key)
{
	size_t i;

	for (i = 0; i < g->n_left_out; i++) {
		if (strcmp(g->left_out[i], key) == 0)
			return true;
	}
	return false;
}

/* A key of the part before, which the statement should have taken out of the query's answer. */
static bool
again(const struct batching *g, const char *key, struct gh_arena *a)
{
	const char *line = gh_printf(a, "\n%s\n", key);

	return strstr(gh_text_str(&g->ids), line) != NULL;
}

static void
put_element(struct gh_text *t, const char *key)
{
	gh_text_put(t, t->len == 0 ? "{\"" : ",\"");
	for (; *key != '\0'; key++) {
		if (*key == '"' || *key == '\\')
			gh_text_putc(t, '\\');
		gh_text_putc(t, *key);
	}
	gh_text_putc(t, '"');
}

static enum gh_code
take_ids(
    struct batching *g, const PGresult *res, struct gh_arena *a, struct batch_part *p, struct gh_err *err)
{
	int64_t want = p->n;
	GH_TEXT list = { 0 };
	int i;

	p->n = 0;
	for (i = 0; i < PQntuples(res) && p->n < want; i++) {
		const char *key = PQgetvalue(res, i, 0);

		if (PQgetisnull(res, i, 0) || was_left_out(g, key))
			continue;
		if (p->n == 0 && again(g, key, a)) {
			pg_error_text(&g->r->pg.error, false, "the select query gives the key %s again", key);
			return gh_fail(err, GH_CONFLICT,
			    "the select query gives the key %s again after its batch, so it would never end: "
			    "the "
			    "statement must take it out of the query",
			    key);
		}
		put_element(&list, key);
		p->from = p->n == 0 ? gh_strdup(a, key) : p->from;
		p->to = gh_strdup(a, key);
		p->n++;
	}
	gh_text_putc(&list, '}');
	p->none = p->n == 0;
	p->single = p->n == 1;
	p->full = p->n == want;
	p->ids = gh_strdup(a, gh_text_str(&list));
	return GH_OK;
}

static void
take_range(const PGresult *res, struct gh_arena *a, struct batch_part *p)
{
	p->none = PQgetisnull(res, 0, 0) || PQgetisnull(res, 0, 2);
	p->from = gh_strdup(a, PQgetvalue(res, 0, 0));
	p->full = PQgetvalue(res, 0, 1)[0] == 't';
	p->to = gh_strdup(a, PQgetvalue(res, 0, 2));
	p->single = strcmp(p->from, p->to) == 0;
}

/* BEGIN, and which rows. */
static enum gh_code
begin(struct batching *g, struct gh_arena *a, struct batch_part *p, struct gh_err *err)
{
	__attribute__((cleanup(opening_done))) struct opening o = { .size = "" };
	const PGresult *rows;

	opening_add(g, &o);
	(void)snprintf(
	    o.size, sizeof(o.size), "%" PRId64, p->n + (g->b.form == BATCH_IDS ? (int64_t)g->n_left_out : 0));
	o.bounds[0] = g->has_at ? gh_text_str(&g->at) : NULL;
	o.bounds[1] = o.size;
	if (g->b.form == BATCH_RANGE)
		pg_batch_add(&o.b, g->has_at ? g->next_sql : g->first_sql, o.bounds, 2);
	if (g->b.form == BATCH_IDS)
		pg_batch_add(&o.b, g->select_sql, &o.bounds[1], g->sized ? 1 : 0);
	GH_TRY(pg_batch_run(&g->r->pg, &o.b, PG_DEADLINE_MS, err));
	if (PQgetvalue(o.b.results[0], 0, 0)[0] != 't') {
		say_log(g->r->job, "the run's lock was released by a statement before; taking it again");
		GH_TRY(run_lock(&g->r->pg, g->r->convention, &g->r->plan, 0, err));
	}
	rows = o.b.results[o.b.n - 1];
	if (g->b.form == BATCH_IDS)
		return take_ids(g, rows, a, p, err);
	if (g->b.form == BATCH_RANGE)
		take_range(rows, a, p);
	return GH_OK;
}

/* What the last of the results says of the next part. */
static void
look_ahead(struct batching *g, const struct batch_part *p, const PGresult *res)
{
	struct batch_ahead *h = &g->ahead;

	h->n = 0;
	if (PQgetisnull(res, 0, 0) || PQgetisnull(res, 0, 2))
		return;
	h->n = p->n;
	gh_text_clear(&h->from);
	gh_text_clear(&h->to);
	gh_text_put(&h->from, PQgetvalue(res, 0, 0));
	gh_text_put(&h->to, PQgetvalue(res, 0, 2));
	h->full = PQgetvalue(res, 0, 1)[0] == 't';
}

/* Opened ahead: the run's lock is ours, and no key has come in front of the part, nor has its first one gone.
 */
static bool
holds(const struct batch_part *p, const struct pg_batch *b)
{
	return PQgetvalue(b->results[0], 0, 0)[0] == 't' &&
	    strcmp(PQgetvalue(b->results[OPENING], 0, 0), p->from) == 0;
}

/* ahead: with BEGIN and what must hold, in one round trip; p->stale when it did not. */
static enum gh_code
statement(struct batching *g, struct batch_part *p, bool ahead, struct gh_err *err)
{
	__attribute__((cleanup(opening_done))) struct opening o = { .size = "" };
	int64_t limit = g->r->plan.policy.statement_timeout_ms;
	const char *const edge[] = { gh_text_str(&g->at) }, *const next[] = { p->to, o.size };
	const char *params[2] = { p->from, p->to };
	struct pg_batch *b = &o.b;
	int n = 2;
	enum gh_code code;
	size_t at;

	if (ahead) {
		opening_add(g, &o);
		pg_batch_add(b, g->edge_sql, edge, 1);
	}
	(void)snprintf(o.size, sizeof(o.size), "%" PRId64, p->n);
	if (g->b.form == BATCH_IDS) {
		params[0] = p->ids;
		n = 1;
	} else if (g->b.form == BATCH_REPEAT) {
		params[0] = o.size;
		n = g->sized ? 1 : 0;
	}
	at = b->n;
	pg_batch_add(b, g->sql, params, n);
	if (p->full && g->b.form == BATCH_RANGE)
		pg_batch_add(b, g->next_sql, next, 2);
	(void)gh_fault("job.batch.before-statement");
	g->r->pg.yields = !g->r->steady;
	code = pg_batch_run(&g->r->pg, b, limit > 0 ? limit + 30000 : 0, err);
	g->r->pg.yields = false;
	if (code != GH_OK)
		return code;
	p->stale = ahead && !holds(p, b);
	p->rows = strtoll(PQcmdTuples(b->results[at]), NULL, 10);
	g->ahead.n = 0;
	if (b->n > at + 1)
		look_ahead(g, p, b->results[at + 1]);
	(void)gh_fault("job.batch.after-statement");
	return GH_OK;
}

/* The last of b is COMMIT. */
static enum gh_code
commit(struct batching *g, struct pg_batch *b, struct gh_err *err)
{
	struct run *r = g->r;
	enum gh_code code;

	(void)gh_fault("job.batch.before-commit");
	r->pg.firm = true;
	code = pg_batch_run(&r->pg, b, PG_COMMIT_MS, err);
	r->pg.firm = false;
	if (code != GH_OK) {
		if (pg_error_doubt(&r->pg.error))
			r->left = RUN_LEFT_DOUBT;
		return code;
	}
	(void)gh_fault("job.batch.after-commit");
	if (strcmp(PQcmdStatus(b->results[b->n - 1]), "COMMIT") == 0)
		return GH_OK;
	pg_error_text(&r->pg.error, false, "COMMIT was answered with %s", PQcmdStatus(b->results[b->n - 1]));
	return gh_fail(err, GH_CONFLICT, "%s", r->pg.error.message);
}

/* What is true once it is committed. */
static void
moved(struct batching *g, const char *at, int64_t rows, int64_t passed)
{
	g->there = true;
	g->rows = rows;
	g->passed = passed;
	if (g->expected >= 0 && g->expected < passed)
		g->expected = passed;
	if (at == NULL || at == gh_text_str(&g->at))
		return;
	gh_text_clear(&g->at);
	gh_text_put(&g->at, at);
	g->has_at = true;
}

static enum gh_code
finish(struct batching *g, const struct batch_part *p, struct gh_err *err)
{
	int64_t rows = g->rows + p->rows,
		passed = g->passed + (g->b.form == BATCH_RANGE && p->full ? p->n : p->rows);
	struct batch_cursor_values v;
	PG_BATCH_VAR b = { 0 };

	batch_cursor_fill(g, p->to, rows, passed, NULL, &v);
	pg_batch_add(&b, g->put_sql, v.params, BATCH_CURSOR_PARAMS);
	pg_batch_add(&b, SQL_COMMIT, NULL, 0);
	GH_TRY(commit(g, &b, err));
	g->batches++;
	g->last_us = gh_clock_mono() - p->from_mono;
	moved(g, p->to, rows, passed);
	guard_rest(&g->r->pg);
	return GH_OK;
}

/* Keys that the next answer must not begin with. */
static void
remember_ids(struct batching *g, const struct batch_part *p)
{
	const char *c;

	if (g->b.form != BATCH_IDS)
		return;
	gh_text_clear(&g->ids);
	for (c = p->ids + 1; *c != '\0'; c++) {
		if (*c == '\\' && c[1] != '\0')
			gh_text_putc(&g->ids, *++c);
		else
			gh_text_put_n(&g->ids, *c == '"' ? "\n" : c, 1);
	}
}

/* The part whose ends are known, when they are and still hold: *ret_done. */
static enum gh_code
known(struct batching *g, struct gh_arena *a, struct batch_part *p, bool *ret_done, struct gh_err *err)
{
	const struct batch_part fresh = *p;
	bool there = g->ahead.there && g->ahead.n == p->n;

	g->ahead.there = false;
	*ret_done = false;
	if (!there)
		return GH_OK;
	p->from = gh_strdup(a, gh_text_str(&g->ahead.from));
	p->to = gh_strdup(a, gh_text_str(&g->ahead.to));
	p->full = g->ahead.full;
	p->single = strcmp(p->from, p->to) == 0;
	GH_TRY(statement(g, p, true, err));
	*ret_done = !p->stale;
	if (*ret_done)
		return GH_OK;
	*p = fresh;
	return pg_query(&g->r->pg, SQL_ROLLBACK, NULL, 0, NULL, err);
}

enum gh_code
batch_part_run(struct batching *g, struct gh_arena *a, struct batch_part *ret, struct gh_err *err)
{
	bool done;

	*ret = (struct batch_part){ .from_mono = gh_clock_mono(), .n = g->split > 0 ? g->split : g->size };
	GH_TRY(known(g, a, ret, &done, err));
	if (!done)
		GH_TRY(begin(g, a, ret, err));
	if (!done && !ret->none)
		GH_TRY(statement(g, ret, false, err));
	if (g->b.form == BATCH_REPEAT)
		ret->none = ret->rows == 0;
	if (ret->none)
		return pg_query(&g->r->pg, SQL_ROLLBACK, NULL, 0, NULL, err);
	GH_TRY(finish(g, ret, err));
	g->ahead.there = g->ahead.n > 0;
	remember_ids(g, ret);
	return GH_OK;
}

enum gh_code
batch_part_skip(struct batching *g, const char *key, struct gh_err *err)
{
	const char *at = g->b.form == BATCH_RANGE ? key : g->has_at ? gh_text_str(&g->at) : NULL;
	int64_t passed = g->passed + 1;
	struct batch_cursor_values v;
	__attribute__((cleanup(opening_done))) struct opening o = { .size = "" };

	opening_add(g, &o);
	batch_cursor_fill(g, at, g->rows, passed, key, &v);
	pg_batch_add(&o.b, g->put_sql, v.params, BATCH_CURSOR_PARAMS);
	pg_batch_add(&o.b, SQL_COMMIT, NULL, 0);
	GH_TRY(commit(g, &o.b, err));
	moved(g, at, g->rows, passed);
	g->left_out[g->n_left_out++] = gh_strdup(g->r->job->arena, key);
	return GH_OK;
}
