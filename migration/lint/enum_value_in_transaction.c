#include "base/ban.h"
#include "migration/lint_habit.h"
#include "migration/sql_walk.h"

/* A string of that value in a statement. */
struct search {
	const char *value;
	bool found;
};

static bool
see(const ProtobufCMessage *m, void *to)
{
	struct search *s = to;

	if (m->descriptor == &pg_query__string__descriptor &&
	    strcmp(((const PgQuery__String *)(const void *)m)->sval, s->value) == 0)
		s->found = true;
	return !s->found;
}

static bool
used_later(const struct lint *l, const struct lint_at *at, const char *value, size_t *ret)
{
	struct search s = { .value = value };
	size_t i;

	for (i = 0; i < l->n && !s.found; i++) {
		const struct lint_at *other = &l->all[i];

		if (other->node == NULL || other->i <= at->i || other->sql->group != at->sql->group ||
		    other->inside == LINT_ROUTINE)
			continue;
		sql_walk(&other->node->base, see, &s);
		*ret = i;
	}
	return s.found;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterEnumStmt *s = at->node->alter_enum_stmt;
	const char *type;
	size_t where = 0;

	if (at->node->node_case != PG_QUERY__NODE__NODE_ALTER_ENUM_STMT || lint_has(s->old_val) ||
	    at->sql->group == 0)
		return;
	type = lint_written(l, s->type_name, s->n_type_name);
	if (lint_made_here(l, at, type) || !used_later(l, at, s->new_val, &where))
		return;
	lint_say(l, at,
	    (struct lint_said){
		.message = gh_printf(l->arena,
		    "'%s' is used in line %" PRId64 ", in the same transaction: PostgreSQL refuses that",
		    s->new_val, l->all[where].sql->line),
		.rewrite = gh_printf(l->arena,
		    "-- in a file of its own, before the one that uses it\nALTER TYPE %s ADD VALUE IF NOT "
		    "EXISTS %s;",
		    type, lint_literal(l, s->new_val)),
	    });
}

const struct lint_rule lint_enum_value_in_transaction = {
	.about = { .id = "enum-value-in-transaction",
	    .title = "New enum value used in the transaction that adds it",
	    .cost = "PostgreSQL refuses the use of a value that the same transaction has added (55P04): the "
		    "migration fails.",
	    .quiet = "Quiet when the type is made by the same file, and when the value is not used in the "
		     "same transaction.",
	    .safe = "Add the value in a file of its own, use it in the next one.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.statement = statement,
};
