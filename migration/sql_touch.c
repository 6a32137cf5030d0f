#include "base/ban.h"
#include "migration/sql_touch.h"
#include "migration/sql_name.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

#define OBJECT(name) PG_QUERY__OBJECT_TYPE__OBJECT_##name

void
sql_touch_add(struct sql_touches *t, const char *object, enum sql_lock lock, unsigned what)
{
	struct sql_touch *it = NULL, *more;
	size_t i;

	if (*object == '\0')
		return;
	for (i = 0; i < t->n && it == NULL; i++) {
		if (strcmp(t->items[i].object, object) == 0)
			it = &t->items[i];
	}
	if (it == NULL) {
		if (t->n == t->cap) {
			t->cap = t->cap == 0 ? 2 : t->cap * 2;
			more = gh_alloc_n(t->arena, t->cap, sizeof(*more));
			if (t->n > 0)
				memcpy(more, t->items, t->n * sizeof(*more));
			t->items = more;
		}
		it = &t->items[t->n++];
		*it = (struct sql_touch){ .object = object };
	}
	it->lock = lock > it->lock ? lock : it->lock;
	it->rewrites = it->rewrites || (what & SQL_REWRITES) != 0;
	it->scans = it->scans || (what & SQL_SCANS) != 0;
	it->writes = it->writes || (what & SQL_WRITES) != 0;
}

void
sql_touch_relation(struct sql_touches *t, const PgQuery__RangeVar *r, enum sql_lock lock, unsigned what)
{
	if (r != NULL)
		sql_touch_add(t, sql_name_written(r, t->arena), lock, what);
}

/* ---- statements with lists of relations ---- */

static void
each_relation(struct sql_touches *t, PgQuery__Node *const *items, size_t n, enum sql_lock lock, unsigned what)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (items[i]->node_case == PG_QUERY__NODE__NODE_RANGE_VAR)
			sql_touch_relation(t, items[i]->range_var, lock, what);
		else if (items[i]->node_case == PG_QUERY__NODE__NODE_VACUUM_RELATION)
			sql_touch_relation(t, items[i]->vacuum_relation->relation, lock, what);
	}
}

/* "schema.name" from String nodes, without the last `less` of them. */
static const char *
listed(struct sql_touches *t, const PgQuery__Node *o, size_t less)
{
	const char *ret = "";
	size_t i, n;

	if (o == NULL || o->node_case != PG_QUERY__NODE__NODE_LIST || o->list->n_items <= less)
		return "";
	n = o->list->n_items - less;
	for (i = n > 2 ? n - 2 : 0; i < n; i++) {
		const PgQuery__Node *item = o->list->items[i];

		if (item->node_case != PG_QUERY__NODE__NODE_STRING)
			return "";
		ret = *ret == '\0' ? sql_name_quote(item->string->sval, t->arena)
				   : sql_name_join(ret, item->string->sval, t->arena);
	}
	return ret;
}

static void
touch_drop(struct sql_touches *t, const PgQuery__DropStmt *s)
{
	enum sql_lock lock = s->concurrent ? SQL_SHARE_UPDATE_EXCLUSIVE : SQL_ACCESS_EXCLUSIVE;
	size_t i, less;

	switch (s->remove_type) {
	case OBJECT(TABLE):
	case OBJECT(VIEW):
	case OBJECT(MATVIEW):
	case OBJECT(INDEX):
	case OBJECT(SEQUENCE):
	case OBJECT(FOREIGN_TABLE):
		less = 0;
		break;
	case OBJECT(TRIGGER):
	case OBJECT(RULE):
	case OBJECT(POLICY):
		less = 1;
		break;
	default:
		return;
	}
	for (i = 0; i < s->n_objects; i++)
		sql_touch_add(t, listed(t, s->objects[i], less), lock, 0);
}

static void
touch_comment(struct sql_touches *t, const PgQuery__CommentStmt *s)
{
	switch (s->objtype) {
	case OBJECT(TABLE):
	case OBJECT(VIEW):
	case OBJECT(MATVIEW):
	case OBJECT(INDEX):
	case OBJECT(SEQUENCE):
	case OBJECT(FOREIGN_TABLE):
		sql_touch_add(t, listed(t, s->object, 0), SQL_SHARE_UPDATE_EXCLUSIVE, 0);
		break;
	case OBJECT(COLUMN):
		sql_touch_add(t, listed(t, s->object, 1), SQL_SHARE_UPDATE_EXCLUSIVE, 0);
		break;
	case OBJECT(TABCONSTRAINT):
	case OBJECT(TRIGGER):
	case OBJECT(RULE):
	case OBJECT(POLICY):
		sql_touch_add(t, listed(t, s->object, 1), SQL_ACCESS_SHARE, 0);
		break;
	default:
		break;
	}
}

