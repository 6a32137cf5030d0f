/*
 * request.add: somebody asks that a plan be run.
 *
 *   call   t key | t csrf | t target | u direction (1 up, 2 down, 3 up, only the goal, 4 mark the goal as
 *          applied, 5 drop an invalid index, 6 restore a backup, 7 restore it beside the target) | t goal | i
 * steps | t reason reply  i request | i run (0: it waits for approval)
 *
 * goal: up, the last version to apply, "" all that is pending; down, the version to go back to (it stays), ""
 * with steps; 4, the key; 5, "RUN/POSITION" of the fact that names the index (then the
 * target may be "": the run's); 6, "BACKUP" or "BACKUP uncounted" (also when what it would lose cannot be
 * counted, which otherwise ends it where nobody approves); 7, "BACKUP" or "BACKUP NAME", of the database that
 * is made (BACKUP is its number or its file, the target may be "": the backup's); both need a lead or an
 * admin where the target asks for no approval.
 *
 * The request and the run of 6 and 7 go down, as their plan does (migration/plan.h, runner/plan_restore.h);
 * what 6 would lose since the backup is counted at once, table by table, as of any other plan downwards
 * (store/loss.h).
 */
#include "base/ban.h"
#include "base/io.h"
#include "runner/message.h"
#include "runner/counting.h"
#include "runner/plan_repair.h"
#include "runner/plan_restore.h"
#include "runner/rehearsal.h"
#include "runner/request.h"
#include "runner/revert.h"
#include "store/run_write.h"

static enum gh_code
add(struct cmd_ctx *c, struct plan_built *b, const char *reason, struct gh_err *err)
{
	bool free_pass = b->target.approvals == 0;
	struct store_request_new row = { .target_id = b->target.id,
		.person_id = c->actor.person,
		.now = c->now,
		.expires_at = c->now + REQUEST_LIFE_US,
		.plan_digest = b->digest,
		.direction = b->rows.direction,
		.goal = b->goal,
		.reason = reason,
		.state = free_pass ? "approved" : "waiting" };
	int64_t id = 0, run = 0;

	b->rows.now = c->now;
	GH_TRY(store_plan_add(c->store, &b->rows, err));
	GH_TRY(revert_find(c->store, &b->plan, b->target.last_run, c->now, &row.reverts, err));
	row.needed = free_pass ? 0 : 1;
	GH_TRY(store_request_add(c->store, &row, &id, err));
	/* Its way back was rehearsed with the run's plan. */
	if (row.reverts == 0)
		GH_TRY(rehearsal_want(c->store, &b->plan, b->digest, c->now, err));
	/* A database beside the target takes nothing away. */
	if (b->plan.down && b->plan.act != PLAN_SIDE)
		GH_TRY(counting_want(c->store, b->digest, err));
	c->kick = true;
	if (free_pass) {
		GH_TRY(store_run_add(c->store, id, c->now, &run, err));
	} else {
		GH_TRY(message_request(c->runner, id, c->now, err));
	}
	c->subject = gh_printf(c->arena, "request/%" PRId64, id);
	c->text = gh_printf(c->arena, "%s %s, plan %s%s: %s", row.direction, row.goal, row.plan_digest,
	    row.reverts == 0 ? ""
			     : gh_printf(c->arena, ", within the revert window of run %" PRId64, row.reverts),
	    reason);
	wire_put_i64(c->reply, id);
	wire_put_i64(c->reply, run);
	return GH_OK;
}

/* Two plans made on the same state cannot both fit. */
static enum gh_code
refuse_queued(struct cmd_ctx *c, const char *target, struct gh_err *err)
{
	struct store_target t;

	GH_TRY(store_target_get(c->store, c->arena, target, &t, err));
	if (t.last_run != 0 && strcmp(t.last_run_state, "queued") == 0)
		return gh_fail(err, GH_CONFLICT,
		    "run %" PRId64 " waits to be started on %s: come back when it has ended", t.last_run,
		    t.name);
	return GH_OK;
}

/* Repairing what a run has left is on its target. */
static enum gh_code
target_of(struct cmd_ctx *c, const char *goal, const char **target, struct gh_err *err)
{
	struct store_run run;
	int64_t id;

	if (!gh_parse_i64(gh_strndup(c->arena, goal, strcspn(goal, "/")), 1, INT64_MAX, &id))
		return gh_fail(err, GH_BAD_INPUT, "say which fact of which run: RUN/NUMBER");
	GH_TRY(store_run_get(c->store, c->arena, id, &run, err));
	*target = run.target;
	return GH_OK;
}

