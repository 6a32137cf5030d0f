#include "base/ban.h"
#include "migration/lint_rule.h"

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r, const PgQuery__Constraint *c,
    const char *column)
{
	const char *table = lint_name(l, r), *name = c->conname, *key = column;

	if (*column == '\0' && c->n_fk_attrs > 0 && c->fk_attrs[0]->node_case == PG_QUERY__NODE__NODE_STRING)
		key = c->fk_attrs[0]->string->sval;
	if (!lint_has(name))
		name = lint_make_name(l, r->relname, key, "fkey");
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = *column == '\0'
		    ? gh_printf(l->arena, "nobody can write to %s or %s while every row of %s is looked up",
			  table, lint_name(l, c->pktable), table)
		    : gh_printf(l->arena,
			  "%s is locked against reading, and %s against writing, to add %s with its key",
			  table, lint_name(l, c->pktable), lint_ident(l, column)),
		.rewrite = *column == '\0' ? lint_not_valid(l, r, c, name) : "",
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__RangeVar *r = lint_altered(l, at);
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; r != NULL && (c = lint_command(at, k)) != NULL; k++) {
		const PgQuery__Constraint *added = lint_added_constraint(c);
		const PgQuery__ColumnDef *column = lint_added_column(c);

		if (added != NULL && added->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN &&
		    !added->skip_validation)
			say(l, at, r, added, "");
		if (column != NULL &&
		    (added = lint_column_constraint(column, PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN)) != NULL &&
		    !lint_is_new(l, at, added->pktable))
			say(l, at, r, added, column->colname);
	}
}

const struct lint_rule lint_add_foreign_key = {
	.about = { .id = "add-foreign-key",
	    .title = "Foreign key added in one step",
	    .cost = "Both tables are locked against writing (SHARE ROW EXCLUSIVE) while "
		    "every row is looked up in the other table.",
	    .quiet = "Quiet with NOT VALID, when the same file creates the table that "
		     "refers, and when that table is empty or small.",
	    .safe = "ADD CONSTRAINT ... NOT VALID, which locks both for a moment, then "
		    "VALIDATE CONSTRAINT in a transaction of its own.",
	    .level = LINT_WARNING,
	    .scale = LINT_FANOUT },
	.statement = statement,
};
