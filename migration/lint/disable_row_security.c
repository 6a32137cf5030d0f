#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterTableCmd *c;
	const char *table;
	size_t k;

	for (k = 0; (c = lint_command(at, k)) != NULL; k++) {
		bool off = c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity;

		if (l->text->down ||
		    (!off && c->subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity) ||
		    lint_is_new(l, at, lint_relation(at->node)))
			continue;
		table = lint_name(l, lint_relation(at->node));
		lint_say(l, at,
		    (struct lint_said){
			.table = table,
			.level = off ? LINT_ERROR : LINT_WARNING,
			.message = off ? gh_printf(l->arena,
					     "whoever may read %s reads all of its rows from now on", table)
				       : gh_printf(l->arena,
					     "the policies of %s do not hold for its owner any more", table),
			.rewrite = gh_printf(l->arena, "ALTER TABLE %s ENABLE ROW LEVEL SECURITY;", table),
		    });
	}
}

const struct lint_rule lint_disable_row_security = {
	.about = { .id = "disable-row-security",
	    .title = "Row level security switched off",
	    .cost = "Everybody who may read the table reads all of its rows from now on.",
	    .quiet = "Quiet in the way back and for tables that the same file has made.",
	    .safe = "Change the policies instead.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.statement = statement,
};
