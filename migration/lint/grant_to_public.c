#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__GrantStmt *s = at->node->grant_stmt;
	size_t i;

	if (at->node->node_case == PG_QUERY__NODE__NODE_ALTER_DEFAULT_PRIVILEGES_STMT)
		s = at->node->alter_default_privileges_stmt->action;
	else if (at->node->node_case != PG_QUERY__NODE__NODE_GRANT_STMT)
		return;
	if (s == NULL || !s->is_grant || s->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE ||
	    s->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_LANGUAGE ||
	    s->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION ||
	    s->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE || l->text->down)
		return;
	for (i = 0; i < s->n_grantees; i++) {
		const PgQuery__Node *n = s->grantees[i];

		if (n->node_case == PG_QUERY__NODE__NODE_ROLE_SPEC &&
		    n->role_spec->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC)
			lint_say(l, at,
			    (struct lint_said){
				.message = "every role that can connect gets this, now and in future",
				.rewrite = lint_granted_to(l, at, "application"),
			    });
	}
}

const struct lint_rule lint_grant_to_public = {
	.about = { .id = "grant-to-public",
	    .title = "Rights granted to PUBLIC",
	    .cost = "Every role that can connect has them, now and in future.",
	    .quiet = "Quiet for REVOKE, for USAGE on a type or language, and for EXECUTE, which PUBLIC has "
		     "anyway.",
	    .safe = "Grant to a role that the application is a member of.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.statement = statement,
};
