#include "base/ban.h"
#include "migration/lint_habit.h"

static const char *
type_of(const PgQuery__ColumnDef *def)
{
	const PgQuery__TypeName *t = def->type_name;
	const PgQuery__Node *last;

	if (t == NULL || t->n_names == 0 || t->n_array_bounds > 0)
		return "";
	last = t->names[t->n_names - 1];
	return last->node_case == PG_QUERY__NODE__NODE_STRING ? last->string->sval : "";
}

/* PRIMARY KEY (name), written behind the columns. */
static bool
is_key_of_table(const PgQuery__CreateStmt *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n_table_elts; i++) {
		const PgQuery__Node *n = s->table_elts[i];

		if (n->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
		    n->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY &&
		    n->constraint->n_keys == 1 &&
		    n->constraint->keys[0]->node_case == PG_QUERY__NODE__NODE_STRING &&
		    strcmp(n->constraint->keys[0]->string->sval, name) == 0)
			return true;
	}
	return false;
}

static void
fill(struct lint_column *ret, const PgQuery__RangeVar *table, const PgQuery__ColumnDef *def)
{
	*ret = (struct lint_column){ .table = table,
		.name = lint_has(def->colname) ? def->colname : "",
		.type = type_of(def),
		.def = def,
		.key = lint_column_constraint(def, PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY) != NULL };
}

static bool
next_created(const PgQuery__CreateStmt *s, size_t *k, struct lint_column *ret)
{
	for (; *k < s->n_table_elts; ++*k) {
		const PgQuery__Node *n = s->table_elts[*k];

		if (n->node_case != PG_QUERY__NODE__NODE_COLUMN_DEF)
			continue;
		fill(ret, s->relation, n->column_def);
		ret->key = ret->key || is_key_of_table(s, ret->name);
		++*k;
		return true;
	}
	return false;
}

bool
lint_next_column(const struct lint_at *at, size_t *k, struct lint_column *ret)
{
	const PgQuery__AlterTableCmd *c;

	if (at->node->node_case == PG_QUERY__NODE__NODE_CREATE_STMT)
		return next_created(at->node->create_stmt, k, ret);
	while ((c = lint_command(at, *k)) != NULL) {
		const PgQuery__ColumnDef *added = lint_added_column(c);

		++*k;
		if (added != NULL) {
			fill(ret, lint_relation(at->node), added);
			ret->how = LINT_COLUMN_ADDED;
			return true;
		}
		if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType && c->def != NULL &&
		    c->def->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) {
			fill(ret, lint_relation(at->node), c->def->column_def);
			ret->name = c->name;
			ret->how = LINT_COLUMN_RETYPED;
			return true;
		}
	}
	return false;
}

bool
lint_is(const char *type, const char *name)
{
	return strcmp(type, name) == 0;
}

static bool
is_one_of(const char *type, const char *const *names)
{
	for (; *names != NULL; names++) {
		if (strcmp(type, *names) == 0)
			return true;
	}
	return false;
}

bool
lint_is_serial(const char *type)
{
	static const char *const names[] = { "serial", "serial2", "serial4", "serial8", "smallserial",
		"bigserial", NULL };

	return is_one_of(type, names);
}

bool
lint_is_small_int(const char *type)
{
	static const char *const names[] = { "int2", "int4", "serial", "serial2", "serial4", "smallserial",
		NULL };

	return is_one_of(type, names);
}

bool
lint_is_key(const struct lint_column *c)
{
	return c->key;
}

void
lint_say_column(struct lint *l, const struct lint_at *at, const struct lint_column *c, const char *message,
    const char *rewrite)
{
	int32_t where = c->def->location > 0 || c->def->type_name == NULL ? c->def->location
									  : c->def->type_name->location;

	lint_say(l, at,
	    (struct lint_said){ .table = lint_name(l, c->table),
		.message = message,
		.rewrite = rewrite,
		.at = where > 0 ? at->base + where : 0 });
}

const char *
lint_column_as(struct lint *l, const struct lint_column *c, const char *type, const char *rest)
{
	const char *table = lint_name(l, c->table), *name = lint_ident(l, c->name);

	switch (c->how) {
	case LINT_COLUMN_CREATED:
		return gh_printf(l->arena, "CREATE TABLE %s (\n    %s %s%s -- and the rest as it is\n);",
		    table, name, type, rest);
	case LINT_COLUMN_ADDED:
		return gh_printf(l->arena, "ALTER TABLE %s ADD COLUMN %s %s%s;", table, name, type, rest);
	case LINT_COLUMN_RETYPED:
		break;
	}
	return "";
}
