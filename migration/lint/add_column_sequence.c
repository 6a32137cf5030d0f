#include "base/ban.h"
#include "migration/lint_rule.h"
#include "migration/sql_touch.h"

static const char *
plain_type(struct lint *l, const PgQuery__ColumnDef *c)
{
	const char *type = lint_type(l, c->type_name);

	if (!sql_column_serial(c))
		return type;
	if (strstr(type, "small") != NULL || strstr(type, "serial2") != NULL)
		return "smallint";
	return strstr(type, "big") != NULL || strstr(type, "serial8") != NULL ? "bigint" : "integer";
}

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r, const PgQuery__ColumnDef *c)
{
	const char *table = lint_name(l, r), *column = lint_ident(l, c->colname), *name, *set, *where;

	if (!sql_column_serial(c) &&
	    lint_column_constraint(c, PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY) == NULL)
		return;
	name = lint_ident(l, lint_make_name(l, r->relname, c->colname, "seq"));
	if (lint_has(r->schemaname))
		name = gh_printf(l->arena, "%s.%s", lint_ident(l, r->schemaname), name);
	set = gh_printf(l->arena, "%s = nextval('%s')", column, name);
	where = gh_printf(l->arena, "%s IS NULL", column);
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena,
		    "all of %s is written anew to number its rows in %s, while nobody can read it", table,
		    column),
		.rewrite = strchr(name, '\'') != NULL
		    ? ""
		    : gh_printf(l->arena,
			  "ALTER TABLE %s ADD COLUMN %s %s;\n"
			  "CREATE SEQUENCE %s OWNED BY %s.%s;\n"
			  "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT nextval('%s');\n%s%s",
			  table, column, plain_type(l, c), name, table, column, table, column, name,
			  lint_batches(l, table, set, where), lint_not_null(l, r, c->colname)),
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

const struct lint_rule lint_add_column_sequence = {
	.about = { .id = "add-column-sequence",
	    .title = "Column with a sequence added (serial, identity)",
	    .cost = "Every row gets its number at once: the whole table is written anew "
		    "under an ACCESS EXCLUSIVE lock.",
	    .quiet = "Quiet when the same file creates the table, and when the table is "
		     "empty or small.",
	    .safe = "Add a plain column, then a sequence as its default for new rows, "
		    "number old rows in batches.",
	    .level = LINT_ERROR,
	    .scale = LINT_SIZE },
	.statement = statement,
};
