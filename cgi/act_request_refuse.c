#include "base/ban.h"
#include "cgi/act.h"

/* POST /requests/{id}/refuse: no to the plan. */
enum { COMMENT };

static enum gh_code
act_request_refuse_run(
    struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	wire_put_text(&call.out, form->values[COMMENT].text);
	GH_TRY(act_call_send(&call, req, WIRE_REQUEST_REFUSE, err));
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = gh_printf(req->arena, "/requests/%" PRId64, req->id);
	return GH_OK;
}

const struct act act_request_refuse = {
	.path = "/requests/{id}/refuse",
	.op = WIRE_REQUEST_REFUSE,
	.back = "/requests/%d64",
	.back_label = "Back to the request",
	.fields = {
		[COMMENT] = { "comment", "Comment", ACT_TEXT, false, 2000 },
	},
	.run = act_request_refuse_run,
};
