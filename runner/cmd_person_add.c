/*
 * person.add: an admin lets somebody sign in.  The first person of all is made on admin.sock by root or by
 * the runner's own account.
 *
 *   call   t key | t csrf | t name | t roles ("viewer,lead") | secret password
 *   reply  i id
 *
 * The form token is for "person".
 */
#include "base/ban.h"
#include "runner/people.h"
#include "store/person_write.h"

static enum gh_code
cmd_person_add_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	const char *name = wire_text(in, c->arena), *roles_text = wire_text(in, c->arena);
	GH_SECRET password = { 0 };
	unsigned roles = 0;
	int64_t id = 0;

	wire_secret(in, &password);
	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_name_check("name", name, err));
	c->subject = gh_printf(c->arena, "person/%s", name);
	GH_TRY(store_roles_parse(roles_text, &roles, err));
	GH_TRY(store_person_add(c->store, name, roles, c->now, &id, err));
	GH_TRY(people_password_set(c, id, &password, err));
	c->text = gh_printf(c->arena, "roles: %s", store_roles_text(roles, c->arena));
	wire_put_i64(c->reply, id);
	return GH_OK;
}

const struct cmd cmd_person_add = {
	.op = WIRE_PERSON_ADD,
	.needs = ROLE_ADMIN,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.secret = true,
	.noun = "person",
	.run = cmd_person_add_run,
};
