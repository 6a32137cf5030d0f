#include "base/ban.h"
#include "cgi/act.h"
#include "wire/journal.h"

/* POST /requests: asks that a plan be run. */
enum { TARGET, DIRECTION, GOAL, STEPS, ONLY, REASON };

#define GOAL_MAX 400 /* keys of some tools hold a path */
#define UP_ONLY  3   /* of the operation: up, this one and no other */

static enum gh_code
act_request_add_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };
	bool up = strcmp(form->values[DIRECTION].text, "up") == 0;
	int64_t request, run;

	if (!up && strcmp(form->values[DIRECTION].text, "down") != 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "the direction is up or down, not %s", form->values[DIRECTION].text);
	act_call_start(&call, form);
	wire_put_text(&call.out, form->values[TARGET].text);
	wire_put_u8(&call.out,
	    !up                                    ? WIRE_SIDE_DOWN
		: *form->values[ONLY].text != '\0' ? UP_ONLY
						   : WIRE_SIDE_UP);
	wire_put_text(&call.out, form->values[GOAL].text);
	wire_put_i64(&call.out, form->values[STEPS].number);
	wire_put_text(&call.out, form->values[REASON].text);
	GH_TRY(act_call_send(&call, req, WIRE_REQUEST_ADD, err));
	request = wire_i64(&call.reply.fields);
	run = wire_i64(&call.reply.fields);
	GH_TRY(wire_end(&call.reply.fields, err));
	/* Where no approval is needed, it runs already. */
	done->to = run == 0 ? gh_printf(req->arena, "/requests/%" PRId64, request)
			    : gh_printf(req->arena, "/runs/%" PRId64, run);
	return GH_OK;
}

const struct act act_request_add = {
	.path = "/requests",
	.op = WIRE_REQUEST_ADD,
	.back = "/requests/new",
	.back_label = "Back to the form",
	.fields = {
		[TARGET] = { "target", "Target", ACT_LINE, true, 64 },
		[DIRECTION] = { "direction", "Direction", ACT_LINE, true, 8 },
		[GOAL] = { "goal", "Version", ACT_LINE, false, GOAL_MAX },
		[STEPS] = { "steps", "Number of migrations to take back", ACT_INT, false, 1000 },
		[ONLY] = { "only", "Only this one", ACT_LINE, false, 1 },
		[REASON] = { "reason", "Reason", ACT_TEXT, true, 2000 },
	},
	.run = act_request_add_run,
};
