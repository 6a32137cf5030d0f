#include "base/ban.h"
#include "runner/task_job.h"
#include "runner/follow_kind.h"

/* A task's journal, as rows. */

static enum gh_code
start_put(struct task_job *t, struct wire_in *in, struct gh_err *err)
{
	return store_task_pid(t->beside.runner->store, t->beside.id, wire_i64(in), err);
}

/* The newest only: a page asks for it as often as it looks. */
static enum gh_code
progress_put(struct task_job *t, struct wire_in *in, struct gh_arena *a, struct gh_err *err)
{
	struct store_task row = { .id = t->beside.id };

	(void)wire_i64(in); /* places in a plan: there is none */
	(void)wire_i64(in);
	row.activity = wire_text(in, a);
	row.note = wire_text(in, a);
	row.done = wire_i64(in);
	row.total = wire_i64(in);
	row.unit = wire_text(in, a);
	row.since = wire_i64(in);
	if (wire_end(in, NULL) != GH_OK)
		return gh_fail(
		    err, GH_BAD_INPUT, "the journal is corrupt: a frame PROGRESS has wrong fields");
	return store_task_progress(t->beside.runner->store, &row, err);
}

static enum gh_code
backup_put(struct task_job *t, const struct wire_event *e, struct gh_arena *a, struct gh_err *err)
{
	struct store *st = t->beside.runner->store;
	const char *text = NULL;

	GH_TRY(follow_backup_put(st, &t->backup, e, a, &text, err));
	return e->kind == WIRE_J_BACKUP ? store_task_backup(st, t->beside.id, t->backup.backup_id, err)
					: GH_OK;
}

enum gh_code
task_frame(struct beside *b, const struct wire_event *e, struct gh_arena *a, struct gh_err *err)
{
	struct task_job *t = (struct task_job *)b;
	struct wire_in in = e->fields;

	if (follow_backup_is(e->kind))
		return backup_put(t, e, a, err);
	switch ((int)e->kind) {
	case WIRE_J_START:
		return start_put(t, &in, err);
	case WIRE_J_OUTSIDE:
		return follow_outside_put(b->runner->store, t->target_id, e, a, err);
	case WIRE_J_PROGRESS:
		return progress_put(t, &in, a, err);
	default:
		/* What a run says as well. */
		return GH_OK;
	}
}
