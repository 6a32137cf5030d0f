#include "base/ban.h"
#include "migration/lint_habit.h"

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__AlterTableCmd *c)
{
	const char *table = lint_name(l, lint_relation(at->node)), *name = lint_ident(l, c->name);

	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(
		    l->arena, "inserts that leave %s.%s out get NULL from now on, or fail", table, name),
		.rewrite = gh_printf(l->arena,
		    "-- after the release of code that always gives a value\nALTER TABLE %s ALTER COLUMN %s "
		    "DROP DEFAULT;",
		    table, name),
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; !l->text->down && (c = lint_command(at, k)) != NULL; k++) {
		if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault && c->def == NULL &&
		    !lint_column_goes(l, at, c->name) && !lint_default_set(l, at, c->name) &&
		    !lint_is_new(l, at, lint_relation(at->node)))
			say(l, at, c);
	}
}

const struct lint_rule lint_drop_default = {
	.about = { .id = "drop-default",
	    .title = "Default dropped",
	    .cost =
		"Inserts that leave the column out write NULL from now on, or fail when it must not be NULL.",
	    .quiet = "Quiet in the way back and for what the same file has made. Quiet when the same file "
		     "sets it again or drops the column.",
	    .safe = "Release code that always gives a value first.",
	    .level = LINT_NOTICE,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
