#include "base/ban.h"
#include "runner/job/explain.h"
#include "migration/sql_shape_child.h"
#include "runner/job/sql.gen.h"

/* 23505: which values are there more than once, or which row was in the way of a new one. */

#define TITLE "Values that are there more than once"

/* The query and what it gave; *ret_found: it gave rows. */
static enum gh_code
duplicates(struct explain *x, const char *query, const char *keys, bool *ret_found, struct gh_err *err)
{
	const struct pg_error *e = x->error;
	struct gh_arena *a = x->pg->job->arena;
	PG_RESULT res = NULL;
	int n;

	GH_TRY(explain_query(x, query, NULL, 0, &res, err));
	*ret_found = PQntuples(res) > 0;
	if (!*ret_found)
		return GH_OK;
	n = PQnfields(res) - 1;
	explain_say(x, TITLE, query, res,
	    gh_printf(a,
		"%s of (%s) in %s.%s %s there more than once, the most frequent %s times. They have to be "
		"merged or corrected before they can be unique.",
		explain_count(x, res, "value", "values"), keys, e->schema, e->table,
		PQntuples(res) == 1 ? "is" : "are", PQgetvalue(res, 0, n)));
	return GH_OK;
}

/* The row that has the value already. */
static enum gh_code
in_the_way(struct explain *x, const char *query, const char *keys, const char *values, struct gh_err *err)
{
	const struct pg_error *e = x->error;
	struct gh_arena *a = x->pg->job->arena;
	PG_RESULT res = NULL;

	GH_TRY(explain_query(x, query, NULL, 0, &res, err));
	explain_say(x, "The row that is there already", query, res,
	    PQntuples(res) > 0
		? gh_printf(a,
		      "%s.%s has (%s) = (%s) already, and %s lets it be there once: the statement would put "
		      "it there again. Leave it out, or write ON CONFLICT DO NOTHING.",
		      e->schema, e->table, keys, values, e->constraint)
		: gh_printf(a,
		      "No row of %s.%s has (%s) = (%s) now: the statement itself brings the value twice, or "
		      "the row was of this run and is gone with it.",
		      e->schema, e->table, keys, values));
	return GH_OK;
}

/* The index is not there (any more): the statement says what it would have been on. */
static enum gh_code
from_statement(struct explain *x, bool *ret_found, struct gh_err *err)
{
	const struct pg_error *e = x->error;
	const struct sql_shape_table t = { e->schema, e->table };
	struct gh_arena *a = x->pg->job->arena;
	const char *keys, *values, *query = sql_shape_child_unique(x->sql, e->constraint, &t, a, &keys);

	if (query == NULL && explain_key(x, &keys, &values)) {
		const char *const params[] = { e->schema, e->table, keys };

		GH_TRY(explain_value(x, SQL_EXPLAIN_COLUMNS, params, 3, &query, err));
	}
	return query == NULL ? GH_OK : duplicates(x, query, keys, ret_found, err);
}

enum gh_code
explain_unique(struct explain *x, struct gh_err *err)
{
	const struct pg_error *e = x->error;
	const char *keys = "", *values = "";
	bool has_key = explain_key(x, &keys, &values), found = false;
	const char *const params[] = { e->schema, e->table, e->constraint, values };
	struct explain_row row;

	GH_TRY(explain_row(x, SQL_EXPLAIN_UNIQUE, params, 4, &row, err));
	if (row.n > 0 && row.cells[0][0] == 't' && has_key && row.cells[3][0] != '\0')
		return in_the_way(x, row.cells[3], row.cells[1], values, err);
	if (row.n > 0)
		GH_TRY(duplicates(x, row.cells[2], row.cells[1], &found, err));
	else
		GH_TRY(from_statement(x, &found, err));
	if (!found)
		explain_say(x, TITLE, "", NULL,
		    gh_printf(x->pg->job->arena,
			"%s Nothing of it is in %s.%s now: what was there twice was of this run, or somebody "
			"has corrected it since.",
			x->detail, e->schema, e->table));
	return GH_OK;
}
