#include "base/ban.h"
#include "migration/lint_rule.h"
#include "migration/sql_touch.h"

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r, const PgQuery__ColumnDef *c)
{
	const PgQuery__Constraint *value = lint_column_constraint(c, PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT);
	const char *table = lint_name(l, r), *column = lint_ident(l, c->colname);
	bool required = lint_column_constraint(c, PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL) != NULL ||
	    lint_column_constraint(c, PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY) != NULL;

	if (!required || value != NULL || sql_column_rewrites(c, l->arena))
		return;
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena,
		    "%s is required and has no default: this fails when %s has any row", column, table),
		.rewrite = gh_printf(l->arena,
		    "-- 1. as nullable\n"
		    "ALTER TABLE %s ADD COLUMN %s %s;\n"
		    "-- 2. the rows that are there; put the value that is right for them where DEFAULT "
		    "stands\n"
		    "%s"
		    "-- 3. required, once every writer gives a value\n%s",
		    table, column, lint_type(l, c->type_name),
		    lint_batches(l, table, gh_printf(l->arena, "%s = DEFAULT", column),
			gh_printf(l->arena, "%s IS NULL", column)),
		    lint_not_null(l, r, c->colname)),
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

const struct lint_rule lint_add_column_not_null = {
	.about = { .id = "add-column-not-null",
	    .title = "Required column added without a default",
	    .cost = "The statement fails as soon as the table has a row, and takes an "
		    "ACCESS EXCLUSIVE lock to find out.",
	    .quiet = "Quiet when the column has a default, an identity or an expression, "
		     "when the same file creates the table, and when the table is empty.",
	    .safe = "Three steps: add the column as nullable, fill it in batches, make it "
		    "required by way of a check that is validated apart.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.statement = statement,
};
