#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__TruncateStmt *s = at->node->truncate_stmt;
	size_t i;

	if (at->node->node_case != PG_QUERY__NODE__NODE_TRUNCATE_STMT || l->text->down)
		return;
	for (i = 0; i < s->n_relations; i++) {
		const PgQuery__RangeVar *r = s->relations[i]->range_var;
		const char *table;

		if (s->relations[i]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR || lint_is_new(l, at, r))
			continue;
		table = lint_name(l, r);
		lint_say(l, at,
		    (struct lint_said){
			.table = table,
			.message = gh_printf(l->arena, "emptying %s deletes all of its rows for good", table),
			.rewrite = lint_delete_in_batches(l, table),
		    });
	}
}

const struct lint_rule lint_truncate = {
	.about = { .id = "truncate",
	    .title = "Table emptied",
	    .cost = "All rows are gone for good, and nobody reads or writes the table until the transaction "
		    "ends.",
	    .quiet = "Quiet in the way back and for what the same file has made.",
	    .safe = "Delete in batches what is not wanted, after a backup.",
	    .level = LINT_ERROR,
	    .scale = LINT_SIZE },
	.statement = statement,
};
