#include "base/ban.h"
#include "base/io.h"
#include "migration/lint_rule.h"
#include "migration/sql_name.h"

/* What protobuf-c initialises messages with. */
#pragma GCC diagnostic ignored "-Wcast-qual"

#define NAME_MAX_BYTES 63

const char *
lint_name(struct lint *l, const PgQuery__RangeVar *r)
{
	return sql_name_written(r, l->arena);
}

const char *
lint_ident(struct lint *l, const char *ident)
{
	return sql_name_quote(ident, l->arena);
}

const char *
lint_make_name(struct lint *l, const char *table, const char *column, const char *suffix)
{
	int have = (int)(strlen(suffix) + 2), t = (int)strlen(table), c = (int)strlen(column);

	/* The longer of the two gives way, as in PostgreSQL's makeObjectName. */
	while (t + c + have > NAME_MAX_BYTES && (t > 0 || c > 0)) {
		if (t > c)
			t--;
		else
			c--;
	}
	t = (int)gh_utf8_cut(table, strlen(table), (size_t)t);
	c = (int)gh_utf8_cut(column, strlen(column), (size_t)c);
	return c == 0 ? gh_printf(l->arena, "%.*s_%s", t, table, suffix)
		      : gh_printf(l->arena, "%.*s_%.*s_%s", t, table, c, column, suffix);
}

const char *
lint_sql(struct lint *l, const PgQuery__Node *stmt)
{
	PgQuery__RawStmt raw = PG_QUERY__RAW_STMT__INIT, *raws[1] = { &raw };
	PgQuery__ParseResult tree = PG_QUERY__PARSE_RESULT__INIT;
	PgQueryDeparseResult text;
	PgQuery__Node copy = *stmt;
	PgQueryProtobuf packed;
	const char *ret = "";

	raw.stmt = &copy;
	tree.version = PG_VERSION_NUM;
	tree.n_stmts = 1;
	tree.stmts = raws;
	packed.len = pg_query__parse_result__get_packed_size(&tree);
	packed.data = gh_alloc(l->arena, packed.len + 1);
	(void)pg_query__parse_result__pack(&tree, (uint8_t *)packed.data);
	text = pg_query_deparse_protobuf(packed);
	if (text.error == NULL && text.query != NULL)
		ret = gh_strdup(l->arena, text.query);
	pg_query_free_deparse_result(text);
	return ret;
}

/* SELECT with one output column; gives what stands behind the SELECT. */
static const char *
selected(struct lint *l, PgQuery__Node *val)
{
	PgQuery__ResTarget target = PG_QUERY__RES_TARGET__INIT;
	PgQuery__SelectStmt select = PG_QUERY__SELECT_STMT__INIT;
	PgQuery__Node item = PG_QUERY__NODE__INIT, stmt = PG_QUERY__NODE__INIT, *items[1] = { &item };
	const char *text;

	target.val = val;
	item.node_case = PG_QUERY__NODE__NODE_RES_TARGET;
	item.res_target = &target;
	select.n_target_list = 1;
	select.target_list = items;
	select.limit_option = PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_DEFAULT;
	select.op = PG_QUERY__SET_OPERATION__SETOP_NONE;
	stmt.node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
	stmt.select_stmt = &select;
	text = lint_sql(l, &stmt);
	return strncmp(text, "SELECT ", 7) == 0 ? text + 7 : "";
}

const char *
lint_expr(struct lint *l, const PgQuery__Node *expr)
{
	PgQuery__Node copy;

	if (expr == NULL)
		return "";
	copy = *expr;
	return selected(l, &copy);
}

const char *
lint_type(struct lint *l, const PgQuery__TypeName *t)
{
	PgQuery__ColumnDef column = PG_QUERY__COLUMN_DEF__INIT;
	PgQuery__CreateStmt create = PG_QUERY__CREATE_STMT__INIT;
	PgQuery__RangeVar table = PG_QUERY__RANGE_VAR__INIT;
	PgQuery__Node item = PG_QUERY__NODE__INIT, stmt = PG_QUERY__NODE__INIT, *items[1] = { &item };
	PgQuery__TypeName type;
	static char t_name[] = "t", c_name[] = "c", permanent[] = "p";
	const char *text;
	size_t len, head = strlen("CREATE TABLE t (c ");

	if (t == NULL)
		return "";
	type = *t;
	table.relname = t_name;
	table.inh = true;
	table.relpersistence = permanent;
	column.colname = c_name;
	column.type_name = &type;
	column.is_local = true;
	item.node_case = PG_QUERY__NODE__NODE_COLUMN_DEF;
	item.column_def = &column;
	create.relation = &table;
	create.n_table_elts = 1;
	create.table_elts = items;
	create.oncommit = PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_NOOP;
	stmt.node_case = PG_QUERY__NODE__NODE_CREATE_STMT;
	stmt.create_stmt = &create;
	text = lint_sql(l, &stmt);
	len = strlen(text);
	if (len <= head + 1 || text[len - 1] != ')')
		return "";
	return gh_strndup(l->arena, text + head, len - head - 1);
}

