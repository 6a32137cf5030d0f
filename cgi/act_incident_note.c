#include "base/ban.h"
#include "cgi/act.h"

/* POST /incidents/{id}/notes: one more note; a correction is another one. */
enum { TEXT };

static enum gh_code
act_incident_note_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };
	int64_t note;

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	wire_put_text(&call.out, form->values[TEXT].text);
	GH_TRY(act_call_send(&call, req, WIRE_INCIDENT_NOTE, err));
	note = wire_i64(&call.reply.fields);
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = gh_printf(req->arena, "/incidents/%" PRId64 "#note-%" PRId64, req->id, note);
	return GH_OK;
}

const struct act act_incident_note = {
	.path = "/incidents/{id}/notes",
	.op = WIRE_INCIDENT_NOTE,
	.back = "/incidents/%d64",
	.back_label = "Back to the incident",
	.fields = {
		[TEXT] = { "text", "Note", ACT_TEXT, true, 32768 },
	},
	.run = act_incident_note_run,
};
