#include "base/ban.h"
#include "base/io.h"
#include "cli/cli.h"

#define LIMIT 50

static enum gh_code
list(struct cli *c, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	GH_TEXT text = { 0 };
	struct wire_out out = { .text = &fields };
	struct wire_table t;

	wire_put_text(&out, c->state);
	wire_put_text(&out, c->channel);
	wire_put_text(&out, c->cursor);
	wire_put_i64(&out, c->limit == 0 ? LIMIT : c->limit);
	GH_TRY(cli_read(c, WIRE_READ_DELIVERIES, &fields, &t, err));
	cli_print(c, &t, &text);
	(void)fputs(gh_text_str(&text), stdout);
	return GH_OK;
}

static enum gh_code
retry(struct cli *c, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	WIRE_REPLY reply = { 0 };
	int64_t id;

	if (!gh_parse_i64(c->args[1], 1, INT64_MAX, &id))
		return gh_fail(err, GH_BAD_INPUT, "\"%s\" is not the number of a delivery", c->args[1]);
	cli_put_head(c, &out);
	wire_put_i64(&out, id);
	GH_TRY(cli_call(c, WIRE_DELIVERY_RETRY, &fields, &reply, err));
	(void)printf("delivery %" PRId64 " is tried again\n", id);
	return GH_OK;
}

static enum gh_code
deliveries(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	*ret = CLI_OK;
	if (c->n_args == 0)
		return list(c, err);
	if (c->n_args == 2 && strcmp(c->args[0], "retry") == 0)
		return retry(c, err);
	return gh_fail(err, GH_BAD_INPUT,
	    "usage: gatehouse deliveries [--state STATE] [--channel NAME] [retry DELIVERY]");
}

const struct cli_command cli_command_deliveries = {
	.name = "deliveries",
	.usage = "[--state waiting|sending|sent|failed] [--channel NAME] [--limit N] [--cursor C] | retry "
		 "DELIVERY",
	.help = "the messages to the channels and what became of them; a failed one can be tried again",
	.run = deliveries,
};
