/*
 * The questions of migration/sql_shape.h, each answered by a child of its own that may die of the text: the
 * server may take, or refuse, what is too deep for the stack of whoever parses it.  The answers are those of
 * the functions of the same names; of a child that died, or took too long, they are "nothing".
 */
#ifndef GH_MIGRATION_SQL_SHAPE_CHILD_H
#define GH_MIGRATION_SQL_SHAPE_CHILD_H

#include "migration/sql_shape.h"

const char *sql_shape_child_check(
    const char *statement, const char *constraint, const struct sql_shape_table *t, struct gh_arena *a);
const char *sql_shape_child_unique(const char *statement, const char *constraint,
    const struct sql_shape_table *t, struct gh_arena *a, const char **ret_keys);
bool sql_shape_child_foreign(
    const char *statement, const char *constraint, struct gh_arena *a, struct sql_shape_key *ret);
void sql_shape_child_read(const char *statement, struct gh_arena *a, struct sql_shape *ret);

#endif
