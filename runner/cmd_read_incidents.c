/*
 * read.incidents: what went wrong, newest first.
 *
 *   call   t state ("" all, open, closed) | t cursor | i limit
 *   reply  a table
 */
#include "base/ban.h"
#include "runner/read.h"
#include "store/incident.h"

static enum gh_code
cmd_read_incidents_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	static const char *const columns[] = { "incident", "state", "severity", "target", "title",
		"opened_by", "opened_at", "closed_by", "closed_at", "notes", "run" };
	const char *state = wire_text(in, c->arena), *cursor = wire_text(in, c->arena);
	int64_t limit = wire_i64(in), before = 0;
	struct store_incidents list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_cursor(cursor, &before, err));
	if (state[0] != '\0' && strcmp(state, "open") != 0 && strcmp(state, "closed") != 0)
		return gh_fail(err, GH_BAD_INPUT, "an incident is open or closed, not \"%.40s\"", state);
	GH_TRY(store_incident_list(c->store, c->arena, state, before, limit, &list, err));
	READ_START(&out, c, columns);
	for (i = 0; i < list.n && !read_full(c); i++) {
		const struct store_incident *n = &list.rows[i];

		wire_table_int(&out, n->id);
		wire_table_text(&out, n->state);
		wire_table_text(&out, n->severity);
		wire_table_text(&out, n->target_id == 0 ? NULL : n->target);
		wire_table_text(&out, n->title);
		wire_table_text(&out, n->person[0] == '\0' ? "runner" : n->person);
		wire_table_time(&out, n->created_at);
		wire_table_text(&out, n->closed_by[0] == '\0' ? NULL : n->closed_by);
		wire_table_time(&out, n->closed_at);
		wire_table_int(&out, n->notes);
		read_id(&out, n->run_id);
	}
	wire_table_end(&out, read_cursor(c, i > 0 && i < list.n ? list.rows[i - 1].id : list.next));
	return GH_OK;
}

const struct cmd cmd_read_incidents = {
	.op = WIRE_READ_INCIDENTS,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_incidents_run,
};
