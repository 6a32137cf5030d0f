/*
 * Requests whose plan is no longer what would run: looked for whenever a folder or a target was read.
 */
#ifndef GH_RUNNER_STALE_H
#define GH_RUNNER_STALE_H

#include "runner/runner.h"

/* Waiting and approved requests of one target; a queued run of one ends before it began.  Nothing while a run
 * is under way. */
enum gh_code stale_check(struct runner *r, int64_t target_id, struct gh_err *err) GH_MUST_USE;

/* Requests whose time is over. */
enum gh_code stale_expire(struct runner *r, int64_t now, struct gh_err *err) GH_MUST_USE;

/*
 * Moves a request and its queued run on (to: "stale", "expired", "withdrawn") within the caller's
 * transaction; the ledger entry is the caller's affair.
 */
struct store_request;
enum gh_code stale_move(struct store *st, const struct store_request *q, const char *to, const char *why,
    int64_t now, struct gh_err *err) GH_MUST_USE;

/* What an approved request asks for may not run after all: it is stale, its queued run ends. */
enum gh_code stale_refuse(
    struct store *st, int64_t request_id, const char *why, int64_t now, struct gh_err *err) GH_MUST_USE;

#endif
