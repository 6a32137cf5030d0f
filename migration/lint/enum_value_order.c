#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterEnumStmt *s = at->node->alter_enum_stmt;
	const char *type;

	if (at->node->node_case != PG_QUERY__NODE__NODE_ALTER_ENUM_STMT || lint_has(s->old_val) ||
	    lint_has(s->new_val_neighbor))
		return;
	type = lint_written(l, s->type_name, s->n_type_name);
	if (lint_made_here(l, at, type))
		return;
	lint_say(l, at,
	    (struct lint_said){
		.message = gh_printf(l->arena,
		    "'%s' becomes the greatest value of %s; its place cannot be changed later", s->new_val,
		    type),
		.rewrite = gh_printf(l->arena,
		    "-- instead of the last one name its neighbour\nALTER TYPE %s ADD VALUE %s AFTER 'the "
		    "last one';",
		    type, lint_literal(l, s->new_val)),
	    });
}

const struct lint_rule lint_enum_value_order = {
	.about = { .id = "enum-value-order",
	    .title = "Enum value added without its place",
	    .cost = "Values sort in the order in which they were added: without BEFORE or AFTER a new one is "
		    "the greatest, and comparisons and ORDER BY say so for ever.",
	    .quiet = "Quiet with BEFORE or AFTER, and for a type that the same file has made.",
	    .safe = "Say where it stands: ADD VALUE ... AFTER ....",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.statement = statement,
};
