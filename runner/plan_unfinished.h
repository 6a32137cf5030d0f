/*
 * Batched migrations that were begun on a target and have not ended: a plan goes on with them, and says so,
 * or it is refused.
 */
#ifndef GH_RUNNER_PLAN_UNFINISHED_H
#define GH_RUNNER_PLAN_UNFINISHED_H

#include "runner/plan_pick.h"

/* todo and applied are all of the target; what goes on is told in p->goal. */
enum gh_code plan_unfinished(struct gh_arena *a, const struct store_migrations *todo,
    const struct store_migrations *applied, bool down, struct plan_pick *p, struct gh_err *err) GH_MUST_USE;

#endif
