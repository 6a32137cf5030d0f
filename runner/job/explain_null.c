#include "base/ban.h"
#include "runner/job/explain.h"
#include "runner/job/sql.gen.h"

/* 23502: how many rows have no value, and which. */

static const char *
sentence(struct explain *x, const struct explain_row *row, const PGresult *res)
{
	const struct pg_error *e = x->error;
	struct gh_arena *a = x->pg->job->arena;
	const char *n = PQntuples(res) == 0 ? "0" : PQgetvalue(res, 0, 0);

	if (row->cells[0][0] != 't')
		return gh_printf(a,
		    "The column %s is new, and %s row%s of %s.%s would have no value in it: give it a "
		    "DEFAULT, "
		    "or add it without NOT NULL, fill it and set NOT NULL then.",
		    e->column, n, strcmp(n, "1") == 0 ? "" : "s", e->schema, e->table);
	if (PQntuples(res) > 0)
		return gh_printf(a,
		    "%s row%s of %s.%s %s no value in %s. Fill them first (%s), then set NOT NULL.", n,
		    strcmp(n, "1") == 0 ? "" : "s", e->schema, e->table, strcmp(n, "1") == 0 ? "has" : "have",
		    e->column, row->cells[3]);
	return gh_printf(a, "No row of %s.%s is without a value in %s: the statement itself brought one. %s",
	    e->schema, e->table, e->column, x->detail);
}

enum gh_code
explain_null(struct explain *x, struct gh_err *err)
{
	const struct pg_error *e = x->error;
	const char *const params[] = { e->schema, e->table, e->column };
	struct explain_row row;
	PG_RESULT res = NULL;

	GH_TRY(explain_row(x, SQL_EXPLAIN_NULL, params, 3, &row, err));
	if (row.n == 0) {
		explain_say(x, "A column that must have a value", "", NULL,
		    gh_printf(x->pg->job->arena,
			"%s The table is not there any more: it was made by this run.", x->detail));
		return GH_OK;
	}
	GH_TRY(explain_query(x, row.cells[2], NULL, 0, &res, err));
	explain_say_counted(x, "Rows without a value", row.cells[2], res, sentence(x, &row, res));
	return GH_OK;
}
