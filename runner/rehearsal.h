/*
 * Rehearsals: one at a time, each a job of its own (runner/job/rehearse.h, runner/beside.h) whose journal
 * becomes rows while it runs.  What a job that was killed has left (a folder with a database server in it) is
 * removed when its rehearsal ends, and at the next start.
 *
 *   rehearsal.c         the queue and the job
 *   rehearsal_read.c    its journal
 *   rehearsal_demand.c  what a policy asks for
 */
#ifndef GH_RUNNER_REHEARSAL_H
#define GH_RUNNER_REHEARSAL_H

#include "migration/plan.h"
#include "runner/runner.h"
#include "store/rehearsal.h"
#include "wire/journal.h"

#define REHEARSAL_LIMIT_US (60 * GH_MINUTE) /* then it is asked to stop */

struct rehearsal;

/* Takes up what runs, removes what is left of what does not, starts what is queued. */
enum gh_code rehearsal_start(struct runner *r, struct gh_err *err) GH_MUST_USE;
void rehearsal_stop(struct runner *r);
/* Starts what may start.  Harmless without r->work. */
void rehearsal_kick(struct runner *r);

/* A frame of its journal, whatever of it is there already: within the caller's transaction. */
enum gh_code rehearsal_frame(struct store *st, int64_t id, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err) GH_MUST_USE;
/* Every migration of the plan has a verdict, and each of them is good. */
enum gh_code rehearsal_good(
    struct store *st, const struct store_rehearsal *h, bool *ret, struct gh_err *err) GH_MUST_USE;

/*
 * Queues one when the plan's policy asks for it and there is none yet, or the last one could not be carried
 * out.  person 0: nobody has asked.
 */
enum gh_code rehearsal_want(
    struct store *st, const struct plan *p, const char *digest, int64_t now, struct gh_err *err) GH_MUST_USE;
/*
 * What is missing for a plan whose policy demands a rehearsal: NULL nothing, else a sentence in the arena.
 * *ret_pending: one is queued or under way.
 */
enum gh_code rehearsal_demand(struct store *st, struct gh_arena *a, const struct plan *p, const char *digest,
    const char **ret_why, bool *ret_pending, struct gh_err *err) GH_MUST_USE;

#endif
