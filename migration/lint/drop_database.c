#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	if (at->node->node_case != PG_QUERY__NODE__NODE_DROPDB_STMT)
		return;
	lint_say(l, at,
	    (struct lint_said){
		.message = gh_printf(l->arena,
		    "dropping database %s deletes all of its data; no transaction brings it back",
		    lint_ident(l, at->node->dropdb_stmt->dbname)),
		.rewrite = gh_printf(l->arena,
		    "-- nobody can connect any more, and it can be given back\nALTER DATABASE %s WITH "
		    "ALLOW_CONNECTIONS false;",
		    lint_ident(l, at->node->dropdb_stmt->dbname)),
	    });
}

const struct lint_rule lint_drop_database = {
	.about = { .id = "drop-database",
	    .title = "Database dropped",
	    .cost = "All of its data is gone, and no transaction brings it back.",
	    .quiet = "Never quiet.",
	    .safe = "Drop databases by hand, after a restored backup has proved itself.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.statement = statement,
};
