#include "base/ban.h"
#include "cgi/act.h"

/* POST /deliveries/{id}/retry: a message that could not be delivered is tried again. */
static enum gh_code
act_delivery_retry_run(
    struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	GH_TRY(act_call_send(&call, req, WIRE_DELIVERY_RETRY, err));
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = "/deliveries";
	return GH_OK;
}

const struct act act_delivery_retry = {
	.path = "/deliveries/{id}/retry",
	.op = WIRE_DELIVERY_RETRY,
	.back = "/deliveries",
	.back_label = "Back to the deliveries",
	.run = act_delivery_retry_run,
};
