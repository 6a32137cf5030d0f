/*
 * The check job: what a target is, which convention its folder and its tables speak for, and what is where.
 * Reads both and changes nothing.
 *
 *   check.c          the kind: identity, sizes, then what follows
 *   check_detect.c   the convention, by folder and tables together
 *   check_standing.c the tracking table's rows against the folder's migrations
 *   check_failed.c   what is true in the catalog after a migration that the tool says has failed
 */
#ifndef GH_JOB_CHECK_H
#define GH_JOB_CHECK_H

#include "runner/job/folder.h"
#include "runner/job/tracking.h"

#define CHECK_TABLES 20000 /* TABLE frames: the largest */

/* The convention with the target's tables known; d->c is NULL when none is chosen. */
enum gh_code check_detect(
    struct pg *pg, const struct reading *r, struct convention_detected *d, struct gh_err *err) GH_MUST_USE;
/* Whose table it is, when its columns are those of a tool that is known; NULL otherwise. */
enum gh_code check_whose(
    struct pg *pg, const char *schema, const char *table, const char **ret, struct gh_err *err) GH_MUST_USE;

/* TRACKING and STANDING frames. */
struct check_standing {
	struct tracking tracking;
	struct convention_found found;
	struct convention_status status;
};
enum gh_code check_standing(struct pg *pg, struct reading *r, const struct convention_detected *d,
    struct check_standing *ret, struct gh_err *err) GH_MUST_USE;

/*
 * Adds to the texts of failed rows what the catalog says: which objects of the migration are there, whether
 * it was one transaction, and what can be done.
 */
enum gh_code check_failed(struct pg *pg, const struct convention *c, const struct convention_found *found,
    struct convention_status *s, struct gh_err *err) GH_MUST_USE;

#endif
