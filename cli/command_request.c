#include "base/ban.h"
#include "cli/cli.h"

enum { UP = 1, DOWN = 2, ONLY = 3, MARK = 4, REPAIR = 5 };

static enum gh_code
request(struct cli *c, uint8_t direction, enum cli_exit *ret, struct gh_err *err)
{
	const char *target = NULL, *reason = c->reason;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	WIRE_REPLY reply = { 0 };
	int64_t id, run;

	if (c->n_args != 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "unexpected \"%s\": a version is given with --to", c->args[0]);
	if (reason == NULL)
		reason = direction == DOWN ? "gatehouse down" : "gatehouse up";
	GH_TRY(cli_target(c, &target, err));
	cli_put_head(c, &out);
	wire_put_text(&out, target);
	wire_put_u8(&out, direction);
	wire_put_text(&out, direction == ONLY ? c->only : c->to);
	wire_put_i64(&out, c->steps);
	wire_put_text(&out, reason);
	GH_TRY(cli_call(c, WIRE_REQUEST_ADD, &fields, &reply, err));
	id = wire_i64(&reply.fields);
	run = wire_i64(&reply.fields);
	GH_TRY(wire_end(&reply.fields, err));
	return cli_after_request(c, id, run, ret, err);
}

static enum gh_code
up(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	if (c->steps != 0)
		return gh_fail(err, GH_BAD_INPUT, "up takes --to VERSION, not --steps");
	if (c->to != NULL && c->only != NULL)
		return gh_fail(err, GH_BAD_INPUT, "up takes --to VERSION or --only VERSION, not both");
	return request(c, c->only == NULL ? UP : ONLY, ret, err);
}

static enum gh_code
down(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	if (c->only != NULL)
		return gh_fail(err, GH_BAD_INPUT, "--only is for up: a way back goes one by one");
	if (c->to != NULL && c->steps != 0)
		return gh_fail(err, GH_BAD_INPUT, "down takes --steps N or --to VERSION, not both");
	if (c->to == NULL && c->steps == 0)
		c->steps = 1;
	return request(c, DOWN, ret, err);
}

const struct cli_command cli_command_up = {
	.name = "up",
	.usage = "[--to VERSION | --only VERSION] [--reason TEXT] [--wait]",
	.help = "ask for pending migrations to be applied: all, up to VERSION, or one alone",
	.run = up,
};

const struct cli_command cli_command_down = {
	.name = "down",
	.usage = "[--steps N | --to VERSION] [--reason TEXT] [--wait]",
	.help = "ask for the newest N migrations (1), or all after VERSION, to be taken back",
	.run = down,
};

enum gh_code
cli_order(struct cli *c, uint8_t direction, const char *target, const char *goal, enum cli_exit *ret,
    struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	WIRE_REPLY reply = { 0 };
	int64_t id, run;

	if (c->reason == NULL)
		return gh_fail(err, GH_BAD_INPUT, "say why: --reason TEXT");
	cli_put_head(c, &out);
	wire_put_text(&out, target);
	wire_put_u8(&out, direction);
	wire_put_text(&out, goal);
	wire_put_i64(&out, 0);
	wire_put_text(&out, c->reason);
	GH_TRY(cli_call(c, WIRE_REQUEST_ADD, &fields, &reply, err));
	id = wire_i64(&reply.fields);
	run = wire_i64(&reply.fields);
	GH_TRY(wire_end(&reply.fields, err));
	return cli_after_request(c, id, run, ret, err);
}

static enum gh_code
mark(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	if (c->n_args != 2)
		return gh_fail(err, GH_BAD_INPUT, "mark takes a target and a version: mark TARGET VERSION");
	return cli_order(c, MARK, c->args[0], c->args[1], ret, err);
}

static enum gh_code
repair(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	if (c->n_args != 2)
		return gh_fail(
		    err, GH_BAD_INPUT, "repair takes a run and the number of its fact: repair RUN NUMBER");
	return cli_order(c, REPAIR, "", gh_printf(c->arena, "%s/%s", c->args[0], c->args[1]), ret, err);
}

const struct cli_command cli_command_mark = {
	.name = "mark",
	.usage = "TARGET VERSION --reason TEXT [--wait]",
	.help = "ask that a migration be recorded as applied: what it makes must be there",
	.run = mark,
};

const struct cli_command cli_command_repair = {
	.name = "repair",
	.usage = "RUN NUMBER --reason TEXT [--wait]",
	.help = "ask that the invalid index be dropped which fact NUMBER of a run names",
	.run = repair,
};
