/*
 * read.plan: what would run, without asking for it.
 *
 *   call   t target | u direction (1 up, 2 down, 3 up, only the goal) | t goal | i steps | u JSON
 *          | t document ("" makes it) | i offset
 *   reply  t document | i its bytes | b a part of it, from offset
 *
 * goal and steps as in request.add.  The first call makes the document, the others name it to get the rest.
 */
#include "base/ban.h"
#include "runner/plan_doc.h"
#include "runner/request.h"

static enum gh_code
make(struct cmd_ctx *c, const char *target, const struct plan_goal *goal, bool json, struct gh_err *err)
{
	PLAN_BUILT b = { 0 };

	GH_TRY(cmd_text_check("goal", goal->to, 0, REQUEST_GOAL_MAX, err));
	GH_TRY(request_look(c, target, err));
	GH_TRY(plan_build(c->store, target, goal, true, &b, err));
	return plan_doc_make(c->runner, &b, json, err);
}

static enum gh_code
cmd_read_plan_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	const char *target = wire_text(in, c->arena), *document;
	uint8_t direction = wire_u8(in);
	struct plan_goal goal = { .down = direction == 2, .only = direction == 3 };
	const struct plan_doc *d;
	int64_t offset;
	size_t len;
	bool json;

	goal.to = wire_text(in, c->arena);
	goal.steps = wire_i64(in);
	json = wire_bool(in);
	document = wire_text(in, c->arena);
	offset = wire_i64(in);
	GH_TRY(wire_end(in, err));
	if (direction < 1 || direction > 3)
		return gh_fail(err, GH_BAD_INPUT, "the direction must be 1 (up), 2 (down) or 3 (only one)");
	if (document[0] == '\0') {
		GH_TRY(make(c, target, &goal, json, err));
		document = c->runner->plan_doc->digest;
	}
	d = plan_doc_find(c->runner, document);
	if (d == NULL)
		return gh_fail(err, GH_CONFLICT, "this plan is no longer kept: ask for it again");
	if (offset < 0 || (size_t)offset > d->text.len)
		return gh_fail(err, GH_BAD_INPUT, "the plan has no byte %" PRId64, offset);
	len = d->text.len - (size_t)offset < PLAN_DOC_PART ? d->text.len - (size_t)offset : PLAN_DOC_PART;
	wire_put_text(c->reply, d->digest);
	wire_put_i64(c->reply, (int64_t)d->text.len);
	wire_put_bytes(c->reply, d->text.data + offset, len);
	return GH_OK;
}

const struct cmd cmd_read_plan = {
	.op = WIRE_READ_PLAN,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_plan_run,
};
