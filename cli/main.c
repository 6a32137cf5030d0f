#include "base/ban.h"
#include "cli/cli.h"
#include "cli/options.h"

#define DEFAULT_SOCKET "/run/gatehouse/admin.sock"

static const struct cli_command *const commands[] = {
	&cli_command_status,
	&cli_command_list,
	&cli_command_plan,
	&cli_command_up,
	&cli_command_down,
	&cli_command_mark,
	&cli_command_repair,
	&cli_command_approve,
	&cli_command_refuse,
	&cli_command_withdraw,
	&cli_command_rehearse,
	&cli_command_runs,
	&cli_command_run,
	&cli_command_cancel,
	&cli_command_pause,
	&cli_command_resume,
	&cli_command_speed,
	&cli_command_extend,
	&cli_command_backup,
	&cli_command_ledger,
	&cli_command_incidents,
	&cli_command_deliveries,
	&cli_command_people,
	&cli_command_refresh,
	&cli_command_lint,
	&cli_command_create,
};

static void
help_command(const struct cli_command *command)
{
	size_t i;

	(void)printf("  %s %s\n      %s\n", command->name, command->usage, command->help);
	for (i = 0; command->parts != NULL && command->parts[i] != NULL; i++)
		(void)printf("  %s %s %s\n      %s\n", command->name, command->parts[i]->name,
		    command->parts[i]->usage, command->parts[i]->help);
}

static void
help_print(void)
{
	size_t i;

	(void)printf(
	    "usage: gatehouse [--socket PATH] [--target NAME | --env NAME] [--json] COMMAND ...\n\n");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		help_command(commands[i]);
	(void)printf("\nExit codes: 0 ok, 1 failed and nothing is changed, 2 wrong call, 3 pending or "
		     "waiting for approval,\n"
		     "4 refused, 5 needs a person.  See gatehouse(1).\n");
}

static enum gh_code
dispatch(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	const char *name;
	size_t i;

	if (c->n_args == 0)
		return gh_fail(err, GH_BAD_INPUT, "which command? (gatehouse --help lists them)");
	name = c->args[0];
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(name, commands[i]->name) != 0)
			continue;
		c->n_args--;
		c->args++;
		return commands[i]->run(c, ret, err);
	}
	return gh_fail(err, GH_BAD_INPUT, "there is no command \"%s\" (gatehouse --help lists them)", name);
}

int
main(int argc, char **argv)
{
	GH_ARENA arena = { 0 };
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	const char *socket_path = getenv("GATEHOUSE_SOCKET");
	struct cli c = { .arena = &arena, .socket = socket_path == NULL ? DEFAULT_SOCKET : socket_path };
	enum cli_exit ret = CLI_OK;
	enum cli_ask ask = CLI_ASK_NOTHING;
	struct gh_err err = { 0 };
	enum gh_code code;

	gh_hash_start();
	code = cli_options(&c, argc, argv, &ask, &err);
	if (code == GH_OK && ask == CLI_ASK_HELP) {
		help_print();
		return CLI_OK;
	}
	if (code == GH_OK && ask == CLI_ASK_VERSION) {
		(void)printf("gatehouse %s\n", PACKAGE_VERSION);
		return CLI_OK;
	}
	if (code == GH_OK)
		code = dispatch(&c, &ret, &err);
	if (code != GH_OK) {
		(void)fprintf(stderr, "gatehouse: %s\n", err.msg);
		return (int)cli_exit_of_code(code);
	}
	if (fflush(stdout) != 0) {
		(void)fprintf(stderr, "gatehouse: cannot write to standard output\n");
		return CLI_FAILED;
	}
	return (int)ret;
}
