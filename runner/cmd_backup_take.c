/*
 * backup.take: a backup of a target, beside runs.
 *
 *   call   t key | t csrf | t target | t reason ("" none)
 *   reply  i task
 */
#include "base/ban.h"
#include "runner/cmd.h"
#include "runner/request.h"
#include "runner/task.h"

static enum gh_code
cmd_backup_take_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	const char *target = wire_text(in, c->arena);
	struct task_wish w = { .person = c->actor.person, .level = "", .now = c->now };
	int64_t id = 0;

	w.reason = wire_text(in, c->arena);
	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_text_check("reason", w.reason, 0, REQUEST_REASON_MAX, err));
	c->target = target;
	GH_TRY(task_take(c->runner, target, &w, &id, err));
	c->text = gh_printf(c->arena, "task %" PRId64 "%s%s", id, w.reason[0] == '\0' ? "" : ": ", w.reason);
	wire_put_i64(c->reply, id);
	c->kick = true;
	return GH_OK;
}

const struct cmd cmd_backup_take = {
	.op = WIRE_BACKUP_TAKE,
	.needs = ROLE_LEAD | ROLE_ADMIN,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "target",
	.by = CMD_BY_NAME,
	.run = cmd_backup_take_run,
};
