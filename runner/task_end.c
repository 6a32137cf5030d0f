#include "base/ban.h"
#include "runner/task_job.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "runner/message.h"
#include "store/ledger_write.h"

static enum gh_code
entry_add(struct runner *r, const struct store_task *t, const struct task_ending *e, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_entry entry = { .at = gh_clock_now(),
		.actor = "runner",
		.way = "runner",
		.op = e->done ? "task.done" : "task.failed",
		.target = t->target,
		.outcome = e->done && !e->broken ? "ok" : "failed" };
	int64_t seq = 0;

	entry.subject = gh_printf(&a, "task/%" PRId64, t->id);
	entry.text = e->backup == 0
	    ? gh_printf(&a, "%s: %s", t->kind, e->text)
	    : gh_printf(&a, "%s, backup %" PRId64 ": %s", t->kind, e->backup, e->text);
	return store_ledger_add(r->store, &entry, &seq, err);
}

enum gh_code
task_end(struct runner *r, int64_t id, const struct task_ending *e, struct gh_err *err)
{
	struct store_task_move m = { .from = e->queued ? "queued" : "running",
		.to = e->done ? "done" : "failed",
		.text = e->text,
		.now = gh_clock_now() };
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_task t;
	bool quiet = false;

	GH_TRY(store_task_get(r->store, &a, id, &t, err));
	GH_TRY(store_task_move(r->store, id, &m, err));
	GH_TRY(task_outside_quiet(r->store, &t, e->done, &quiet, err));
	if (!quiet)
		GH_TRY(entry_add(r, &t, e, err));
	if ((!e->done || e->broken) && !quiet)
		GH_TRY(message_task(r, id, m.now, err));
	(void)gh_fault("runner.task.before-settle");
	gh_log_info("task.end", "task=%" PRId64 " kind=%s target=%s state=%s", id, t.kind, t.target, m.to);
	return GH_OK;
}

enum gh_code
task_settle(struct beside *b, enum wire_outcome outcome, const char *sentence, struct gh_err *err)
{
	struct task_job *t = (struct task_job *)b;
	const struct task_ending e = { .done = outcome == WIRE_SUCCEEDED,
		.broken = t->backup.broken,
		.text = sentence,
		.backup = t->backup.backup_id };

	return task_end(b->runner, b->id, &e, err);
}
