/*
 * What all conventions say about a file name in the same way.
 */
#ifndef GH_MIGRATION_NAME_H
#define GH_MIGRATION_NAME_H

#include "migration/convention.h"

#define NAME_DIGITS_MAX 18  /* the store keeps versions as 64-bit numbers */
#define NAME_MAX_BYTES  200 /* of a file name: the key must fit into varchar(255) */

/*
 * Fills *ret with empty texts and gives the name without .sql; NULL when the name decides by itself (then
 * *ret says what it is): dot files and other kinds of file are ignored, control characters and bytes that are
 * not UTF-8 refused.
 */
const char *name_start(const char *file, struct gh_arena *a, struct convention_file *ret);

/* The name with control characters and broken bytes as \xNN, for people; backslashes too, so that no two
 * names look the same. */
const char *name_printable(const char *file, struct gh_arena *a);

#endif
