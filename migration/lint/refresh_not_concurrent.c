#include "base/ban.h"
#include "migration/lint_rule.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__RefreshMatViewStmt *s = at->node->refresh_mat_view_stmt;
	const char *name;

	if (at->node->node_case != PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT || s->concurrent ||
	    s->skip_data || lint_is_new(l, at, s->relation))
		return;
	name = lint_name(l, s->relation);
	lint_say(l, at,
	    (struct lint_said){
		.table = name,
		.message = gh_printf(l->arena, "nobody can read %s while it is refreshed", name),
		.rewrite = gh_printf(l->arena,
		    "-- needs a unique index on columns of the view, without a WHERE\n"
		    "REFRESH MATERIALIZED VIEW CONCURRENTLY %s;",
		    name),
	    });
}

const struct lint_rule lint_refresh_not_concurrent = {
	.about = { .id = "refresh-not-concurrent",
	    .title = "Materialized view refreshed under a lock that stops readers",
	    .cost = "REFRESH takes an ACCESS EXCLUSIVE lock: nobody reads the view until "
		    "its query has run.",
	    .quiet = "Quiet with CONCURRENTLY, WITH NO DATA, and when the same file creates "
		     "the view.",
	    .safe = "Give the view a unique index once, then REFRESH MATERIALIZED VIEW "
		    "CONCURRENTLY.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
