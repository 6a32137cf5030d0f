/*
 * What people tell runs that are under way.  The store has what is wanted (store/control_write.h); from it
 * the record jobs/ID.control is made, which the job reads (wire/control.h).  A record that could not be
 * written, or that a runner was killed before writing, is written by the next control_kick.
 *
 * The file is there from the start of the job until its journal has ended.
 */
#ifndef GH_RUNNER_CONTROL_H
#define GH_RUNNER_CONTROL_H

#include "runner/cmd.h"
#include "store/run.h"

#define CONTROL_REASON_MAX 1000 /* characters */

/* jobs/ID.control beneath the data folder. */
const char *control_path(const struct config *c, struct gh_arena *a, int64_t run)
    __attribute__((returns_nonnull));
/* Before a job is started: the record as the store has it, and a descriptor for the job, which only reads. */
enum gh_code control_open(struct runner *r, int64_t run_id, int *ret_fd, struct gh_err *err) GH_MUST_USE;
/* Brings the records of all running runs to what the store wants; what cannot be written is logged. */
void control_kick(struct runner *r);
/* The run has ended, or its job is gone. */
void control_remove(struct runner *r, int64_t run_id);
/* At the start: records of runs that do not run any more. */
void control_sweep(struct runner *r);

/* "Cancelled by lead: too slow. ..." when a person has cancelled the run and its sentence says so. */
const char *control_sentence(const struct store_run_detail *d, const char *sentence, struct gh_arena *a)
    __attribute__((returns_nonnull));

/*
 * For the commands: reads "i run | t reason", checks what all have in common (the run runs, a reason is
 * given, a lead where the target needs approval) and fills d with what is wanted until now.
 */
struct control_call {
	struct store_run run;
	struct store_run_detail detail;
	const char *reason;
};
enum gh_code control_call_read(struct cmd_ctx *c, int64_t id, const char *reason, struct control_call *ret,
    struct gh_err *err) GH_MUST_USE;
/* Writes ret->detail, the event ("lead pauses the run: WHY") and the ledger's fields; what completes "NAME".
 */
enum gh_code control_call_put(
    struct cmd_ctx *c, struct control_call *call, const char *what, struct gh_err *err) GH_MUST_USE;

#endif
