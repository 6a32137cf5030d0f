/*
 * run.resume: a run that is paused goes on.
 *
 *   call   t key | t csrf | i run | t reason
 *   reply  -
 */
#include "base/ban.h"
#include "runner/control.h"

static enum gh_code
cmd_run_resume_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in);
	const char *reason = wire_text(in, c->arena);
	struct control_call call;

	GH_TRY(wire_end(in, err));
	GH_TRY(control_call_read(c, id, reason, &call, err));
	if (strcmp(call.detail.control, "paused") != 0 && strcmp(call.detail.control, "pausing") != 0)
		return gh_fail(err, GH_CONFLICT, "run %" PRId64 " is not paused", id);
	call.detail.control = "resuming";
	return control_call_put(c, &call, "lets the run go on", err);
}

const struct cmd cmd_run_resume = {
	.op = WIRE_RUN_RESUME,
	.needs = ROLE_ANY, /* of a target that needs approval: a lead */
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "run",
	.by = CMD_BY_ID,
	.run = cmd_run_resume_run,
};
