#include "base/ban.h"
#include "migration/lint_rule.h"

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r, const PgQuery__ColumnDef *c)
{
	const PgQuery__Constraint *g = lint_column_constraint(c, PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED);
	const char *table = lint_name(l, r), *column = lint_ident(l, c->colname), *fill, *expr, *set, *where;

	if (g == NULL)
		return;
	expr = lint_expr(l, g->raw_expr);
	fill = lint_ident(l, lint_make_name(l, r->relname, c->colname, "fill"));
	set = gh_printf(l->arena, "%s = %s", column, expr);
	where = gh_printf(l->arena, "%s IS DISTINCT FROM (%s)", column, expr);
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena,
		    "the generated column %s makes all of %s be written anew while nobody can read it",
		    column, table),
		.rewrite = gh_printf(l->arena,
		    "ALTER TABLE %s ADD COLUMN %s %s;\n"
		    "CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$\n"
		    "BEGIN\n"
		    "    SELECT %s INTO NEW.%s FROM (SELECT NEW.*) AS n;\n"
		    "    RETURN NEW;\n"
		    "END $$;\n"
		    "CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %s();\n%s",
		    table, column, lint_type(l, c->type_name), fill, expr, column, fill, table, fill,
		    lint_batches(l, table, set, where)),
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

const struct lint_rule lint_add_column_generated = {
	.about = { .id = "add-column-generated",
	    .title = "Stored generated column added",
	    .cost = "The expression is computed and stored for every row: the whole table "
		    "is written anew under an ACCESS EXCLUSIVE lock.",
	    .quiet = "Quiet when the same file creates the table, and when the table is "
		     "empty or small.",
	    .safe = "Add a plain column, let a trigger fill it for new rows, fill old rows "
		    "in batches.",
	    .level = LINT_ERROR,
	    .scale = LINT_SIZE },
	.statement = statement,
};
