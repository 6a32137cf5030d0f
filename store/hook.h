/*
 * Hooks that a run has run, with what they said: reads.
 */
#ifndef GH_STORE_HOOK_H
#define GH_STORE_HOOK_H

#include "store/store.h"

struct store_hook {
	const char *when;    /* policy_when_name: before, after, failure, backup */
	int64_t position;    /* among its kind, from 0 */
	const char *command; /* program and arguments */
	const char *state;   /* started ok failed skipped */
	int64_t exit_status; /* -1 none, 256 + signal when it was killed */
	const char *output;  /* both streams; valid UTF-8, the middle left out when it was long */
	int64_t started_at, ended_at;
};
struct store_hooks {
	size_t n;
	struct store_hook *rows;
};
/* In the order in which they were run. */
enum gh_code store_hook_list(struct store *st, struct gh_arena *a, int64_t run_id, struct store_hooks *ret,
    struct gh_err *err) GH_MUST_USE;

#endif
