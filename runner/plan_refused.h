/*
 * Files that were refused: a migration that cannot be taken must not be jumped over by a plan.
 */
#ifndef GH_RUNNER_PLAN_REFUSED_H
#define GH_RUNNER_PLAN_REFUSED_H

#include "runner/plan_pick.h"
#include "store/project.h"

/* The goal names a version that no migration has: refused with its reason when a file of it was refused. */
enum gh_code plan_refused_goal(
    const struct store_files *files, const char *to, struct gh_err *err) GH_MUST_USE;

/* Ups, to last (NULL: all).  Files that are ways back of known migrations do not count. */
enum gh_code plan_refused_up(const struct store_files *files, const struct store_migration *last,
    const struct store_migrations *todo, const struct store_migrations *applied,
    struct gh_err *err) GH_MUST_USE;

/* Ways back of the picked migrations that have no other. */
enum gh_code plan_refused_back(
    const struct store_files *files, const struct plan_pick *p, struct gh_err *err) GH_MUST_USE;

#endif
