/*
 * Tasks: what is done beside runs.  At most TASK_AT_ONCE at a time and one of a target, each a job of its own
 * whose journal, jobs/task.ID.journal, becomes rows while it runs (runner/beside.h); jobs/task.ID is its
 * folder for what it throws away.  A backup is not taken while a run of its target is under way, and a run
 * waits while one is taken.
 *
 *   task.c        the queue
 *   task_spec.c   what each kind of job is told
 *   task_rows.c   its journal, as rows
 *   task_end.c    how it ends
 *   task_clock.c  what time alone brings about: backups by schedule, proofs again
 *   task_add.c    whether one may be queued
 *   task_outside.c  looks at what other systems keep
 */
#ifndef GH_RUNNER_TASK_H
#define GH_RUNNER_TASK_H

#include "runner/runner.h"
#include "store/task_write.h"

#define TASK_AT_ONCE   2
#define TASK_CANCELLED "cancelled by %s" /* "PERSON: REASON" */
#define TASK_AGAIN_US  GH_HOUR           /* before the clock has the same backup proved again that was not */

struct tasks;

/* Takes up what runs, removes what is left of what does not, starts what is queued. */
enum gh_code task_start(struct runner *r, struct gh_err *err) GH_MUST_USE;
void task_stop(struct runner *r); /* jobs that run go on without us */
/* Starts what may start.  Harmless without r->work. */
void task_kick(struct runner *r);

/*
 * The queued or running task of that kind, of a target or (backup not 0) of that backup; *ret 0: none.
 */
enum gh_code task_open(struct store *st, const char *kind, int64_t target, int64_t backup, int64_t *ret,
    struct gh_err *err) GH_MUST_USE;
/*
 * Queues a backup of the target, a proof of the backup: GH_CONFLICT, with a sentence, when that makes no
 * sense now.  person 0: the clock.
 */
struct task_wish {
	int64_t person;
	const char *reason;
	const char *level; /* of a proof, "" counted */
	int64_t now;
};
enum gh_code task_take(struct runner *r, const char *target, const struct task_wish *w, int64_t *ret_id,
    struct gh_err *err) GH_MUST_USE;
enum gh_code task_prove(struct runner *r, int64_t backup, const struct task_wish *w, int64_t *ret_id,
    struct gh_err *err) GH_MUST_USE;

/* Queues a look at the source. */
enum gh_code task_look(struct runner *r, const struct config_outside *o, const struct task_wish *w,
    int64_t *ret_id, struct gh_err *err) GH_MUST_USE;

/* One of every source that is not being looked at already; *ret_n: how many. */
enum gh_code task_look_all(
    struct runner *r, const struct task_wish *w, int64_t *ret_n, struct gh_err *err) GH_MUST_USE;

/* Why a run of the target has to wait, NULL when it need not: a sentence in the arena. */
enum gh_code task_in_the_way(
    struct store *st, struct gh_arena *a, int64_t target, const char **ret, struct gh_err *err) GH_MUST_USE;

/* Queues what is due by the configuration. */
void task_clock(struct runner *r, int64_t now);
/* Of outside backups: looks that are due, and backups of sources that the configuration no longer has, which
 * are expired. */
void task_outside_clock(struct runner *r, int64_t now);
/*
 * Whether the end of that task is worth no line in the ledger and no message: a look by the clock that went
 * well, or failed as the one before did.
 */
enum gh_code task_outside_quiet(
    struct store *st, const struct store_task *t, bool done, bool *ret, struct gh_err *err) GH_MUST_USE;
/* A turn of the schedule (base/window.h) came after last, and not after now. */
bool task_clock_due(const char *schedule, int64_t last, int64_t now);
/* The configuration was read again: a schedule that is new begins now. */
void task_config(struct runner *r, int64_t now);

#endif
