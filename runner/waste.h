/*
 * What jobs that were killed have left in the folder of journals: servers with their clusters, which can be
 * as large as a target.  The name is free at once; the rest goes a little at a time, since the loop has
 * others to serve.
 */
#ifndef GH_RUNNER_WASTE_H
#define GH_RUNNER_WASTE_H

#include "runner/runner.h"

/* Once, with the loop ready: goes on with what an earlier runner had not finished. */
void waste_start(struct runner *r);
/* Ends the servers that work in a folder and removes it, later than now.  One that is not there is fine. */
enum gh_code waste_put(struct runner *r, const char *folder, struct gh_err *err) GH_MUST_USE;
void waste_stop(struct runner *r);

#endif
