#include "base/ban.h"
#include "base/clock.h"
#include "base/io.h"
#include "cli/cli.h"
#include "cli/when.h"

/* What a person tells a run that is under way: each with a reason, which the ledger keeps. */

#define SIZE_MAX_ROWS INT64_C(10000000)
#define PAUSE_MAX_MS  INT64_C(3600000)

/* "i run | t reason" and the numbers that follow. */
static enum gh_code
tell(struct cli *c, enum wire_op op, const int64_t *numbers, size_t n, const char *done, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	WIRE_REPLY reply = { 0 };
	int64_t id;
	size_t i;

	GH_TRY(cli_id(c, "run", &id, err));
	if (c->reason == NULL || c->reason[0] == '\0')
		return gh_fail(err, GH_BAD_INPUT, "say why: --reason TEXT");
	cli_put_head(c, &out);
	wire_put_i64(&out, id);
	wire_put_text(&out, c->reason);
	for (i = 0; i < n; i++)
		wire_put_i64(&out, numbers[i]);
	GH_TRY(cli_call(c, op, &fields, &reply, err));
	GH_TRY(wire_end(&reply.fields, err));
	if (!c->json)
		(void)printf("Run %" PRId64 " %s\n", id, done);
	return GH_OK;
}

static enum gh_code
cancel(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	int64_t id;

	*ret = CLI_OK;
	GH_TRY(tell(c, WIRE_RUN_CANCEL, NULL, 0, "is being cancelled.", err));
	if (!c->wait)
		return GH_OK;
	GH_TRY(cli_id(c, "run", &id, err));
	return cli_follow(c, id, ret, err);
}

static enum gh_code
pause_run(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	*ret = CLI_OK;
	return tell(c, WIRE_RUN_PAUSE, NULL, 0, "waits before its next migration or batch.", err);
}

static enum gh_code
resume(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	*ret = CLI_OK;
	return tell(c, WIRE_RUN_RESUME, NULL, 0, "goes on.", err);
}

static enum gh_code
speed(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	int64_t numbers[2] = { -1, -1 }; /* as it is now */

	*ret = CLI_OK;
	if (c->size == NULL && c->pause == NULL)
		return gh_fail(err, GH_BAD_INPUT,
		    "speed takes --size ROWS, --pause TIME, or both (0: as the file says; left out: as it is "
		    "now)");
	if (c->size != NULL && !gh_parse_i64(c->size, 0, SIZE_MAX_ROWS, &numbers[0]))
		return gh_fail(err, GH_BAD_INPUT, "--size takes a number from 0 to %" PRId64 ", not \"%s\"",
		    SIZE_MAX_ROWS, c->size);
	if (c->pause != NULL)
		GH_TRY(cli_span(c->pause, PAUSE_MAX_MS, &numbers[1], err));
	return tell(c, WIRE_RUN_SPEED, numbers, 2, "changes its speed with the next batch.", err);
}

static enum gh_code
extend(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	char done[128], when[GH_CLOCK_LEN];
	int64_t until;

	*ret = CLI_OK;
	if (c->until == NULL)
		return gh_fail(err, GH_BAD_INPUT, "until when? --until TIME");
	GH_TRY(cli_moment(c->until, gh_clock_now(), &until, err));
	(void)snprintf(done, sizeof(done), "may begin something new until %s.", gh_clock_utc(until, when));
	return tell(c, WIRE_RUN_EXTEND, &until, 1, done, err);
}

const struct cli_command cli_command_cancel = {
	.name = "cancel",
	.usage = "RUN --reason TEXT [--wait]",
	.help = "end a run that is under way: its statement is cancelled, and it ends in a known state",
	.run = cancel,
};

const struct cli_command cli_command_pause = {
	.name = "pause",
	.usage = "RUN --reason TEXT",
	.help = "let a run wait before its next migration or batch",
	.run = pause_run,
};

const struct cli_command cli_command_resume = {
	.name = "resume",
	.usage = "RUN --reason TEXT",
	.help = "let a paused run go on",
	.run = resume,
};

const struct cli_command cli_command_speed = {
	.name = "speed",
	.usage = "RUN [--size ROWS] [--pause TIME] --reason TEXT",
	.help = "change the size of batches and the pause between them (0: as the file says)",
	.run = speed,
};

const struct cli_command cli_command_extend = {
	.name = "extend",
	.usage = "RUN --until TIME --reason TEXT",
	.help = "let the window of a run that is under way end later",
	.run = extend,
};