static void
touch_rename(struct sql_touches *t, const PgQuery__RenameStmt *s)
{
	/* ALTER INDEX ... RENAME is the only one that lets others work on. */
	sql_touch_relation(t, s->relation,
	    s->rename_type == OBJECT(INDEX) ? SQL_SHARE_UPDATE_EXCLUSIVE : SQL_ACCESS_EXCLUSIVE, 0);
}

static void
touch_constraints(struct sql_touches *t, PgQuery__Node *const *items, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const PgQuery__Node *e = items[i];

		if (e->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
		    e->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN)
			sql_touch_relation(t, e->constraint->pktable, SQL_SHARE_ROW_EXCLUSIVE, 0);
		else if (e->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF)
			touch_constraints(t, e->column_def->constraints, e->column_def->n_constraints);
		else if (e->node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE)
			sql_touch_relation(t, e->table_like_clause->relation, SQL_ACCESS_SHARE, 0);
	}
}

static void
touch_create(struct sql_touches *t, const PgQuery__CreateStmt *s)
{
	sql_touch_relation(t, s->relation, SQL_NO_LOCK, 0);
	each_relation(t, s->inh_relations, s->n_inh_relations,
	    s->partbound != NULL ? SQL_ACCESS_EXCLUSIVE : SQL_SHARE_UPDATE_EXCLUSIVE, 0);
	touch_constraints(t, s->table_elts, s->n_table_elts);
	touch_constraints(t, s->constraints, s->n_constraints);
}

static void
touch_vacuum(struct sql_touches *t, const PgQuery__VacuumStmt *s)
{
	bool full = sql_option(s->options, s->n_options, "full");

	each_relation(t, s->rels, s->n_rels, full ? SQL_ACCESS_EXCLUSIVE : SQL_SHARE_UPDATE_EXCLUSIVE,
	    full                  ? SQL_REWRITES
		: s->is_vacuumcmd ? SQL_SCANS
				  : 0);
}

static void
touch_reindex(struct sql_touches *t, const PgQuery__ReindexStmt *s)
{
	bool concurrent = sql_option(s->params, s->n_params, "concurrently");
	enum sql_lock lock = concurrent                                      ? SQL_SHARE_UPDATE_EXCLUSIVE
	    : s->kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX ? SQL_ACCESS_EXCLUSIVE
									     : SQL_SHARE;

	sql_touch_relation(t, s->relation, lock, SQL_SCANS);
}

static void
touch_copy(struct sql_touches *t, const PgQuery__CopyStmt *s)
{
	sql_touch_relation(t, s->relation, s->is_from ? SQL_ROW_EXCLUSIVE : SQL_ACCESS_SHARE,
	    s->is_from ? SQL_WRITES : SQL_SCANS);
	if (s->query != NULL)
		sql_touch_query(t, &s->query->base);
}

static void
touch_publication(struct sql_touches *t, PgQuery__Node *const *objects, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (objects[i]->node_case == PG_QUERY__NODE__NODE_PUBLICATION_OBJ_SPEC &&
		    objects[i]->publication_obj_spec->pubtable != NULL)
			sql_touch_relation(t, objects[i]->publication_obj_spec->pubtable->relation,
			    SQL_SHARE_UPDATE_EXCLUSIVE, 0);
	}
}

static void
touch_trigger(struct sql_touches *t, const PgQuery__CreateTrigStmt *s)
{
	sql_touch_relation(t, s->relation, SQL_SHARE_ROW_EXCLUSIVE, 0);
	sql_touch_relation(t, s->constrrel, SQL_ACCESS_SHARE, 0);
}

static void
touch_refresh(struct sql_touches *t, const PgQuery__RefreshMatViewStmt *s)
{
	sql_touch_relation(t, s->relation, s->concurrent ? SQL_EXCLUSIVE : SQL_ACCESS_EXCLUSIVE,
	    s->concurrent ? SQL_WRITES : SQL_REWRITES);
}

static void
touch_view(struct sql_touches *t, const PgQuery__ViewStmt *s)
{
	sql_touch_relation(t, s->view, s->replace ? SQL_ACCESS_EXCLUSIVE : SQL_NO_LOCK, 0);
	if (s->query != NULL)
		sql_touch_query(t, &s->query->base);
}

static void
touch_lock(struct sql_touches *t, const PgQuery__LockStmt *s)
{
	/* The tree has PostgreSQL's own numbers, which are ours. */
	if (s->mode >= SQL_ACCESS_SHARE && s->mode <= SQL_ACCESS_EXCLUSIVE)
		each_relation(t, s->relations, s->n_relations, (enum sql_lock)s->mode, 0);
}

