/*
 * read.task: what is done beside runs.
 *
 *   call   i task (0: all that are queued or under way)
 *   reply  a table
 */
#include "base/ban.h"
#include "runner/read.h"
#include "store/task.h"

static enum gh_code
cmd_read_task_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	static const char *const columns[] = { "task", "kind", "target", "backup", "person", "reason",
		"level", "source", "state", "text", "queued_at", "started_at", "ended_at", "took", "activity",
		"note", "done", "total", "unit", "since", "cancelled" };
	int64_t id = wire_i64(in);
	struct store_tasks list = { 0 };
	struct store_task one;
	struct wire_table_out out;
	size_t i;

	GH_TRY(wire_end(in, err));
	if (id == 0) {
		GH_TRY(store_task_open_list(c->store, c->arena, &list, err));
	} else {
		GH_TRY(store_task_get(c->store, c->arena, id, &one, err));
		list = (struct store_tasks){ .n = 1, .rows = &one };
	}
	READ_START(&out, c, columns);
	for (i = 0; i < list.n && !read_full(c); i++) {
		const struct store_task *t = &list.rows[i];

		wire_table_int(&out, t->id);
		wire_table_text(&out, t->kind);
		wire_table_text(&out, t->target);
		read_id(&out, t->backup_id);
		wire_table_text(&out, t->person);
		wire_table_text(&out, read_text(c, t->reason));
		wire_table_text(&out, t->level);
		wire_table_text(&out, t->source);
		wire_table_text(&out, t->state);
		wire_table_text(&out, read_text(c, t->text));
		wire_table_time(&out, t->queued_at);
		wire_table_time(&out, t->started_at);
		wire_table_time(&out, t->ended_at);
		read_took(&out, t->started_at, t->ended_at);
		wire_table_text(&out, t->activity);
		wire_table_text(&out, read_text(c, t->note));
		wire_table_int(&out, t->done);
		wire_table_int(&out, t->total);
		wire_table_text(&out, t->unit);
		wire_table_time(&out, t->since);
		wire_table_text(&out, read_text(c, t->cancelled));
	}
	wire_table_end(&out, "");
	return GH_OK;
}

const struct cmd cmd_read_task = {
	.op = WIRE_READ_TASK,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_task_run,
};
