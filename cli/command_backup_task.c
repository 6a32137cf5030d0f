#include "base/ban.h"
#include "cli/backup.h"
#include "base/io.h"

#include <poll.h>

/* What is done beside runs: a backup by hand, a proof, and the end of one that nobody wants any more. */

#define EVERY_MS 500

static enum gh_code
task_read(struct cli *c, int64_t task, struct wire_table *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, task);
	GH_TRY(cli_read(c, WIRE_READ_TASK, &fields, ret, err));
	if (ret->n_rows != 1)
		return gh_fail(err, GH_INTERNAL, "the runner answered %zu rows, not one", ret->n_rows);
	return GH_OK;
}

static bool
is_over(const char *state)
{
	return strcmp(state, "done") == 0 || strcmp(state, "failed") == 0;
}

/* "task 4: running, dump public.orders, 40 %", "task 4: failed: the disk is full" */
static enum gh_code
sentence(int64_t task, const struct wire_table *t, struct gh_text *out, struct gh_err *err)
{
	const struct wire_cell *state = NULL, *activity = NULL, *note = NULL, *done = NULL, *total = NULL,
			       *text = NULL;

	GH_TRY(cli_cell(t, 0, "state", &state, err));
	GH_TRY(cli_cell(t, 0, "activity", &activity, err));
	GH_TRY(cli_cell(t, 0, "note", &note, err));
	GH_TRY(cli_cell(t, 0, "done", &done, err));
	GH_TRY(cli_cell(t, 0, "total", &total, err));
	GH_TRY(cli_cell(t, 0, "text", &text, err));
	gh_text_putf(out, "task %" PRId64 ": %s", task, state->text);
	if (is_over(state->text)) {
		if (text->kind == 't' && text->text[0] != '\0')
			gh_text_putf(out, ": %s", text->text);
		return GH_OK;
	}
	if (activity->kind == 't' && activity->text[0] != '\0')
		gh_text_putf(out, ", %s", activity->text);
	if (note->kind == 't' && note->text[0] != '\0')
		gh_text_putf(out, " %s", note->text);
	if (done->kind == 'i' && total->kind == 'i' && total->number > 0)
		gh_text_putf(out, ", %.0f %%",
		    100.0 * (double)(done->number < total->number ? done->number : total->number) /
			(double)total->number);
	return GH_OK;
}

/* Until it has ended; *ret is its row. */
static enum gh_code
follow(struct cli *c, int64_t task, struct wire_table *ret, struct gh_err *err)
{
	char last[512] = "";

	for (;;) {
		const struct wire_cell *state = NULL;
		GH_ARENA round = { 0 };
		GH_TEXT now = { 0 };
		struct cli here = *c;
		struct wire_table t;

		here.arena = &round;
		GH_TRY(task_read(&here, task, &t, err));
		GH_TRY(cli_cell(&t, 0, "state", &state, err));
		GH_TRY(sentence(task, &t, &now, err));
		cli_progress(gh_text_str(&now), last, sizeof(last));
		if (is_over(state->text)) {
			if (isatty(STDERR_FILENO) != 0)
				(void)fputc('\n', stderr);
			return task_read(c, task, ret, err);
		}
		(void)poll(NULL, 0, EVERY_MS);
	}
}

/* What came of it; a backup that turned out to be broken is no success. */
static enum gh_code
result(struct cli *c, struct wire_table *t, enum cli_exit *ret, struct gh_err *err)
{
	static const char *const shown[] = { "task", "kind", "target", "person", "level", "state", "text",
		"queued_at", "ended_at", "took" };
	const struct wire_cell *state = NULL, *backup = NULL, *broken = NULL;
	struct cli_part p = { .op = WIRE_READ_BACKUP };
	struct wire_table b = { 0 };
	GH_TEXT out = { 0 };

	GH_TRY(cli_cell(t, 0, "state", &state, err));
	GH_TRY(cli_cell(t, 0, "backup", &backup, err));
	*ret = strcmp(state->text, "done") == 0 ? CLI_OK : CLI_FAILED;
	GH_TRY(cli_narrow(c, t, shown, sizeof(shown) / sizeof(shown[0]), err));
	gh_text_put(&out, c->json ? "{\"task\": " : "");
	cli_print_row(c, t, &out);
	if (backup->kind == 'i' && backup->number > 0) {
		p.id = backup->number;
		GH_TRY(cli_part_read(c, &p, &b, err));
		GH_TRY(cli_cell(&b, 0, "broken", &broken, err));
		if (broken->kind == 't' && broken->text[0] != '\0')
			*ret = CLI_FAILED;
		gh_text_put(&out, c->json ? ", \"backup\": " : "\n");
		cli_print_row(c, &b, &out);
	}
	gh_text_put(&out, c->json ? "}\n" : "");
	(void)fputs(gh_text_str(&out), stdout);
	return GH_OK;
}

