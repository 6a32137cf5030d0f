#include "base/ban.h"
#include "cgi/act.h"

/* POST /incidents: a person records that something went wrong. */
enum { TITLE, SEVERITY, TARGET, TEXT };

static enum gh_code
act_incident_open_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };
	int64_t id;

	act_call_start(&call, form);
	wire_put_text(&call.out, form->values[TITLE].text);
	wire_put_text(&call.out, form->values[SEVERITY].text);
	wire_put_text(&call.out, form->values[TARGET].text);
	wire_put_text(&call.out, form->values[TEXT].text);
	GH_TRY(act_call_send(&call, req, WIRE_INCIDENT_OPEN, err));
	id = wire_i64(&call.reply.fields);
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = gh_printf(req->arena, "/incidents/%" PRId64, id);
	return GH_OK;
}

const struct act act_incident_open = {
	.path = "/incidents",
	.op = WIRE_INCIDENT_OPEN,
	.back = "/incidents",
	.back_label = "Back to the incidents",
	.fields = {
		[TITLE] = { "title", "Title", ACT_LINE, true, 200 },
		[SEVERITY] = { "severity", "Severity", ACT_LINE, true, 8 },
		[TARGET] = { "target", "Target", ACT_LINE, false, 64 },
		[TEXT] = { "text", "What happened", ACT_TEXT, true, 32768 },
	},
	.run = act_incident_open_run,
};
