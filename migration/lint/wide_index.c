#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__IndexStmt *s = at->node->index_stmt;
	const char *table, *columns;

	if (at->node->node_case != PG_QUERY__NODE__NODE_INDEX_STMT || s->n_index_params <= 3 || s->unique ||
	    l->text->down)
		return;
	table = lint_name(l, s->relation);
	columns = lint_columns(l, s->index_params, 3);
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena,
		    "the index on %s has %zu columns: each write pays for it, few queries use more than the "
		    "first ones",
		    table, s->n_index_params),
		.rewrite = *columns == '\0'
		    ? ""
		    : gh_printf(l->arena, "CREATE INDEX CONCURRENTLY ON %s (%s);", table, columns),
	    });
}

const struct lint_rule lint_wide_index = {
	.about = { .id = "wide-index",
	    .title = "Index with more than three columns",
	    .cost =
		"Each insert and update pays for it, while queries seldom use more than the first columns.",
	    .quiet = "Quiet for unique indexes, whose columns are a rule, and for INCLUDE columns.",
	    .safe = "Index the columns that select best, in that order, and let the rest be filtered.",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.statement = statement,
};
