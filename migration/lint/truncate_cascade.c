#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__TruncateStmt *s = at->node->truncate_stmt;
	const char *table;

	if (at->node->node_case != PG_QUERY__NODE__NODE_TRUNCATE_STMT || s->n_relations == 0 ||
	    s->behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ||
	    s->relations[0]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR ||
	    lint_is_new(l, at, s->relations[0]->range_var))
		return;
	table = lint_name(l, s->relations[0]->range_var);
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena, "CASCADE also empties every table that refers to %s", table),
		.rewrite = gh_printf(
		    l->arena, "-- fails and names the tables that refer to it\nTRUNCATE %s RESTRICT;", table),
	    });
}

const struct lint_rule lint_truncate_cascade = {
	.about = { .id = "truncate-cascade",
	    .title = "TRUNCATE ... CASCADE",
	    .cost = "Every table that refers to this one is emptied too, however far the chain goes.",
	    .quiet = "Quiet without CASCADE, and for tables that the same file has made.",
	    .safe = "Name the tables that shall be emptied.",
	    .level = LINT_ERROR,
	    .scale = LINT_FANOUT },
	.statement = statement,
};
