#include "base/ban.h"
#include "migration/lint_rule.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

/* A statement of the same transaction before this one that locks the table against everybody. */
static const struct lint_at *
locker(const struct lint *l, const struct lint_at *at, const char *table)
{
	size_t i, k;

	for (i = lint_look_back(l, at); i < l->n && l->all[i].offset < at->offset; i++) {
		const struct lint_at *s = &l->all[i];

		if (s->node == NULL || s->inside == LINT_ROUTINE || s->sql->group != at->sql->group ||
		    (s->node->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT &&
			s->node->node_case != PG_QUERY__NODE__NODE_RENAME_STMT))
			continue;
		for (k = 0; k < s->n_touches; k++) {
			if (s->touches[k].lock == SQL_ACCESS_EXCLUSIVE &&
			    lint_same_name(s->touches[k].object, table))
				return s;
		}
	}
	return NULL;
}

/* All rows, or an unknown part of them: what INSERT ... VALUES adds is not many. */
static bool
is_backfill(const PgQuery__Node *n)
{
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_UPDATE_STMT:
	case PG_QUERY__NODE__NODE_DELETE_STMT:
	case PG_QUERY__NODE__NODE_MERGE_STMT:
		return true;
	case PG_QUERY__NODE__NODE_INSERT_STMT:
		return n->insert_stmt->select_stmt != NULL &&
		    n->insert_stmt->select_stmt->node_case == PG_QUERY__NODE__NODE_SELECT_STMT &&
		    n->insert_stmt->select_stmt->select_stmt->n_values_lists == 0;
	default:
		return false;
	}
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const struct lint_at *by;
	const char *table;

	if (!is_backfill(at->node) || at->sql->group == 0 || lint_is_new(l, at, lint_relation(at->node)))
		return;
	table = lint_name(l, lint_relation(at->node));
	by = locker(l, at, table);
	if (by == NULL)
		return;
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena,
		    "%s is locked since line %" PRId64 ", and stays so until these rows are changed", table,
		    by->sql->line),
		.rewrite =
		    gh_printf(l->arena, "-- in the next migration, better in batches\n%s;", lint_text(l, at)),
	    });
}

const struct lint_rule lint_backfill_with_ddl = {
	.about = { .id = "backfill-with-ddl",
	    .title = "Rows changed in the transaction that changes their table",
	    .cost = "The lock of the ALTER TABLE is kept until all rows are changed: nobody "
		    "reads or writes the table for that long.",
	    .quiet = "Quiet when the two stand in different transactions, when the same file "
		     "creates the table, and when the table is empty or small.",
	    .safe = "Put the change of the table and the change of its rows into migrations "
		    "of their own; change rows in batches.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
