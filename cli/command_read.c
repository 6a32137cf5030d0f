#include "base/ban.h"
#include "cli/cli.h"

#define LIMIT 50

/* Every read is the same: filters out, a table back. */
static enum gh_code
show(struct cli *c, enum wire_op op, const struct gh_text *fields, struct gh_err *err)
{
	GH_TEXT out = { 0 };
	struct wire_table t;

	if (c->n_args != 0)
		return gh_fail(err, GH_BAD_INPUT, "unexpected \"%s\"", c->args[0]);
	GH_TRY(cli_read(c, op, fields, &t, err));
	cli_print(c, &t, &out);
	(void)fputs(gh_text_str(&out), stdout);
	return GH_OK;
}

static void
put_page(struct cli *c, struct wire_out *out)
{
	wire_put_text(out, c->cursor);
	wire_put_i64(out, c->limit == 0 ? LIMIT : c->limit);
}

static enum gh_code
status(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	struct wire_table t;
	GH_TEXT text = { 0 };
	size_t i;

	if (c->n_args != 0)
		return gh_fail(err, GH_BAD_INPUT, "unexpected \"%s\"", c->args[0]);
	wire_put_text(&out, c->target);
	wire_put_text(&out, c->environment);
	GH_TRY(cli_read(c, WIRE_READ_STATUS, &fields, &t, err));
	cli_print(c, &t, &text);
	(void)fputs(gh_text_str(&text), stdout);
	*ret = CLI_OK;
	for (i = 0; i < t.n_rows; i++) {
		const struct wire_cell *pending = NULL;

		GH_TRY(cli_cell(&t, i, "pending", &pending, err));
		if (pending->number > 0)
			*ret = CLI_WAITING;
	}
	return GH_OK;
}

static enum gh_code
paged(struct cli *c, enum wire_op op, const char *first, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, first);
	put_page(c, &out);
	return show(c, op, &fields, err);
}

/* The project of the target that is meant. */
static enum gh_code
project_of(struct cli *c, const char *target, const char **ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	const struct wire_cell *cell = NULL;
	struct wire_table t;

	wire_put_text(&out, target);
	wire_put_text(&out, "");
	GH_TRY(cli_read(c, WIRE_READ_STATUS, &fields, &t, err));
	if (t.n_rows == 0)
		return gh_fail(err, GH_NOT_FOUND, "there is no target \"%s\"", target);
	GH_TRY(cli_cell(&t, 0, "project", &cell, err));
	*ret = cell->text;
	return GH_OK;
}

static enum gh_code
files(struct cli *c, const char *target, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	const char *project = NULL;

	GH_TRY(project_of(c, target, &project, err));
	wire_put_text(&out, project);
	wire_put_text(&out, c->state);
	put_page(c, &out);
	return show(c, WIRE_READ_FILES, &fields, err);
}

static enum gh_code
list(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	const char *target = NULL;

	*ret = CLI_OK;
	GH_TRY(cli_target(c, &target, err));
	return c->files ? files(c, target, err) : paged(c, WIRE_READ_MIGRATIONS, target, err);
}

static enum gh_code
runs(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	*ret = CLI_OK;
	return paged(c, WIRE_READ_RUNS, c->target, err);
}

static enum gh_code
ledger(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	*ret = CLI_OK;
	wire_put_text(&out, c->actor);
	wire_put_text(&out, c->op);
	wire_put_text(&out, c->subject);
	put_page(c, &out);
	return show(c, WIRE_READ_LEDGER, &fields, err);
}

const struct cli_command cli_command_status = {
	.name = "status",
	.usage = "",
	.help = "each target: version, pending migrations, last run, last backup; exit code 3 when something "
		"is pending",
	.run = status,
};
const struct cli_command cli_command_list = {
	.name = "list",
	.usage = "[--files [--state KIND]] [--limit N] [--cursor C]",
	.help =
	    "the migrations of a target's project, their state there and why; with --files every file of the "
	    "folder and what it is taken for",
	.run = list,
};
const struct cli_command cli_command_runs = {
	.name = "runs",
	.usage = "[--limit N] [--cursor C]",
	.help = "what ran, newest first",
	.run = runs,
};
const struct cli_command cli_command_ledger = {
	.name = "ledger",
	.usage = "[--actor NAME] [--op OPERATION] [--subject SUBJECT] [--limit N] [--cursor C]",
	.help = "who did what, newest first",
	.run = ledger,
};