enum gh_code
cli_backup_task(struct cli *c, int64_t task, enum cli_exit *ret, struct gh_err *err)
{
	struct wire_table t;

	if (!c->wait) {
		*ret = CLI_WAITING;
		if (c->json)
			(void)printf("{\"task\": %" PRId64 "}\n", task);
		else
			(void)printf("task %" PRId64 " is queued\n", task);
		return GH_OK;
	}
	GH_TRY(follow(c, task, &t, err));
	return result(c, &t, ret, err);
}

static enum gh_code
queued(struct cli *c, enum wire_op op, const struct gh_text *fields, enum cli_exit *ret, struct gh_err *err)
{
	WIRE_REPLY reply = { 0 };
	int64_t task;

	GH_TRY(cli_call(c, op, fields, &reply, err));
	task = wire_i64(&reply.fields);
	GH_TRY(wire_end(&reply.fields, err));
	return cli_backup_task(c, task, ret, err);
}

static enum gh_code
take(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	const char *target = NULL;

	if (c->n_args != 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "unexpected \"%s\": the target is given with --target", c->args[0]);
	GH_TRY(cli_target(c, &target, err));
	cli_put_head(c, &out);
	wire_put_text(&out, target);
	wire_put_text(&out, c->reason);
	return queued(c, WIRE_BACKUP_TAKE, &fields, ret, err);
}

static enum gh_code
prove(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	int64_t id;

	GH_TRY(cli_id(c, "backup", &id, err));
	cli_put_head(c, &out);
	wire_put_i64(&out, id);
	wire_put_text(&out, c->level);
	wire_put_text(&out, c->reason);
	return queued(c, WIRE_BACKUP_PROVE, &fields, ret, err);
}

/* All that have not ended: who cancels one needs its number. */
static enum gh_code
tasks(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	static const char *const shown[] = { "task", "kind", "target", "backup", "person", "state",
		"queued_at", "started_at", "activity", "note", "reason", "cancelled" };
	GH_TEXT fields = { 0 };
	GH_TEXT text = { 0 };
	struct wire_out out = { .text = &fields };
	struct wire_table t;

	*ret = CLI_OK;
	if (c->n_args != 0)
		return gh_fail(err, GH_BAD_INPUT, "unexpected \"%s\"", c->args[0]);
	wire_put_i64(&out, 0);
	GH_TRY(cli_read(c, WIRE_READ_TASK, &fields, &t, err));
	GH_TRY(cli_narrow(c, &t, shown, sizeof(shown) / sizeof(shown[0]), err));
	if (t.n_rows > 0 || c->json)
		cli_print(c, &t, &text);
	else
		gh_text_put(&text, "Nothing is done beside runs, and nothing waits.\n");
	(void)fputs(gh_text_str(&text), stdout);
	return GH_OK;
}

static enum gh_code
cancel(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	WIRE_REPLY reply = { 0 };
	const char *state;
	int64_t id;

	*ret = CLI_OK;
	GH_TRY(cli_id(c, "task", &id, err));
	if (c->reason == NULL || c->reason[0] == '\0')
		return gh_fail(err, GH_BAD_INPUT, "say why: --reason TEXT");
	cli_put_head(c, &out);
	wire_put_i64(&out, id);
	wire_put_text(&out, c->reason);
	GH_TRY(cli_call(c, WIRE_BACKUP_CANCEL, &fields, &reply, err));
	state = wire_text(&reply.fields, c->arena);
	GH_TRY(wire_end(&reply.fields, err));
	if (c->json)
		(void)printf("{\"task\": %" PRId64 ", \"state\": \"%s\"}\n", id, state);
	else
		(void)printf(
		    "Task %" PRId64 " %s.\n", id, is_over(state) ? "is cancelled" : "is being cancelled");
	return GH_OK;
}

const struct cli_command cli_backup_take = {
	.name = "take",
	.usage = "[--reason TEXT] [--wait]",
	.help = "take a backup of a target now",
	.run = take,
};

const struct cli_command cli_backup_prove = {
	.name = "prove",
	.usage = "BACKUP [--level checksummed|listed|restored|counted] [--reason TEXT] [--wait]",
	.help = "look at a backup again: compare its digest, list it, restore it, count what came back (all "
		"four); exit code 1 when it is broken",
	.run = prove,
};

const struct cli_command cli_backup_cancel = {
	.name = "cancel",
	.usage = "TASK --reason TEXT",
	.help = "end what is done beside runs, a backup, a proof or a look: at once what has not begun, and "
		"the job "
		"of what is under way",
	.run = cancel,
};

const struct cli_command cli_backup_tasks = {
	.name = "tasks",
	.usage = "",
	.help = "what is done beside runs and has not ended: backups, proofs, looks, each with its number",
	.run = tasks,
};
