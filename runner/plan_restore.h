/*
 * Plans that restore a backup: PLAN_RESTORE makes it the target's database, PLAN_SIDE puts it beside the
 * target for a look.  plan_build makes them like any other; what is their own stands here.
 *
 * The plan has one migration, "restore:ID", without SQL; its description in the store says in sentences what
 * becomes of which database, and how far anybody has looked into the backup.  The direction is down.
 */
#ifndef GH_RUNNER_PLAN_RESTORE_H
#define GH_RUNNER_PLAN_RESTORE_H

#include "runner/plan_build.h"

/* What ends the goal of a restore that is wanted also when nobody can count what it loses. */
#define PLAN_RESTORE_UNCOUNTED "uncounted"
bool plan_restore_uncounted(const char *goal);

/*
 * "BACKUP", "BACKUP uncounted" (goal->uncounted) or, with side, "BACKUP NAME": a number or a file, and what
 * the database beside the target is to be called ("" it is found).  Fills backup and to of the goal;
 * *ret_target is whose backup it is. GH_NOT_FOUND, GH_BAD_INPUT.
 */
enum gh_code plan_restore_find(struct store *st, struct gh_arena *a, const char *text, struct plan_goal *ret,
    const char **ret_target, struct gh_err *err) GH_MUST_USE;
/*
 * The plan's restore and its one migration.  GH_CONFLICT: the backup has expired, is missing, broken, of
 * another target or kept by another system; GH_BAD_INPUT: a name that no database can have.
 */
enum gh_code plan_restore_fill(struct store *st, struct plan_built *b, const struct plan_goal *goal,
    struct store_plan_migration_new *row, struct gh_err *err) GH_MUST_USE;

#endif
