#include "base/ban.h"
#include "migration/sql_node.h"
#include "migration/sql_name.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

#define OBJECT(name) PG_QUERY__OBJECT_TYPE__OBJECT_##name

static bool
within_table(PgQuery__ObjectType type)
{
	return type == OBJECT(TRIGGER) || type == OBJECT(POLICY) || type == OBJECT(RULE);
}

static void
add(struct sql_gone *ret, const char *name)
{
	if (*name != '\0')
		ret->names[ret->n++] = name;
}

/* The forms in which the grammar names an object. */
static const char *
name_of(const PgQuery__Node *o, PgQuery__ObjectType type, struct gh_arena *a)
{
	size_t parts = within_table(type) ? 3 : 2;

	if (o == NULL)
		return "";
	switch (o->node_case) {
	case PG_QUERY__NODE__NODE_LIST:
		return sql_name_list(o->list->items, o->list->n_items, parts, a);
	case PG_QUERY__NODE__NODE_TYPE_NAME:
		return sql_name_list(o->type_name->names, o->type_name->n_names, parts, a);
	case PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS:
		return sql_name_list(o->object_with_args->objname, o->object_with_args->n_objname, parts, a);
	case PG_QUERY__NODE__NODE_STRING:
		return sql_name_quote(o->string->sval, a);
	default:
		return "";
	}
}

static void
dropped(const PgQuery__DropStmt *s, struct gh_arena *a, struct sql_gone *ret)
{
	size_t i;

	ret->everything = s->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
	ret->names = gh_alloc_n(a, s->n_objects, sizeof(*ret->names));
	for (i = 0; i < s->n_objects; i++)
		add(ret, name_of(s->objects[i], s->remove_type, a));
}

static void
renamed(const PgQuery__RenameStmt *s, struct gh_arena *a, struct sql_gone *ret)
{
	ret->names = gh_alloc_n(a, 1, sizeof(*ret->names));
	if (s->rename_type == OBJECT(SCHEMA))
		ret->everything = true;
	else if (s->rename_type == OBJECT(COLUMN) || s->rename_type == OBJECT(ATTRIBUTE))
		return;
	else if (within_table(s->rename_type))
		add(ret, sql_name_join(sql_name_of(s->relation, a), s->subname, a));
	else if (s->rename_type == OBJECT(TABCONSTRAINT))
		ret->on = sql_name_of(s->relation, a); /* its index is renamed with it */
	else
		add(ret,
		    s->relation != NULL ? sql_name_of(s->relation, a)
					: name_of(s->object, s->rename_type, a));
}

/* Columns take their indexes with them; a constraint that takes an index over renames it. */
static void
altered(const PgQuery__AlterTableStmt *s, struct gh_arena *a, struct sql_gone *ret)
{
	size_t i;

	for (i = 0; i < s->n_cmds; i++) {
		const PgQuery__AlterTableCmd *c = s->cmds[i]->alter_table_cmd;

		if (s->cmds[i]->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_CMD)
			continue;
		if (c->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE)
			ret->everything = true;
		if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn ||
		    c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint ||
		    (c->def != NULL && c->def->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
			c->def->constraint->indexname != NULL && *c->def->constraint->indexname != '\0'))
			ret->on = sql_name_of(s->relation, a);
	}
}

void
sql_gone(const PgQuery__Node *n, struct gh_arena *a, struct sql_gone *ret)
{
	*ret = (struct sql_gone){ .on = "" };
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_DROP_STMT:
		dropped(n->drop_stmt, a, ret);
		break;
	case PG_QUERY__NODE__NODE_RENAME_STMT:
		renamed(n->rename_stmt, a, ret);
		break;
	case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
		ret->names = gh_alloc_n(a, 1, sizeof(*ret->names));
		add(ret,
		    n->alter_object_schema_stmt->relation != NULL
			? sql_name_of(n->alter_object_schema_stmt->relation, a)
			: name_of(n->alter_object_schema_stmt->object,
			      n->alter_object_schema_stmt->object_type, a));
		break;
	case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
		altered(n->alter_table_stmt, a, ret);
		break;
	case PG_QUERY__NODE__NODE_DROP_OWNED_STMT:
		ret->everything = true;
		break;
	default:
		break;
	}
}

/* SELECT set_config('search_path', ...), as dumps have it. */
static bool
calls_set_config(const PgQuery__SelectStmt *s)
{
	size_t i;

	for (i = 0; i < s->n_target_list; i++) {
		const PgQuery__Node *v = s->target_list[i]->node_case == PG_QUERY__NODE__NODE_RES_TARGET
		    ? s->target_list[i]->res_target->val
		    : NULL;
		const PgQuery__Node *last;

		if (v == NULL || v->node_case != PG_QUERY__NODE__NODE_FUNC_CALL ||
		    v->func_call->n_funcname == 0)
			continue;
		last = v->func_call->funcname[v->func_call->n_funcname - 1];
		if (last->node_case == PG_QUERY__NODE__NODE_STRING &&
		    strcmp(last->string->sval, "set_config") == 0)
			return true;
	}
	return false;
}

bool
sql_moves_search_path(const PgQuery__Node *n)
{
	if (n->node_case == PG_QUERY__NODE__NODE_VARIABLE_SET_STMT)
		return n->variable_set_stmt->name != NULL &&
		    (strcasecmp(n->variable_set_stmt->name, "search_path") == 0 ||
			strcasecmp(n->variable_set_stmt->name, "role") == 0);
	return n->node_case == PG_QUERY__NODE__NODE_SELECT_STMT && calls_set_config(n->select_stmt);
}
