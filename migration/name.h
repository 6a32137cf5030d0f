/*
 * What all conventions say about a file name in the same way.
 */
#ifndef GH_MIGRATION_NAME_H
#define GH_MIGRATION_NAME_H

#include "migration/convention.h"

#define NAME_DIGITS_MAX 18  /* the store keeps versions as 64-bit numbers */
#define NAME_MAX_BYTES  200 /* of a file name: the key must fit into varchar(255) */

/*
 * The last part of an entry's path without .sql; NULL when the name decides by itself, and then as and reason
 * of the entry are set: folders, dot files and other kinds of file are ignored, control characters and bytes
 * that are not UTF-8 refused.
 */
const char *name_start(struct convention_file *e, struct gh_arena *a);
/* The same for conventions that only read the folder itself: what lies in a folder of it is ignored. */
const char *name_start_flat(struct convention_file *e, struct gh_arena *a);
/* The last part of a path. */
const char *name_base(const char *path);
/* Whether an entry lies in the folder itself and not in one beneath it. */
bool name_flat(const struct convention_file *e);
bool name_ends(const char *s, const char *end);

/* The name with control characters and broken bytes as \xNN, for people; backslashes too, so that no two
 * names look the same. */
const char *name_printable(const char *file, struct gh_arena *a);

#endif
