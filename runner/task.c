#include "base/ban.h"
#include "runner/task_job.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "runner/queue.h"
#include "runner/shelf.h"
#include "runner/work_state.h"
#include "store/backup.h"
#include "store/project.h"

static enum gh_code
keep(struct beside *b, struct gh_err *err)
{
	GH_TRY(store_task_journal(b->runner->store, b->id, b->at.offset, b->at.sum, err));
	if (gh_fault("runner.task.before-commit"))
		return gh_fail(err, GH_UNAVAILABLE, "the disk is full (injected)");
	return GH_OK;
}

static void
freed(struct runner *r)
{
	(void)gh_fault("runner.task.ended");
	shelf_kick(r);
	/* A run may have waited for it; that looks for the next task as well. */
	queue_kick(r);
}

static const struct beside_kind kind = {
	.name = "task",
	.frame = task_frame,
	.keep = keep,
	.settle = task_settle,
	.freed = freed,
};

static struct task_job *
job_free(struct tasks *w)
{
	size_t i;

	for (i = 0; i < TASK_AT_ONCE; i++) {
		if (w->jobs[i].beside.id == 0)
			return &w->jobs[i];
	}
	return NULL;
}

/* A proof of it has failed already: whoever reads on must know. */
static enum gh_code
found_broken(struct store *st, const struct store_task *row, bool *ret, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_proofs list;
	size_t i;

	*ret = false;
	if (row->backup_id == 0)
		return GH_OK;
	GH_TRY(store_proof_list(st, &a, row->backup_id, &list, err));
	for (i = 0; i < list.n; i++)
		*ret = *ret || (list.rows[i].task_id == row->id && strcmp(list.rows[i].state, "failed") == 0);
	return GH_OK;
}

enum gh_code
task_load(struct store *st, const struct store_task *row, struct task_job *ret, struct gh_err *err)
{
	struct store_task_detail d;

	GH_TRY(store_task_detail(st, row->id, &d, err));
	ret->target_id = row->target_id;
	ret->backup = (struct follow_backup_of){ .target_id = row->target_id,
		.task_id = row->id,
		.person_id = d.person_id,
		.kind = d.person_id == 0 ? "schedule" : "hand",
		.backup_id = row->backup_id };
	GH_TRY(found_broken(st, row, &ret->backup.broken, err));
	ret->beside.said = d.pid;
	ret->beside.at.offset = d.journal_offset;
	memcpy(ret->beside.at.sum, d.journal_sum, sizeof(d.journal_sum));
	return GH_OK;
}

/* First the store says that it runs: a runner that dies in between finds a task without a journal. */
static enum gh_code
claim(struct runner *r, const struct store_task *row, struct gh_err *err)
{
	const struct store_task_move m = {
		.from = "queued", .to = "running", .text = "", .now = gh_clock_now()
	};

	(void)gh_fault("runner.task.before-claim");
	GH_TRY(store_task_move(r->store, row->id, &m, err));
	(void)gh_fault("runner.task.after-claim");
	return GH_OK;
}

/* Nothing was begun. */
static enum gh_code
refuse(struct runner *r, const struct store_task *row, const char *why, struct gh_err *err)
{
	const struct task_ending e = { .text = why, .backup = row->backup_id };
	STORE_TX tx = { 0 };

	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(task_end(r, row->id, &e, err));
	return store_commit(&tx, err);
}

static enum gh_code
begin(struct runner *r, struct task_job *t, const struct store_task *row, struct gh_err *err)
{
	struct gh_err why = { 0 };

	GH_TRY(claim(r, row, err));
	*t = (struct task_job){ 0 };
	beside_name(&t->beside, r, &kind, row->id);
	if (task_load(r->store, row, t, &why) == GH_OK && task_launch(t, row, &why) == GH_OK) {
		gh_log_info(
		    "task.start", "task=%" PRId64 " kind=%s target=%s", row->id, row->kind, row->target);
		return GH_OK;
	}
	gh_log_err("task.start", &why);
	*t = (struct task_job){ 0 };
	return refuse(r, row, why.msg, err);
}

