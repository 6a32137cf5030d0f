/*
 * One task's job: what runner/task.c and its parts share.
 */
#ifndef GH_RUNNER_TASK_JOB_H
#define GH_RUNNER_TASK_JOB_H

#include "runner/beside.h"
#include "runner/follow_backup.h"
#include "runner/task.h"

struct task_job {
	struct beside beside; /* first: what it calls back finds the task by it; id is the task's */
	int64_t target_id;
	struct follow_backup_of backup;
};

struct tasks {
	struct task_job jobs[TASK_AT_ONCE];
	int64_t since; /* wall: turns of schedules that never came count from here */
};

/* What follows from its row, except what its files are called. */
enum gh_code task_load(
    struct store *st, const struct store_task *row, struct task_job *ret, struct gh_err *err) GH_MUST_USE;
/* runner/task_spec.c: starts it; on failure it is free again. */
enum gh_code task_launch(struct task_job *t, const struct store_task *row, struct gh_err *err) GH_MUST_USE;
/* How long it may take by the configuration; what is said when that is over goes into its beside. */
int64_t task_limit(struct task_job *t, const struct store_task *row);

/* Called back: runner/task_rows.c, runner/task_end.c. */
enum gh_code task_frame(
    struct beside *b, const struct wire_event *e, struct gh_arena *a, struct gh_err *err) GH_MUST_USE;
enum gh_code task_settle(
    struct beside *b, enum wire_outcome outcome, const char *sentence, struct gh_err *err) GH_MUST_USE;
/* running -> done or failed, or queued -> failed, within a transaction: its row, its entry, its message. */
struct task_ending {
	bool done, broken; /* broken: done, and the backup was found to be so */
	bool queued;       /* it had not begun */
	const char *text;
	int64_t backup; /* that it was about, 0 none */
};
enum gh_code task_end(
    struct runner *r, int64_t id, const struct task_ending *e, struct gh_err *err) GH_MUST_USE;

#endif
