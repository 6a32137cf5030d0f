#include "base/ban.h"
#include "cgi/act.h"

/* POST /incidents/{id}/close: with a last note. */
enum { TEXT };

static enum gh_code
act_incident_close_run(
    struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	wire_put_text(&call.out, form->values[TEXT].text);
	GH_TRY(act_call_send(&call, req, WIRE_INCIDENT_CLOSE, err));
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = gh_printf(req->arena, "/incidents/%" PRId64, req->id);
	return GH_OK;
}

const struct act act_incident_close = {
	.path = "/incidents/{id}/close",
	.op = WIRE_INCIDENT_CLOSE,
	.back = "/incidents/%d64",
	.back_label = "Back to the incident",
	.fields = {
		[TEXT] = { "text", "Closing note", ACT_TEXT, false, 32768 },
	},
	.run = act_incident_close_run,
};
