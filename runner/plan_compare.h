/*
 * Why a plan that is made again is not the same: one sentence for people.
 */
#ifndef GH_RUNNER_PLAN_COMPARE_H
#define GH_RUNNER_PLAN_COMPARE_H

#include "migration/plan.h"

/* NULL when both say the same.  The sentence lives in the arena. */
const char *plan_compare(const struct plan *was, const struct plan *is, struct gh_arena *a);

#endif