/* One task of a target at a time, and no backup while a run is under way. */
static enum gh_code
may_start(struct runner *r, const struct store_tasks *open_list, const struct store_task *row, bool *ret,
    struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_target target;
	size_t i;

	*ret = false;
	for (i = 0; i < TASK_AT_ONCE; i++) {
		const struct task_job *t = &r->work->tasks->jobs[i];

		if (t->beside.id != 0 && t->target_id == row->target_id)
			return GH_OK;
	}
	for (i = 0; i < open_list->n; i++) {
		if (open_list->rows[i].target_id == row->target_id &&
		    strcmp(open_list->rows[i].state, "running") == 0)
			return GH_OK;
	}
	GH_TRY(store_target_get_id(r->store, &a, row->target_id, &target, err));
	*ret = strcmp(row->kind, "take") != 0 || target.active_run == 0;
	return GH_OK;
}

/* Told once; the store keeps it for the next runner. */
static void
cancel(struct runner *r, const struct store_task *row)
{
	GH_ARENA a = { 0 };
	size_t i;

	for (i = 0; i < TASK_AT_ONCE; i++) {
		struct beside *b = &r->work->tasks->jobs[i].beside;

		if (b->id != row->id || b->stop[0] != '\0')
			continue;
		(void)gh_fault("runner.task.before-cancel");
		beside_cancel(b, gh_printf(&a, TASK_CANCELLED, row->cancelled));
		(void)gh_fault("runner.task.after-cancel");
	}
}

static enum gh_code
kick(struct runner *r, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_tasks list;
	struct task_job *t;
	size_t i;

	GH_TRY(store_task_open_list(r->store, &a, &list, err));
	for (i = 0; i < list.n; i++) {
		if (list.rows[i].cancelled[0] != '\0')
			cancel(r, &list.rows[i]);
	}
	for (i = 0; i < list.n && (t = job_free(r->work->tasks)) != NULL; i++) {
		const struct store_task *row = &list.rows[i];
		struct gh_err why = { 0 };
		bool may = false;

		if (strcmp(row->state, "queued") != 0)
			continue;
		/* One that does not start must not keep the others waiting. */
		if (may_start(r, &list, row, &may, &why) != GH_OK || (may && begin(r, t, row, &why) != GH_OK))
			gh_log_err("task.begin", &why);
	}
	return GH_OK;
}

void
task_kick(struct runner *r)
{
	struct gh_err err = { 0 };

	if (r->work == NULL || r->work->tasks == NULL)
		return;
	if (kick(r, &err) != GH_OK)
		gh_log_err("task.kick", &err);
}

/* Another runner has started it. */
static enum gh_code
adopt(struct runner *r, const struct store_task *row, struct gh_err *err)
{
	struct task_job *t = job_free(r->work->tasks);
	int64_t left;

	/* No runner starts more than there is room for. */
	if (t == NULL)
		return gh_fail(err, GH_INTERNAL, "more than %d tasks are under way", TASK_AT_ONCE);
	beside_name(&t->beside, r, &kind, row->id);
	GH_TRY(task_load(r->store, row, t, err));
	left = task_limit(t, row) - (gh_clock_now() - row->started_at);
	beside_adopt(&t->beside, left < 0 ? 0 : left);
	gh_log_info("task.adopt", "task=%" PRId64 " kind=%s target=%s", row->id, row->kind, row->target);
	return GH_OK;
}

enum gh_code
task_start(struct runner *r, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct beside in_use[TASK_AT_ONCE];
	struct store_tasks list;
	size_t i;

	r->work->tasks = calloc(1, sizeof(*r->work->tasks));
	if (r->work->tasks == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	task_config(r, gh_clock_now());
	GH_TRY(store_task_open_list(r->store, &a, &list, err));
	for (i = 0; i < list.n; i++) {
		if (strcmp(list.rows[i].state, "running") == 0)
			GH_TRY(adopt(r, &list.rows[i], err));
	}
	for (i = 0; i < TASK_AT_ONCE; i++)
		in_use[i] = r->work->tasks->jobs[i].beside;
	beside_sweep(r, &kind, in_use, TASK_AT_ONCE);
	task_kick(r);
	return GH_OK;
}

void
task_config(struct runner *r, int64_t now)
{
	if (r->work != NULL && r->work->tasks != NULL)
		r->work->tasks->since = now;
}

void
task_stop(struct runner *r)
{
	size_t i;

	if (r->work->tasks == NULL)
		return;
	for (i = 0; i < TASK_AT_ONCE; i++)
		beside_stop(&r->work->tasks->jobs[i].beside);
	free(r->work->tasks);
	r->work->tasks = NULL;
}
