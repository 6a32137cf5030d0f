/*
 * What Flyway's own rules say about a database: baselines, what it lets pass (flyway: DbMigrate.java,
 * MigrationInfoImpl.java).
 */
#ifndef GH_MIGRATION_FLYWAY_STATUS_H
#define GH_MIGRATION_FLYWAY_STATUS_H

#include "migration/convention.h"

struct convention_status;

void flyway_status(const struct convention_found *found, const struct convention_row *rows, size_t n_rows,
    struct gh_arena *a, struct convention_status *list);
/* What the configuration says about older migrations that were never applied; NULL nothing. */
const enum convention_older *flyway_older(const struct convention_folder *f);

#endif
