#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	if (at->node->node_case != PG_QUERY__NODE__NODE_RULE_STMT || l->text->down)
		return;
	lint_say(l, at,
	    (struct lint_said){
		.table = lint_name(l, at->node->rule_stmt->relation),
		.message = gh_printf(l->arena, "the rule %s rewrites every query on %s: use a trigger",
		    lint_ident(l, at->node->rule_stmt->rulename),
		    lint_name(l, at->node->rule_stmt->relation)),
	    });
}

const struct lint_rule lint_create_rule = {
	.about = { .id = "create-rule",
	    .title = "CREATE RULE",
	    .cost = "A rule rewrites each query on the table: volatile functions run twice, RETURNING and "
		    "COPY go other ways, and nobody sees why.",
	    .quiet = "Never quiet.",
	    .safe = "A trigger, or a view that can be written to.",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.statement = statement,
};
