#include "base/ban.h"
#include "migration/sql_name.h"
#include "migration/sql_shape.h"
#include "migration/sql_touch.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

#define NODE(name) PG_QUERY__NODE__NODE_##name

static void
item_add(const PgQuery__AlterTableCmd *c, const char *table, struct gh_arena *a, struct sql_shape *ret)
{
	struct sql_shape_item item = { .kind = NULL, .table = table };

	if (c->def != NULL && c->def->node_case == NODE(COLUMN_DEF) &&
	    c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn) {
		item.kind = "column";
		item.name = c->def->column_def->colname;
	} else if (c->def != NULL && c->def->node_case == NODE(CONSTRAINT) &&
	    c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint) {
		item.kind = "constraint";
		item.name = c->def->constraint->conname;
	}
	if (item.kind == NULL || item.name == NULL || item.name[0] == '\0')
		return;
	item.name = gh_strdup(a, item.name);
	ret->items[ret->n_items++] = item;
}

static void
read_node(const PgQuery__Node *n, struct gh_arena *a, struct sql_shape *ret)
{
	struct sql_touches touches = { .arena = a };
	size_t i;

	sql_touch(&touches, n);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	ret->tables = gh_alloc_n(a, touches.n, sizeof(*ret->tables));
	for (i = 0; i < touches.n; i++)
		ret->tables[ret->n_tables++] = touches.items[i].object;
	if (n->node_case != NODE(ALTER_TABLE_STMT) || n->alter_table_stmt->relation == NULL)
		return;
	ret->items = gh_alloc_n(a, n->alter_table_stmt->n_cmds, sizeof(*ret->items));
	for (i = 0; i < n->alter_table_stmt->n_cmds; i++)
		item_add(n->alter_table_stmt->cmds[i]->alter_table_cmd,
		    sql_name_of(n->alter_table_stmt->relation, a), a, ret);
}

void
sql_shape_read(const char *statement, struct gh_arena *a, struct sql_shape *ret)
{
	PgQuery__ParseResult *tree = sql_parse(statement);

	*ret = (struct sql_shape){ 0 };
	if (tree == NULL)
		return;
	if (tree->n_stmts == 1)
		read_node(tree->stmts[0]->stmt, a, ret);
	pg_query__parse_result__free_unpacked(tree, NULL);
}
