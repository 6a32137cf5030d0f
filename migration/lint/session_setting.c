#include "base/ban.h"
#include "migration/lint_habit.h"

static bool
reset_later(const struct lint *l, const struct lint_at *at, const char *name)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		const PgQuery__Node *n = l->all[i].node;

		if (n == NULL || l->all[i].i <= at->i ||
		    n->node_case != PG_QUERY__NODE__NODE_VARIABLE_SET_STMT)
			continue;
		if (n->variable_set_stmt->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL ||
		    (lint_has(n->variable_set_stmt->name) && strcmp(n->variable_set_stmt->name, name) == 0))
			return true;
	}
	return false;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__VariableSetStmt *s = at->node->variable_set_stmt;

	if (at->node->node_case != PG_QUERY__NODE__NODE_VARIABLE_SET_STMT || s->is_local ||
	    at->inside != LINT_TOP || s->kind != PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE ||
	    !lint_has(s->name) || strcmp(s->name, "lock_timeout") == 0 ||
	    strcmp(s->name, "statement_timeout") == 0 || reset_later(l, at, s->name))
		return;
	lint_say(l, at,
	    (struct lint_said){
		.message = gh_printf(
		    l->arena, "%s also holds for the migrations after this one in the same session", s->name),
		.rewrite = gh_printf(
		    l->arena, "-- at the end of the file; or SET LOCAL in a transaction\nRESET %s;", s->name),
	    });
}

const struct lint_rule lint_session_setting = {
	.about = { .id = "session-setting",
	    .title = "SET that outlives the file",
	    .cost = "What it sets also holds for the migrations that come after it in the same session.",
	    .quiet = "Quiet for SET LOCAL, for RESET, and for what the run itself watches: lock_timeout and "
		     "statement_timeout.",
	    .safe = "SET LOCAL in a transaction, or RESET at the end.",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.statement = statement,
};
