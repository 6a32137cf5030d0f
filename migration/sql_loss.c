#include "base/ban.h"
#include "migration/sql_loss.h"
#include "migration/sql_name.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

#define OBJECT(name) PG_QUERY__OBJECT_TYPE__OBJECT_##name

static void
add(struct sql_statement *s, const char *kind, const char *object, const char *column)
{
	if (*object != '\0')
		s->losses[s->n_losses++] =
		    (struct sql_loss){ .kind = kind, .object = object, .column = column };
}

/* "" for what holds no data of its own. */
static const char *
kind_of(PgQuery__ObjectType type)
{
	switch (type) {
	case OBJECT(TABLE):
	case OBJECT(FOREIGN_TABLE):
		return "table";
	case OBJECT(MATVIEW):
		return "materialized view";
	case OBJECT(SEQUENCE):
		return "sequence";
	case OBJECT(SCHEMA):
		return "schema";
	case OBJECT(TYPE):
		return "type";
	case OBJECT(DOMAIN):
		return "domain";
	case OBJECT(EXTENSION):
		return "extension";
	default:
		return "";
	}
}

static const char *
name_of(const PgQuery__Node *o, struct gh_arena *a)
{
	switch (o->node_case) {
	case PG_QUERY__NODE__NODE_LIST:
		return sql_name_list(o->list->items, o->list->n_items, o->list->n_items, a);
	case PG_QUERY__NODE__NODE_TYPE_NAME:
		return sql_name_list(o->type_name->names, o->type_name->n_names, o->type_name->n_names, a);
	case PG_QUERY__NODE__NODE_STRING:
		return sql_name_quote(o->string->sval, a);
	default:
		return "";
	}
}

static void
dropped(const PgQuery__DropStmt *d, struct gh_arena *a, struct sql_statement *s)
{
	const char *kind = kind_of(d->remove_type);
	size_t i;

	s->losses = gh_alloc_n(a, d->n_objects, sizeof(*s->losses));
	for (i = 0; i < d->n_objects && *kind != '\0'; i++)
		add(s, kind, name_of(d->objects[i], a), "");
}

static void
altered(const PgQuery__AlterTableStmt *t, struct gh_arena *a, struct sql_statement *s)
{
	size_t i;

	s->losses = gh_alloc_n(a, t->n_cmds, sizeof(*s->losses));
	for (i = 0; i < t->n_cmds; i++) {
		const PgQuery__AlterTableCmd *c = t->cmds[i]->alter_table_cmd;

		if (t->cmds[i]->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_CMD &&
		    c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn && c->name != NULL)
			add(s, "column", sql_name_written(t->relation, a), gh_strdup(a, c->name));
	}
}

static void
emptied(const PgQuery__TruncateStmt *t, struct gh_arena *a, struct sql_statement *s)
{
	size_t i;

	s->losses = gh_alloc_n(a, t->n_relations, sizeof(*s->losses));
	for (i = 0; i < t->n_relations; i++) {
		if (t->relations[i]->node_case == PG_QUERY__NODE__NODE_RANGE_VAR)
			add(s, "rows", sql_name_written(t->relations[i]->range_var, a), "");
	}
}

void
sql_loss(const PgQuery__Node *n, struct gh_arena *a, struct sql_statement *s)
{
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_DROP_STMT:
		dropped(n->drop_stmt, a, s);
		break;
	case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
		if (n->alter_table_stmt->relation != NULL)
			altered(n->alter_table_stmt, a, s);
		break;
	case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
		emptied(n->truncate_stmt, a, s);
		break;
	case PG_QUERY__NODE__NODE_DELETE_STMT:
		s->losses = gh_alloc(a, sizeof(*s->losses));
		add(s, n->delete_stmt->where_clause == NULL ? "rows" : "some rows",
		    sql_name_written(n->delete_stmt->relation, a), "");
		break;
	default:
		break;
	}
}
