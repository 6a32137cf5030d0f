#include "base/ban.h"
#include "migration/lint_rule.h"

/* A constraint of this table was validated before: that it proves this is for the author to know. */
static bool
validated(const struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r)
{
	const PgQuery__AlterTableCmd *c;
	size_t i, k;

	for (i = lint_look_back(l, at); i < l->n && l->all[i].offset < at->offset; i++) {
		if (l->all[i].node == NULL)
			continue;
		for (k = 0; (c = lint_command(&l->all[i], k)) != NULL; k++) {
			if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint &&
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
		if (c->subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull || validated(l, at, r))
			continue;
		lint_say(l, at,
		    (struct lint_said){
			.table = lint_name(l, r),
			.message = gh_printf(l->arena,
			    "all of %s is read to see that no %s is missing, while nobody can read or write "
			    "it",
			    lint_name(l, r), lint_ident(l, c->name)),
			.rewrite = lint_not_null(l, r, c->name),
		    });
	}
}

const struct lint_rule lint_set_not_null = {
	.about = { .id = "set-not-null",
	    .title = "Column made required in one step",
	    .cost = "SET NOT NULL reads the whole table under an ACCESS EXCLUSIVE lock, "
		    "unless a validated check proves that no value is missing.",
	    .quiet = "Quiet when the same file validates a constraint of the table before, "
		     "when it creates the table, and when the table is empty or small.",
	    .safe = "Three steps: a check NOT VALID, VALIDATE in a transaction of its own, "
		    "then SET NOT NULL, which the check proves.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
