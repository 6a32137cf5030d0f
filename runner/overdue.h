/*
 * Backups that are not counted in time (prove_within): the target says since when, and channels are told
 * once, until one that is new enough is counted.
 */
#ifndef GH_RUNNER_OVERDUE_H
#define GH_RUNNER_OVERDUE_H

#include "runner/runner.h"

/* Looks at all targets; what goes wrong is logged. */
void overdue_look(struct runner *r, int64_t now);

#endif
