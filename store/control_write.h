/*
 * What people tell a run that is under way: writes.  The columns are the whole of what is wanted now; the
 * runner makes the record that the job reads from them (runner/control.h), so a record can be lost and made
 * again.
 */
#ifndef GH_STORE_CONTROL_WRITE_H
#define GH_STORE_CONTROL_WRITE_H

#include "store/run.h"
#include "store/write.h"

/*
 * Of d the members from `control` to `batch_pause_ms` but control_serial, which grows by one.  GH_CONFLICT
 * when the run is not running.
 */
enum gh_code store_control_put(
    struct store *st, int64_t run_id, const struct store_run_detail *d, struct gh_err *err) GH_MUST_USE;
/* The job has answered: "pausing" becomes "paused", "resuming" nothing.  Whatever else stays as it is. */
enum gh_code store_control_answer(
    struct store *st, int64_t run_id, const char *from, const char *to, struct gh_err *err) GH_MUST_USE;
/* Before a run starts: nothing new begins after this moment; 0 no end. */
enum gh_code store_control_window(
    struct store *st, int64_t run_id, int64_t window_end, struct gh_err *err) GH_MUST_USE;

#endif
