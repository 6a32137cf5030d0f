#include "base/ban.h"
#include "cgi/act.h"

/* POST /requests/{id}/approve: yes to the plan whose digest was on the page. */
enum { DIGEST, COMMENT, PASSWORD };

static enum gh_code
act_request_approve_run(
    struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };
	int64_t run;

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	wire_put_text(&call.out, form->values[DIGEST].text);
	wire_put_text(&call.out, form->values[COMMENT].text);
	wire_put_secret(&call.out, form->values[PASSWORD].secret);
	GH_TRY(act_call_send(&call, req, WIRE_REQUEST_APPROVE, err));
	run = wire_i64(&call.reply.fields);
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = run == 0 ? gh_printf(req->arena, "/requests/%" PRId64, req->id)
			    : gh_printf(req->arena, "/runs/%" PRId64, run);
	return GH_OK;
}

const struct act act_request_approve = {
	.path = "/requests/{id}/approve",
	.op = WIRE_REQUEST_APPROVE,
	.back = "/requests/%d64",
	.back_label = "Back to the request",
	.fields = {
		[DIGEST] = { "digest", "Plan digest", ACT_LINE, true, 64 },
		[COMMENT] = { "comment", "Comment", ACT_TEXT, false, 2000 },
		[PASSWORD] = { "password", "Password", ACT_SECRET, true, 0 },
	},
	.run = act_request_approve_run,
};
