#include "base/ban.h"
#include "runner/job/explain.h"
#include "migration/sql_shape_child.h"
#include "runner/job/sql.gen.h"
#include "runner/job/verify.h"

/* 23514 and 23503: the rows that break a CHECK, the values that refer to nothing. */

static const char *
plural(const char *n)
{
	return strcmp(n, "1") == 0 ? "" : "s";
}

/* *ret_found: there are such rows. */
static enum gh_code
violating(struct explain *x, const char *query, bool *ret_found, struct gh_err *err)
{
	const struct pg_error *e = x->error;
	PG_RESULT res = NULL;
	const char *n;

	GH_TRY(explain_query(x, query, NULL, 0, &res, err));
	*ret_found = PQntuples(res) > 0;
	if (!*ret_found)
		return GH_OK;
	n = PQgetvalue(res, 0, 0);
	explain_say_counted(x, "Rows that break the rule", query, res,
	    gh_printf(x->pg->job->arena,
		"%s row%s of %s.%s %s %s. Correct them first, or add the constraint NOT VALID and validate "
		"it "
		"later.",
		n, plural(n), e->schema, e->table, strcmp(n, "1") == 0 ? "breaks" : "break", e->constraint));
	return GH_OK;
}

/* The newest statement of the migration, from the failed one back, that adds the constraint. */
static const char *
check_from_statement(struct explain *x)
{
	const struct pg_error *e = x->error;
	const struct sql_shape_table t = { e->schema, e->table };
	const char *query = NULL;
	int64_t k;

	for (k = x->what->statement; k >= 0 && query == NULL; k--)
		query = sql_shape_child_check(explain_statement(x, k), e->constraint, &t, x->pg->job->arena);
	return query;
}

enum gh_code
explain_check(struct explain *x, struct gh_err *err)
{
	const struct pg_error *e = x->error;
	const char *const params[] = { e->schema, e->table, e->constraint };
	const char *query, *rule = "", *text = x->detail;
	struct explain_row row;
	PG_RESULT res = NULL;
	bool found = false;

	GH_TRY(explain_row(x, SQL_EXPLAIN_CHECK, params, 3, &row, err));
	query = row.n > 0 ? row.cells[0] : check_from_statement(x);
	if (query != NULL && query[0] != '\0')
		GH_TRY(violating(x, query, &found, err));
	if (found)
		return GH_OK;
	if (row.n > 0) {
		rule = row.cells[1];
		GH_TRY(explain_query(x, rule, NULL, 0, &res, err));
		text = gh_printf(x->pg->job->arena,
		    "The rows of %s.%s keep the rule; what the statement brought does not. %s", e->schema,
		    e->table, x->detail);
	}
	if (text[0] == '\0')
		text = x->error->message;
	explain_say(x, "The rule that was broken", rule, res, text);
	return GH_OK;
}

/* The queries of explain_orphans.sql: what refers to nothing, who refers to the values, the parent's. */
static enum gh_code
orphans(struct explain *x, const char *const params[7], struct explain_row *ret, struct gh_err *err)
{
	PG_RESULT res = NULL;

	GH_TRY(explain_row(x, SQL_EXPLAIN_ORPHANS, params, 7, ret, err));
	if (ret->n == 0)
		return GH_OK;
	GH_TRY(explain_query(x, ret->cells[0], NULL, 0, &res, err));
	if (PQntuples(res) == 0)
		return GH_OK;
	explain_say(x, "Values that refer to nothing", ret->cells[0], res,
	    gh_printf(x->pg->job->arena,
		"%s of %s.%s %s not in %s; the most frequent is in %s row%s. Correct or remove these rows "
		"first, or add the constraint NOT VALID and validate it later.",
		explain_count(x, res, "value", "values"), params[0], params[1],
		PQntuples(res) == 1 ? "is" : "are", ret->cells[3], PQgetvalue(res, 0, PQnfields(res) - 1),
		plural(PQgetvalue(res, 0, PQnfields(res) - 1))));
	*ret = (struct explain_row){ 0 };
	return GH_OK;
}

/* The key was there before: either rows still refer to what was to go, or what is referred to is missing. */
static enum gh_code
referring(struct explain *x, const struct explain_row *row, struct gh_err *err)
{
	PG_RESULT res = NULL;
	PG_RESULT parent = NULL;

	if (row->cells[1][0] != '\0')
		GH_TRY(explain_query(x, row->cells[1], NULL, 0, &res, err));
	if (res != NULL && PQntuples(res) > 0) {
		explain_say(x, "Rows that still refer to it", row->cells[1], res,
		    gh_printf(x->pg->job->arena,
			"%s Remove or move the rows of %s.%s that refer to it first.", x->detail,
			x->error->schema, x->error->table));
		return GH_OK;
	}
	if (row->cells[2][0] != '\0')
		GH_TRY(explain_query(x, row->cells[2], NULL, 0, &parent, err));
	explain_say(x, "What it refers to is missing", parent == NULL ? "" : row->cells[2], parent,
	    gh_printf(x->pg->job->arena, "%s Add it to %s first.", x->detail, row->cells[3]));
	return GH_OK;
}

enum gh_code
explain_foreign(struct explain *x, struct gh_err *err)
{
	const struct pg_error *e = x->error;
	const char *const key[] = { e->schema, e->table, e->constraint };
	const char *keys = "", *values = "";
	struct gh_arena *a = x->pg->job->arena;
	struct explain_row row, queries = { 0 };
	struct sql_shape_key shape;
	int64_t k;

	(void)explain_key(x, &keys, &values);
	GH_TRY(explain_row(x, SQL_EXPLAIN_FOREIGN, key, 3, &row, err));
	if (row.n > 0) {
		const char *const params[] = { e->schema, e->table, row.cells[0], row.cells[1], row.cells[2],
			row.cells[3], values };

		GH_TRY(orphans(x, params, &queries, err));
		return queries.n == 0 ? GH_OK : referring(x, &queries, err);
	}
	for (k = x->what->statement; k >= 0; k--) {
		if (!sql_shape_child_foreign(explain_statement(x, k), e->constraint, a, &shape))
			continue;
		{
			const char *const params[] = { e->schema, e->table,
				verify_array(shape.columns, shape.n, a), shape.parent_schema, shape.parent,
				verify_array(shape.parent_columns, shape.n_parent, a), values };

			GH_TRY(orphans(x, params, &queries, err));
		}
		if (queries.n == 0)
			return GH_OK;
		break;
	}
	explain_say(x, "A row points at something that is not there", "", NULL,
	    x->detail[0] == '\0' ? e->message : x->detail);
	return GH_OK;
}
