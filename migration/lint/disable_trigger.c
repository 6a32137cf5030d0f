#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterTableCmd *c;
	const char *table;
	size_t k;

	for (k = 0; (c = lint_command(at, k)) != NULL; k++) {
		bool all = c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll;

		if (l->text->down || lint_is_new(l, at, lint_relation(at->node)) ||
		    (!all && c->subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig &&
			c->subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser))
			continue;
		table = lint_name(l, lint_relation(at->node));
		lint_say(l, at,
		    (struct lint_said){
			.table = table,
			.level = all ? LINT_ERROR : LINT_WARNING,
			.message = gh_printf(l->arena,
			    all ? "no trigger of %s runs for anybody, foreign keys included"
				: "for anybody who writes to %s the trigger does not run",
			    table),
			.rewrite = gh_printf(l->arena,
			    "-- as late as possible, and in the same transaction\nALTER TABLE %s ENABLE "
			    "TRIGGER %s;",
			    table, lint_has(c->name) ? lint_ident(l, c->name) : "USER"),
		    });
	}
	if (at->node->node_case == PG_QUERY__NODE__NODE_VARIABLE_SET_STMT &&
	    lint_has(at->node->variable_set_stmt->name) &&
	    strcmp(at->node->variable_set_stmt->name, "session_replication_role") == 0)
		lint_say(l, at,
		    (struct lint_said){
			.message = "triggers and foreign keys are not looked at while "
				   "session_replication_role is replica",
		    });
}

const struct lint_rule lint_disable_trigger = {
	.about = { .id = "disable-trigger",
	    .title = "Triggers switched off",
	    .cost = "While it lasts nobody's rows are checked or copied on; of foreign keys too when ALL is "
		    "meant, and when it is forgotten it lasts.",
	    .quiet = "Quiet for ENABLE, and in the way back.",
	    .safe = "Let the trigger itself look at a setting that only the migration makes.",
	    .level = LINT_WARNING,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