/* Which backup, whose, and how long the database stays that is left over. */
static enum gh_code
restore_find(struct cmd_ctx *c, struct plan_goal *goal, const char **target, struct gh_err *err)
{
	const struct config_target *conf;
	const char *whose;

	GH_TRY(plan_restore_find(c->store, c->arena, goal->to, goal, &whose, err));
	if ((*target)[0] == '\0')
		*target = whose;
	conf = config_target_find(c->runner->config, *target);
	if (conf == NULL)
		return gh_fail(err, GH_CONFLICT, "target %s is no longer in the configuration", *target);
	goal->keep_ms = conf->backup.restore_keep_ms;
	return GH_OK;
}

/* Better known now than when the backup of what is there was taken. */
static enum gh_code
can_be_opened(struct cmd_ctx *c, const struct plan *p, struct gh_err *err)
{
	const struct config_target *conf = config_target_find(c->runner->config, p->target);

	if (!plan_restores(p) || p->restore.encrypted_to[0] == '\0' || conf == NULL ||
	    conf->backup.key_file != NULL)
		return GH_OK;
	return gh_fail(err, GH_CONFLICT,
	    "backup %" PRId64
	    " is encrypted, and its key is not here (backup_key_file of %s): put it there for as "
	    "long as this takes, or open the backup where the key is, with gatehouse backup open",
	    p->restore.backup, p->target);
}

/* Where nobody approves, whoever asks decides alone that a database is replaced, or made. */
static enum gh_code
may_restore(struct cmd_ctx *c, const struct plan_built *b, struct gh_err *err)
{
	if (!plan_restores(&b->plan) || b->target.approvals > 0)
		return GH_OK;
	return cmd_role_check(
	    c, ROLE_LEAD | ROLE_ADMIN, "restoring a backup where nobody has to approve it", err);
}

static enum gh_code
cmd_request_add_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	const char *target = wire_text(in, c->arena), *reason;
	uint8_t direction = wire_u8(in);
	static const enum plan_act acts[] = { PLAN_RUN, PLAN_RUN, PLAN_RUN, PLAN_RUN, PLAN_MARK, PLAN_REPAIR,
		PLAN_RESTORE, PLAN_SIDE };
	struct plan_goal goal = { .down = direction == 2 || direction >= 6,
		.only = direction == 3 || direction == 4,
		.act = direction < sizeof(acts) / sizeof(acts[0]) ? acts[direction] : PLAN_RUN };
	PLAN_BUILT b = { 0 };

	goal.to = wire_text(in, c->arena);
	goal.steps = wire_i64(in);
	reason = wire_text(in, c->arena);
	GH_TRY(wire_end(in, err));
	if (direction < 1 || direction > 7)
		return gh_fail(err, GH_BAD_INPUT,
		    "the direction must be 1 (up), 2 (down), 3 (only one), 4 (mark), 5 (repair), 6 (restore) "
		    "or 7 (restore beside)");
	GH_TRY(cmd_text_check("goal", goal.to, 0, REQUEST_GOAL_MAX, err));
	GH_TRY(cmd_text_check("reason", reason, 1, REQUEST_REASON_MAX, err));
	if (reason[strspn(reason, " \t\r\n")] == '\0')
		return gh_fail(err, GH_BAD_INPUT, "reason is missing: say why this should run");
	if (goal.act == PLAN_REPAIR && target[0] == '\0')
		GH_TRY(target_of(c, goal.to, &target, err));
	if (goal.act == PLAN_RESTORE || goal.act == PLAN_SIDE)
		GH_TRY(restore_find(c, &goal, &target, err));
	c->target = target;
	GH_TRY(request_look(c, target, err));
	GH_TRY(refuse_queued(c, target, err));
	if (goal.act == PLAN_REPAIR)
		GH_TRY(plan_repair_find(c->store, c->arena, target, goal.to, &goal.to, err));
	GH_TRY(plan_build(c->store, target, &goal, false, &b, err));
	GH_TRY(may_restore(c, &b, err));
	GH_TRY(can_be_opened(c, &b.plan, err));
	return add(c, &b, reason, err);
}

const struct cmd cmd_request_add = {
	.op = WIRE_REQUEST_ADD,
	.needs = ROLE_ANY,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "target",
	.by = CMD_BY_NAME,
	.run = cmd_request_add_run,
};
