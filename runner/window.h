/*
 * The windows of a policy: when one is open, until when, and when the next one opens.
 */
#ifndef GH_RUNNER_WINDOW_H
#define GH_RUNNER_WINDOW_H

#include "base/arena.h"
#include "migration/policy.h"

struct window_look {
	bool open;
	int64_t end;     /* of it; 0 no end */
	const char *why; /* when it is closed: a sentence that says when it opens; in the arena */
};

/* Without windows a policy is always open; windows that overlap or touch are one. */
enum gh_code window_look(const struct policy *p, int64_t now, struct gh_arena *a, struct window_look *ret,
    struct gh_err *err) GH_MUST_USE;

#endif
