/*
 * Starting a job: its journal, what it is told, its limits.  The runner never waits for one: it watches the
 * process (loop_child_add) and reads the journal through a descriptor of its own.
 *
 * The journal's lock belongs to the open file that the job inherits, so ours is closed as soon as the job has
 * it: from then on the lock is free exactly when the job and nobody else is gone.
 */
#ifndef GH_RUNNER_JOB_H
#define GH_RUNNER_JOB_H

#include "runner/runner.h"
#include "wire/spec.h"

struct job_order {
	const char *kind;    /* WIRE_JOB_... */
	int64_t id;          /* run, project or target: what `ps` shows */
	const char *journal; /* path; must not exist */
	const struct wire_spec *spec;
	int passfile; /* descriptor, -1 none; stays the caller's */
	int key;      /* what opens encrypted backups (config_backup_key), 0 or -1 none; stays the caller's */
	int control;  /* a run's record (runner/control.h), 0 none; stays the caller's */
	bool limited; /* reads what anybody may have written: stack, memory and time are limited */
};

/* GH_CONFLICT when the journal exists; GH_UNAVAILABLE when the program cannot be started (the journal stays,
 * empty). */
enum gh_code job_start(
    struct runner *r, const struct job_order *o, pid_t *ret_pid, struct gh_err *err) GH_MUST_USE;

/* jobs/ID.journal and jobs/ID.reconcile.N.journal beneath the data folder. */
const char *job_journal_path(const struct config *c, struct gh_arena *a, int64_t run)
    __attribute__((returns_nonnull));
const char *job_reconcile_path(const struct config *c, struct gh_arena *a, int64_t run, int64_t attempt)
    __attribute__((returns_nonnull));
/* jobs/ID.scratch: where a run's backup is restored, there only meanwhile. */
const char *job_scratch_path(const struct config *c, struct gh_arena *a, int64_t run)
    __attribute__((returns_nonnull));

/* Whether somebody holds the journal's lock: the job lives. */
enum gh_code job_alive(int journal_fd, bool *ret, struct gh_err *err) GH_MUST_USE;

/*
 * Makes sure that no job will ever write this journal: takes its lock and, when nothing is in it, writes that
 * the job was never started (an OUTCOME, failed-clean).  *ret_fenced false when a job holds it or has written
 * to it.
 */
enum gh_code job_fence(const char *path, const char *why, bool *ret_fenced, struct gh_err *err) GH_MUST_USE;

/* The project's part of a spec: folder, convention, tracking table, options. */
void job_spec_project(const struct config_project *p, struct wire_spec *ret);
/*
 * The target's part of a spec, and its project's: connection, retries, the programs of its server's version
 * (as it was last seen), how backups are taken, the sizes of the newest.  Texts belong to the configuration.
 */
enum gh_code job_spec_target(
    struct runner *r, const struct config_target *t, struct wire_spec *ret, struct gh_err *err) GH_MUST_USE;
/* prove, restore: the backup with its tables, which live in the arena. */
enum gh_code job_spec_backup(struct runner *r, struct gh_arena *a, int64_t backup, struct wire_spec *ret,
    struct gh_err *err) GH_MUST_USE;

#endif
