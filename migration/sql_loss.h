/*
 * Within the SQL part: what a statement takes away for good, by name, so that it can be counted before.
 */
#ifndef GH_MIGRATION_SQL_LOSS_H
#define GH_MIGRATION_SQL_LOSS_H

#include "migration/sql_node.h"

/* Fills s->losses: names as they are written, quoted where SQL needs it. */
void sql_loss(const PgQuery__Node *n, struct gh_arena *a, struct sql_statement *s);

#endif
