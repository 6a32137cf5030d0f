/*
 * request.withdraw: the requester (or an admin) takes a request back, as long as its run has not begun.
 *
 *   call   t key | t csrf | i id | t comment
 *   reply  -
 */
#include "base/ban.h"
#include "runner/request.h"
#include "runner/stale.h"

static enum gh_code
cmd_request_withdraw_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in);
	const char *comment = wire_text(in, c->arena);
	struct store_request q;

	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_text_check("comment", comment, 0, REQUEST_COMMENT_MAX, err));
	GH_TRY(store_request_get(c->store, c->arena, id, &q, err));
	c->target = q.target;
	if (q.person_id != c->actor.person && (c->actor.roles & ROLE_ADMIN) == 0)
		return gh_fail(err, GH_FORBIDDEN, "only who asked for it, or an admin, withdraws a request");
	/* An approved one waits in the queue; when its run begins the request is started and too late for
	 * this. */
	if (strcmp(q.state, "approved") != 0)
		GH_TRY(request_waiting(c, &q, err));
	GH_TRY(stale_move(c->store, &q, "withdrawn", comment, c->now, err));
	c->text = comment;
	return GH_OK;
}

const struct cmd cmd_request_withdraw = {
	.op = WIRE_REQUEST_WITHDRAW,
	.needs = ROLE_ANY,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "request",
	.by = CMD_BY_ID,
	.run = cmd_request_withdraw_run,
};
