/*
 * person.password: a person changes their own password, an admin anybody's.  The person's other sessions end.
 *
 *   call   t key | t csrf | t name ("" own) | secret old | secret new
 *   reply  -
 *
 * old is the password of who does it (on admin.sock it must be "").
 */
#include "base/ban.h"
#include "runner/people.h"

static enum gh_code
cmd_person_password_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	const char *name = wire_text(in, c->arena);
	struct store_person *person = NULL;
	GH_SECRET old = { 0 };
	GH_SECRET new = { 0 };

	wire_secret(in, &old);
	wire_secret(in, &new);
	GH_TRY(wire_end(in, err));
	if (name[0] == '\0')
		name = c->actor.name;
	c->subject = gh_printf(c->arena, "person/%s", name);
	if (strcmp(name, c->actor.name) != 0)
		GH_TRY(cmd_role_check(c, ROLE_ADMIN, "another person's password", err));
	GH_TRY(people_get(c, name, &person, err));
	GH_TRY(cmd_password_check(c, &old, err));
	if (old.len == new.len && old.len > 0 && gh_equal(old.data, new.data, old.len))
		return gh_fail(err, GH_BAD_INPUT, "the new password is the old one");
	GH_TRY(people_password_set(c, person->id, &new, err));
	return people_sessions_end(c, person->id, err);
}

const struct cmd cmd_person_password = {
	.op = WIRE_PERSON_PASSWORD,
	.needs = ROLE_ANY,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.secret = true,
	.noun = "person",
	.by = CMD_BY_NAME,
	.run = cmd_person_password_run,
};
