#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__RenameStmt *s = at->node->rename_stmt;
	const char *table, *new;

	if (at->node->node_case != PG_QUERY__NODE__NODE_RENAME_STMT || l->text->down ||
	    s->rename_type != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE || s->relation == NULL ||
	    lint_is_new(l, at, s->relation) || lint_view_follows(l, at, s->relation))
		return;
	table = lint_name(l, s->relation);
	new = lint_ident(l, s->newname);
	if (lint_has(s->relation->schemaname))
		new = gh_printf(l->arena, "%s.%s", lint_ident(l, s->relation->schemaname), new);
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena, "code that still names %s fails from this moment on", table),
		.rewrite = gh_printf(l->arena,
		    "-- 1. in one transaction: the old name keeps working, for reading and writing\n"
		    "ALTER TABLE %s RENAME TO %s;\n"
		    "CREATE VIEW %s WITH (security_invoker = true) AS SELECT * FROM %s;\n"
		    "-- 2. in a later migration, when no code uses the old name\n"
		    "DROP VIEW %s;",
		    table, lint_ident(l, s->newname), table, new, table),
	    });
}

const struct lint_rule lint_rename_table = {
	.about = { .id = "rename-table",
	    .title = "Table renamed",
	    .cost = "Code of the release before fails from the moment of the rename, and the new code fails "
		    "until then.",
	    .quiet = "Quiet in the way back and for what the same file has made. Quiet when the same file "
		     "makes a view of the old name.",
	    .safe = "Rename it and leave a view of the old name behind, which can be read and written, until "
		    "no code uses it.",
	    .level = LINT_ERROR,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
