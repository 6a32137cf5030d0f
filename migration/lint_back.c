#include "base/ban.h"
#include "migration/lint_back.h"
#include "migration/lint_habit.h"
#include "migration/sql_walk.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

/* Of a text that is not there or cannot be read. */
static const struct lint_back nothing;

static bool
see_call(const ProtobufCMessage *m, void *to)
{
	bool *found = to;

	*found = *found || m->descriptor == &pg_query__func_call__descriptor;
	return !*found;
}

/* Whether the statement changes something. */
static bool
has_effect(const PgQuery__Node *n, struct lint_back *b)
{
	bool calls = false;

	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
	case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
		return false;
	case PG_QUERY__NODE__NODE_DO_STMT:
	case PG_QUERY__NODE__NODE_CALL_STMT:
	case PG_QUERY__NODE__NODE_EXECUTE_STMT:
		b->opaque = true;
		return true;
	case PG_QUERY__NODE__NODE_SELECT_STMT:
		sql_walk(&n->base, see_call, &calls);
		b->opaque = b->opaque || calls;
		return calls;
	default:
		return true;
	}
}

static void
add_gone(struct lint *l, struct lint_back *b, const char *name)
{
	if (*name == '\0')
		return;
	if (b->n_gone == b->cap_gone) {
		const char **more;

		b->cap_gone = b->cap_gone == 0 ? 16 : b->cap_gone * 2;
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
		more = gh_alloc_n(l->arena, b->cap_gone, sizeof(*more));
		if (b->n_gone > 0)
			/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
			memcpy(more, b->gone, b->n_gone * sizeof(*more));
		b->gone = more;
	}
	b->gone[b->n_gone++] = name;
}

static void
add_column(struct lint *l, struct lint_back *b, const PgQuery__RangeVar *table, const char *column)
{
	if (b->n_columns == b->cap_columns) {
		struct lint_back_column *more;

		b->cap_columns = b->cap_columns == 0 ? 16 : b->cap_columns * 2;
		more = gh_alloc_n(l->arena, b->cap_columns, sizeof(*more));
		if (b->n_columns > 0)
			memcpy(more, b->columns, b->n_columns * sizeof(*more));
		b->columns = more;
	}
	b->columns[b->n_columns++] =
	    (struct lint_back_column){ .table = lint_name(l, table), .column = lint_ident(l, column) };
}

static void
look_at_columns(struct lint *l, struct lint_back *b, const PgQuery__Node *n)
{
	size_t i;

	if (n->node_case == PG_QUERY__NODE__NODE_RENAME_STMT && lint_has(n->rename_stmt->subname) &&
	    n->rename_stmt->relation != NULL)
		add_column(l, b, n->rename_stmt->relation, n->rename_stmt->subname);
	if (n->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT)
		return;
	for (i = 0; i < n->alter_table_stmt->n_cmds; i++) {
		const PgQuery__Node *c = n->alter_table_stmt->cmds[i];

		if (c->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_CMD ||
		    !lint_has(c->alter_table_cmd->name))
			continue;
		/* A constraint brings its index, under its name. */
		if (c->alter_table_cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint)
			add_gone(
			    l, b, gh_printf(l->arena, "public.%s", lint_ident(l, c->alter_table_cmd->name)));
		if (c->alter_table_cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn)
			add_column(l, b, n->alter_table_stmt->relation, c->alter_table_cmd->name);
	}
}

static void
look_at(struct lint *l, struct lint_back *b, const PgQuery__Node *n)
{
	struct sql_object made;
	struct sql_gone gone;
	size_t i;

	b->n_effects += has_effect(n, b);
	sql_gone(n, l->arena, &gone);
	b->everything = b->everything || gone.everything;
	for (i = 0; i < gone.n; i++)
		add_gone(l, b, gh_strdup(l->arena, gone.names[i]));
	/* What it makes anew is as it was before. */
	sql_object(n, l->arena, &made);
	add_gone(l, b, made.name);
	look_at_columns(l, b, n);
}

const struct lint_back *
lint_back(struct lint *l)
{
	PgQueryProtobufParseResult parsed;
	PgQuery__ParseResult *tree = NULL;
	struct lint_back *b;
	size_t i;

	if (l->back != NULL)
		return l->back == &nothing ? NULL : l->back;
	l->back = &nothing;
	if (l->text->down || !l->text->has_down || l->text->back == NULL)
		return NULL;
	b = gh_alloc(l->arena, sizeof(*b));
	parsed = pg_query_parse_protobuf(l->text->back);
	if (parsed.error == NULL)
		tree = pg_query__parse_result__unpack(
		    NULL, parsed.parse_tree.len, (const uint8_t *)parsed.parse_tree.data);
	for (i = 0; tree != NULL && i < tree->n_stmts; i++) {
		if (tree->stmts[i]->stmt != NULL)
			look_at(l, b, tree->stmts[i]->stmt);
	}
	if (tree != NULL) {
		pg_query__parse_result__free_unpacked(tree, NULL);
		l->back = b;
	}
	pg_query_free_protobuf_parse_result(parsed);
	return tree == NULL ? NULL : b;
}

bool
lint_back_drops(struct lint *l, const struct lint_back *b, const char *name, const char *on)
{
	size_t i;

	(void)l;
	for (i = 0; i < b->n_gone && !b->everything; i++) {
		if (lint_same_name(b->gone[i], name) || (*on != '\0' && lint_same_name(b->gone[i], on)))
			return true;
		/* Another schema may be meant by the search path. */
		if (strcmp(lint_last_part(b->gone[i]), lint_last_part(name)) == 0)
			return true;
	}
	return b->everything;
}

bool
lint_back_column(struct lint *l, const struct lint_back *b, const char *table, const char *column)
{
	size_t i;

	(void)l;
	for (i = 0; i < b->n_columns && !b->everything; i++) {
		if (strcmp(b->columns[i].column, column) == 0 && lint_same_name(b->columns[i].table, table))
			return true;
	}
	return b->everything;
}
