/*
 * read.people: who may sign in and as what; those who left come last.
 *
 *   call   -
 *   reply  a table
 */
#include "base/ban.h"
#include "runner/read.h"

static enum gh_code
cmd_read_people_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	static const char *const columns[] = { "name", "roles", "since", "left_at" };
	struct store_people all = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(wire_end(in, err));
	GH_TRY(store_person_list(c->store, c->arena, &all, err));
	READ_START(&out, c, columns);
	for (i = 0; i < all.n && !read_full(c); i++) {
		wire_table_text(&out, all.rows[i].name);
		wire_table_text(&out, store_roles_text(all.rows[i].roles, c->arena));
		wire_table_time(&out, all.rows[i].created_at);
		wire_table_time(&out, all.rows[i].ended_at);
	}
	wire_table_end(&out, "");
	return GH_OK;
}

const struct cmd cmd_read_people = {
	.op = WIRE_READ_PEOPLE,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_people_run,
};
