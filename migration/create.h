/*
 * What the files that `gatehouse create` writes have in common.
 */
#ifndef GH_MIGRATION_CREATE_H
#define GH_MIGRATION_CREATE_H

#include "migration/convention.h"

/* One more file to write. */
void create_put(struct convention_create *c, const char *path, const char *text);

/*
 * The comment at the top: Migration, Description, Author (left empty for the person) and Date, a line each.
 * migration is what people call it, "0012_add_x" or "0012_add_x (down)".
 */
const char *create_header(const struct convention_create *c, const char *migration, struct gh_arena *a);

#endif
