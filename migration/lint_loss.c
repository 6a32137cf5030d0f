#include "base/ban.h"
#include "migration/lint_loss.h"
#include "migration/sql_walk.h"

static bool
next_dropped(struct lint *l, const struct lint_at *at, size_t *k, struct lint_loss *ret)
{
	const PgQuery__DropStmt *s = lint_drop(at, PG_QUERY__OBJECT_TYPE__OBJECT_TABLE);

	while (s != NULL && *k < s->n_objects) {
		ret->table = lint_dropped(l, s, (*k)++);
		ret->what = "the rows";
		if (*ret->table != '\0' && !lint_is_new_name(l, at->i, ret->table))
			return true;
	}
	return false;
}

static bool
next_column(struct lint *l, const struct lint_at *at, size_t *k, struct lint_loss *ret)
{
	const PgQuery__AlterTableCmd *c;

	while ((c = lint_command(at, *k)) != NULL) {
		++*k;
		if (c->subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn ||
		    lint_is_new(l, at, lint_relation(at->node)) || lint_column_is_new(l, at, c->name))
			continue;
		ret->table = lint_name(l, lint_relation(at->node));
		ret->what = gh_printf(l->arena, "column %s", lint_ident(l, c->name));
		return true;
	}
	return false;
}

static bool
next_emptied(struct lint *l, const struct lint_at *at, size_t *k, struct lint_loss *ret)
{
	const PgQuery__TruncateStmt *s = at->node->truncate_stmt;

	while (*k < s->n_relations) {
		const PgQuery__Node *n = s->relations[(*k)++];

		if (n->node_case != PG_QUERY__NODE__NODE_RANGE_VAR || lint_is_new(l, at, n->range_var))
			continue;
		ret->table = lint_name(l, n->range_var);
		ret->what = "the rows";
		return true;
	}
	return false;
}

bool
lint_next_loss(struct lint *l, const struct lint_at *at, size_t *k, struct lint_loss *ret)
{
	if (at->node->node_case == PG_QUERY__NODE__NODE_TRUNCATE_STMT)
		return next_emptied(l, at, k, ret);
	if (at->node->node_case == PG_QUERY__NODE__NODE_DELETE_STMT) {
		if ((*k)++ > 0 || lint_is_new(l, at, at->node->delete_stmt->relation))
			return false;
		ret->table = lint_name(l, at->node->delete_stmt->relation);
		ret->what = "the deleted rows";
		return true;
	}
	return next_dropped(l, at, k, ret) || next_column(l, at, k, ret);
}

struct search {
	const struct lint *l;
	const char *table;
	bool found;
};

static bool
see(const ProtobufCMessage *m, void *to)
{
	struct search *s = to;

	if (m->descriptor == &pg_query__range_var__descriptor)
		s->found = s->found ||
		    lint_same_name(
			lint_written_of(s->l, (const PgQuery__RangeVar *)(const void *)m), s->table);
	return !s->found;
}

/* What a statement copies rows from; NULL it copies none. */
static const ProtobufCMessage *
source_of(const PgQuery__Node *n)
{
	if (n->node_case == PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT &&
	    n->create_table_as_stmt->query != NULL)
		return &n->create_table_as_stmt->query->base;
	if (n->node_case == PG_QUERY__NODE__NODE_INSERT_STMT && n->insert_stmt->select_stmt != NULL)
		return &n->insert_stmt->select_stmt->base;
	if (n->node_case == PG_QUERY__NODE__NODE_SELECT_STMT && n->select_stmt->into_clause != NULL)
		return &n->base;
	return NULL;
}

bool
lint_is_kept(struct lint *l, const struct lint_at *at, const char *table)
{
	struct search s = { .l = l, .table = table };
	size_t i;

	for (i = 0; i < l->n && !s.found && l->all[i].i < at->i; i++) {
		const ProtobufCMessage *from = l->all[i].node == NULL ? NULL : source_of(l->all[i].node);

		if (from != NULL)
			sql_walk(from, see, &s);
	}
	return s.found;
}

const char *
lint_keep(struct lint *l, const struct lint_loss *loss)
{
	const char *copy = lint_suffixed(l, loss->table, "_backup");

	return gh_printf(l->arena,
	    "-- before the statement\nCREATE TABLE %s AS SELECT * FROM %s;\n"
	    "-- in a later migration, when nobody has missed anything\nDROP TABLE %s;",
	    copy, loss->table, copy);
}
