/*
 * SQL as PostgreSQL's own grammar reads it (libpg_query): one side of a migration split into statements, each
 * classified, and what cannot run named with its place.
 *
 * The parser can exhaust the stack on deep input and takes the process with it: only call this in a child
 * that may die.  The input is trusted for nothing.
 */
#ifndef GH_MIGRATION_SQL_H
#define GH_MIGRATION_SQL_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define SQL_STATEMENTS_MAX 100000
#define SQL_ARENA_LIMIT    ((size_t)512 << 20)

struct sql_statement {
	int64_t offset, length; /* bytes within the side; leading comments and blanks are left out */
	int64_t line;           /* of the file, 1-based */
	bool alone;             /* cannot run inside a transaction */
	const char *kind;       /* "CREATE TABLE" */
	const char
	    *object; /* what it creates, quoted where SQL needs it: "public.orders"; "" nothing to look for */
	const char *object_kind; /* migration/object.h knows them */
};

struct sql_script {
	size_t n;
	struct sql_statement *statements;
	bool transactional;  /* false: some statement runs alone, then each runs by itself */
	bool stripped;       /* the file's own BEGIN and COMMIT are left out: the run brings them */
	const char *problem; /* why it cannot run, "FILE:LINE:COLUMN: ..."; "" none */
	const char *note;    /* what people may want to know; "" none */
};

/* Where a side begins, for messages. */
struct sql_place {
	const char *file;
	int64_t first_line;
};

/*
 * Reads one side: valid UTF-8 without NUL, NUL-terminated.  Never fails: what is wrong is the script's
 * problem, and then it has no statements.  An empty text gives no statements and no problem.
 */
void sql_read(
    const char *text, size_t len, struct sql_place place, struct gh_arena *a, struct sql_script *ret);

#endif
