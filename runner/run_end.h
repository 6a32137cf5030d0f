/*
 * How a run ends in the store: its state, the request, the ledger, the target's hold, the incident.  Within
 * the caller's transaction.
 */
#ifndef GH_RUNNER_RUN_END_H
#define GH_RUNNER_RUN_END_H

#include "runner/runner.h"
#include "wire/journal.h"

/* From "running" or "unknown" to what the outcome says; WIRE_UNKNOWN holds the target until it is reconciled.
 */
enum gh_code run_end(struct runner *r, int64_t run_id, enum wire_outcome outcome, const char *sentence,
    int64_t at, struct gh_err *err) GH_MUST_USE;

/* Why the target of an unknown run is held, and what was tried; also an event when that is new. */
enum gh_code run_hold(
    struct runner *r, int64_t run_id, const char *why, int64_t at, struct gh_err *err) GH_MUST_USE;

/* Targets that were held for a run that needed a person, whose incident was closed meanwhile. */
enum gh_code run_release(struct runner *r, struct gh_err *err) GH_MUST_USE;

#endif
