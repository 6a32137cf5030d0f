#include "base/ban.h"
#include "cli/cli.h"

static enum gh_code
list(struct cli *c, struct gh_err *err)
{
	GH_TEXT out = { 0 };
	struct wire_table t;

	GH_TRY(cli_read(c, WIRE_READ_PEOPLE, NULL, &t, err));
	cli_print(c, &t, &out);
	(void)fputs(gh_text_str(&out), stdout);
	return GH_OK;
}

static enum gh_code
add(struct cli *c, const char *name, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	GH_SECRET password = { 0 };
	WIRE_REPLY reply = { 0 };

	if (c->roles == NULL)
		return gh_fail(err, GH_BAD_INPUT, "give --roles, some of viewer,lead,auditor,admin");
	GH_TRY(cli_password("Password: ", true, &password, err));
	cli_put_head(c, &out);
	wire_put_text(&out, name);
	wire_put_text(&out, c->roles);
	wire_put_secret(&out, &password);
	GH_TRY(cli_call(c, WIRE_PERSON_ADD, &fields, &reply, err));
	(void)printf("%s may sign in: %s\n", name, c->roles);
	return GH_OK;
}

static enum gh_code
role(struct cli *c, const char *name, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	WIRE_REPLY reply = { 0 };

	if (c->roles == NULL)
		return gh_fail(err, GH_BAD_INPUT, "give --roles, some of viewer,lead,auditor,admin");
	cli_put_head(c, &out);
	wire_put_text(&out, name);
	wire_put_text(&out, c->roles);
	GH_TRY(cli_call(c, WIRE_PERSON_ROLE, &fields, &reply, err));
	(void)printf("%s is now: %s\n", name, c->roles);
	return GH_OK;
}

static enum gh_code
password_set(struct cli *c, const char *name, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	GH_SECRET none = { 0 };
	GH_SECRET password = { 0 };
	WIRE_REPLY reply = { 0 };

	GH_TRY(cli_password("New password: ", true, &password, err));
	cli_put_head(c, &out);
	wire_put_text(&out, name);
	wire_put_secret(&out, &none);
	wire_put_secret(&out, &password);
	GH_TRY(cli_call(c, WIRE_PERSON_PASSWORD, &fields, &reply, err));
	(void)printf("the password of %s is changed, their sessions are ended\n", name);
	return GH_OK;
}

static enum gh_code
people(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	*ret = CLI_OK;
	if (c->n_args == 0)
		return list(c, err);
	if (c->n_args != 2)
		return gh_fail(err, GH_BAD_INPUT,
		    "usage: gatehouse people [add NAME --roles R | role NAME --roles R | password NAME]");
	if (strcmp(c->args[0], "add") == 0)
		return add(c, c->args[1], err);
	if (strcmp(c->args[0], "role") == 0)
		return role(c, c->args[1], err);
	if (strcmp(c->args[0], "password") == 0)
		return password_set(c, c->args[1], err);
	return gh_fail(
	    err, GH_BAD_INPUT, "people has no \"%s\": there are add, role and password", c->args[0]);
}

const struct cli_command cli_command_people = {
	.name = "people",
	.usage = "[add NAME --roles R | role NAME --roles R | password NAME]",
	.help = "who may sign in and as what; passwords come from the terminal or standard input",
	.run = people,
};
