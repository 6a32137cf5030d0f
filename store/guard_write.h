/*
 * Progress and episodes of runs: writes.
 */
#ifndef GH_STORE_GUARD_WRITE_H
#define GH_STORE_GUARD_WRITE_H

#include "store/guard.h"
#include "store/write.h"

/* Takes the place of what was said before. */
enum gh_code store_progress_put(
    struct store *st, int64_t run_id, const struct store_progress *p, struct gh_err *err) GH_MUST_USE;
/* The same number again takes the place of the one before, its sessions as well. */
enum gh_code store_episode_put(
    struct store *st, int64_t run_id, const struct store_episode *e, struct gh_err *err) GH_MUST_USE;
/* The run has ended: no progress any more, and nothing goes on. */
enum gh_code store_guard_end(struct store *st, int64_t run_id, int64_t at, struct gh_err *err) GH_MUST_USE;

#endif
