/*
 * run.extend: the window of a run that is under way ends later.
 *
 *   call   t key | t csrf | i run | t reason | i until (wall clock, microseconds)
 *   reply  -
 */
#include "base/ban.h"
#include "runner/control.h"

#define EXTEND_MAX_US (24 * GH_HOUR) /* from now */

static enum gh_code
cmd_run_extend_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in), until;
	const char *reason = wire_text(in, c->arena);
	struct control_call call;
	char when[GH_CLOCK_LEN];

	until = wire_i64(in);
	GH_TRY(wire_end(in, err));
	GH_TRY(control_call_read(c, id, reason, &call, err));
	if (call.detail.window_end == 0)
		return gh_fail(err, GH_CONFLICT, "run %" PRId64 " has no window that ends", id);
	if (until <= c->now || until > c->now + EXTEND_MAX_US)
		return gh_fail(
		    err, GH_BAD_INPUT, "a window is extended to a moment within the next 24 hours");
	if (until <= call.detail.window_end)
		return gh_fail(err, GH_CONFLICT, "the window of run %" PRId64 " is open until %s anyway", id,
		    gh_clock_utc(call.detail.window_end, when));
	call.detail.window_end = until;
	return control_call_put(
	    c, &call, gh_printf(c->arena, "extends the window until %s", gh_clock_utc(until, when)), err);
}

const struct cmd cmd_run_extend = {
	.op = WIRE_RUN_EXTEND,
	.needs = ROLE_ANY, /* of a target that needs approval: a lead */
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "run",
	.by = CMD_BY_ID,
	.run = cmd_run_extend_run,
};
