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
		    "%s.%s may be NULL from now on: code that reads it must expect that", table, name),
		.rewrite = gh_printf(l->arena,
		    "-- after the release of code that can read NULL\nALTER TABLE %s ALTER COLUMN %s DROP "
		    "NOT NULL;",
		    table, name),
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; !l->text->down && (c = lint_command(at, k)) != NULL; k++) {
		if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull &&
		    !lint_column_goes(l, at, c->name) && !lint_is_new(l, at, lint_relation(at->node)))
			say(l, at, c);
	}
}

const struct lint_rule lint_drop_not_null = {
	.about = { .id = "drop-not-null",
	    .title = "NOT NULL dropped",
	    .cost = "Code that reads the column and counts on a value meets NULL.",
	    .quiet = "Quiet in the way back and for what the same file has made. Quiet when the column goes "
		     "with it in the same statement list.",
	    .safe = "Release code that can read NULL first.",
	    .level = LINT_WARNING,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
