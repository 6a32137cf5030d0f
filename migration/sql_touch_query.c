#include "base/ban.h"
#include "migration/sql_touch.h"
#include "migration/sql_walk.h"

static bool
has_text(const char *s)
{
	return s != NULL && *s != '\0';
}

struct query {
	struct sql_touches *t;
	size_t n, cap;
	const char **ctes; /* names that are no tables */
	enum sql_lock lock;
};

static void
add_cte(struct query *q, const char *name)
{
	const char **more;

	if (q->n == q->cap) {
		q->cap = q->cap == 0 ? 4 : q->cap * 2;
		more = gh_alloc_n(q->t->arena, q->cap, sizeof(*more));
		if (q->n > 0)
			memcpy(more, q->ctes, q->n * sizeof(*more));
		q->ctes = more;
	}
	q->ctes[q->n++] = name;
}

static bool
see_names(const ProtobufCMessage *m, void *to)
{
	if (m->descriptor == &pg_query__common_table_expr__descriptor)
		add_cte(to, ((const PgQuery__CommonTableExpr *)m)->ctename);
	return true;
}

static bool
is_cte(const struct query *q, const PgQuery__RangeVar *r)
{
	size_t i;

	for (i = 0; i < q->n && !has_text(r->schemaname); i++) {
		if (strcmp(q->ctes[i], r->relname) == 0)
			return true;
	}
	return false;
}

/* What a message in a query does to a table of its own; NULL: nothing. */
static const PgQuery__RangeVar *
writes_to(const ProtobufCMessage *m)
{
	if (m->descriptor == &pg_query__insert_stmt__descriptor)
		return ((const PgQuery__InsertStmt *)m)->relation;
	if (m->descriptor == &pg_query__update_stmt__descriptor)
		return ((const PgQuery__UpdateStmt *)m)->relation;
	if (m->descriptor == &pg_query__delete_stmt__descriptor)
		return ((const PgQuery__DeleteStmt *)m)->relation;
	if (m->descriptor == &pg_query__merge_stmt__descriptor)
		return ((const PgQuery__MergeStmt *)m)->relation;
	return NULL;
}

static bool
see_tables(const ProtobufCMessage *m, void *to)
{
	struct query *q = to;

	if (m->descriptor == &pg_query__range_var__descriptor) {
		const PgQuery__RangeVar *r = (const PgQuery__RangeVar *)m;

		if (!is_cte(q, r))
			sql_touch_relation(q->t, r, q->lock, 0);
		return false;
	}
	if (m->descriptor == &pg_query__into_clause__descriptor) {
		sql_touch_relation(q->t, ((const PgQuery__IntoClause *)m)->rel, SQL_NO_LOCK, 0);
		return false;
	}
	/* FOR UPDATE and its like: the tables of that SELECT. */
	if (m->descriptor == &pg_query__select_stmt__descriptor &&
	    ((const PgQuery__SelectStmt *)m)->n_locking_clause > 0)
		q->lock = SQL_ROW_SHARE;
	/* Names within a locking clause are names of the FROM list. */
	if (m->descriptor == &pg_query__locking_clause__descriptor)
		return false;
	if (writes_to(m) != NULL)
		sql_touch_relation(q->t, writes_to(m), SQL_ROW_EXCLUSIVE, SQL_WRITES);
	return true;
}

void
sql_touch_query(struct sql_touches *t, const ProtobufCMessage *m)
{
	struct query q = { .t = t, .lock = SQL_ACCESS_SHARE };

	sql_walk(m, see_names, &q);
	sql_walk(m, see_tables, &q);
}
