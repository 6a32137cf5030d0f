/*
 * rehearsal.add: the plan of a request is carried out on a copy of its target.
 *
 *   call   t key | t csrf | i request
 *   reply  i rehearsal
 *
 * Anybody may ask: it changes nothing on the target.  Of a plan downwards what it would destroy is counted
 * again as well.
 */
#include "base/ban.h"
#include "runner/counting.h"
#include "runner/request.h"
#include "store/plan.h"
#include "store/rehearsal_write.h"

static enum gh_code
cmd_rehearsal_add_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in), rehearsal = 0;
	struct store_rehearsal last;
	struct store_request q;
	struct store_plan plan;

	GH_TRY(wire_end(in, err));
	GH_TRY(store_request_get(c->store, c->arena, id, &q, err));
	c->target = q.target;
	if (strcmp(q.state, "waiting") != 0 && strcmp(q.state, "approved") != 0)
		return gh_fail(err, GH_CONFLICT, "request %" PRId64 " is %s: its plan will not run any more",
		    q.id, q.state);
	GH_TRY(store_plan_get(c->store, c->arena, q.plan_digest, &plan, err));
	if (plan.migrations == 0)
		return gh_fail(err, GH_CONFLICT, "the plan of request %" PRId64 " runs nothing", q.id);
	GH_TRY(store_rehearsal_find(c->store, c->arena, q.plan_digest, &last, err));
	if (strcmp(last.state, "queued") == 0 || strcmp(last.state, "running") == 0)
		return gh_fail(err, GH_CONFLICT, "rehearsal %" PRId64 " of this plan is %s: it will tell",
		    last.id, strcmp(last.state, "queued") == 0 ? "queued" : "under way");
	GH_TRY(store_rehearsal_add(c->store, q.plan_digest, c->actor.person, c->now, &rehearsal, err));
	if (strcmp(q.direction, "down") == 0)
		GH_TRY(counting_want(c->store, q.plan_digest, err));
	c->text = gh_printf(c->arena, "rehearsal %" PRId64 ", plan %s", rehearsal, q.plan_digest);
	wire_put_i64(c->reply, rehearsal);
	c->kick = true;
	return GH_OK;
}

const struct cmd cmd_rehearsal_add = {
	.op = WIRE_REHEARSAL_ADD,
	.needs = ROLE_ANY,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "request",
	.by = CMD_BY_ID,
	.run = cmd_rehearsal_add_run,
};
