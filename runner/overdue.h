/*
 * Backups that are not proved in time, as far as they should be (prove_within, prove_level): the target says
 * since when, and channels are told once, until one that is new enough is.
 */
#ifndef GH_RUNNER_OVERDUE_H
#define GH_RUNNER_OVERDUE_H

#include "runner/runner.h"

/* Looks at all targets; what goes wrong is logged. */
void overdue_look(struct runner *r, int64_t now);

#endif
