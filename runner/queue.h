/*
 * The queue: one run a target, config parallel_runs at once; a held target, and one that is being looked at,
 * waits, and so does one of which a backup is taken by a task.  Tasks (runner/task.h) begin after runs.
 */
#ifndef GH_RUNNER_QUEUE_H
#define GH_RUNNER_QUEUE_H

#include "runner/runner.h"

/* Starts what may start.  Harmless without r->work. */
void queue_kick(struct runner *r);

#endif
