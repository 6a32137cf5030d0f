#include "base/ban.h"
#include "migration/lint_rule.h"

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__Constraint *c, const char *columns)
{
	const PgQuery__RangeVar *r = lint_relation(at->node);
	const char *table = lint_name(l, r), *name, *rewrite = "";

	name = lint_has(c->conname) ? c->conname : lint_make_name(l, r->relname, "", "key");
	name = lint_ident(l, name);
	if (*columns != '\0')
		rewrite = gh_printf(l->arena,
		    "-- 1. in a file of its own, without a transaction\n"
		    "CREATE UNIQUE INDEX CONCURRENTLY %s ON %s (%s)%s;\n"
		    "-- 2. a moment's lock, in a transaction\n"
		    "ALTER TABLE %s ADD CONSTRAINT %s UNIQUE USING INDEX %s%s%s;",
		    name, table, columns, c->nulls_not_distinct ? " NULLS NOT DISTINCT" : "", table, name,
		    name, c->deferrable ? " DEFERRABLE" : "", c->initdeferred ? " INITIALLY DEFERRED" : "");
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena,
		    "nobody can read or write %s while the index of its unique constraint is built", table),
		.rewrite = rewrite,
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; (c = lint_command(at, k)) != NULL; k++) {
		const PgQuery__Constraint *added = lint_added_constraint(c);
		const PgQuery__ColumnDef *column = lint_added_column(c);
		bool unique = added != NULL && added->contype == PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE &&
		    !lint_has(added->indexname);

		if (lint_is_new(l, at, lint_relation(at->node)))
			return;
		if (unique)
			say(l, at, added, lint_columns(l, added->keys, added->n_keys));
		if (column != NULL &&
		    (added = lint_column_constraint(column, PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE)) != NULL)
			say(l, at, added, lint_ident(l, column->colname));
	}
}

const struct lint_rule lint_add_unique = {
	.about = { .id = "add-unique",
	    .title = "Unique constraint added in one step",
	    .cost =
		"ADD ... UNIQUE builds its index under an ACCESS EXCLUSIVE lock: nobody reads or writes the "
		"table until it is built.",
	    .quiet = "Quiet when the same file creates the table, when the constraint takes over an index "
		     "(USING INDEX), and when the table is empty or small.",
	    .safe =
		"Build a unique index CONCURRENTLY, then ADD CONSTRAINT ... UNIQUE USING INDEX, which only "
		"needs a moment.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
