/*
 * Whether a queued run may begin now: its windows are open, it was rehearsed where that is demanded, what a
 * restore would lose was counted, and what promotion asks for still holds.
 */
#ifndef GH_RUNNER_READY_H
#define GH_RUNNER_READY_H

#include "runner/runner.h"
#include "store/run.h"

struct ready {
	bool now;
	int64_t window_end; /* nothing new begins after it; 0 no end */
};

/*
 * Both the windows of the plan, which were approved, and those configured now must be open.  While they are
 * not, the run's sentence says what it waits for, and an event does when that changes.  A run that promotion
 * or its rehearsal refuses ends, and its request is stale.
 */
enum gh_code ready_look(struct runner *r, const struct store_run *run, int64_t now, struct ready *ret,
    struct gh_err *err) GH_MUST_USE;

#endif
