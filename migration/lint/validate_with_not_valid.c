#include "base/ban.h"
#include "migration/lint_rule.h"

static bool
added_here(const struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r, const char *name)
{
	const PgQuery__AlterTableCmd *c;
	size_t i, k;

	for (i = lint_look_back(l, at); i < l->n && l->all[i].offset <= at->offset; i++) {
		if (l->all[i].node == NULL || l->all[i].sql->group == 0 ||
		    l->all[i].sql->group != at->sql->group)
			continue;
		for (k = 0; (c = lint_command(&l->all[i], k)) != NULL; k++) {
			const PgQuery__Constraint *added = lint_added_constraint(c);

			if (added != NULL && lint_has(added->conname) && strcmp(added->conname, name) == 0 &&
			    strcmp(l->all[i].node->alter_table_stmt->relation->relname, r->relname) == 0)
				return true;
		}
	}
	return false;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__RangeVar *r = lint_altered(l, at);
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; r != NULL && (c = lint_command(at, k)) != NULL; k++) {
		if (c->subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint ||
		    !added_here(l, at, r, c->name))
			continue;
		lint_say(l, at,
		    (struct lint_said){
			.table = lint_name(l, r),
			.message = gh_printf(l->arena,
			    "%s is validated in the transaction that added it, so %s is read under the lock "
			    "of "
			    "adding it",
			    lint_ident(l, c->name), lint_name(l, r)),
			.rewrite = gh_printf(l->arena,
			    "-- in the next migration\nALTER TABLE %s VALIDATE CONSTRAINT %s;",
			    lint_name(l, r), lint_ident(l, c->name)),
		    });
	}
}

const struct lint_rule lint_validate_with_not_valid = {
	.about = { .id = "validate-in-same-transaction",
	    .title = "Constraint validated in the transaction that adds it",
	    .cost = "The lock that adding it took is kept until the transaction ends, so "
		    "all rows are read under that strong lock: NOT VALID was for nothing.",
	    .quiet = "Quiet when the two stand in different transactions, and when the same "
		     "file creates the table.",
	    .safe = "Put VALIDATE CONSTRAINT into the next migration, or into a transaction "
		    "of its own.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
