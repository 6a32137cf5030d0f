#include "base/ban.h"
#include "migration/lint_habit.h"

static const PgQuery__Node *
default_of(const struct lint_column *c)
{
	const PgQuery__Constraint *d = lint_column_constraint(c->def, PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT);

	return d == NULL || d->raw_expr == NULL || d->raw_expr->node_case != PG_QUERY__NODE__NODE_A_CONST
	    ? NULL
	    : d->raw_expr;
}

static const char *
rewrite(struct lint *l, const struct lint_column *c, const char *table, const char *name)
{
	const char *type = lint_type(l, c->def->type_name), *value = lint_expr(l, default_of(c));
	bool not_null = lint_column_constraint(c->def, PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL) != NULL;

	if (*type == '\0' || *value == '\0')
		return "";
	return gh_printf(l->arena,
	    "-- 1.\nALTER TABLE %s ADD COLUMN %s %s;\nALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s;\n"
	    "-- 2. until it changes no row, each time in a transaction of its own, by \"gatehouse:batch "
	    "repeat\" in a file of its own\n"
	    "UPDATE %s SET %s = %s\n WHERE ctid IN (SELECT ctid FROM %s WHERE %s IS NULL LIMIT 10000);%s",
	    table, name, type, table, name, value, table, name, value, table, name,
	    !not_null
		? ""
		: gh_printf(l->arena,
		      "\n-- 3. checked without a lock, then a moment\n"
		      "ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID;\n"
		      "ALTER TABLE %s VALIDATE CONSTRAINT %s;\n"
		      "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL;\n"
		      "ALTER TABLE %s DROP CONSTRAINT %s;",
		      table, lint_ident(l, lint_make_name(l, c->table->relname, c->name, "not_null")), name,
		      table, lint_ident(l, lint_make_name(l, c->table->relname, c->name, "not_null")), table,
		      name, table, lint_ident(l, lint_make_name(l, c->table->relname, c->name, "not_null"))));
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	struct lint_column c;
	size_t k = 0;

	while (lint_next_column(at, &k, &c)) {
		const char *table, *name;

		if (l->text->down ||
		    !(c.how == LINT_COLUMN_ADDED && !lint_is_new(l, at, c.table) && default_of(&c) != NULL))
			continue;
		table = lint_name(l, c.table);
		name = lint_ident(l, c.name);
		lint_say_column(l, at, &c,
		    gh_printf(l->arena,
			"%s.%s gets its default in the catalog since PostgreSQL 11; an older server rewrites "
			"the table",
			table, name),
		    rewrite(l, &c, table, name));
	}
}

const struct lint_rule lint_column_default = {
	.about = { .id = "column-default",
	    .title = "Default for a new column of a table that is in use",
	    .cost = "A constant is kept in the catalog since PostgreSQL 11, so that adding it needs only a "
		    "moment; an older server rewrites the whole table under a lock.",
	    .quiet = "Quiet for tables that the same file has made, for new or small tables, and for columns "
		     "without default.",
	    .safe = "Add the column, set the default for new rows, fill the old ones in batches, then set "
		    "NOT NULL.",
	    .level = LINT_NOTICE,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
