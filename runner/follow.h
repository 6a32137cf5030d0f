/*
 * Following the journals of runs: inotify on the jobs folder and a look every half second.  Frames become
 * rows in transactions of at most FOLLOW_BATCH frames, together with how far the journal was read, so a
 * runner that is killed goes on where the last transaction ended.
 *
 * A journal whose lock is free and that has no OUTCOME belongs to a job that died: the run is unknown and
 * reconciled.  One that is empty as well was never begun by its job (the lock and the START frame come before
 * the first connection): it is fenced (runner/job.h) and the run ends as never started.
 */
#ifndef GH_RUNNER_FOLLOW_H
#define GH_RUNNER_FOLLOW_H

#include "runner/runner.h"

#define FOLLOW_BATCH    256
#define FOLLOW_EVERY_US (GH_SECOND / 2)
#define FOLLOW_PAUSE_US (GH_SECOND / 10) /* between two looks that a write brought about */
#define FOLLOW_GRACE_US (2 * GH_SECOND)  /* for a job that another runner started: from exec to its lock */

struct follow;

/* Takes up all runs that are running. */
enum gh_code follow_start(struct runner *r, struct gh_err *err) GH_MUST_USE;
void follow_stop(struct runner *r);
/* A run that was started; pid 0 when it is not our child. */
enum gh_code follow_add(struct runner *r, int64_t run_id, pid_t pid, struct gh_err *err) GH_MUST_USE;
size_t follow_count(const struct runner *r);

#endif
