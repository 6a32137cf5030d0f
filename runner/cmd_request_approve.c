/*
 * request.approve: a lead's yes to exactly the plan that they read.
 *
 *   call   t key | t csrf | i id | t plan digest seen | t comment | secret password ("" on admin.sock)
 *   reply  i run (0: more approvals are needed)
 *
 * Folder and target are read again first.  When the plan would not be the same any more, the request becomes
 * stale and stays so.
 */
#include "base/ban.h"
#include "runner/plan_build.h"
#include "base/fault.h"
#include "runner/rehearsal.h"
#include "runner/request.h"
#include "runner/stale.h"
#include "store/loss.h"
#include "store/plan.h"
#include "store/run_write.h"

/* All that needs no look at the database. */
static enum gh_code
may_approve(struct cmd_ctx *c, const struct store_request *q, const char *digest, struct gh_err *err)
{
	GH_TRY(request_waiting(c, q, err));
	if (q->person_id == c->actor.person)
		return gh_fail(
		    err, GH_FORBIDDEN, "nobody approves a request of their own: another lead has to");
	if (strcmp(q->plan_digest, digest) != 0)
		return gh_fail(err, GH_CONFLICT,
		    "the plan that you read is not the plan of request %" PRId64
		    ": load the page again and read it",
		    q->id);
	return request_undecided(c, q, err);
}

static enum gh_code
refuse_stale(struct cmd_ctx *c, const struct store_request *q, const char *why, struct gh_err *err)
{
	GH_TRY(stale_move(c->store, q, "stale", why, c->now, err));
	c->keep = true;
	return gh_fail(err, GH_CONFLICT, "request %" PRId64 " is stale: %s", q->id, why);
}

/* uncounted: why nobody knows what would be lost, "" it is known, or nothing is. */
static enum gh_code
approve(struct cmd_ctx *c, const struct store_request *q, const char *comment, const char *uncounted,
    struct gh_err *err)
{
	struct store_approval_new row = { .request_id = q->id,
		.person_id = c->actor.person,
		.now = c->now,
		.expires_at = q->expires_at,
		.plan_digest = q->plan_digest,
		.decision = "yes",
		.comment = comment };
	int64_t id = 0, run = 0;

	GH_TRY(store_approval_add(c->store, &row, &id, err));
	(void)gh_fault("runner.approval.added");
	if (q->given + 1 >= q->needed) {
		GH_TRY(store_request_move(c->store, q->id, "waiting", "approved", "", c->now, err));
		GH_TRY(store_run_add(c->store, q->id, c->now, &run, err));
		(void)gh_fault("runner.approval.queued");
		c->kick = true;
	}
	c->text = gh_printf(c->arena, "plan %s, approval %" PRId64 " of %" PRId64 "%s%s%s%s", q->plan_digest,
	    q->given + 1, q->needed,
	    uncounted[0] == '\0' ? "" : ", not counted what would be lost: ", uncounted,
	    comment[0] == '\0' ? "" : ": ", comment);
	wire_put_i64(c->reply, run);
	return GH_OK;
}

/* Nobody says yes to a loss that they could not read; what cannot be counted, the page says, and the entry.
 */
static enum gh_code
counted(struct cmd_ctx *c, const struct store_request *q, const char **ret_uncounted, struct gh_err *err)
{
	struct store_count count;

	GH_TRY(store_count_find(c->store, c->arena, q->plan_digest, &count, err));
	if (strcmp(count.state, "failed") == 0)
		*ret_uncounted = count.text;
	else if (count.state[0] == '\0')
		return gh_fail(err, GH_CONFLICT,
		    "what request %" PRId64 " would lose was not counted: withdraw it and ask again", q->id);
	else if (strcmp(count.state, "done") != 0)
		return gh_fail(err, GH_CONFLICT,
		    "what request %" PRId64 " would lose is being counted: read it first, then approve",
		    q->id);
	return GH_OK;
}

/* What has to be shown first: by the plan's policy, and by what the plan does. */
static enum gh_code
shown(struct cmd_ctx *c, const struct store_request *q, const char **ret_uncounted, struct gh_err *err)
{
	GH_ARENA a = { .limit = PLAN_LIMIT };
	GH_TEXT bytes = { .limit = PLAN_LIMIT };
	struct plan plan = { 0 };
	const char *why = NULL;
	bool pending;

	*ret_uncounted = "";
	/* It was rehearsed with the plan of the run that it takes back. */
	if (q->reverts != 0)
		return GH_OK;
	GH_TRY(store_plan_read(c->store, q->plan_digest, &bytes, err));
	GH_TRY(plan_read(gh_text_str(&bytes), bytes.len, &a, &plan, err));
	if (plan.act == PLAN_RESTORE)
		GH_TRY(counted(c, q, ret_uncounted, err));
	GH_TRY(rehearsal_demand(c->store, c->arena, &plan, q->plan_digest, &why, &pending, err));
	return why == NULL ? GH_OK : gh_fail(err, GH_CONFLICT, "%s", why);
}

/* Fewer approvals are enough only while the window of the run is open, whenever it was asked. */
static enum gh_code
within_window(struct cmd_ctx *c, const struct store_request *q, struct gh_err *err)
{
	struct store_run_detail run;

	if (q->reverts == 0)
		return GH_OK;
	GH_TRY(store_run_detail(c->store, c->arena, q->reverts, &run, err));
	if (run.revert_until > c->now)
		return GH_OK;
	return refuse_stale(c, q,
	    gh_printf(c->arena,
		"the revert window of run %" PRId64
		" has ended, so it needs all approvals of its target: request it again",
		q->reverts),
	    err);
}

static enum gh_code
cmd_request_approve_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in);
	const char *digest = wire_text(in, c->arena), *comment = wire_text(in, c->arena), *why = NULL,
		   *uncounted;
	GH_SECRET password = { 0 };
	struct store_request q;

	wire_secret(in, &password);
	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_text_check("comment", comment, 0, REQUEST_COMMENT_MAX, err));
	GH_TRY(store_request_get(c->store, c->arena, id, &q, err));
	c->target = q.target;
	GH_TRY(may_approve(c, &q, digest, err));
	GH_TRY(request_look(c, q.target, err));
	/* After the look: a frame that is deferred is dispatched again, and a password is slow to check. */
	GH_TRY(cmd_password_check(c, &password, err));
	GH_TRY(within_window(c, &q, err));
	GH_TRY(plan_recheck(c->store, c->arena, q.plan_digest, &why, err));
	if (why != NULL)
		return refuse_stale(c, &q, why, err);
	GH_TRY(shown(c, &q, &uncounted, err));
	return approve(c, &q, comment, uncounted, err);
}

const struct cmd cmd_request_approve = {
	.op = WIRE_REQUEST_APPROVE,
	.needs = ROLE_LEAD,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "request",
	.by = CMD_BY_ID,
	.run = cmd_request_approve_run,
};
