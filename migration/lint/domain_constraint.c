#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__CreateDomainStmt *s = at->node->create_domain_stmt;
	bool rule = false;
	size_t i;

	if (at->node->node_case != PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT || l->text->down)
		return;
	for (i = 0; i < s->n_constraints; i++) {
		const PgQuery__Node *n = s->constraints[i];

		rule = rule ||
		    (n->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
			(n->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK ||
			    n->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL));
	}
	if (rule)
		lint_say(l, at,
		    (struct lint_said){
			.message = gh_printf(l->arena,
			    "changing the rule of %s later checks every column of that type in every table",
			    lint_written(l, s->domainname, s->n_domainname)),
			.rewrite = gh_printf(l->arena,
			    "-- the type alone; its rule is a CHECK of each table\nCREATE DOMAIN %s AS %s;",
			    lint_written(l, s->domainname, s->n_domainname), lint_type(l, s->type_name)),
		    });
}

const struct lint_rule lint_domain_constraint = {
	.about = { .id = "domain-constraint",
	    .title = "Domain with a constraint",
	    .cost = "The rule of a domain cannot be replaced without checking every column of that type in "
		    "every table, under locks; arrays and composites of it cannot be checked at all.",
	    .quiet = "Quiet for domains without CHECK or NOT NULL.",
	    .safe = "A CHECK at the table, added NOT VALID and validated later.",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.statement = statement,
};
