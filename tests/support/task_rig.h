/*
 * A runner whose tasks are jobs of the test's own program (tests/support/fake_job.h).  What a job does is the
 * reason of its task: "dies", "fails", "broken", "corrupt", anything else goes well; each waits until
 * task_rig_go.
 */
#ifndef GH_TESTS_TASK_RIG_H
#define GH_TESTS_TASK_RIG_H

#include "runner/task.h"
#include "tests/support/fixture_plan.h"

/* Of all tasks, by number. */
#define TASK_RIG_STATES "SELECT group_concat(state) FROM (SELECT state FROM task ORDER BY id)"

/* As the job: main's argv[1] is its kind. */
int task_rig_job(const char *kind);

void task_rig_begin(struct fixture_runner *f);
/* Fails when a journal or a folder is left. */
void task_rig_end(struct fixture_runner *f);
/* After work_stop: the next runner. */
void task_rig_work(struct fixture_runner *f);
/* By "lead", by the clock. */
int64_t task_rig_take(struct fixture_runner *f, const char *target, const char *does);
int64_t task_rig_prove(struct fixture_runner *f, int64_t id, const char *does);
void task_rig_go(void);
const char *task_rig_text(struct fixture_runner *f, int64_t task);

#endif
