#include "base/ban.h"
#include "migration/lint_habit.h"

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__AlterTableCmd *c)
{
	const char *table = lint_name(l, lint_relation(at->node)), *name = lint_ident(l, c->name);

	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena,
		    "without %s, %s takes rows that it forbade, and adding it again means to check all of "
		    "them",
		    name, table),
		.rewrite = gh_printf(l->arena,
		    "-- once the code keeps the rule itself, or its successor is there and validated\nALTER "
		    "TABLE %s DROP CONSTRAINT %s;",
		    table, name),
	    });
}

/* Replaced: a later statement of the file adds one of that name. */
static bool
comes_again(const struct lint *l, const struct lint_at *at, const char *name)
{
	size_t i, k;

	for (i = 0; i < l->n; i++) {
		const struct lint_at *other = &l->all[i];
		const PgQuery__AlterTableCmd *c;

		for (k = 0; other->node != NULL && other->i >= at->i && (c = lint_command(other, k)) != NULL;
		     k++) {
			const PgQuery__Constraint *added = lint_added_constraint(c);

			if (added != NULL && lint_has(added->conname) && strcmp(added->conname, name) == 0)
				return true;
		}
	}
	return false;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; !l->text->down && (c = lint_command(at, k)) != NULL; k++) {
		if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint &&
		    !comes_again(l, at, c->name) && !lint_is_new(l, at, lint_relation(at->node)))
			say(l, at, c);
	}
}

const struct lint_rule lint_drop_constraint = {
	.about = { .id = "drop-constraint",
	    .title = "Constraint dropped",
	    .cost = "Rows that the constraint forbade can be written from now on, and adding it again means "
		    "to check all of them.",
	    .quiet = "Quiet in the way back and for what the same file has made. Quiet when the same file "
		     "adds a constraint of that name again.",
	    .safe = "Add the new rule before the old one goes.",
	    .level = LINT_WARNING,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
