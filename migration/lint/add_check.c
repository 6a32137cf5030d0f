#include "base/ban.h"
#include "migration/lint_rule.h"

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r, const PgQuery__Constraint *c,
    const char *column)
{
	const char *table = lint_name(l, r),
		   *name = lint_has(c->conname) ? c->conname : lint_make_name(l, r->relname, column, "check");

	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(
		    l->arena, "all of %s is read to check it, while nobody can read or write it", table),
		/* Within ADD COLUMN the column would have to be taken apart first. */
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

		if (added != NULL && added->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK &&
		    !added->skip_validation)
			say(l, at, r, added, "");
		if (column != NULL &&
		    (added = lint_column_constraint(column, PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)) != NULL)
			say(l, at, r, added, column->colname);
	}
}

const struct lint_rule lint_add_check = {
	.about = { .id = "add-check",
	    .title = "Check constraint added in one step",
	    .cost = "All rows are checked under an ACCESS EXCLUSIVE lock: nobody reads or "
		    "writes the table until then.",
	    .quiet = "Quiet with NOT VALID, when the same file creates the table, and when "
		     "the table is empty or small.",
	    .safe = "ADD CONSTRAINT ... NOT VALID, which needs a moment, then VALIDATE "
		    "CONSTRAINT in a transaction of its own.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
