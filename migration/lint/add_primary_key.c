#include "base/ban.h"
#include "migration/lint_rule.h"

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r, const PgQuery__Constraint *c)
{
	const char *table = lint_name(l, r), *columns = lint_columns(l, c->keys, c->n_keys), *name,
		   *steps = "";
	size_t i;

	name = lint_ident(l, lint_has(c->conname) ? c->conname : lint_make_name(l, r->relname, "", "pkey"));
	for (i = 0; i < c->n_keys; i++) {
		if (c->keys[i]->node_case == PG_QUERY__NODE__NODE_STRING)
			steps = gh_printf(
			    l->arena, "%s%s\n", steps, lint_not_null(l, r, c->keys[i]->string->sval));
	}
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena,
		    "nobody can read or write %s while the index of its primary key is built", table),
		.rewrite = *columns == '\0'
		    ? ""
		    : gh_printf(l->arena,
			  "-- 1. in a file of its own, without a transaction\n"
			  "CREATE UNIQUE INDEX CONCURRENTLY %s ON %s (%s);\n"
			  "-- 2. unless its columns are NOT NULL already\n%s"
			  "-- 3. a moment's lock\n"
			  "ALTER TABLE %s ADD CONSTRAINT %s PRIMARY KEY USING INDEX %s;",
			  name, table, columns, steps, table, name, name),
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

		if (added != NULL && added->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY &&
		    !lint_has(added->indexname))
			say(l, at, r, added);
	}
}

const struct lint_rule lint_add_primary_key = {
	.about = { .id = "add-primary-key",
	    .title = "Primary key added in one step",
	    .cost = "Its index is built, and its columns checked, under an ACCESS EXCLUSIVE "
		    "lock: nobody reads or writes the table until then.",
	    .quiet = "Quiet when the key takes over an index (USING INDEX), when the same "
		     "file creates the table, and when the table is empty or small.",
	    .safe = "Build a unique index CONCURRENTLY, make the columns NOT NULL by way of "
		    "a check, then ADD PRIMARY KEY USING INDEX.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
