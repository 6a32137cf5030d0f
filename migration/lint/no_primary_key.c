#include "base/ban.h"
#include "migration/lint_habit.h"

static bool
has_key(const PgQuery__CreateStmt *s)
{
	size_t i, k;

	for (i = 0; i < s->n_table_elts; i++) {
		const PgQuery__Node *n = s->table_elts[i];

		if (n->node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE ||
		    (n->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
			n->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY))
			return true;
		for (k = 0;
		     n->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF && k < n->column_def->n_constraints;
		     k++) {
			const PgQuery__Node *c = n->column_def->constraints[k];

			if (c->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
			    c->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY)
				return true;
		}
	}
	return false;
}

#define FAR 5000 /* statements */

/* ALTER TABLE ... ADD PRIMARY KEY, as dumps do it. */
static bool
gets_key(const struct lint *l, const struct lint_at *at, const char *table)
{
	size_t first = (size_t)(at - l->all), i, k;

	/* Dumps have it far behind, but not without end. */
	for (i = first; i < l->n && i - first < FAR; i++) {
		const struct lint_at *other = &l->all[i];
		const PgQuery__AlterTableCmd *c;

		for (k = 0; other->node != NULL && other->i > at->i && (c = lint_command(other, k)) != NULL;
		     k++) {
			const PgQuery__Constraint *added = lint_added_constraint(c);
			const PgQuery__ColumnDef *column = lint_added_column(c);

			if (column != NULL && added == NULL)
				added = lint_column_constraint(column, PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY);
			if (added != NULL && added->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY &&
			    lint_same_name(lint_written_of(l, lint_relation(other->node)), table))
				return true;
		}
	}
	return false;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__CreateStmt *s = at->node->create_stmt;
	const char *table;

	if (at->node->node_case != PG_QUERY__NODE__NODE_CREATE_STMT || at->inside == LINT_ROUTINE ||
	    l->text->down || lint_is_temporary(s->relation) || s->n_inh_relations > 0 ||
	    s->partbound != NULL || s->of_typename != NULL || has_key(s))
		return;
	table = lint_name(l, s->relation);
	if (!gets_key(l, at, table))
		lint_say(l, at,
		    (struct lint_said){
			.table = table,
			.message = gh_printf(l->arena,
			    "%s has no primary key: a row of it cannot be named or replicated", table),
			.rewrite = gh_printf(l->arena,
			    "ALTER TABLE %s ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;",
			    table),
		    });
}

const struct lint_rule lint_no_primary_key = {
	.about = { .id = "no-primary-key",
	    .title = "Table without a primary key",
	    .cost = "Logical replication refuses UPDATE and DELETE on it, a row cannot be named, and batches "
		    "cannot be cut.",
	    .quiet = "Quiet for temporary tables, partitions, inheriting tables, CREATE TABLE ... OF, and "
		     "when the same file adds the key later.",
	    .safe = "A primary key: GENERATED ... AS IDENTITY, or the columns that are one.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.statement = statement,
};
