#include "base/ban.h"
#include "migration/lint_rule.h"

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r, const PgQuery__ColumnDef *c)
{
	const PgQuery__Constraint *value = lint_column_constraint(c, PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT);
	const char *call = value == NULL ? NULL : lint_volatile(value->raw_expr, l->arena);
	const char *table = lint_name(l, r), *column = lint_ident(l, c->colname), *expr, *set, *where;
	bool required = lint_column_constraint(c, PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL) != NULL;

	if (call == NULL)
		return;
	expr = lint_expr(l, value->raw_expr);
	set = gh_printf(l->arena, "%s = %s", column, expr);
	where = gh_printf(l->arena, "%s IS NULL", column);
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena,
		    "the default of %s calls %s for each row, so all of %s is written anew while nobody can "
		    "read it",
		    column, call, table),
		.rewrite = gh_printf(l->arena,
		    "ALTER TABLE %s ADD COLUMN %s %s;\n"
		    "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s;\n%s%s",
		    table, column, lint_type(l, c->type_name), table, column, expr,
		    lint_batches(l, table, set, where), required ? lint_not_null(l, r, c->colname) : ""),
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__RangeVar *r = lint_altered(l, at);
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; r != NULL && (c = lint_command(at, k)) != NULL; k++) {
		if (lint_added_column(c) != NULL)
			say(l, at, r, lint_added_column(c));
	}
}

const struct lint_rule lint_add_column_default = {
	.about = { .id = "add-column-volatile-default",
	    .title = "Column added with a default that differs from row to row",
	    .cost = "A volatile default has to be computed for every row, so the whole "
		    "table is written anew under an ACCESS EXCLUSIVE lock: nobody reads or "
		    "writes it until that is done.",
	    .quiet = "Quiet for constants and for functions that give one value for the "
		     "whole statement (now()), when the same file creates the table, and "
		     "when the table is empty or small.",
	    .safe = "Add the column without a default, set the default for new rows, fill "
		    "old rows in batches.",
	    .level = LINT_ERROR,
	    .scale = LINT_SIZE },
	.statement = statement,
};
