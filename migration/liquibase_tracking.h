/*
 * Liquibase's two tables and its lock, which is a row in one of them.
 */
#ifndef GH_MIGRATION_LIQUIBASE_TRACKING_H
#define GH_MIGRATION_LIQUIBASE_TRACKING_H

#include "migration/convention.h"

extern const struct convention_tracking liquibase_tracking[1];
extern const char liquibase_lock[], liquibase_unlock[];

#endif
