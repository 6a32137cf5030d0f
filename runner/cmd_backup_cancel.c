/*
 * backup.cancel: a task (runner/task.h) that waits or is under way ends: one that had not begun at once, the
 * job of one that runs as when its time is over.  Who is late changes nothing.
 *
 *   call   t key | t csrf | i task | t reason
 *   reply  t state ("failed": it had not begun; "running": its job is being ended)
 */
#include "base/ban.h"
#include "runner/cmd.h"
#include "runner/control.h"
#include "runner/task_job.h"

static enum gh_code
queued(struct cmd_ctx *c, const struct store_task *t, const char *who, struct gh_err *err)
{
	const struct task_ending e = {
		.queued = true, .text = gh_printf(c->arena, TASK_CANCELLED, who), .backup = t->backup_id
	};

	wire_put_text(c->reply, "failed");
	return task_end(c->runner, t->id, &e, err);
}

/* The first reason stays: it may be what its job was told. */
static enum gh_code
running(struct cmd_ctx *c, const struct store_task *t, const char *who, struct gh_err *err)
{
	wire_put_text(c->reply, "running");
	if (t->cancelled[0] == '\0')
		return store_task_cancel(c->store, t->id, who, err);
	c->text = gh_printf(c->arena, "%s (it is being cancelled already, by %s)", c->text, t->cancelled);
	return GH_OK;
}

static enum gh_code
cmd_backup_cancel_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in);
	const char *reason = wire_text(in, c->arena), *who;
	struct store_task t;

	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_text_check("reason", reason, 1, CONTROL_REASON_MAX, err));
	if (reason[strspn(reason, " \t\r\n")] == '\0')
		return gh_fail(err, GH_BAD_INPUT, "reason is missing: say why");
	GH_TRY(store_task_get(c->store, c->arena, id, &t, err));
	c->target = t.target;
	c->text = gh_printf(c->arena, "%s: %s", t.kind, reason);
	c->kick = true;
	who = gh_printf(c->arena, "%s: %s", c->actor.name, reason);
	if (strcmp(t.state, "queued") == 0)
		return queued(c, &t, who, err);
	if (strcmp(t.state, "running") == 0)
		return running(c, &t, who, err);
	return gh_fail(err, GH_CONFLICT, "task %" PRId64 " %s already: there is nothing to cancel", id,
	    strcmp(t.state, "done") == 0 ? "is done" : "has failed");
}

const struct cmd cmd_backup_cancel = {
	.op = WIRE_BACKUP_CANCEL,
	.needs = ROLE_LEAD | ROLE_ADMIN,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "task",
	.by = CMD_BY_ID,
	.run = cmd_backup_cancel_run,
};
