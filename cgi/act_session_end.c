#include "base/ban.h"
#include "cgi/act.h"

/* POST /account/sessions/{id}/end: ends another session of the same person. */
static enum gh_code
act_session_end_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	GH_TRY(act_call_send(&call, req, WIRE_SESSION_CLOSE, err));
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = "/account";
	return GH_OK;
}

const struct act act_session_end = {
	.path = "/account/sessions/{id}/end",
	.op = WIRE_SESSION_CLOSE,
	.back = "/account",
	.back_label = "Back to the account",
	.run = act_session_end_run,
};
