#include "base/ban.h"
#include "migration/lint_rule.h"
#include "migration/sql_walk.h"

/* A type as far as its rewriting goes: its name without pg_catalog, and up to two numbers. */
struct type {
	const char *name;
	int n;
	int64_t mods[2];
	bool array;
};

static bool
take_type(const PgQuery__TypeName *t, struct type *ret)
{
	size_t i;

	*ret = (struct type){ .name = "" };
	if (t == NULL || t->n_names == 0 ||
	    t->names[t->n_names - 1]->node_case != PG_QUERY__NODE__NODE_STRING)
		return false;
	ret->name = t->names[t->n_names - 1]->string->sval;
	ret->array = t->n_array_bounds > 0;
	for (i = 0; i < t->n_typmods && i < 2; i++) {
		const PgQuery__Node *m = t->typmods[i];

		if (m->node_case != PG_QUERY__NODE__NODE_A_CONST ||
		    m->a_const->val_case != PG_QUERY__A__CONST__VAL_IVAL)
			return false;
		ret->mods[ret->n++] = m->a_const->ival->ival;
	}
	return t->n_typmods <= 2;
}

/* From a to b nothing is written: the values stay as they are stored. */
static bool
compatible(const struct type *a, const struct type *b)
{
	bool same = strcmp(a->name, b->name) == 0;

	if (a->array != b->array)
		return false;
	if (same && b->n == 0)
		return true;
	if ((strcmp(b->name, "text") == 0 || (strcmp(b->name, "varchar") == 0 && b->n == 0)) &&
	    (strcmp(a->name, "varchar") == 0 || strcmp(a->name, "text") == 0 ||
		strcmp(a->name, "citext") == 0))
		return true;
	if (strcmp(a->name, "cidr") == 0 && strcmp(b->name, "inet") == 0)
		return true;
	if (!same || a->n != b->n)
		return false;
	if (strcmp(a->name, "numeric") == 0)
		return b->mods[0] >= a->mods[0] && b->mods[1] == a->mods[1];
	return (strcmp(a->name, "varchar") == 0 || strcmp(a->name, "varbit") == 0 ||
		   strncmp(a->name, "time", 4) == 0 || strcmp(a->name, "interval") == 0) &&
	    b->mods[0] >= a->mods[0] && a->n == 1;
}

struct search {
	const char *column;
	struct type type;
	bool found;
};

static bool
see(const ProtobufCMessage *m, void *to)
{
	struct search *s = to;
	const PgQuery__AlterTableCmd *c = (const PgQuery__AlterTableCmd *)m;

	if (m->descriptor == &pg_query__alter_table_cmd__descriptor && !s->found &&
	    c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType && strcmp(c->name, s->column) == 0 &&
	    c->def != NULL && c->def->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF)
		s->found = take_type(c->def->column_def->type_name, &s->type);
	return !s->found;
}

/* The type that the way back gives the column again is the one that it has. */
static bool
known_compatible(const struct lint *l, const char *column, const struct type *type)
{
	struct search s = { .column = column };
	PgQuery__ParseResult *tree;
	bool ret;

	if (!lint_has(l->text->back) || strcasestr(l->text->back, "type") == NULL)
		return false;
	tree = sql_parse(l->text->back);
	if (tree == NULL)
		return false;
	sql_walk(&tree->base, see, &s);
	ret = s.found && compatible(&s.type, type);
	pg_query__parse_result__free_unpacked(tree, NULL);
	return ret;
}

static const char *
steps(struct lint *l, const PgQuery__RangeVar *r, const char *column, const PgQuery__ColumnDef *def)
{
	const char *table = lint_name(l, r), *old = lint_ident(l, column),
		   *type = lint_type(l, def->type_name),
		   *made = lint_ident(l, lint_make_name(l, column, "", "new")),
		   *cast = def->raw_default != NULL ? lint_expr(l, def->raw_default) : "";

	if (*cast == '\0')
		cast = gh_printf(l->arena, "CAST(%s AS %s)", old, type);
	return gh_printf(l->arena,
	    "-- 1. a new column; let every writer fill both\n"
	    "ALTER TABLE %s ADD COLUMN %s %s;\n"
	    "-- 2. the rows that are there\n"
	    "%s"
	    "-- 3. in a later migration, when everybody reads the new one\n"
	    "ALTER TABLE %s DROP COLUMN %s;\n"
	    "ALTER TABLE %s RENAME COLUMN %s TO %s;",
	    table, made, type,
	    lint_batches(l, table, gh_printf(l->arena, "%s = %s", made, cast),
		gh_printf(l->arena, "%s IS NULL AND %s IS NOT NULL", made, old)),
	    table, old, table, made, old);
}

static void
say(struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r, const PgQuery__AlterTableCmd *c)
{
	const PgQuery__ColumnDef *def = c->def->column_def;
	const char *table = lint_name(l, r), *column = lint_ident(l, c->name);
	struct type type;
	bool widest;

	if (take_type(def->type_name, &type) && def->raw_default == NULL &&
	    known_compatible(l, c->name, &type))
		return;
	/* These come from a narrower form of theirs without a rewrite, which the statement does not tell. */
	widest = type.n == 0 && def->raw_default == NULL && !type.array &&
	    (strcmp(type.name, "text") == 0 || strcmp(type.name, "varchar") == 0 ||
		strcmp(type.name, "numeric") == 0 || strcmp(type.name, "inet") == 0);
	lint_say(l, at,
	    (struct lint_said){
		.level = widest ? LINT_NOTICE : 0,
		.table = table,
		.message = gh_printf(l->arena,
		    widest ? "unless %s of %s is a narrower form of that type already, all rows are written "
			     "anew while nobody can read the table"
			   : "%s gets another type: all of %s and its indexes are written anew, while nobody "
			     "can read it",
		    column, table),
		.rewrite = steps(l, r, c->name, def),
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__RangeVar *r = lint_altered(l, at);
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; r != NULL && (c = lint_command(at, k)) != NULL; k++) {
		if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType && c->def != NULL &&
		    c->def->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF)
			say(l, at, r, c);
	}
}

const struct lint_rule lint_change_column_type = {
	.about = { .id = "change-column-type",
	    .title = "Column gets another type",
	    .cost =
		"Unless the old values can stay as they are stored, the table and its indexes are written "
		"anew under an ACCESS EXCLUSIVE lock, and code that runs meets a type that it does not "
		"expect.",
	    .quiet =
		"Quiet when the way back tells that only a limit grows (varchar(20) to varchar(50) or "
		"text, numeric with more digits, cidr to inet), when the same file creates the table, and "
		"when the table is empty or small.",
	    .safe = "Three steps: a new column, filled by every writer and for old rows in batches; readers "
		    "move over; the old column goes in a later migration.",
	    .level = LINT_WARNING,
	    .scale = LINT_SIZE },
	.statement = statement,
};
