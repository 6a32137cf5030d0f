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
	wire_put_text(&out, c->cursor);
	wire_put_i64(&out, c->limit == 0 ? LIMIT : c->limit);
	GH_TRY(cli_read(c, WIRE_READ_INCIDENTS, &fields, &t, err));
	cli_print(c, &t, &text);
	(void)fputs(gh_text_str(&text), stdout);
	return GH_OK;
}

/* Adds a note, or closes with a last one. */
static enum gh_code
say(struct cli *c, enum wire_op op, const char *done, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	WIRE_REPLY reply = { 0 };
	int64_t id;

	if (!gh_parse_i64(c->args[1], 1, INT64_MAX, &id))
		return gh_fail(err, GH_BAD_INPUT, "\"%s\" is not the number of an incident", c->args[1]);
	if (c->comment == NULL)
		return gh_fail(err, GH_BAD_INPUT, "say it with --comment TEXT");
	cli_put_head(c, &out);
	wire_put_i64(&out, id);
	wire_put_text(&out, c->comment);
	GH_TRY(cli_call(c, op, &fields, &reply, err));
	(void)printf("incident %" PRId64 " %s\n", id, done);
	return GH_OK;
}

static enum gh_code
incidents(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	*ret = CLI_OK;
	if (c->n_args == 0)
		return list(c, err);
	if (c->n_args == 2 && strcmp(c->args[0], "note") == 0)
		return say(c, WIRE_INCIDENT_NOTE, "has your note", err);
	if (c->n_args == 2 && strcmp(c->args[0], "close") == 0)
		return say(c, WIRE_INCIDENT_CLOSE, "is closed", err);
	return gh_fail(err, GH_BAD_INPUT,
	    "usage: gatehouse incidents [--state open|closed | note INCIDENT --comment TEXT | close INCIDENT "
	    "--comment TEXT]");
}

const struct cli_command cli_command_incidents = {
	.name = "incidents",
	.usage = "[--state open|closed | note INCIDENT --comment TEXT | close INCIDENT --comment TEXT]",
	.help = "what went wrong; a target that needs a person is released when its incident is closed",
	.run = incidents,
};
