#include "base/ban.h"
#include "cgi/act.h"

#include "base/clock.h"

/* POST /runs/{id}/extend: its window ends later. */
enum { MINUTES, REASON };

static enum gh_code
act_run_extend_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	wire_put_text(&call.out, form->values[REASON].text);
	wire_put_i64(&call.out, req->now_us + form->values[MINUTES].number * 60 * GH_SECOND);
	GH_TRY(act_call_send(&call, req, WIRE_RUN_EXTEND, err));
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = gh_printf(req->arena, "/runs/%" PRId64, req->id);
	return GH_OK;
}

const struct act act_run_extend = {
	.path = "/runs/{id}/extend",
	.op = WIRE_RUN_EXTEND,
	.back = "/runs/%d64",
	.back_label = "Back to the run",
	.fields = {
		[MINUTES] = { "minutes", "Minutes from now", ACT_INT, true, 1440 },
		[REASON] = { "reason", "Reason", ACT_TEXT, true, 2000 },
	},
	.run = act_run_extend_run,
};
