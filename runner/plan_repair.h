/*
 * Plans that run no migration: marking one as applied, and dropping an invalid index that a failed run has
 * left.  plan_build makes them like any other; what is their own stands here.
 */
#ifndef GH_RUNNER_PLAN_REPAIR_H
#define GH_RUNNER_PLAN_REPAIR_H

#include "runner/plan_build.h"

#define PLAN_REPAIR_KEY "repair:" /* in front of the object */

/*
 * "RUN/POSITION" of a fact: the index that it calls invalid, quoted as the server did.  GH_CONFLICT when the
 * fact is none such or of another target; GH_NOT_FOUND when it does not exist.
 */
enum gh_code plan_repair_find(struct store *st, struct gh_arena *a, const char *target, const char *goal,
    const char **ret_index, struct gh_err *err) GH_MUST_USE;
/* The plan's one migration: DROP INDEX CONCURRENTLY. */
enum gh_code plan_repair_fill(struct plan_built *b, const char *index, struct store_plan_migration_new *row,
    struct gh_err *err) GH_MUST_USE;
/* The index of such a plan. */
const char *plan_repair_index(const struct plan *p);
/* A plan to mark: its migration must make something that can be looked for, and not be recorded. */
enum gh_code plan_mark_check(const struct plan_built *b, struct gh_err *err) GH_MUST_USE;

#endif
