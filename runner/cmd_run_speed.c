/*
 * run.speed: batches of a run that is under way become larger or smaller, and the pauses between them longer
 * or shorter, from the next batch on.
 *
 *   call   t key | t csrf | i run | t reason | i rows a batch (0 as the file says) | i pause in ms (0 as the
 * file says) reply  -
 */
#include "base/ban.h"
#include "runner/control.h"

#define SIZE_MAX_ROWS INT64_C(10000000)
#define PAUSE_MAX_MS  INT64_C(3600000)

static enum gh_code
cmd_run_speed_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in), size, pause_ms;
	const char *reason = wire_text(in, c->arena);
	struct control_call call;

	size = wire_i64(in);
	pause_ms = wire_i64(in);
	GH_TRY(wire_end(in, err));
	if (size < 0 || size > SIZE_MAX_ROWS)
		return gh_fail(err, GH_BAD_INPUT,
		    "a batch has from 1 to %" PRId64 " rows, or 0 as its file says", SIZE_MAX_ROWS);
	if (pause_ms < 0 || pause_ms > PAUSE_MAX_MS)
		return gh_fail(err, GH_BAD_INPUT, "the pause between batches is at most an hour");
	GH_TRY(control_call_read(c, id, reason, &call, err));
	if (call.detail.batch_size == size && call.detail.batch_pause_ms == pause_ms)
		return gh_fail(err, GH_CONFLICT, "run %" PRId64 " has that speed already", id);
	call.detail.batch_size = size;
	call.detail.batch_pause_ms = pause_ms;
	return control_call_put(c, &call,
	    gh_printf(c->arena, "changes the speed of batches to %" PRId64 " rows and %" PRId64 " ms", size,
		pause_ms),
	    err);
}

const struct cmd cmd_run_speed = {
	.op = WIRE_RUN_SPEED,
	.needs = ROLE_ANY, /* of a target that needs approval: a lead */
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "run",
	.by = CMD_BY_ID,
	.run = cmd_run_speed_run,
};
