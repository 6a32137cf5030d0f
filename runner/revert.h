/*
 * The revert window: for a while after a successful run upwards its way back needs one approval only, when it
 * was rehearsed and leads back exactly.
 */
#ifndef GH_RUNNER_REVERT_H
#define GH_RUNNER_REVERT_H

#include "migration/plan.h"
#include "store/run.h"
#include "store/write.h"

/* After a run has succeeded: sets run.revert_until, when its policy wants it and its rehearsal allows it. */
enum gh_code revert_open(
    struct store *st, const struct store_run *run, int64_t now, struct gh_err *err) GH_MUST_USE;

/*
 * The run that a plan downwards takes back within its window: exactly its migrations, by exactly the SQL that
 * was rehearsed, and nothing ran on the target since.  *ret_run 0: none.
 */
enum gh_code revert_find(struct store *st, const struct plan *down, int64_t last_run, int64_t now,
    int64_t *ret_run, struct gh_err *err) GH_MUST_USE;

#endif
