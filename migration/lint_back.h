/*
 * Within lint: what a migration's way back does, for rules that look at the up.
 */
#ifndef GH_MIGRATION_LINT_BACK_H
#define GH_MIGRATION_LINT_BACK_H

#include "migration/lint_rule.h"

struct lint_back_column {
	const char *table, *column;
};

struct lint_back {
	size_t n_effects; /* statements that change something */
	bool opaque;      /* some of it cannot be followed: DO, CALL, functions */
	bool everything;  /* it drops what cannot be told: CASCADE */
	size_t n_gone, cap_gone;
	const char **gone; /* objects that are dropped, renamed or made anew */
	size_t n_columns, cap_columns;
	struct lint_back_column *columns; /* that are dropped or renamed */
};

/* NULL: there is none, or it cannot be read. */
const struct lint_back *lint_back(struct lint *l);
/* Takes back the object, or the table it belongs to (on; "" none). */
bool lint_back_drops(struct lint *l, const struct lint_back *b, const char *name, const char *on);
bool lint_back_column(struct lint *l, const struct lint_back *b, const char *table, const char *column);

#endif
