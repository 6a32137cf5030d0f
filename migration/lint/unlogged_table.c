#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__RangeVar *r = NULL;

	if (at->node->node_case == PG_QUERY__NODE__NODE_CREATE_STMT)
		r = at->node->create_stmt->relation;
	if (at->node->node_case == PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT)
		r = at->node->create_table_as_stmt->into->rel;
	if (r == NULL || !lint_has(r->relpersistence) || *r->relpersistence != 'u')
		return;
	lint_say(l, at,
	    (struct lint_said){
		.table = lint_name(l, r),
		.message = gh_printf(
		    l->arena, "%s is empty after a crash, and replicas do not have it", lint_name(l, r)),
		.rewrite = gh_printf(
		    l->arena, "-- before there is much in it\nALTER TABLE %s SET LOGGED;", lint_name(l, r)),
	    });
}

const struct lint_rule lint_unlogged_table = {
	.about = { .id = "unlogged-table",
	    .title = "UNLOGGED table",
	    .cost = "It is empty after a crash, and replicas do not have it.",
	    .quiet = "Quiet for temporary tables.",
	    .safe = "A plain table; for what may be lost, say so in a comment and ignore this rule there.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.statement = statement,
};
