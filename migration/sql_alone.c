#include "base/ban.h"
#include "migration/sql_node.h"

/*
 * What PostgreSQL 15 refuses inside a transaction block (PreventInTransactionBlock), as far as the text
 * tells.  REINDEX and CLUSTER of a partitioned table and procedures that commit look like any other and fail
 * when they run.
 */

#pragma GCC diagnostic ignored "-Wswitch-enum"

bool
sql_option(PgQuery__Node *const *options, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const PgQuery__DefElem *e =
		    options[i]->node_case == PG_QUERY__NODE__NODE_DEF_ELEM ? options[i]->def_elem : NULL;
		const PgQuery__Node *arg = e == NULL ? NULL : e->arg;

		if (e == NULL || strcasecmp(e->defname, name) != 0)
			continue;
		if (arg != NULL && arg->node_case == PG_QUERY__NODE__NODE_STRING)
			return strcasecmp(arg->string->sval, "false") != 0 &&
			    strcasecmp(arg->string->sval, "off") != 0;
		if (arg != NULL && arg->node_case == PG_QUERY__NODE__NODE_INTEGER)
			return arg->integer->ival != 0;
		return true;
	}
	return false;
}

static bool
detaches_concurrently(const PgQuery__AlterTableStmt *s)
{
	size_t i;

	for (i = 0; i < s->n_cmds; i++) {
		const PgQuery__AlterTableCmd *c = s->cmds[i]->alter_table_cmd;

		if (s->cmds[i]->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_CMD &&
		    c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition && c->def != NULL &&
		    c->def->node_case == PG_QUERY__NODE__NODE_PARTITION_CMD &&
		    c->def->partition_cmd->concurrent)
			return true;
	}
	return false;
}

static bool
reindex_alone(const PgQuery__ReindexStmt *s)
{
	return s->kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA ||
	    s->kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM ||
	    s->kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_DATABASE ||
	    sql_option(s->params, s->n_params, "concurrently");
}

bool
sql_alone(const PgQuery__Node *n)
{
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_INDEX_STMT:
		return n->index_stmt->concurrent;
	case PG_QUERY__NODE__NODE_DROP_STMT:
		return n->drop_stmt->concurrent;
	case PG_QUERY__NODE__NODE_REINDEX_STMT:
		return reindex_alone(n->reindex_stmt);
	case PG_QUERY__NODE__NODE_VACUUM_STMT:
		return n->vacuum_stmt->is_vacuumcmd;
	case PG_QUERY__NODE__NODE_CLUSTER_STMT:
		return n->cluster_stmt->relation == NULL;
	case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
		return detaches_concurrently(n->alter_table_stmt);
	case PG_QUERY__NODE__NODE_ALTER_DATABASE_STMT:
		return sql_option(
		    n->alter_database_stmt->options, n->alter_database_stmt->n_options, "tablespace");
	case PG_QUERY__NODE__NODE_CREATEDB_STMT:
	case PG_QUERY__NODE__NODE_DROPDB_STMT:
	case PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT:
	case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT:
	case PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT:
	case PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT:
	case PG_QUERY__NODE__NODE_ALTER_SUBSCRIPTION_STMT:
	case PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT:
		return true;
	default:
		return false;
	}
}

const char *
sql_forbidden(const PgQuery__Node *n)
{
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_COPY_STMT:
		if (n->copy_stmt->is_program ||
		    (n->copy_stmt->filename != NULL && *n->copy_stmt->filename != '\0'))
			return NULL;
		return n->copy_stmt->is_from ? "COPY ... FROM stdin takes its rows from psql: use INSERT"
					     : "COPY ... TO stdout has nowhere to go";
	case PG_QUERY__NODE__NODE_DISCARD_STMT:
		if (n->discard_stmt->target != PG_QUERY__DISCARD_MODE__DISCARD_ALL)
			return NULL;
		return "DISCARD ALL would give up the lock that the run holds";
	default:
		return NULL;
	}
}

const char *
sql_remark(const PgQuery__Node *n)
{
	if (n->node_case == PG_QUERY__NODE__NODE_ALTER_ENUM_STMT && *n->alter_enum_stmt->old_val == '\0')
		return "a value added to a type can only be used after this migration is committed";
	return NULL;
}
