#include "base/ban.h"
#include "cgi/act.h"

/* POST /runs/{id}/speed: how large its batches are, and how long it rests between them. */
enum { SIZE, PAUSE, REASON };

/* Left empty: as it is now. */
static int64_t
number(const struct act_value *v)
{
	return v->text[0] == '\0' ? -1 : v->number;
}

static enum gh_code
act_run_speed_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	wire_put_text(&call.out, form->values[REASON].text);
	wire_put_i64(&call.out, number(&form->values[SIZE]));
	wire_put_i64(&call.out, number(&form->values[PAUSE]));
	GH_TRY(act_call_send(&call, req, WIRE_RUN_SPEED, err));
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = gh_printf(req->arena, "/runs/%" PRId64, req->id);
	return GH_OK;
}

const struct act act_run_speed = {
	.path = "/runs/{id}/speed",
	.op = WIRE_RUN_SPEED,
	.back = "/runs/%d64",
	.back_label = "Back to the run",
	.fields = {
		[SIZE] = { "size", "Rows in a batch", ACT_INT, false, 10000000 },
		[PAUSE] = { "pause", "Pause between batches", ACT_INT, false, 3600000 },
		[REASON] = { "reason", "Reason", ACT_TEXT, true, 2000 },
	},
	.run = act_run_speed_run,
};
