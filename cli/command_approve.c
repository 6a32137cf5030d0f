#include "base/ban.h"
#include "cli/cli.h"

#define DIGEST_PREFIX 12 /* digits of the digest that --digest must give at least */

/* Shows what would be approved; without --digest or --yes a person types the target's name. */
static enum gh_code
confirm(struct cli *c, const struct wire_table *t, const char *digest, struct gh_err *err)
{
	const struct wire_cell *target = NULL;
	GH_TEXT out = { 0 };
	char line[256] = "";

	if (c->digest != NULL) {
		if (strlen(c->digest) < DIGEST_PREFIX || strncmp(c->digest, digest, strlen(c->digest)) != 0)
			return gh_fail(err, GH_CONFLICT,
			    "the plan's digest is %s, not %s: nothing was approved", digest, c->digest);
		return GH_OK;
	}
	if (c->yes)
		return GH_OK;
	GH_TRY(cli_cell(t, 0, "target", &target, err));
	cli_print(c, t, &out);
	(void)fputs(gh_text_str(&out), stderr);
	(void)fprintf(stderr, "Type the name of the target to approve this plan: ");
	if (fgets(line, sizeof(line), stdin) == NULL)
		return gh_fail(
		    err, GH_BAD_INPUT, "nothing was typed: give --digest DIGEST when there is no terminal");
	line[strcspn(line, "\n")] = '\0';
	if (strcmp(line, target->text) != 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "\"%s\" is not \"%s\": nothing was approved", line, target->text);
	return GH_OK;
}

static enum gh_code
approve(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_TEXT ask = { 0 };
	GH_TEXT fields = { 0 };
	struct wire_out ask_out = { .text = &ask }, out = { .text = &fields };
	const struct wire_cell *digest = NULL;
	GH_SECRET none = { 0 };
	WIRE_REPLY reply = { 0 };
	struct wire_table t;
	int64_t id, run;

	GH_TRY(cli_id(c, "request", &id, err));
	wire_put_i64(&ask_out, id);
	GH_TRY(cli_read(c, WIRE_READ_REQUEST, &ask, &t, err));
	GH_TRY(cli_cell(&t, 0, "digest", &digest, err));
	GH_TRY(confirm(c, &t, digest->text, err));
	cli_put_head(c, &out);
	wire_put_i64(&out, id);
	wire_put_text(&out, digest->text);
	wire_put_text(&out, c->comment);
	wire_put_secret(&out, &none);
	GH_TRY(cli_call(c, WIRE_REQUEST_APPROVE, &fields, &reply, err));
	run = wire_i64(&reply.fields);
	GH_TRY(wire_end(&reply.fields, err));
	return cli_after_request(c, id, run, ret, err);
}

static enum gh_code
decide(struct cli *c, enum wire_op op, const char *done, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	WIRE_REPLY reply = { 0 };
	int64_t id;

	GH_TRY(cli_id(c, "request", &id, err));
	cli_put_head(c, &out);
	wire_put_i64(&out, id);
	wire_put_text(&out, c->comment);
	GH_TRY(cli_call(c, op, &fields, &reply, err));
	(void)printf("request %" PRId64 " is %s\n", id, done);
	return GH_OK;
}

static enum gh_code
refuse(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	*ret = CLI_OK;
	return decide(c, WIRE_REQUEST_REFUSE, "refused", err);
}

static enum gh_code
withdraw(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	*ret = CLI_OK;
	return decide(c, WIRE_REQUEST_WITHDRAW, "withdrawn", err);
}

const struct cli_command cli_command_approve = {
	.name = "approve",
	.usage = "REQUEST [--digest DIGEST | --yes] [--comment TEXT] [--wait]",
	.help = "approve somebody's request; --digest names the plan that was read",
	.run = approve,
};

const struct cli_command cli_command_refuse = {
	.name = "refuse",
	.usage = "REQUEST --comment TEXT",
	.help = "send somebody's request back",
	.run = refuse,
};

const struct cli_command cli_command_withdraw = {
	.name = "withdraw",
	.usage = "REQUEST [--comment TEXT]",
	.help = "take a request of one's own back",
	.run = withdraw,
};
