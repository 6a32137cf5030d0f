/*
 * A run's frames as rows of the store.  Everything here works within the caller's transaction, which also
 * keeps how far the journal was read: a frame becomes rows once.
 */
#ifndef GH_RUNNER_FOLLOW_ROWS_H
#define GH_RUNNER_FOLLOW_ROWS_H

#include "runner/follow_frame.h"
#include "store/store.h"

/* What every run's frames are seen against. */
struct follow_run {
	int64_t id, target_id;
	const struct plan *plan; /* NULL: could not be read */
	bool reconcile;          /* frames of a reconcile job: migrations and events only */
};

/* Rows and the event; OUTCOME only makes its event. */
enum gh_code follow_rows_put(struct store *st, const struct follow_run *run, const struct follow_frame *f,
    struct gh_arena *a, struct gh_err *err) GH_MUST_USE;

/*
 * The run ended so (WIRE_UNKNOWN: the job is gone): what was left begun, and what was in doubt until now,
 * gets its end.
 */
enum gh_code follow_rows_close(
    struct store *st, int64_t run_id, enum wire_outcome outcome, int64_t at, struct gh_err *err) GH_MUST_USE;

#endif
