/*
 * What one statement says of the constraints and columns that it adds: after it failed they are gone from the
 * catalog, and a query for the rows in the way has to be made of the statement itself.  Queries are parse
 * trees that are written out again, never pasted texts.
 */
#ifndef GH_MIGRATION_SQL_SHAPE_H
#define GH_MIGRATION_SQL_SHAPE_H

#include "base/arena.h"

#include <stdbool.h>

#define SQL_SHAPE_ROWS "21" /* of a query's LIMIT: one more than is shown */

/* Where the rows are, as the server named it; not quoted. */
struct sql_shape_table {
	const char *schema, *name;
};

/*
 * The rows that break the CHECK of that name (an unnamed one when the statement has no other), the number of
 * all of them first.  NULL: the statement adds no such constraint.
 */
const char *sql_shape_check(
    const char *statement, const char *constraint, const struct sql_shape_table *t, struct gh_arena *a);
/*
 * The values that are there more than once for a unique index or constraint of that name, the most frequent
 * first.  *ret_keys: the keys as people read them ("email, lower(name)").
 */
const char *sql_shape_unique(const char *statement, const char *constraint, const struct sql_shape_table *t,
    struct gh_arena *a, const char **ret_keys);

/* A foreign key; names are not quoted, parent_schema "" when it was not written. */
struct sql_shape_key {
	size_t n, n_parent; /* n_parent 0: the parent's primary key */
	const char **columns, **parent_columns;
	const char *parent_schema, *parent;
};
/* False: the statement adds no foreign key of that name. */
bool sql_shape_foreign(
    const char *statement, const char *constraint, struct gh_arena *a, struct sql_shape_key *ret);

/* A column or constraint that it adds to a table that was there. */
struct sql_shape_item {
	const char *kind;         /* "column", "constraint" */
	const char *table, *name; /* table "public.orders", quoted where SQL needs it; name not */
};
struct sql_shape {
	size_t n_items;
	struct sql_shape_item *items;
	size_t n_tables; /* relations that it touches, "public.orders" */
	const char **tables;
};
/* Empty when it cannot be parsed. */
void sql_shape_read(const char *statement, struct gh_arena *a, struct sql_shape *ret);

#endif
