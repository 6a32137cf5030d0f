#include "base/ban.h"
#include "cli/cli.h"

/* Parts of a run, in the order in which they are printed. */
static const char *const parts[] = { "run", "phases", "migrations", "statements", "events", "progress",
	"episodes", "hooks", "evidence", "causes", "facts", "actions", "batches" };

static enum gh_code
run(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	const struct wire_cell *state = NULL;
	GH_TEXT out = { 0 };
	struct cli_part p = { .op = WIRE_READ_RUN };
	struct wire_table t;
	size_t i;

	GH_TRY(cli_id(c, "run", &p.id, err));
	if (c->wait)
		return cli_follow(c, p.id, ret, err);
	gh_text_put(&out, c->json ? "{" : "");
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		p.part = (uint8_t)i;
		GH_TRY(cli_part_read(c, &p, &t, err));
		if (i == 0) {
			GH_TRY(cli_cell(&t, 0, "state", &state, err));
			*ret = cli_exit_of_state(state->text);
		}
		if (c->json)
			gh_text_putf(&out, "%s\"%s\": ", i == 0 ? "" : ",\n", parts[i]);
		else
			gh_text_putf(&out, "%s%s\n", i == 0 ? "" : "\n", parts[i]);
		cli_print(c, &t, &out);
	}
	gh_text_put(&out, c->json ? "}\n" : "");
	(void)fputs(gh_text_str(&out), stdout);
	return GH_OK;
}

static enum gh_code
refresh(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	WIRE_REPLY reply = { 0 };

	*ret = CLI_OK;
	if (c->n_args > 1)
		return gh_fail(err, GH_BAD_INPUT, "unexpected \"%s\"", c->args[1]);
	cli_put_head(c, &out);
	wire_put_text(&out, c->n_args == 1 ? c->args[0] : "");
	return cli_call(c, WIRE_PROJECT_REFRESH, &fields, &reply, err);
}

const struct cli_command cli_command_run = {
	.name = "run",
	.usage = "RUN [--wait]",
	.help = "one run: phases, migrations, statements, events, progress, whom it met, hooks, what was "
		"looked at, why it failed, what may be done; the exit code says how it ended",
	.run = run,
};

const struct cli_command cli_command_refresh = {
	.name = "refresh",
	.usage = "[PROJECT]",
	.help = "read the folders and the targets again now",
	.run = refresh,
};
