#include "base/ban.h"
#include "migration/sql_touch.h"
#include "migration/sql_walk.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

#define OBJECT(name) PG_QUERY__OBJECT_TYPE__OBJECT_##name
#define AT(name)     PG_QUERY__ALTER_TABLE_TYPE__AT_##name

/* Objects that hold rows or a state of their own. */
static bool
holds_data(PgQuery__ObjectType type)
{
	switch (type) {
	case OBJECT(TABLE):
	case OBJECT(SEQUENCE):
	case OBJECT(SCHEMA):
	case OBJECT(DATABASE):
	case OBJECT(TABLESPACE):
	case OBJECT(LARGEOBJECT):
	case OBJECT(COLUMN):
	case OBJECT(ATTRIBUTE):
		return true;
	default:
		return false;
	}
}

struct effect {
	bool removes; /* rows or columns are gone */
	bool loses;   /* cannot be undone without what was there before */
};

static void
effect_alter(const PgQuery__AlterTableStmt *s, struct effect *e)
{
	size_t i;

	for (i = 0; i < s->n_cmds; i++) {
		const PgQuery__AlterTableCmd *c = s->cmds[i]->alter_table_cmd;

		if (s->cmds[i]->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_CMD)
			continue;
		if (c->subtype == AT(DropColumn) || c->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE)
			e->removes = true;
		/* A cast may round or cut; the way back is another one. */
		if (c->subtype == AT(AlterColumnType) || c->subtype == AT(DropExpression))
			e->loses = true;
	}
}

/* INSERT, UPDATE, DELETE wherever they stand; functions do what nobody knows. */
static bool
see(const ProtobufCMessage *m, void *to)
{
	struct effect *e = to;

	if (m->descriptor == &pg_query__delete_stmt__descriptor)
		e->removes = true;
	if (m->descriptor == &pg_query__update_stmt__descriptor ||
	    m->descriptor == &pg_query__merge_stmt__descriptor ||
	    m->descriptor == &pg_query__on_conflict_clause__descriptor)
		e->loses = true;
	return true;
}

static bool
see_call(const ProtobufCMessage *m, void *to)
{
	if (m->descriptor == &pg_query__func_call__descriptor)
		((struct effect *)to)->loses = true;
	return see(m, to);
}

static bool
merge_deletes(const PgQuery__MergeStmt *s)
{
	size_t i;

	for (i = 0; i < s->n_merge_when_clauses; i++) {
		const PgQuery__Node *n = s->merge_when_clauses[i];

		if (n->node_case == PG_QUERY__NODE__NODE_MERGE_WHEN_CLAUSE &&
		    n->merge_when_clause->command_type == PG_QUERY__CMD_TYPE__CMD_DELETE)
			return true;
	}
	return false;
}

static void
effect_of(const PgQuery__Node *n, struct effect *e)
{
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_DROP_STMT:
		e->removes = holds_data(n->drop_stmt->remove_type) ||
		    n->drop_stmt->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
		break;
	case PG_QUERY__NODE__NODE_DROPDB_STMT:
	case PG_QUERY__NODE__NODE_DROP_OWNED_STMT:
	case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT:
	case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
		e->removes = true;
		break;
	case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
		effect_alter(n->alter_table_stmt, e);
		break;
	case PG_QUERY__NODE__NODE_MERGE_STMT:
		e->removes = merge_deletes(n->merge_stmt);
		e->loses = true;
		break;
	case PG_QUERY__NODE__NODE_INSERT_STMT:
	case PG_QUERY__NODE__NODE_UPDATE_STMT:
	case PG_QUERY__NODE__NODE_DELETE_STMT:
		sql_walk(&n->base, see, e);
		break;
	case PG_QUERY__NODE__NODE_SELECT_STMT:
		sql_walk(&n->base, see_call, e);
		break;
	case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT:
		/* A value that was added stays. */
		e->loses = *n->alter_enum_stmt->old_val == '\0';
		break;
	case PG_QUERY__NODE__NODE_DO_STMT:
	case PG_QUERY__NODE__NODE_CALL_STMT:
	case PG_QUERY__NODE__NODE_EXECUTE_STMT:
	case PG_QUERY__NODE__NODE_COPY_STMT:
		e->loses = true;
		break;
	default:
		break;
	}
}

void
sql_effect(const PgQuery__Node *n, bool *ret_destructive, bool *ret_reversible)
{
	struct effect e = { 0 };

	effect_of(n, &e);
	*ret_destructive = e.removes;
	*ret_reversible = !e.removes && !e.loses;
}
