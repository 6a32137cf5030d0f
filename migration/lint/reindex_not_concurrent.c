#include "base/ban.h"
#include "migration/lint_rule.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__ReindexStmt *s = at->node->reindex_stmt;
	const char *name;
	bool index;

	if (at->node->node_case != PG_QUERY__NODE__NODE_REINDEX_STMT ||
	    sql_option(s->params, s->n_params, "concurrently") || lint_is_new(l, at, s->relation))
		return;
	index = s->kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX;
	name = s->relation != NULL ? lint_name(l, s->relation) : lint_ident(l, s->name);
	lint_say(l, at,
	    (struct lint_said){
		.table = s->relation != NULL && !index ? name : "",
		.message = gh_printf(l->arena, "nobody can write to the table while %s is rebuilt",
		    *name == '\0' ? "it" : name),
		.rewrite = s->relation == NULL
		    ? ""
		    : gh_printf(l->arena,
			  "-- in a file of its own, without a transaction\nREINDEX %s CONCURRENTLY %s;",
			  index ? "INDEX" : "TABLE", name),
	    });
}

const struct lint_rule lint_reindex_not_concurrent = {
	.about = { .id = "reindex-not-concurrent",
	    .title = "Index rebuilt under a lock",
	    .cost = "REINDEX stops writers of the table, and readers that would use the "
		    "index, until it is rebuilt.",
	    .quiet = "Quiet with CONCURRENTLY, and when the same file creates the table.",
	    .safe = "REINDEX ... CONCURRENTLY in a file of its own that runs without a "
		    "transaction.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
