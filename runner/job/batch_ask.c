#include "base/ban.h"
#include "runner/job/batch.h"
#include "runner/job/sql.gen.h"

/* The file's own queries, asked in transactions that only read. */

#define BOOL 16 /* pg_type.oid */

static enum gh_code
ask(struct pg *pg, const char *sql, const char *const *params, size_t n, PGresult **ret, struct gh_err *err)
{
	GH_TRY(pg_query(pg, SQL_BEGIN_READ_ONLY, NULL, 0, NULL, err));
	GH_TRY(pg_query(pg, sql, params, n, ret, err));
	return pg_query(pg, SQL_ROLLBACK, NULL, 0, NULL, err);
}

enum gh_code
batch_ask(struct batching *g, const char *what, const char *sql, const char *const *params, size_t n,
    PGresult **ret, struct gh_err *err)
{
	struct pg *pg = &g->r->pg;
	struct gh_err why = { 0 }, back = { 0 };
	enum gh_code code = ask(pg, sql, params, n, ret, &why);
	struct pg_error error = pg->error;

	if (code == GH_OK)
		return GH_OK;
	if (pg_rollback(pg, &back) != GH_OK)
		pg_close(pg);
	pg->error = error;
	return gh_fail(err, code, "the %s query of %s failed: %s", what, g->called, why.msg);
}

/* One row with one true, of one column or of more. */
static bool
is_true(const PGresult *res)
{
	return PQntuples(res) == 1 && PQnfields(res) > 0 && PQftype(res, 0) == BOOL &&
	    !PQgetisnull(res, 0, 0) && PQgetvalue(res, 0, 0)[0] == 't';
}

static bool
is_bool(const PGresult *res)
{
	return PQntuples(res) == 1 && PQnfields(res) > 0 && PQftype(res, 0) == BOOL;
}

/* done and check: what is wrong, NULL nothing.  Rows that were left out may still be there. */
static const char *
wrong(struct batching *g, const PGresult *res)
{
	struct gh_arena *a = g->r->job->arena;
	int n = PQntuples(res);

	if (n == 0 || is_true(res))
		return NULL;
	if (is_bool(res))
		return "it is not true";
	if ((size_t)n <= g->n_left_out) {
		say_log(g->r->job, "%d rows that were left out are still there", n);
		return NULL;
	}
	return gh_printf(a, "it gives %d row%s, the first %s", n, n == 1 ? "" : "s",
	    PQnfields(res) == 0 || PQgetisnull(res, 0, 0) ? "NULL" : PQgetvalue(res, 0, 0));
}

static enum gh_code
one(struct batching *g, const char *what, const char *sql, struct gh_err *err)
{
	struct gh_arena *a = g->r->job->arena;
	PG_RESULT res = NULL;
	const char *is;

	if (sql[0] == '\0')
		return GH_OK;
	GH_TRY(batch_ask(g, what, sql, NULL, 0, &res, err));
	is = wrong(g, res);
	batch_say_evidence(g, gh_printf(a, "%s of %s", what, g->called), is == NULL ? WIRE_OK : WIRE_FAILED,
	    is == NULL ? "It holds." : gh_printf(a, "It does not hold: %s.", is));
	if (is == NULL)
		return GH_OK;
	pg_error_text(&g->r->pg.error, false, "the %s query does not hold: %s", what, is);
	return gh_fail(
	    err, GH_CONFLICT, "all rows were gone through, but the %s query does not hold: %s", what, is);
}

enum gh_code
batch_ask_end(struct batching *g, struct gh_err *err)
{
	/* It has given the keys until it gave none. */
	if (g->b.form != BATCH_IDS || g->b.select[0] != '\0')
		GH_TRY(one(g, "done", g->b.done, err));
	return one(g, "check", g->b.check, err);
}

enum gh_code
batch_ask_throttle(struct batching *g, bool *ret, struct gh_err *err)
{
	PG_RESULT res = NULL;

	*ret = false;
	if (g->b.throttle[0] == '\0')
		return GH_OK;
	GH_TRY(batch_ask(g, "throttle", g->b.throttle, NULL, 0, &res, err));
	if (PQntuples(res) == 0)
		return GH_OK;
	if (!is_bool(res) || PQgetisnull(res, 0, 0)) {
		pg_error_text(&g->r->pg.error, false, "the throttle query must give true, false or no row");
		return gh_fail(err, GH_CONFLICT,
		    "the throttle query of %s must give true, false or no row, it gave %d row%s, the first "
		    "%s",
		    g->called, PQntuples(res), PQntuples(res) == 1 ? "" : "s",
		    PQgetisnull(res, 0, 0) ? "NULL" : PQgetvalue(res, 0, 0));
	}
	*ret = is_true(res);
	(void)snprintf(g->waits, sizeof(g->waits), "the throttle query says so%s%.300s",
	    PQnfields(res) > 1 ? ": " : "", PQnfields(res) > 1 ? PQgetvalue(res, 0, 1) : "");
	return GH_OK;
}
