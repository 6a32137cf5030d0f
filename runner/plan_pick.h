/*
 * Which migrations a plan holds, in which order, and what the goal is called.
 */
#ifndef GH_RUNNER_PLAN_PICK_H
#define GH_RUNNER_PLAN_PICK_H

#include "runner/plan_build.h"
#include "store/migration.h"

struct plan_pick {
	size_t n;
	const struct store_migration **rows; /* in the order in which they run */
	const char *goal;
};

/* Refusals as plan_build has them. */
enum gh_code plan_pick(struct store *st, struct gh_arena *a, const struct store_target *t,
    const struct plan_goal *goal, struct plan_pick *ret, struct gh_err *err) GH_MUST_USE;

#endif