static const char *
one_column(struct lint *l, const PgQuery__Node *n)
{
	const char *expr;

	if (n->node_case == PG_QUERY__NODE__NODE_STRING)
		return lint_ident(l, n->string->sval);
	if (n->node_case != PG_QUERY__NODE__NODE_INDEX_ELEM)
		return "";
	if (lint_has(n->index_elem->name))
		return lint_ident(l, n->index_elem->name);
	expr = lint_expr(l, n->index_elem->expr);
	return *expr == '\0' ? "" : gh_printf(l->arena, "(%s)", expr);
}

const char *
lint_columns(struct lint *l, PgQuery__Node *const *names, size_t n)
{
	const char *ret = "";
	size_t i;

	for (i = 0; i < n; i++) {
		const char *one = one_column(l, names[i]);

		if (*one == '\0')
			return "";
		ret = i == 0 ? one : gh_printf(l->arena, "%s, %s", ret, one);
	}
	return ret;
}

const char *
lint_text(struct lint *l, const struct lint_at *at)
{
	return gh_strndup(l->arena, l->text->sql + at->offset, (size_t)at->length);
}

const char *
lint_batches(struct lint *l, const char *table, const char *set, const char *where)
{
	return gh_printf(l->arena,
	    "-- until no row is left, each time in a transaction of its own, by \"gatehouse:batch repeat\" "
	    "in a file of its own\n"
	    "UPDATE %s SET %s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %s WHERE %s LIMIT 10000));\n",
	    table, set, table, where);
}

const char *
lint_not_null(struct lint *l, const PgQuery__RangeVar *r, const char *column)
{
	const char *table = lint_name(l, r), *c = lint_ident(l, column),
		   *name = lint_ident(l, lint_make_name(l, r->relname, column, "not_null"));

	return gh_printf(l->arena,
	    "ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID;\n"
	    "-- in a transaction of its own: it reads all rows, and nobody waits\n"
	    "ALTER TABLE %s VALIDATE CONSTRAINT %s;\n"
	    "-- the constraint proves it, so nothing is read again\n"
	    "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL;\n"
	    "ALTER TABLE %s DROP CONSTRAINT %s;",
	    table, name, c, table, name, table, c, table, name);
}

const char *
lint_not_valid(struct lint *l, const PgQuery__RangeVar *r, const PgQuery__Constraint *c, const char *name)
{
	PgQuery__RangeVar table = *r;
	PgQuery__Constraint safe = *c;
	PgQuery__AlterTableCmd cmd = PG_QUERY__ALTER_TABLE_CMD__INIT;
	PgQuery__AlterTableStmt stmt = PG_QUERY__ALTER_TABLE_STMT__INIT;
	PgQuery__Node def = PG_QUERY__NODE__INIT, item = PG_QUERY__NODE__INIT, node = PG_QUERY__NODE__INIT,
		      *items[1] = { &item };
	const char *text;

	safe.conname = gh_strdup(l->arena, name);
	safe.skip_validation = true;
	safe.initially_valid = false;
	def.node_case = PG_QUERY__NODE__NODE_CONSTRAINT;
	def.constraint = &safe;
	cmd.subtype = PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint;
	cmd.def = &def;
	cmd.behavior = PG_QUERY__DROP_BEHAVIOR__DROP_RESTRICT;
	item.node_case = PG_QUERY__NODE__NODE_ALTER_TABLE_CMD;
	item.alter_table_cmd = &cmd;
	stmt.relation = &table;
	stmt.objtype = PG_QUERY__OBJECT_TYPE__OBJECT_TABLE;
	stmt.n_cmds = 1;
	stmt.cmds = items;
	node.node_case = PG_QUERY__NODE__NODE_ALTER_TABLE_STMT;
	node.alter_table_stmt = &stmt;
	text = lint_sql(l, &node);
	if (*text == '\0')
		return "";
	return gh_printf(l->arena,
	    "-- 1. a moment's lock\n%s;\n"
	    "-- 2. in a transaction of its own: it reads all rows, and others can write meanwhile\n"
	    "ALTER TABLE %s VALIDATE CONSTRAINT %s;",
	    text, lint_name(l, r), lint_ident(l, name));
}
