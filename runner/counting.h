/*
 * Counting what plans downwards would destroy: one job at a time, queued by the request for such a plan and
 * again whenever somebody asks for a rehearsal of it.
 */
#ifndef GH_RUNNER_COUNTING_H
#define GH_RUNNER_COUNTING_H

#include "runner/runner.h"

#define COUNTING_LIMIT_US (5 * GH_MINUTE) /* then the job is ended */
#define COUNTING_DEATHS   3 /* of its jobs one after the other, each killed by somebody: then it has failed */

struct counting;

enum gh_code counting_start(struct runner *r, struct gh_err *err) GH_MUST_USE;
void counting_stop(struct runner *r);
/* Starts what is queued.  Harmless without r->work. */
void counting_kick(struct runner *r);
/* Queues it, unless it is queued or under way; what was counted before stays until then. */
enum gh_code counting_want(struct store *st, const char *digest, struct gh_err *err) GH_MUST_USE;

#endif
