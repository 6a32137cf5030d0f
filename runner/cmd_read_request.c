/*
 * read.request: one request.
 *
 *   call   i id
 *   reply  a table of one row
 */
#include "base/ban.h"
#include "runner/read.h"
#include "store/request.h"

static enum gh_code
cmd_read_request_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	static const char *const columns[] = { "request", "target", "environment", "project", "direction",
		"goal", "reason", "person", "state", "state_text", "digest", "needed", "given", "migrations",
		"run", "run_state", "created_at", "expires_at" };
	int64_t id = wire_i64(in);
	struct store_request r;
	struct wire_table_out out;

	GH_TRY(wire_end(in, err));
	GH_TRY(store_request_get(c->store, c->arena, id, &r, err));
	READ_START(&out, c, columns);
	wire_table_int(&out, r.id);
	wire_table_text(&out, r.target);
	wire_table_text(&out, r.environment);
	wire_table_text(&out, r.project);
	wire_table_text(&out, r.direction);
	wire_table_text(&out, r.goal);
	wire_table_text(&out, read_text(c, r.reason));
	wire_table_text(&out, r.person);
	wire_table_text(&out, r.state);
	wire_table_text(&out, read_text(c, r.state_text));
	wire_table_text(&out, r.plan_digest);
	wire_table_int(&out, r.needed);
	wire_table_int(&out, r.given);
	wire_table_int(&out, r.migrations);
	read_id(&out, r.run);
	wire_table_text(&out, r.run == 0 ? NULL : r.run_state);
	wire_table_time(&out, r.created_at);
	wire_table_time(&out, r.expires_at);
	wire_table_end(&out, "");
	return GH_OK;
}

const struct cmd cmd_read_request = {
	.op = WIRE_READ_REQUEST,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_request_run,
};
