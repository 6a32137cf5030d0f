/*
 * Within lint: rows and values that a statement destroys, and whether the file has kept them.
 */
#ifndef GH_MIGRATION_LINT_LOSS_H
#define GH_MIGRATION_LINT_LOSS_H

#include "migration/lint_habit.h"

struct lint_loss {
	const char *table;
	const char *what; /* "the rows", "column note" */
};

/* Goes on from *k, which begins at 0.  False when there is none left. */
bool lint_next_loss(struct lint *l, const struct lint_at *at, size_t *k, struct lint_loss *ret);
/* A statement before this one has copied from the table. */
bool lint_is_kept(struct lint *l, const struct lint_at *at, const char *table);
/* SQL that keeps it. */
const char *lint_keep(struct lint *l, const struct lint_loss *loss);

#endif
