/*
 * read.request: one request.
 *
 *   call   i id
 *   reply  a table of one row
 */
#include "base/ban.h"
#include "migration/plan.h"
#include "runner/read.h"
#include "store/loss.h"
#include "store/outside.h"
#include "store/plan.h"
#include "store/rehearsal.h"
#include "store/request.h"

#define LOSSES_SHOWN 20

/* "rehearsal 4 done, all is well"; NULL: there is none. */
static enum gh_code
rehearsal(struct cmd_ctx *c, const struct store_request *q, const char **ret, struct gh_err *err)
{
	struct store_rehearsal h;

	GH_TRY(store_rehearsal_find(c->store, c->arena, q->plan_digest, &h, err));
	if (h.id != 0)
		*ret = gh_printf(c->arena, "rehearsal %" PRId64 " is %s%s", h.id, h.state,
		    strcmp(h.state, "done") != 0 ? ""
			: h.good                 ? ", all is well"
						 : ", with something that is not good");
	return GH_OK;
}

/* What a plan downwards would destroy, a sentence each; NULL: it was not counted. */
static enum gh_code
losses(struct cmd_ctx *c, const struct store_request *q, const char **ret, struct gh_err *err)
{
	struct store_losses list = { 0 };
	struct store_count count;
	size_t i;

	GH_TRY(store_count_find(c->store, c->arena, q->plan_digest, &count, err));
	if (count.state[0] == '\0')
		return GH_OK;
	GH_TRY(store_loss_list(c->store, c->arena, q->plan_digest, &list, err));
	if (count.counted_at == 0)
		*ret = strcmp(count.state, "failed") == 0 ? gh_printf(c->arena, "not counted: %s", count.text)
							  : "being counted";
	else
		*ret = list.n == 0 ? "nothing" : "";
	for (i = 0; i < list.n && i < LOSSES_SHOWN; i++)
		*ret = gh_printf(c->arena, "%s%s%s", *ret, i == 0 ? "" : "; ", list.rows[i].text);
	if (list.n > LOSSES_SHOWN)
		*ret = gh_printf(c->arena, "%s; and %zu more", *ret, list.n - LOSSES_SHOWN);
	return GH_OK;
}

/* Whether a backup of others counts now, where the plan takes one; NULL: it does not, or the request is over.
 */
static enum gh_code
outside(struct cmd_ctx *c, const struct store_request *q, const char **ret, struct gh_err *err)
{
	GH_ARENA a = { .limit = PLAN_LIMIT };
	GH_TEXT bytes = { .limit = PLAN_LIMIT };
	struct store_outside_counts counts;
	struct plan plan = { 0 };

	if (strcmp(q->state, "waiting") != 0 && strcmp(q->state, "approved") != 0)
		return GH_OK;
	GH_TRY(store_plan_read(c->store, q->plan_digest, &bytes, err));
	/* One of an older version is told of when it would run. */
	if (plan_read(gh_text_str(&bytes), bytes.len, &a, &plan, NULL) != GH_OK ||
	    !plan_needs_backup(&plan) || plan.policy.backup_outside_ms == 0)
		return GH_OK;
	GH_TRY(store_outside_counts(
	    c->store, c->arena, q->target_id, plan.policy.backup_outside_ms, c->now, &counts, err));
	*ret = counts.text;
	return GH_OK;
}

static enum gh_code
cmd_read_request_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	static const char *const columns[] = { "request", "target", "environment", "project", "direction",
		"goal", "reason", "person", "state", "state_text", "digest", "needed", "given", "migrations",
		"run", "run_state", "created_at", "expires_at", "rehearsal", "destroys", "reverts",
		"outside_backup" };
	int64_t id = wire_i64(in);
	const char *rehearsed = NULL, *destroys = NULL, *backup = NULL;
	struct store_request r;
	struct wire_table_out out;

	GH_TRY(wire_end(in, err));
	GH_TRY(store_request_get(c->store, c->arena, id, &r, err));
	GH_TRY(rehearsal(c, &r, &rehearsed, err));
	GH_TRY(losses(c, &r, &destroys, err));
	GH_TRY(outside(c, &r, &backup, err));
	READ_START(&out, c, columns);
	wire_table_int(&out, r.id);
	wire_table_text(&out, r.target);
	wire_table_text(&out, r.environment);
	wire_table_text(&out, r.project);
	wire_table_text(&out, r.direction);
	wire_table_text(&out, r.goal);
	wire_table_text(&out, read_text(c, r.reason));
	wire_table_text(&out, r.person);
	wire_table_text(&out, r.state);
	wire_table_text(&out, read_text(c, r.state_text));
	wire_table_text(&out, r.plan_digest);
	wire_table_int(&out, r.needed);
	wire_table_int(&out, r.given);
	wire_table_int(&out, r.migrations);
	read_id(&out, r.run);
	wire_table_text(&out, r.run == 0 ? NULL : r.run_state);
	wire_table_time(&out, r.created_at);
	wire_table_time(&out, r.expires_at);
	wire_table_text(&out, rehearsed);
	wire_table_text(&out, destroys == NULL ? NULL : read_text(c, destroys));
	read_id(&out, r.reverts);
	wire_table_text(&out, backup == NULL ? NULL : read_text(c, backup));
	wire_table_end(&out, "");
	return GH_OK;
}

const struct cmd cmd_read_request = {
	.op = WIRE_READ_REQUEST,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_request_run,
};
