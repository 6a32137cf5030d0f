/*
 * What Atlas does beyond the general rules of standing: checkpoints, sums in a chain, files that stopped half
 * way.  Atlas: sql/migrate/migrate.go.
 */
#ifndef GH_MIGRATION_ATLAS_STATUS_H
#define GH_MIGRATION_ATLAS_STATUS_H

#include "migration/status.h"

void atlas_status(const struct convention_found *found, const struct convention_row *rows, size_t n_rows,
    struct gh_arena *a, struct convention_status *list);

#endif
