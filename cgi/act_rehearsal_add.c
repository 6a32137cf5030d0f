#include "base/ban.h"
#include "cgi/act.h"

/* POST /requests/{id}/rehearse: its plan is carried out on a copy. */
static enum gh_code
act_rehearsal_add_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	GH_TRY(act_call_send(&call, req, WIRE_REHEARSAL_ADD, err));
	/* The rehearsal's number: the page of the request shows it. */
	(void)wire_i64(&call.reply.fields);
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = gh_printf(req->arena, "/requests/%" PRId64, req->id);
	return GH_OK;
}

const struct act act_rehearsal_add = {
	.path = "/requests/{id}/rehearse",
	.op = WIRE_REHEARSAL_ADD,
	.back = "/requests/%d64",
	.back_label = "Back to the request",
	.run = act_rehearsal_add_run,
};
