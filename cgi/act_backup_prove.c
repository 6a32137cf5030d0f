#include "base/ban.h"
#include "cgi/act.h"

/* POST /backups/{id}/prove: shows that it is whole, as far as the level says. */
enum { LEVEL, REASON };

static enum gh_code
act_backup_prove_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	wire_put_text(&call.out, form->values[LEVEL].text);
	wire_put_text(&call.out, form->values[REASON].text);
	GH_TRY(act_call_send(&call, req, WIRE_BACKUP_PROVE, err));
	/* The task's number: the page of the backup shows it. */
	(void)wire_i64(&call.reply.fields);
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = gh_printf(req->arena, "/backups/%" PRId64, req->id);
	return GH_OK;
}

const struct act act_backup_prove = {
	.path = "/backups/{id}/prove",
	.op = WIRE_BACKUP_PROVE,
	.back = "/backups/%d64",
	.back_label = "Back to the backup",
	.fields = {
		[LEVEL] = { "level", "Level", ACT_LINE, true, 16 },
		[REASON] = { "reason", "Reason", ACT_TEXT, false, 2000 },
	},
	.run = act_backup_prove_run,
};
