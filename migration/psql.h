/*
 * What only psql can do in a script that other tools give to psql: backslash commands, variables, data behind
 * COPY ... FROM stdin.
 */
#ifndef GH_MIGRATION_PSQL_H
#define GH_MIGRATION_PSQL_H

#include "base/arena.h"

#include <stddef.h>

/*
 * "FILE:LINE:COLUMN: ..." for the first thing in the script that needs psql; "" none.  sql is NUL-terminated
 * UTF-8.
 */
const char *psql_needed(struct gh_arena *a, const char *file, const char *sql, size_t len);

#endif
