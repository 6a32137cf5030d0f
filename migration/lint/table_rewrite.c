#include "base/ban.h"
#include "migration/lint_rule.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

static const char *
command(const PgQuery__AlterTableCmd *c)
{
	switch (c->subtype) {
	case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged:
		return "SET LOGGED";
	case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged:
		return "SET UNLOGGED";
	case PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod:
		return "SET ACCESS METHOD";
	case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace:
		return "SET TABLESPACE";
	default:
		return NULL;
	}
}

static void
say(struct lint *l, const struct lint_at *at, const char *table, const char *what)
{
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena, "%s writes all of %s anew, while nobody can read or write it",
		    what, *table == '\0' ? "every table" : table),
	    });
}

static void
vacuum(struct lint *l, const struct lint_at *at)
{
	size_t i;

	for (i = 0; i < at->n_touches; i++) {
		if (at->touches[i].rewrites && !lint_is_new_name(l, at->i, at->touches[i].object))
			say(l, at, at->touches[i].object, "VACUUM FULL");
	}
	if (at->n_touches == 0 &&
	    sql_option(at->node->vacuum_stmt->options, at->node->vacuum_stmt->n_options, "full"))
		say(l, at, "", "VACUUM FULL");
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__RangeVar *r = lint_altered(l, at);
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; r != NULL && (c = lint_command(at, k)) != NULL; k++) {
		if (command(c) != NULL)
			say(l, at, lint_name(l, r), command(c));
	}
	if (at->node->node_case == PG_QUERY__NODE__NODE_VACUUM_STMT)
		vacuum(l, at);
	if (at->node->node_case == PG_QUERY__NODE__NODE_CLUSTER_STMT &&
	    !lint_is_new(l, at, at->node->cluster_stmt->relation))
		say(l, at, lint_name(l, at->node->cluster_stmt->relation), "CLUSTER");
}

const struct lint_rule lint_table_rewrite = {
	.about = { .id = "table-rewrite",
	    .title = "Table written anew",
	    .cost = "The whole table and its indexes are written anew under an ACCESS "
		    "EXCLUSIVE lock: nobody reads or writes it until then, and the disk "
		    "holds it twice.",
	    .quiet = "Quiet when the same file creates the table, and when the table is "
		     "empty or small.",
	    .safe = "Do it in a maintenance window, or move rows into a new table in "
		    "batches; for dead space a tool that works beside the traffic.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
