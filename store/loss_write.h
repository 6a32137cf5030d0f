/*
 * What a plan downwards would destroy: writes.
 */
#ifndef GH_STORE_LOSS_WRITE_H
#define GH_STORE_LOSS_WRITE_H

#include "store/loss.h"
#include "store/write.h"

/* state "queued", "running", "done", "failed"; at 0 keeps the time of the count before. */
enum gh_code store_count_put(struct store *st, const char *digest, const char *state, const char *text,
    int64_t at, struct gh_err *err) GH_MUST_USE;
/* The losses of an older count go. */
enum gh_code store_loss_clear(struct store *st, const char *digest, struct gh_err *err) GH_MUST_USE;
/* Appends one; its position is found here. */
enum gh_code store_loss_add(
    struct store *st, const char *digest, const struct store_loss *l, struct gh_err *err) GH_MUST_USE;

#endif
