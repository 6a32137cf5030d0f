#include "base/ban.h"
#include "migration/lint_rule.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__IndexStmt *s = at->node->index_stmt;
	PgQuery__IndexStmt safe;
	PgQuery__Node node = *at->node;
	const char *table;

	if (at->node->node_case != PG_QUERY__NODE__NODE_INDEX_STMT || s->concurrent ||
	    lint_is_new(l, at, s->relation))
		return;
	table = lint_name(l, s->relation);
	safe = *s;
	safe.concurrent = true;
	/* IF NOT EXISTS would take a build that failed for a good index. */
	safe.if_not_exists = false;
	node.index_stmt = &safe;
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena, "nobody can write to %s while this index is built", table),
		.rewrite = gh_printf(
		    l->arena, "-- in a file of its own, without a transaction\n%s;", lint_sql(l, &node)),
	    });
}

const struct lint_rule lint_index_not_concurrent = {
	.about = { .id = "index-not-concurrent",
	    .title = "Index built while the table is locked against writing",
	    .cost = "CREATE INDEX takes a SHARE lock: every INSERT, UPDATE and DELETE waits until the "
		    "index is built.",
	    .quiet = "Quiet when the same file creates the table, and when the table is empty or small.",
	    .safe = "CREATE INDEX CONCURRENTLY in a file of its own that runs without a transaction; when it "
		    "fails, drop the invalid index that it leaves and build it again.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
