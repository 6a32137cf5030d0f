#include "base/ban.h"
#include "cgi/act.h"

/* POST /runs/{id}/cancel: ends it at once, in a known state. */
enum { REASON };

static enum gh_code
act_run_cancel_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	wire_put_text(&call.out, form->values[REASON].text);
	GH_TRY(act_call_send(&call, req, WIRE_RUN_CANCEL, err));
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = gh_printf(req->arena, "/runs/%" PRId64, req->id);
	return GH_OK;
}

const struct act act_run_cancel = {
	.path = "/runs/{id}/cancel",
	.op = WIRE_RUN_CANCEL,
	.back = "/runs/%d64",
	.back_label = "Back to the run",
	.fields = {
		[REASON] = { "reason", "Reason", ACT_TEXT, true, 2000 },
	},
	.run = act_run_cancel_run,
};
