#include "base/ban.h"
#include "cgi/act.h"
#include "cgi/show.h"

/* POST /backups: a backup of a target, now. */
enum { TARGET, REASON };

static enum gh_code
act_backup_take_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };

	act_call_start(&call, form);
	wire_put_text(&call.out, form->values[TARGET].text);
	wire_put_text(&call.out, form->values[REASON].text);
	GH_TRY(act_call_send(&call, req, WIRE_BACKUP_TAKE, err));
	/* The task's number: the page of the target shows it. */
	(void)wire_i64(&call.reply.fields);
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = show_url(req, "/targets/%s", form->values[TARGET].text);
	return GH_OK;
}

const struct act act_backup_take = {
	.path = "/backups",
	.op = WIRE_BACKUP_TAKE,
	.back = "/backups",
	.back_label = "Back to the backups",
	.fields = {
		[TARGET] = { "target", "Target", ACT_LINE, true, 64 },
		[REASON] = { "reason", "Reason", ACT_TEXT, true, 2000 },
	},
	.run = act_backup_take_run,
};
