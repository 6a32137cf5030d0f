/*
 * Within the SQL part: what a statement does to relations, as PostgreSQL 15 does it.
 */
#ifndef GH_MIGRATION_SQL_TOUCH_H
#define GH_MIGRATION_SQL_TOUCH_H

#include "migration/sql_node.h"

struct sql_touches {
	struct gh_arena *arena;
	size_t n, cap;
	struct sql_touch *items; /* each relation once, with its strongest lock */
};

/* Adds the relations that a statement names; those that it reaches by cascading are not known. */
void sql_touch(struct sql_touches *t, const PgQuery__Node *n);
/* The commands of an ALTER TABLE, ALTER INDEX, ALTER VIEW... */
void sql_touch_alter(struct sql_touches *t, const PgQuery__AlterTableStmt *s);
/* The tables that a query reads: all there are beneath the message. */
void sql_touch_query(struct sql_touches *t, const ProtobufCMessage *m);

#define SQL_REWRITES 1U
#define SQL_SCANS    2U
#define SQL_WRITES   4U
void sql_touch_add(struct sql_touches *t, const char *object, enum sql_lock lock, unsigned what);
void sql_touch_relation(struct sql_touches *t, const PgQuery__RangeVar *r, enum sql_lock lock, unsigned what);

/* What it takes away is gone; and whether another statement can undo it without data from elsewhere. */
void sql_effect(const PgQuery__Node *n, bool *ret_destructive, bool *ret_reversible);

/* Whether ADD COLUMN writes the table anew: a default of its own for each row, a stored expression, a
 * sequence. */
bool sql_column_rewrites(const PgQuery__ColumnDef *c, struct gh_arena *a);
/* serial and its like: an integer with a sequence. */
bool sql_column_serial(const PgQuery__ColumnDef *c);

#endif
