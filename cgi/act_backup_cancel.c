#include "base/ban.h"
#include "cgi/act.h"

/* POST /tasks/{id}/cancel: ends a backup, a proof or a look at other systems that waits or is under way. */
enum { REASON };

static enum gh_code
act_backup_cancel_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	wire_put_text(&call.out, form->values[REASON].text);
	GH_TRY(act_call_send(&call, req, WIRE_BACKUP_CANCEL, err));
	/* Its state: the list of backups shows it. */
	(void)wire_text(&call.reply.fields, req->arena);
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = "/backups";
	return GH_OK;
}

const struct act act_backup_cancel = {
	.path = "/tasks/{id}/cancel",
	.op = WIRE_BACKUP_CANCEL,
	.back = "/backups",
	.back_label = "Back to the backups",
	.fields = { [REASON] = { "reason", "Reason", ACT_TEXT, true, 2000 } },
	.run = act_backup_cancel_run,
};
