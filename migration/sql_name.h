/*
 * Within the SQL part: names of objects as text, each part quoted where SQL needs it.  A name without a
 * schema gets public.  "" when a name holds control characters: such an object is not looked for.
 */
#ifndef GH_MIGRATION_SQL_NAME_H
#define GH_MIGRATION_SQL_NAME_H

#include "migration/sql_node.h"

const char *sql_name_quote(const char *ident, struct gh_arena *a);
/* "FIRST.ident"; first is quoted already. */
const char *sql_name_join(const char *first, const char *ident, struct gh_arena *a);
const char *sql_name_of(const PgQuery__RangeVar *r, struct gh_arena *a);
/* As it is written, without public when no schema was given. */
const char *sql_name_written(const PgQuery__RangeVar *r, struct gh_arena *a);
/* From String nodes: the last parts, with public in front when there are fewer than `parts`. */
const char *sql_name_list(PgQuery__Node *const *names, size_t n, size_t parts, struct gh_arena *a);

#endif
