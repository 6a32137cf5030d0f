#include "base/ban.h"
#include "cli/cli.h"

enum { UP = 1, DOWN = 2, ONLY = 3 };

/* What is asked for, out of the options. */
struct goal {
	uint8_t direction;
	const char *to;
	int64_t steps;
};

static enum gh_code
goal_read(const struct cli *c, struct goal *ret, struct gh_err *err)
{
	int given = (c->to != NULL) + (c->only != NULL) + (c->down != 0) + (c->down_to != NULL);

	if (c->n_args != 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "unexpected \"%s\": a version is given with --to", c->args[0]);
	if (c->steps != 0)
		return gh_fail(err, GH_BAD_INPUT, "plan takes --down N, not --steps");
	if (given > 1)
		return gh_fail(
		    err, GH_BAD_INPUT, "plan takes one of --to, --only, --down and --down-to, not %d", given);
	*ret = (struct goal){ .direction = UP, .to = c->to };
	if (c->only != NULL)
		*ret = (struct goal){ .direction = ONLY, .to = c->only };
	else if (c->down != 0 || c->down_to != NULL)
		*ret = (struct goal){ .direction = DOWN, .to = c->down_to, .steps = c->down };
	return GH_OK;
}

/* One part of the document, from the byte that is wanted next. */
static enum gh_code
part(struct cli *c, const char *target, const struct goal *g, const char **document, struct gh_text *text,
    int64_t *ret_total, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	WIRE_REPLY reply = { 0 };
	const void *bytes;
	size_t len = 0;

	wire_put_text(&out, target);
	wire_put_u8(&out, g->direction);
	wire_put_text(&out, g->to);
	wire_put_i64(&out, g->steps);
	wire_put_bool(&out, c->json);
	wire_put_text(&out, *document);
	wire_put_i64(&out, (int64_t)text->len);
	GH_TRY(cli_call(c, WIRE_READ_PLAN, &fields, &reply, err));
	*document = wire_text(&reply.fields, c->arena);
	*ret_total = wire_i64(&reply.fields);
	bytes = wire_bytes(&reply.fields, &len);
	GH_TRY(wire_end(&reply.fields, err));
	if (len == 0 && (int64_t)text->len < *ret_total)
		return gh_fail(
		    err, GH_INTERNAL, "the runner gave no more of the plan than %zu bytes", text->len);
	gh_text_put_n(text, bytes, len);
	return GH_OK;
}

static enum gh_code
plan(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	const char *target = NULL, *document = "";
	GH_TEXT text = { .limit = (size_t)512 << 20 };
	int64_t total = 0;
	struct goal goal = { 0 };

	GH_TRY(goal_read(c, &goal, err));
	GH_TRY(cli_target(c, &target, err));
	do {
		GH_TRY(part(c, target, &goal, &document, &text, &total, err));
	} while ((int64_t)text.len < total);
	if (fwrite(text.data, 1, text.len, stdout) != text.len)
		return gh_fail(err, GH_INTERNAL, "cannot write to standard output");
	*ret = CLI_OK;
	return GH_OK;
}

const struct cli_command cli_command_plan = {
	.name = "plan",
	.usage = "[--to VERSION | --only VERSION | --down N | --down-to VERSION]",
	.help = "what would run: SQL, locks, findings, sizes, without asking for it; --json has its "
		"canonical bytes",
	.run = plan,
};