/* Statements whose table is a member of theirs. */
static bool
touch_table(struct sql_touches *t, const PgQuery__Node *n)
{
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_INDEX_STMT:
		sql_touch_relation(t, n->index_stmt->relation,
		    n->index_stmt->concurrent ? SQL_SHARE_UPDATE_EXCLUSIVE : SQL_SHARE, SQL_SCANS);
		return true;
	case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
		touch_trigger(t, n->create_trig_stmt);
		return true;
	case PG_QUERY__NODE__NODE_RULE_STMT:
		sql_touch_relation(t, n->rule_stmt->relation, SQL_ACCESS_EXCLUSIVE, 0);
		return true;
	case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
		sql_touch_relation(t, n->create_policy_stmt->table, SQL_ACCESS_EXCLUSIVE, 0);
		return true;
	case PG_QUERY__NODE__NODE_ALTER_POLICY_STMT:
		sql_touch_relation(t, n->alter_policy_stmt->table, SQL_ACCESS_EXCLUSIVE, 0);
		return true;
	case PG_QUERY__NODE__NODE_CLUSTER_STMT:
		sql_touch_relation(t, n->cluster_stmt->relation, SQL_ACCESS_EXCLUSIVE, SQL_REWRITES);
		return true;
	case PG_QUERY__NODE__NODE_ALTER_SEQ_STMT:
		sql_touch_relation(t, n->alter_seq_stmt->sequence, SQL_SHARE_ROW_EXCLUSIVE, 0);
		return true;
	case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
		sql_touch_relation(t, n->create_seq_stmt->sequence, SQL_NO_LOCK, 0);
		return true;
	case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
		sql_touch_relation(t, n->alter_object_schema_stmt->relation, SQL_ACCESS_EXCLUSIVE, 0);
		return true;
	case PG_QUERY__NODE__NODE_CREATE_STATS_STMT:
		each_relation(t, n->create_stats_stmt->relations, n->create_stats_stmt->n_relations,
		    SQL_SHARE_UPDATE_EXCLUSIVE, 0);
		return true;
	case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
		each_relation(t, n->truncate_stmt->relations, n->truncate_stmt->n_relations,
		    SQL_ACCESS_EXCLUSIVE, SQL_WRITES);
		return true;
	default:
		return false;
	}
}

void
sql_touch(struct sql_touches *t, const PgQuery__Node *n)
{
	if (touch_table(t, n))
		return;
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
		sql_touch_alter(t, n->alter_table_stmt);
		break;
	case PG_QUERY__NODE__NODE_CREATE_STMT:
		touch_create(t, n->create_stmt);
		break;
	case PG_QUERY__NODE__NODE_DROP_STMT:
		touch_drop(t, n->drop_stmt);
		break;
	case PG_QUERY__NODE__NODE_RENAME_STMT:
		touch_rename(t, n->rename_stmt);
		break;
	case PG_QUERY__NODE__NODE_COMMENT_STMT:
		touch_comment(t, n->comment_stmt);
		break;
	case PG_QUERY__NODE__NODE_VACUUM_STMT:
		touch_vacuum(t, n->vacuum_stmt);
		break;
	case PG_QUERY__NODE__NODE_REINDEX_STMT:
		touch_reindex(t, n->reindex_stmt);
		break;
	case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
		touch_refresh(t, n->refresh_mat_view_stmt);
		break;
	case PG_QUERY__NODE__NODE_LOCK_STMT:
		touch_lock(t, n->lock_stmt);
		break;
	case PG_QUERY__NODE__NODE_VIEW_STMT:
		touch_view(t, n->view_stmt);
		break;
	case PG_QUERY__NODE__NODE_COPY_STMT:
		touch_copy(t, n->copy_stmt);
		break;
	case PG_QUERY__NODE__NODE_CREATE_PUBLICATION_STMT:
		touch_publication(
		    t, n->create_publication_stmt->pubobjects, n->create_publication_stmt->n_pubobjects);
		break;
	case PG_QUERY__NODE__NODE_ALTER_PUBLICATION_STMT:
		touch_publication(
		    t, n->alter_publication_stmt->pubobjects, n->alter_publication_stmt->n_pubobjects);
		break;
	case PG_QUERY__NODE__NODE_SELECT_STMT:
	case PG_QUERY__NODE__NODE_INSERT_STMT:
	case PG_QUERY__NODE__NODE_UPDATE_STMT:
	case PG_QUERY__NODE__NODE_DELETE_STMT:
	case PG_QUERY__NODE__NODE_MERGE_STMT:
	case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
	case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT:
		sql_touch_query(t, &n->base);
		break;
	default:
		break;
	}
}
