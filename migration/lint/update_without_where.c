#include "base/ban.h"
#include "migration/lint_habit.h"

/* "a = 1, b = 2" changes no row twice when the batch only takes rows that still differ. */
static const char *
still_differs(struct lint *l, const PgQuery__UpdateStmt *s)
{
	const char *ret = "";
	size_t i;

	for (i = 0; i < s->n_target_list; i++) {
		const PgQuery__Node *n = s->target_list[i];
		const char *value;

		if (n->node_case != PG_QUERY__NODE__NODE_RES_TARGET || n->res_target->val == NULL ||
		    n->res_target->n_indirection > 0)
			return "";
		value = lint_expr(l, n->res_target->val);
		if (*value == '\0' ||
		    n->res_target->val->node_case == PG_QUERY__NODE__NODE_MULTI_ASSIGN_REF ||
		    n->res_target->val->node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT)
			return "";
		ret = gh_printf(l->arena, "%s%s%s IS DISTINCT FROM (%s)", ret, i == 0 ? "" : " OR ",
		    lint_ident(l, n->res_target->name), value);
	}
	return ret;
}

static const char *
rewrite(struct lint *l, const struct lint_at *at, const PgQuery__UpdateStmt *s, const char *table)
{
	const char *differs = still_differs(l, s), *text;

	if (*differs == '\0' || s->n_returning_list > 0 || s->relation->alias != NULL ||
	    s->where_clause != NULL || s->n_from_clause > 0)
		return "";
	text = lint_sql(l, at->node);
	return *text == '\0'
	    ? ""
	    : gh_printf(l->arena,
		  "-- in a file of its own: until it changes no row, each time in a transaction of its own\n"
		  "-- gatehouse:batch repeat\n"
		  "%s\n WHERE ctid IN (SELECT ctid FROM %s\n                 WHERE %s\n                 "
		  "LIMIT 10000);",
		  text, table, differs);
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__UpdateStmt *s = at->node->update_stmt;
	const char *table;

	if (at->node->node_case != PG_QUERY__NODE__NODE_UPDATE_STMT || s->n_from_clause > 0 ||
	    (s->where_clause != NULL && !lint_is_true(s->where_clause)) || lint_is_new(l, at, s->relation))
		return;
	table = lint_name(l, s->relation);
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena,
		    "every row of %s is written anew and stays locked until the transaction ends", table),
		.rewrite = rewrite(l, at, s, table),
	    });
}

const struct lint_rule lint_update_without_where = {
	.about = { .id = "update-without-where",
	    .title = "UPDATE without WHERE",
	    .cost = "Every row is written anew and stays locked until the end; the table doubles in size.",
	    .quiet = "Quiet for tables that the same file has made and for temporary ones, and when the "
		     "table is empty or small.",
	    .safe = "Change rows in batches, each in a transaction of its own, and only those that need it "
		    "(docs/batches.md).",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
