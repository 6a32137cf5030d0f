#include "base/ban.h"
#include "runner/job/verify.h"
#include "base/fault.h"
#include "runner/job/run.h"
#include "runner/job/sql.gen.h"

/*
 * The project's own queries: each in a transaction that may only read and is rolled back, each must give no
 * row, or one that is true.
 */

#define ROWS_SHOWN  5
#define VALUE_SHOWN 100   /* bytes */
#define TYPE_BOOL   16    /* its oid, for ever */
#define TIME_LIMIT  60000 /* ms, when the policy has none */

/* The first rows, as people read them: names, then values, a line each. */
static const char *
rows_text(const struct pg_rows *rows, struct gh_arena *a)
{
	GH_TEXT t = { .limit = 6000 };
	char value[VALUE_SHOWN];
	size_t i;
	int c;

	for (c = 0; c < PQnfields(rows->kept[0]); c++)
		gh_text_putf(&t, "%s%s", c == 0 ? "" : " | ", PQfname(rows->kept[0], c));
	for (i = 0; i < rows->n_kept && i < ROWS_SHOWN; i++) {
		for (c = 0; c < PQnfields(rows->kept[i]); c++) {
			say_clean(value, sizeof(value), PQgetvalue(rows->kept[i], 0, c));
			gh_text_putf(&t, "%s%s", c == 0 ? "\n" : " | ",
			    PQgetisnull(rows->kept[i], 0, c) != 0 ? "NULL" : value);
		}
	}
	if (rows->n > ROWS_SHOWN)
		gh_text_put(&t, "\n...");
	return gh_strdup(a, gh_text_str(&t));
}

static const char *
rows_wrong(const struct pg_rows *rows, struct gh_arena *a)
{
	const PGresult *one = rows->n == 1 ? rows->kept[0] : NULL;

	if (rows->n == 0 && PQresultStatus(rows->last) == PGRES_TUPLES_OK)
		return NULL;
	if (rows->n == 0)
		return "it is no query: it has no rows to give";
	if (one != NULL && PQnfields(one) == 1 && PQftype(one, 0) == TYPE_BOOL) {
		if (PQgetisnull(one, 0, 0) != 0)
			return "it gave NULL, which is not true";
		return PQgetvalue(one, 0, 0)[0] == 't' ? NULL : "it gave false";
	}
	return gh_printf(a, "it gave %s%" PRId64 " row%s, where none (or one that is true) is expected:\n%s",
	    rows->n > PG_ROWS ? "more than " : "", rows->n > PG_ROWS ? (int64_t)PG_ROWS : rows->n,
	    rows->n == 1 ? "" : "s", rows_text(rows, a));
}

static enum gh_code
begin(struct run *r, struct gh_err *err)
{
	int64_t limit = r->plan.policy.statement_timeout_ms;
	char lock[24], statement[24];
	const char *const params[] = { lock, statement };
	struct pg_batch b = { 0 };
	enum gh_code code;

	(void)snprintf(lock, sizeof(lock), "%" PRId64, r->plan.policy.lock_timeout_ms);
	(void)snprintf(statement, sizeof(statement), "%" PRId64, limit > 0 ? limit : TIME_LIMIT);
	pg_batch_add(&b, SQL_VERIFY_BEGIN, NULL, 0);
	pg_batch_add(&b, SQL_VERIFY_SETTINGS, params, 2);
	code = pg_batch_run(&r->pg, &b, PG_DEADLINE_MS, err);
	pg_batch_done(&b);
	return code;
}

/* *ret_wrong NULL: it holds.  Fails only when the connection is gone. */
static enum gh_code
ask(struct run *r, const struct plan_query *q, const char **ret_wrong, struct gh_err *err)
{
	struct gh_arena *a = r->job->arena;
	PG_ROWS_VAR rows = { 0 };
	struct gh_err why = { 0 };
	enum gh_code code;

	*ret_wrong = NULL;
	GH_TRY(begin(r, err));
	code = pg_rows(&r->pg, q->sql, &rows, &why);
	if (code == GH_OK)
		*ret_wrong = rows_wrong(&rows, a);
	else if (!r->pg.error.lost)
		*ret_wrong = gh_printf(a, "it failed: %s", why.msg);
	if (code == GH_OK && *ret_wrong == NULL && PQtransactionStatus(r->pg.conn) != PQTRANS_INTRANS)
		*ret_wrong = "it ended its transaction";
	if (code != GH_OK && r->pg.error.lost)
		return gh_fail(err, code, "%s", why.msg);
	/* What a query of the project says is no trouble of the connection. */
	if (code != GH_OK)
		pg_error_say(r->job, &r->pg.error, (struct say_at){ -1, -1 }, 0);
	r->pg.error = (struct pg_error){ 0 };
	return pg_rollback(&r->pg, err);
}

enum gh_code
verify_queries(struct run *r, struct gh_err *err)
{
	struct gh_err first = { 0 };
	size_t i;

	for (i = 0; i < r->plan.n_queries; i++) {
		const struct plan_query *q = &r->plan.queries[i];
		const char *wrong;

		(void)gh_fault("job.verify.query");
		GH_TRY(ask(r, q, &wrong, err));
		say_evidence(r->job, "query", q->name, wrong == NULL ? WIRE_OK : WIRE_FAILED,
		    wrong == NULL ? "It holds." : gh_printf(r->job->arena, "%s.", wrong));
		if (wrong != NULL && first.code == GH_OK)
			(void)gh_fail(&first, GH_CONFLICT, "the query %s does not hold: %.*s", q->name,
			    (int)strcspn(wrong, ":\n"), wrong);
	}
	if (first.code != GH_OK)
		*err = first;
	return first.code;
}

enum gh_code
verify_tables(struct run *r, struct gh_err *err)
{
	const struct policy *p = &r->plan.policy;
	struct gh_arena *a = r->job->arena;
	const char *params[] = { verify_array(p->tables, p->n_tables, a) }, *gone = NULL;
	PG_RESULT res = NULL;
	int i;

	if (p->n_tables == 0)
		return GH_OK;
	GH_TRY(pg_query(&r->pg, SQL_TABLES_EXPECTED, params, 1, &res, err));
	for (i = 0; i < PQntuples(res); i++) {
		const char *name = gh_strdup(a, PQgetvalue(res, i, 0));
		bool there = PQgetvalue(res, i, 1)[0] == 't';

		say_evidence(r->job, "table", name, there ? WIRE_OK : WIRE_FAILED,
		    there ? "It is there, as the policy expects." : "It is not there.");
		if (!there && gone == NULL)
			gone = name;
	}
	if (gone != NULL)
		return gh_fail(err, GH_CONFLICT, "the table %s that the policy expects is not there", gone);
	return GH_OK;
}
