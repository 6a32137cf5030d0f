#include "base/ban.h"
#include "migration/sql_touch.h"
#include "migration/lint_rule.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

#define AT(name)     PG_QUERY__ALTER_TABLE_TYPE__AT_##name
#define CONSTR(name) PG_QUERY__CONSTR_TYPE__CONSTR_##name

bool
sql_column_serial(const PgQuery__ColumnDef *c)
{
	static const char *const serials[] = { "serial", "serial2", "serial4", "serial8", "bigserial",
		"smallserial" };
	const PgQuery__Node *last;
	size_t i;

	if (c->type_name == NULL || c->type_name->n_names == 0)
		return false;
	last = c->type_name->names[c->type_name->n_names - 1];
	for (i = 0; i < sizeof(serials) / sizeof(serials[0]); i++) {
		if (last->node_case == PG_QUERY__NODE__NODE_STRING &&
		    strcmp(last->string->sval, serials[i]) == 0)
			return true;
	}
	return false;
}

bool
sql_column_rewrites(const PgQuery__ColumnDef *c, struct gh_arena *a)
{
	const PgQuery__Constraint *value = lint_column_constraint(c, CONSTR(DEFAULT));

	return sql_column_serial(c) || lint_column_constraint(c, CONSTR(IDENTITY)) != NULL ||
	    lint_column_constraint(c, CONSTR(GENERATED)) != NULL ||
	    (value != NULL && lint_volatile(value->raw_expr, a) != NULL);
}

/* Storage parameters that PostgreSQL changes while others work; user_catalog_table is not one. */
static enum sql_lock
options_lock(const PgQuery__AlterTableCmd *c)
{
	enum sql_lock ret = SQL_SHARE_UPDATE_EXCLUSIVE;
	size_t i;

	if (c->def == NULL || c->def->node_case != PG_QUERY__NODE__NODE_LIST)
		return SQL_ACCESS_EXCLUSIVE;
	for (i = 0; i < c->def->list->n_items; i++) {
		const PgQuery__Node *e = c->def->list->items[i];

		if (e->node_case != PG_QUERY__NODE__NODE_DEF_ELEM ||
		    (strncmp(e->def_elem->defname, "autovacuum_", 11) != 0 &&
			strcmp(e->def_elem->defname, "fillfactor") != 0 &&
			strcmp(e->def_elem->defname, "toast_tuple_target") != 0 &&
			strcmp(e->def_elem->defname, "parallel_workers") != 0 &&
			strcmp(e->def_elem->defname, "log_autovacuum_min_duration") != 0 &&
			strncmp(e->def_elem->defname, "vacuum_", 7) != 0))
			ret = SQL_ACCESS_EXCLUSIVE;
	}
	return ret;
}

static void
touch_partition(struct sql_touches *t, const PgQuery__RangeVar *parent, const PgQuery__AlterTableCmd *c)
{
	const PgQuery__PartitionCmd *p;
	enum sql_lock lock = SQL_SHARE_UPDATE_EXCLUSIVE;

	if (c->def == NULL || c->def->node_case != PG_QUERY__NODE__NODE_PARTITION_CMD)
		return;
	p = c->def->partition_cmd;
	if (c->subtype == AT(DetachPartition) && !p->concurrent)
		lock = SQL_ACCESS_EXCLUSIVE;
	sql_touch_relation(t, parent, lock, 0);
	sql_touch_relation(
	    t, p->name, SQL_ACCESS_EXCLUSIVE, c->subtype == AT(AttachPartition) ? SQL_SCANS : 0);
}

static void
touch_constraint(struct sql_touches *t, const PgQuery__RangeVar *r, const PgQuery__Constraint *c)
{
	switch (c->contype) {
	case CONSTR(FOREIGN):
		sql_touch_relation(t, r, SQL_SHARE_ROW_EXCLUSIVE, c->skip_validation ? 0 : SQL_SCANS);
		sql_touch_relation(t, c->pktable, SQL_SHARE_ROW_EXCLUSIVE, 0);
		break;
	case CONSTR(CHECK):
		sql_touch_relation(t, r, SQL_ACCESS_EXCLUSIVE, c->skip_validation ? 0 : SQL_SCANS);
		break;
	default:
		sql_touch_relation(t, r, SQL_ACCESS_EXCLUSIVE, lint_has(c->indexname) ? 0 : SQL_SCANS);
		break;
	}
}

