/*
 * The project's own queries, in its plans.
 */
#ifndef GH_RUNNER_PLAN_QUERY_H
#define GH_RUNNER_PLAN_QUERY_H

#include "migration/plan.h"
#include "store/store.h"

/* They are asked after a run upwards; nothing otherwise.  GH_CONFLICT: one of them cannot be asked, and why.
 */
enum gh_code plan_query_fill(struct store *st, int64_t project_id, struct gh_arena *a, struct plan *ret,
    struct gh_err *err) GH_MUST_USE;

#endif
