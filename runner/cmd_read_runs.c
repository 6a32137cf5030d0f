/*
 * read.runs: runs, newest first.
 *
 *   call   t target ("" all) | t cursor | i limit
 *   reply  a table
 */
#include "base/ban.h"
#include "runner/read.h"
#include "store/run.h"

static enum gh_code
cmd_read_runs_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	static const char *const columns[] = { "run", "target", "environment", "direction", "goal", "state",
		"person", "migrations", "queued_at", "started_at", "took", "sentence" };
	const char *target = wire_text(in, c->arena), *cursor = wire_text(in, c->arena);
	struct store_run_filter filter = { .limit = wire_i64(in) };
	struct store_runs list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_cursor(cursor, &filter.before, err));
	GH_TRY(read_target(c, target, &filter.target_id, err));
	GH_TRY(store_run_list(c->store, c->arena, &filter, &list, err));
	READ_START(&out, c, columns);
	for (i = 0; i < list.n && !read_full(c); i++) {
		const struct store_run *r = &list.rows[i];

		wire_table_int(&out, r->id);
		wire_table_text(&out, r->target);
		wire_table_text(&out, r->environment);
		wire_table_text(&out, r->direction);
		wire_table_text(&out, r->goal);
		wire_table_text(&out, r->state);
		wire_table_text(&out, r->person);
		wire_table_int(&out, r->migrations);
		wire_table_time(&out, r->queued_at);
		wire_table_time(&out, r->started_at);
		read_took(&out, r->started_at, r->ended_at);
		wire_table_text(&out, read_text(c, r->outcome));
	}
	wire_table_end(&out, read_cursor(c, i > 0 && i < list.n ? list.rows[i - 1].id : list.next));
	return GH_OK;
}

const struct cmd cmd_read_runs = {
	.op = WIRE_READ_RUNS,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_runs_run,
};
