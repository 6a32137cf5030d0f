/*
 * A file of Atlas's as Atlas reads it: directives and statements.  Atlas: sql/migrate/lex.go, dir.go.
 */
#ifndef GH_MIGRATION_ATLAS_SCAN_H
#define GH_MIGRATION_ATLAS_SCAN_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct atlas_statement {
	size_t offset, len; /* without white space around it, and without a delimiter that is not ";" */
	bool empty;         /* nothing but a comment: Atlas sends and counts it all the same */
};

struct atlas_statements {
	size_t n;
	struct atlas_statement *items;
	const char *problem; /* "unclosed '('" with its offset; "" none */
	size_t at;
};

void atlas_scan(struct gh_arena *a, const char *sql, size_t len, struct atlas_statements *ret);

/* The value of "-- atlas:NAME value" on the first line, whatever stands before "atlas:"; NULL: none. */
const char *atlas_first_line(struct gh_arena *a, const char *sql, size_t len, const char *name);
/*
 * The value of a directive in the block of comments at the top, which an empty line must follow; NULL none.
 * *ret_n how many there are.
 */
const char *atlas_directive(struct gh_arena *a, const char *sql, size_t len, const char *name, size_t *ret_n);

#endif
