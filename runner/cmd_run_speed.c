/*
 * run.speed: batches of a run that is under way become larger or smaller, and the pauses between them longer
 * or shorter, from the next batch on.
 *
 *   call   t key | t csrf | i run | t reason | i rows a batch | i pause in ms
 *   reply  -
 *
 * Of both numbers 0 is as the file says, -1 as it is now.
 */
#include "base/ban.h"
#include "runner/control.h"
#include "migration/batch.h"
#include "migration/plan.h"
#include "store/plan.h"

#define SIZE_MAX_ROWS INT64_C(10000000)
#define PAUSE_MAX_MS  INT64_C(3600000)

static enum gh_code
check_batched(struct cmd_ctx *c, const struct store_run *run, struct gh_err *err)
{
	GH_ARENA a = { .limit = PLAN_LIMIT };
	GH_TEXT bytes = { .limit = PLAN_LIMIT };
	struct plan plan = { 0 };
	size_t i;

	GH_TRY(store_plan_read(c->store, run->plan_digest, &bytes, err));
	/* A run that an older version began: its job takes no notice where there are no batches. */
	if (plan_is_older(gh_text_str(&bytes), bytes.len))
		return GH_OK;
	GH_TRY(plan_read(gh_text_str(&bytes), bytes.len, &a, &plan, err));
	for (i = 0; i < plan.n_migrations; i++) {
		const struct plan_sql *sql = &plan.migrations[i].run;

		if (!sql->row_inside && sql->sql_len > 0 && batch_is(sql->sql, sql->sql_len))
			return GH_OK;
	}
	return gh_fail(err, GH_CONFLICT,
	    "run %" PRId64 " has no migration that runs in batches, so it has no speed to change", run->id);
}

static enum gh_code
cmd_run_speed_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in), size, pause_ms;
	const char *reason = wire_text(in, c->arena);
	struct control_call call;

	size = wire_i64(in);
	pause_ms = wire_i64(in);
	GH_TRY(wire_end(in, err));
	if (size < -1 || size > SIZE_MAX_ROWS)
		return gh_fail(err, GH_BAD_INPUT,
		    "a batch has from 1 to %" PRId64 " rows, or 0 as its file says", SIZE_MAX_ROWS);
	if (pause_ms < -1 || pause_ms > PAUSE_MAX_MS)
		return gh_fail(err, GH_BAD_INPUT, "the pause between batches is at most an hour");
	if (size < 0 && pause_ms < 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "say how many rows a batch has, how long the pause is, or both");
	GH_TRY(control_call_read(c, id, reason, &call, err));
	GH_TRY(check_batched(c, &call.run, err));
	size = size < 0 ? call.detail.batch_size : size;
	pause_ms = pause_ms < 0 ? call.detail.batch_pause_ms : pause_ms;
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
