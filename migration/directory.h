/*
 * Conventions that keep a migration in a folder of its own: VERSION_name/up.sql and down.sql.
 */
#ifndef GH_MIGRATION_DIRECTORY_H
#define GH_MIGRATION_DIRECTORY_H

#include "migration/convention.h"

struct directory {
	const char *name; /* of the folder, beneath the folder of migrations itself */
	const char *key;  /* set by the convention before directory_sides */
	struct convention_file *entry, *up, *down; /* up, down: NULL none */
	size_t files;                              /* entries beneath it */
	bool hidden;                               /* its name begins with a dot */
};

/* The folders directly beneath the folder, in byte order of their names; their number. */
size_t directory_list(const struct convention_folder *f, struct directory **ret);
/* The name up to the first underscore without dashes. */
const char *directory_version(const char *name, struct gh_arena *a);
/*
 * Fills a migration in from up.sql and down.sql and says what the folder's files are taken for.  A file of no
 * bytes is a problem of its side, in the name of the tool.
 */
void directory_sides(
    struct convention_folder *f, const struct directory *d, struct convention_migration *m, const char *tool);
/* Refuses the folder, and every file in it. */
void directory_refuse(struct convention_folder *f, const struct directory *d, const char *reason);

#endif
