#include "base/ban.h"
#include "migration/lint_habit.h"

/* The one column that a policy compares: user_id = auth.uid(). */
static const char *
compared(const PgQuery__Node *qual)
{
	const PgQuery__AExpr *e;
	const PgQuery__Node *side;

	if (qual == NULL || qual->node_case != PG_QUERY__NODE__NODE_A_EXPR)
		return NULL;
	e = qual->a_expr;
	if (e->kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP || e->n_name != 1 ||
	    strcmp(e->name[0]->string->sval, "=") != 0 || e->lexpr == NULL || e->rexpr == NULL)
		return NULL;
	side = e->lexpr->node_case == PG_QUERY__NODE__NODE_COLUMN_REF ? e->lexpr : e->rexpr;
	if (side->node_case != PG_QUERY__NODE__NODE_COLUMN_REF || side->column_ref->n_fields != 1 ||
	    side->column_ref->fields[0]->node_case != PG_QUERY__NODE__NODE_STRING)
		return NULL;
	return side->column_ref->fields[0]->string->sval;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__CreatePolicyStmt *s = at->node->create_policy_stmt;
	const char *column, *table;

	if (at->node->node_case != PG_QUERY__NODE__NODE_CREATE_POLICY_STMT || l->text->down ||
	    (column = compared(s->qual)) == NULL || !lint_is_new(l, at, s->table))
		return;
	table = lint_name(l, s->table);
	if (lint_is_indexed(l, table, column))
		return;
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena, "every query on %s compares %s, which no index begins with",
		    table, lint_ident(l, column)),
		.rewrite = gh_printf(l->arena, "CREATE INDEX ON %s (%s);", table, lint_ident(l, column)),
	    });
}

const struct lint_rule lint_policy_not_indexed = {
	.about = { .id = "policy-not-indexed",
	    .title = "Policy on a column without an index",
	    .cost = "The policy's condition is part of every query: without an index each of them reads the "
		    "whole table.",
	    .quiet = "Only when the same file makes the table and none of its keys and indexes begins with "
		     "the column.",
	    .safe = "An index on the column.",
	    .level = LINT_NOTICE,
	    .scale = LINT_SIZE },
	.statement = statement,
};
