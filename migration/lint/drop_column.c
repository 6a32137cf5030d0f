#include "base/ban.h"
#include "migration/lint_habit.h"

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__AlterTableCmd *c)
{
	const PgQuery__RangeVar *r = lint_relation(at->node);
	const char *table = lint_name(l, r), *column = lint_ident(l, c->name);

	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena,
		    "dropping %s.%s deletes its values for good; code that still names it fails", table,
		    column),
		.rewrite = gh_printf(l->arena,
		    "-- 1. inserts may leave it out; release code that does not use it\n"
		    "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL;\n"
		    "-- 2. in a later migration, after a backup\n"
		    "ALTER TABLE %s DROP COLUMN %s;",
		    table, column, table, column),
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; !l->text->down && (c = lint_command(at, k)) != NULL; k++) {
		if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn &&
		    !lint_is_new(l, at, lint_relation(at->node)) && !lint_column_is_new(l, at, c->name))
			say(l, at, c);
	}
}

const struct lint_rule lint_drop_column = {
	.about = { .id = "drop-column",
	    .title = "Column dropped",
	    .cost = "The values are gone for good, and code of the release before that still names the "
		    "column fails.",
	    .quiet = "Quiet in the way back and for what the same file has made.",
	    .safe = "Release code that does not use the column first; keep its values; drop it in a later "
		    "migration.",
	    .level = LINT_ERROR,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
