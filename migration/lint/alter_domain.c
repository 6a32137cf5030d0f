#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterDomainStmt *s = at->node->alter_domain_stmt;
	const PgQuery__Constraint *c;
	const char *domain, *name, *expr;

	if (at->node->node_case != PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT || s->def == NULL ||
	    s->def->node_case != PG_QUERY__NODE__NODE_CONSTRAINT)
		return;
	c = s->def->constraint;
	domain = lint_written(l, s->type_name, s->n_type_name);
	if (c->skip_validation || lint_made_here(l, at, domain))
		return;
	name = lint_ident(
	    l, lint_has(c->conname) ? c->conname : lint_make_name(l, lint_last_part(domain), "", "check"));
	expr = lint_expr(l, c->raw_expr);
	lint_say(l, at,
	    (struct lint_said){
		.message = gh_printf(l->arena,
		    "every column of type %s in every table is checked under locks that stop writing",
		    domain),
		.rewrite = *expr == '\0'
		    ? ""
		    : gh_printf(l->arena,
			  "-- 1.\nALTER DOMAIN %s ADD CONSTRAINT %s CHECK (%s) NOT VALID;\n-- 2. in a later "
			  "migration\nALTER DOMAIN %s VALIDATE CONSTRAINT %s;",
			  domain, name, expr, domain, name),
	    });
}

const struct lint_rule lint_alter_domain = {
	.about = { .id = "alter-domain",
	    .title = "Constraint added to a domain",
	    .cost = "Every column of that type in every table is checked at once, each under a SHARE lock "
		    "that stops writing.",
	    .quiet = "Quiet with NOT VALID, for dropping, and for a domain that the same file has made.",
	    .safe = "ADD CONSTRAINT ... NOT VALID, then VALIDATE CONSTRAINT.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.statement = statement,
};
