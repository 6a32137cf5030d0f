#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__RenameStmt *s = at->node->rename_stmt;
	const char *table, *old, *new;

	if (at->node->node_case != PG_QUERY__NODE__NODE_RENAME_STMT || l->text->down ||
	    s->rename_type != PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN || s->relation == NULL ||
	    lint_is_new(l, at, s->relation) || lint_column_is_new(l, at, s->subname))
		return;
	table = lint_name(l, s->relation);
	old = lint_ident(l, s->subname);
	new = lint_ident(l, s->newname);
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message =
		    gh_printf(l->arena, "code that still names %s.%s fails from this moment on", table, old),
		.rewrite = gh_printf(l->arena,
		    "-- 1. the new name; instead of text the type of %s\n"
		    "ALTER TABLE %s ADD COLUMN %s text;\n"
		    "-- 2. release code that writes both, then copy until no row is changed, each time in a "
		    "transaction of its own, by \"gatehouse:batch repeat\" in a file of its own\n"
		    "UPDATE %s SET %s = %s\n WHERE ctid IN (SELECT ctid FROM %s WHERE %s IS DISTINCT FROM %s "
		    "LIMIT 10000);\n"
		    "-- 3. in a later migration, when no code names the old one\n"
		    "ALTER TABLE %s DROP COLUMN %s;",
		    old, table, new, table, new, old, table, new, old, table, old),
	    });
}

const struct lint_rule lint_rename_column = {
	.about = { .id = "rename-column",
	    .title = "Column renamed",
	    .cost = "Code of the release before fails from the moment of the rename, and the new code fails "
		    "until then.",
	    .quiet = "Quiet in the way back and for what the same file has made.",
	    .safe = "Add a column of the new name, copy the values, use both, and drop the old one in a "
		    "later migration.",
	    .level = LINT_ERROR,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
