#include "base/ban.h"
#include "migration/lint_habit.h"

static void
look(struct lint *l, const struct lint_at *at, const char *role, PgQuery__Node *const *options, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const PgQuery__DefElem *e = options[i]->def_elem;

		if (options[i]->node_case != PG_QUERY__NODE__NODE_DEF_ELEM ||
		    strcmp(e->defname, "password") != 0 || e->arg == NULL ||
		    e->arg->node_case != PG_QUERY__NODE__NODE_STRING ||
		    strncmp(e->arg->string->sval, "SCRAM-SHA-256$", 14) == 0)
			continue;
		lint_say(l, at,
		    (struct lint_said){
			.message = gh_printf(l->arena,
			    "the password of %s is in the repository, in the plan and in the server's log "
			    "from now on",
			    role),
			.rewrite = gh_printf(l->arena,
			    "-- set another one by hand, outside of the file\nALTER ROLE %s PASSWORD NULL;",
			    role),
		    });
	}
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__Node *n = at->node;

	if (n->node_case == PG_QUERY__NODE__NODE_CREATE_ROLE_STMT)
		look(l, at, lint_ident(l, n->create_role_stmt->role), n->create_role_stmt->options,
		    n->create_role_stmt->n_options);
	else if (n->node_case == PG_QUERY__NODE__NODE_ALTER_ROLE_STMT && n->alter_role_stmt->role != NULL &&
	    lint_has(n->alter_role_stmt->role->rolename))
		look(l, at, lint_ident(l, n->alter_role_stmt->role->rolename), n->alter_role_stmt->options,
		    n->alter_role_stmt->n_options);
}

const struct lint_rule lint_password_in_file = {
	.about = { .id = "password-in-file",
	    .title = "Password in a migration",
	    .cost =
		"It is in the repository, in the plan, in the log of the server and in every copy of them.",
	    .quiet = "Quiet for PASSWORD NULL and for values that are hashes already.",
	    .safe = "Make the role without a password and set it by hand or by the secret store.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.statement = statement,
};
