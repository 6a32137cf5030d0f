#include "base/ban.h"
#include "cli/cli.h"

/* Parts of a run, in the order in which they are printed. */
static const char *const parts[] = { "run", "phases", "migrations", "statements", "events", "progress",
	"episodes", "hooks", "evidence", "causes", "facts", "actions", "batches" };

/* One page of a part. */
static enum gh_code
page_read(
    struct cli *c, int64_t id, uint8_t part, const char *after, struct wire_table *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, id);
	wire_put_u8(&out, part);
	wire_put_i64(&out, strtoll(after, NULL, 10));
	return cli_read(c, WIRE_READ_RUN, &fields, ret, err);
}

/* All of a part: an answer holds only so much. */
static enum gh_code
part_read(struct cli *c, int64_t id, uint8_t part, struct wire_table *ret, struct gh_err *err)
{
	struct wire_table page;

	GH_TRY(page_read(c, id, part, "0", ret, err));
	while (ret->next[0] != '\0') {
		size_t have = ret->n_rows * ret->n_columns;
		struct wire_cell *cells;

		GH_TRY(page_read(c, id, part, ret->next, &page, err));
		if (page.n_rows == 0 || page.n_columns != ret->n_columns)
			break;
		cells = gh_alloc_n(c->arena, have + page.n_rows * page.n_columns, sizeof(*cells));
		memcpy(cells, ret->cells, have * sizeof(*cells));
		memcpy(cells + have, page.cells, page.n_rows * page.n_columns * sizeof(*cells));
		ret->cells = cells;
		ret->n_rows += page.n_rows;
		ret->next = page.next;
	}
	ret->next = "";
	return GH_OK;
}

static enum gh_code
run(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	const struct wire_cell *state = NULL;
	GH_TEXT out = { 0 };
	struct wire_table t;
	int64_t id;
	size_t i;

	GH_TRY(cli_id(c, "run", &id, err));
	if (c->wait)
		return cli_follow(c, id, ret, err);
	gh_text_put(&out, c->json ? "{" : "");
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		GH_TRY(part_read(c, id, (uint8_t)i, &t, err));
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
