/*
 * request.refuse: a lead's no.  One is enough.
 *
 *   call   t key | t csrf | i id | t comment
 *   reply  -
 */
#include "base/ban.h"
#include "runner/request.h"
#include "store/request_write.h"

static enum gh_code
cmd_request_refuse_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in), approval = 0;
	const char *comment = wire_text(in, c->arena);
	struct store_approval_new row = {
		.person_id = c->actor.person, .now = c->now, .decision = "no", .comment = comment
	};
	struct store_request q;

	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_text_check("comment", comment, 0, REQUEST_COMMENT_MAX, err));
	GH_TRY(store_request_get(c->store, c->arena, id, &q, err));
	c->target = q.target;
	GH_TRY(request_waiting(c, &q, err));
	if (q.person_id == c->actor.person)
		return gh_fail(err, GH_FORBIDDEN, "nobody decides on a request of their own: withdraw it");
	GH_TRY(request_undecided(c, &q, err));
	row.request_id = id;
	row.plan_digest = q.plan_digest;
	row.expires_at = q.expires_at;
	GH_TRY(store_approval_add(c->store, &row, &approval, err));
	GH_TRY(store_request_move(c->store, id, "waiting", "refused", comment, c->now, err));
	c->text = comment;
	return GH_OK;
}

const struct cmd cmd_request_refuse = {
	.op = WIRE_REQUEST_REFUSE,
	.needs = ROLE_LEAD,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "request",
	.by = CMD_BY_ID,
	.run = cmd_request_refuse_run,
};
