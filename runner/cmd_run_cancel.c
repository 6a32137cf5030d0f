/*
 * run.cancel: a run that is under way ends at once: its statement is cancelled, what is open is rolled back,
 * and what it had committed is taken back when the policy says so.
 *
 *   call   t key | t csrf | i run | t reason
 *   reply  -
 */
#include "base/ban.h"
#include "runner/control.h"

static enum gh_code
cmd_run_cancel_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in);
	const char *reason = wire_text(in, c->arena);
	struct control_call call;

	GH_TRY(wire_end(in, err));
	GH_TRY(control_call_read(c, id, reason, &call, err));
	call.detail.control = "cancelling";
	return control_call_put(c, &call, "cancels the run", err);
}

const struct cmd cmd_run_cancel = {
	.op = WIRE_RUN_CANCEL,
	.needs = ROLE_ANY, /* of a target that needs approval: a lead */
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "run",
	.by = CMD_BY_ID,
	.run = cmd_run_cancel_run,
};
