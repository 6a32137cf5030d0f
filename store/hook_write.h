/*
 * Hooks and evidence of a run, as its journal tells them: writes.
 */
#ifndef GH_STORE_HOOK_WRITE_H
#define GH_STORE_HOOK_WRITE_H

#include "store/evidence.h"
#include "store/hook.h"
#include "store/write.h"

/* Makes the row or moves it on.  Of h the members from `when` to `output` count. */
enum gh_code store_hook_put(
    struct store *st, int64_t run_id, const struct store_hook *h, int64_t at, struct gh_err *err) GH_MUST_USE;
/* Adds a line; its position comes from the store. */
enum gh_code store_evidence_add(
    struct store *st, int64_t run_id, const struct store_evidence *e, struct gh_err *err) GH_MUST_USE;
/* A hook that had begun and whose job is gone: it failed, and nobody knows what it said. */
enum gh_code store_hook_close(struct store *st, int64_t run_id, int64_t at, struct gh_err *err) GH_MUST_USE;

#endif