static void
touch_column(struct sql_touches *t, const PgQuery__RangeVar *r, const PgQuery__ColumnDef *c)
{
	bool rewrites = sql_column_rewrites(c, t->arena);
	const PgQuery__Constraint *key = lint_column_constraint(c, CONSTR(FOREIGN));
	bool scans = lint_column_constraint(c, CONSTR(PRIMARY)) != NULL ||
	    lint_column_constraint(c, CONSTR(UNIQUE)) != NULL ||
	    lint_column_constraint(c, CONSTR(CHECK)) != NULL ||
	    (lint_column_constraint(c, CONSTR(NOTNULL)) != NULL &&
		lint_column_constraint(c, CONSTR(DEFAULT)) == NULL);

	sql_touch_relation(
	    t, r, SQL_ACCESS_EXCLUSIVE, (rewrites ? SQL_REWRITES : 0) | (scans ? SQL_SCANS : 0));
	if (key != NULL)
		sql_touch_relation(t, key->pktable, SQL_SHARE_ROW_EXCLUSIVE, 0);
}

/* The lock of a command that has no object but its table. */
static enum sql_lock
plain_lock(const PgQuery__AlterTableCmd *c)
{
	switch (c->subtype) {
	case AT(EnableTrig):
	case AT(EnableAlwaysTrig):
	case AT(EnableReplicaTrig):
	case AT(DisableTrig):
	case AT(EnableTrigAll):
	case AT(DisableTrigAll):
	case AT(EnableTrigUser):
	case AT(DisableTrigUser):
		return SQL_SHARE_ROW_EXCLUSIVE;
	case AT(SetStatistics):
	case AT(ClusterOn):
	case AT(DropCluster):
	case AT(SetOptions):
	case AT(ResetOptions):
	case AT(ValidateConstraint):
	case AT(DetachPartitionFinalize):
		return SQL_SHARE_UPDATE_EXCLUSIVE;
	case AT(SetRelOptions):
	case AT(ResetRelOptions):
	case AT(ReplaceRelOptions):
		return options_lock(c);
	default:
		return SQL_ACCESS_EXCLUSIVE;
	}
}

static unsigned
plain_work(const PgQuery__AlterTableCmd *c)
{
	switch (c->subtype) {
	case AT(AlterColumnType):
	case AT(SetLogged):
	case AT(SetUnLogged):
	case AT(SetAccessMethod):
	case AT(SetTableSpace):
		return SQL_REWRITES;
	case AT(SetNotNull):
	case AT(ValidateConstraint):
		return SQL_SCANS;
	default:
		return 0;
	}
}

void
sql_touch_alter(struct sql_touches *t, const PgQuery__AlterTableStmt *s)
{
	size_t i;

	/* Of a type its relation is nothing that anybody works on. */
	if (s->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE)
		return;
	for (i = 0; i < s->n_cmds; i++) {
		const PgQuery__AlterTableCmd *c =
		    s->cmds[i]->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_CMD
		    ? s->cmds[i]->alter_table_cmd
		    : NULL;
		const PgQuery__ColumnDef *column = c == NULL ? NULL : lint_added_column(c);
		const PgQuery__Constraint *constraint = c == NULL ? NULL : lint_added_constraint(c);

		if (c == NULL)
			continue;
		if (column != NULL)
			touch_column(t, s->relation, column);
		else if (constraint != NULL)
			touch_constraint(t, s->relation, constraint);
		else if (c->subtype == AT(AttachPartition) || c->subtype == AT(DetachPartition))
			touch_partition(t, s->relation, c);
		else
			sql_touch_relation(t, s->relation, plain_lock(c), plain_work(c));
	}
}
