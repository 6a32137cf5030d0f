/*
 * person.role: an admin gives a person other roles.  The person's sessions end, so that nobody goes on with
 * old rights; the last admin stays one.
 *
 *   call   t key | t csrf | t name | t roles
 *   reply  -
 */
#include "base/ban.h"
#include "runner/people.h"
#include "store/person_write.h"

static enum gh_code
last_admin_check(struct cmd_ctx *c, const struct store_person *person, struct gh_err *err)
{
	struct store_people all = { 0 };
	size_t i;

	GH_TRY(store_person_list(c->store, c->arena, &all, err));
	for (i = 0; i < all.n; i++) {
		if (all.rows[i].id != person->id && all.rows[i].ended_at == 0 &&
		    (all.rows[i].roles & ROLE_ADMIN) != 0)
			return GH_OK;
	}
	return gh_fail(err, GH_CONFLICT, "%s is the last admin: make another one first", person->name);
}

static enum gh_code
cmd_person_role_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	const char *name = wire_text(in, c->arena), *roles_text = wire_text(in, c->arena);
	struct store_person *person = NULL;
	unsigned roles = 0;

	GH_TRY(wire_end(in, err));
	GH_TRY(store_roles_parse(roles_text, &roles, err));
	GH_TRY(people_get(c, name, &person, err));
	if ((person->roles & ROLE_ADMIN) != 0 && (roles & ROLE_ADMIN) == 0)
		GH_TRY(last_admin_check(c, person, err));
	GH_TRY(store_person_roles(c->store, person->id, roles, err));
	c->text = gh_printf(c->arena, "roles: %s, before: %s", store_roles_text(roles, c->arena),
	    store_roles_text(person->roles, c->arena));
	return people_sessions_end(c, person->id, err);
}

const struct cmd cmd_person_role = {
	.op = WIRE_PERSON_ROLE,
	.needs = ROLE_ADMIN,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.secret = true,
	.noun = "person",
	.by = CMD_BY_NAME,
	.run = cmd_person_role_run,
};
