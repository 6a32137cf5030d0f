/*
 * read.status: each target, what it has and what it lacks.
 *
 *   call   t target ("" all) | t environment ("" all)
 *   reply  a table
 */
#include "base/ban.h"
#include "runner/read.h"
#include "store/project.h"

/* The first thing in the way of a run. */
static const char *
problem(const struct store_target *t)
{
	if (t->held[0] != '\0')
		return t->held;
	if (t->problem[0] != '\0')
		return t->problem;
	return t->tracking_known || t->checked_at == 0 ? t->blocked : t->tracking_text;
}

static void
row(struct cmd_ctx *c, struct wire_table_out *out, const struct store_target *t)
{
	wire_table_text(out, t->name);
	wire_table_text(out, t->environment);
	wire_table_text(out, t->project);
	wire_table_text(out, t->convention[0] == '\0' ? NULL : t->convention);
	wire_table_text(out, t->newest_version[0] == '\0' ? NULL : t->newest_version);
	wire_table_int(out, t->pending);
	wire_table_int(out, t->missing);
	wire_table_int(out, t->edited);
	wire_table_int(out, t->out_of_order);
	wire_table_int(out, t->failed);
	wire_table_bool(out, t->reachable);
	read_id(out, t->last_run);
	wire_table_text(out, t->last_run == 0 ? NULL : t->last_run_state);
	wire_table_time(out, t->last_run_at);
	wire_table_time(out, t->last_backup_at);
	wire_table_text(out, t->last_backup == 0 ? NULL : t->last_backup_level);
	wire_table_time(out, t->checked_at);
	wire_table_text(out, read_text(c, problem(t)));
}

static enum gh_code
cmd_read_status_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	static const char *const columns[] = { "target", "environment", "project", "convention", "version",
		"pending", "missing", "edited", "out_of_order", "failed", "reachable", "last_run",
		"last_run_state", "last_run_at", "last_backup_at", "last_backup_level", "checked_at",
		"problem" };
	const char *target = wire_text(in, c->arena), *environment = wire_text(in, c->arena);
	struct store_targets all = { 0 };
	struct wire_table_out out;
	int64_t id = 0;
	size_t i;

	GH_TRY(wire_end(in, err));
	GH_TRY(read_target(c, target, &id, err));
	GH_TRY(store_target_list(c->store, c->arena, 0, &all, err));
	READ_START(&out, c, columns);
	for (i = 0; i < all.n && !read_full(c); i++) {
		const struct store_target *t = &all.rows[i];

		if ((id == 0 || t->id == id) &&
		    (environment[0] == '\0' || strcmp(t->environment, environment) == 0))
			row(c, &out, t);
	}
	wire_table_end(&out, "");
	return GH_OK;
}

const struct cmd cmd_read_status = {
	.op = WIRE_READ_STATUS,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_status_run,
};
