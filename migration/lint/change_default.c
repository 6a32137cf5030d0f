#include "base/ban.h"
#include "migration/lint_habit.h"

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__AlterTableCmd *c)
{
	const char *table = lint_name(l, lint_relation(at->node)), *name = lint_ident(l, c->name);

	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena,
		    "rows of %s that are there keep their %s; only new ones get the default", table, name),
		.rewrite = gh_printf(l->arena,
		    "-- after the release of code that gives the value itself\nALTER TABLE %s ALTER COLUMN "
		    "%s SET DEFAULT %s;",
		    table, name, *lint_expr(l, c->def) == '\0' ? "NULL" : lint_expr(l, c->def)),
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; !l->text->down && (c = lint_command(at, k)) != NULL; k++) {
		if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault && c->def != NULL &&
		    !lint_column_is_new(l, at, c->name) && !lint_is_new(l, at, lint_relation(at->node)))
			say(l, at, c);
	}
}

const struct lint_rule lint_change_default = {
	.about = { .id = "change-default",
	    .title = "Default changed",
	    .cost = "Rows that are there keep the old value: from now on NULL, the old and the new default "
		    "mean the same thing to nobody.",
	    .quiet = "Quiet in the way back and for what the same file has made. Quiet for a column that the "
		     "same file has added.",
	    .safe = "Set the value in the code that inserts, release that, then change the default.",
	    .level = LINT_NOTICE,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
