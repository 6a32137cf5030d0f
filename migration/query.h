/*
 * The queries of a project that ask after each run whether all is well: verify/NAME.sql in its folder, one
 * query each.  They are no migrations, whatever the convention: it does not see that folder, unless its tool
 * has one of that name itself.
 */
#ifndef GH_MIGRATION_QUERY_H
#define GH_MIGRATION_QUERY_H

#include "migration/convention.h"

#define QUERY_FOLDER "verify"
#define QUERY_MAX    200 /* of a project */

/* c->read, without that folder; then what is in it. */
void query_read(const struct convention *c, struct convention_folder *f, struct convention_found *ret);

#endif
