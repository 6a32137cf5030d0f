/*
 * A Sqitch project as migrations: which scripts belong to which change, and the facts that the registry
 * keeps.
 */
#ifndef GH_MIGRATION_SQITCH_READ_H
#define GH_MIGRATION_SQITCH_READ_H

#include "migration/convention.h"

void sqitch_read(struct convention_folder *f, struct convention_found *ret);
/* The entry that is the plan, by sqitch.conf or its usual name; NULL: none. */
const struct convention_file *sqitch_plan_file(const struct convention_folder *f);

#endif
