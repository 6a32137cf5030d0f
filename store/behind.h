/*
 * How far each target lags behind the environment before it in promotion order: reads.
 */
#ifndef GH_STORE_BEHIND_H
#define GH_STORE_BEHIND_H

#include "store/store.h"

struct store_behind {
	const char *project;
	const char *environment, *before; /* "production", "staging" */
	const char *target, *ahead;       /* the two targets compared */
	int64_t migrations;               /* applied on ahead and not on target, above 0 */
};
struct store_behinds {
	size_t n;
	struct store_behind *rows; /* by project, in promotion order */
};

/* Only targets that were looked at; those that lack nothing are left out. */
enum gh_code store_behind_list(
    struct store *st, struct gh_arena *a, struct store_behinds *ret, struct gh_err *err) GH_MUST_USE;

#endif
