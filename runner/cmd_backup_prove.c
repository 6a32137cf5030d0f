/*
 * backup.prove: a backup is proved up to a level, beside runs.
 *
 *   call   t key | t csrf | i backup | t level (checksummed, listed, restored, counted; "" counted) | t
 * reason
 *          ("" none)
 *   reply  i task
 */
#include "base/ban.h"
#include "runner/cmd.h"
#include "runner/request.h"
#include "runner/task.h"
#include "store/backup.h"
#include "wire/journal.h"

static enum gh_code
level_check(const char *level, struct gh_err *err)
{
	int v;

	for (v = WIRE_CHECKSUMMED; v <= WIRE_COUNTED; v++) {
		if (level[0] == '\0' || strcmp(level, wire_level_name((enum wire_level)v)) == 0)
			return GH_OK;
	}
	return gh_fail(err, GH_BAD_INPUT, "the level must be checksummed, listed, restored or counted");
}

static enum gh_code
cmd_backup_prove_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t backup = wire_i64(in), id = 0;
	struct task_wish w = { .person = c->actor.person, .now = c->now };
	struct store_backup b;

	w.level = wire_text(in, c->arena);
	w.reason = wire_text(in, c->arena);
	GH_TRY(wire_end(in, err));
	GH_TRY(level_check(w.level, err));
	GH_TRY(cmd_text_check("reason", w.reason, 0, REQUEST_REASON_MAX, err));
	GH_TRY(store_backup_get(c->store, c->arena, backup, &b, err));
	c->target = b.target;
	GH_TRY(task_prove(c->runner, backup, &w, &id, err));
	c->text = gh_printf(c->arena, "task %" PRId64 ", %s%s%s", id,
	    w.level[0] == '\0' ? "counted" : w.level, w.reason[0] == '\0' ? "" : ": ", w.reason);
	wire_put_i64(c->reply, id);
	c->kick = true;
	return GH_OK;
}

const struct cmd cmd_backup_prove = {
	.op = WIRE_BACKUP_PROVE,
	.needs = ROLE_LEAD | ROLE_ADMIN,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "backup",
	.by = CMD_BY_ID,
	.run = cmd_backup_prove_run,
};
