#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__DeleteStmt *s = at->node->delete_stmt;
	const char *table;

	if (at->node->node_case != PG_QUERY__NODE__NODE_DELETE_STMT || s->n_using_clause > 0 ||
	    (s->where_clause != NULL && !lint_is_true(s->where_clause)) || l->text->down ||
	    lint_is_new(l, at, s->relation))
		return;
	table = lint_name(l, s->relation);
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena, "this deletes every row of %s", table),
		.rewrite = lint_delete_in_batches(l, table),
	    });
}

const struct lint_rule lint_delete_without_where = {
	.about = { .id = "delete-without-where",
	    .title = "DELETE without WHERE",
	    .cost = "Every row of the table is deleted, one by one, in one transaction.",
	    .quiet = "Quiet in the way back and for what the same file has made. Quiet for temporary tables.",
	    .safe = "Say which rows, and delete in batches (docs/batches.md).",
	    .level = LINT_ERROR,
	    .scale = LINT_SIZE },
	.statement = statement,
};
