/*
 * Looking at folders and targets again: an analyse job a project, a check job a target, at most REFRESH_JOBS
 * at once. What a job found replaces what the store knew, in one transaction; what it could not find out
 * becomes the project's or the target's problem.  read_at and checked_at are the times at which the job was
 * started: what it saw is at least as new.
 */
#ifndef GH_RUNNER_REFRESH_H
#define GH_RUNNER_REFRESH_H

#include "runner/runner.h"
#include "store/project.h"

#define REFRESH_JOBS        2
#define REFRESH_DEADLINE_US (60 * GH_SECOND) /* a job that takes longer is ended */

struct refresh;

enum gh_code refresh_start(struct runner *r, struct gh_err *err) GH_MUST_USE;
void refresh_stop(struct runner *r);
/* Projects and targets as the configuration has them now; all are looked at again. */
void refresh_config(struct runner *r);
/* Everything, once the folder's signature says that something changed. */
void refresh_all(struct runner *r);
/*
 * Makes sure that a job looks at it which was started at or after `since` (wall).  Harmless without r->work
 * and for an unknown name.
 */
void refresh_project(struct runner *r, const char *name, int64_t since);
void refresh_target(struct runner *r, const char *name, int64_t since);
/* A check of this target is wanted or under way: nothing is started on it until its result is in. */
bool refresh_target_busy(const struct runner *r, const char *name);
bool refresh_project_busy(const struct runner *r, const char *name);

/* What a finished job's journal says, into the store: one transaction.  path is the journal. */
struct refresh_result {
	const char *journal; /* path */
	int64_t started;     /* wall */
	int status;          /* as waitpid gives it */
};
enum gh_code refresh_project_apply(struct store *st, const struct store_project *p,
    const struct refresh_result *res, struct gh_err *err) GH_MUST_USE;
enum gh_code refresh_target_apply(struct store *st, const struct store_target *t,
    const struct refresh_result *res, struct gh_err *err) GH_MUST_USE;
/* "was ended by signal 9", "ended with status 1" */
const char *refresh_died(int status, struct gh_arena *a) __attribute__((returns_nonnull));

#endif
