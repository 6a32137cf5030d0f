#include "base/ban.h"
#include "migration/lint_habit.h"

/* For people who are not known one by one. */
static bool
for_everybody(const PgQuery__CreatePolicyStmt *s)
{
	size_t i;

	for (i = 0; i < s->n_roles; i++) {
		const PgQuery__RoleSpec *r = s->roles[i]->role_spec;

		if (s->roles[i]->node_case != PG_QUERY__NODE__NODE_ROLE_SPEC)
			continue;
		if (r->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC ||
		    strcmp(r->rolename, "anon") == 0 || strcmp(r->rolename, "authenticated") == 0)
			return true;
	}
	return s->n_roles == 0;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__CreatePolicyStmt *s = at->node->create_policy_stmt;
	const char *table;

	if (at->node->node_case != PG_QUERY__NODE__NODE_CREATE_POLICY_STMT || !s->permissive ||
	    l->text->down || (lint_has(s->cmd_name) && strcmp(s->cmd_name, "select") == 0) ||
	    !for_everybody(s) ||
	    !((s->qual != NULL && lint_is_true(s->qual)) ||
		(s->with_check != NULL && lint_is_true(s->with_check))))
		return;
	table = lint_name(l, s->table);
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena, "the policy %s lets everybody change every row of %s",
		    lint_ident(l, s->policy_name), table),
		.rewrite = gh_printf(l->arena,
		    "-- instead of user_id the column that says whose row it is\n"
		    "ALTER POLICY %s ON %s USING (user_id = auth.uid());",
		    lint_ident(l, s->policy_name), table),
	    });
}

const struct lint_rule lint_policy_always_true = {
	.about = { .id = "policy-always-true",
	    .title = "Policy that lets everybody through",
	    .cost = "USING (true) is no rule: with row level security on, whoever has the rights reads or "
		    "changes every row.",
	    .quiet = "Quiet for SELECT, where public rows may be meant, and for policies of one role that is "
		     "not anon, authenticated or public.",
	    .safe = "Say whose rows: USING (user_id = auth.uid()).",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.statement = statement,
};
