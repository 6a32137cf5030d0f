#include "base/ban.h"
#include "cli/backup.h"

/* Every command of backups, one line each. */
static const struct cli_command *const table[] = {
	&cli_backup_list,
	&cli_backup_show,
	&cli_backup_take,
	&cli_backup_prove,
	&cli_backup_expire,
	&cli_backup_tasks,
	&cli_backup_cancel,
	&cli_backup_look,
	&cli_backup_folder,
	&cli_backup_restore,
	&cli_backup_key,
	&cli_backup_open,
	NULL,
};

static enum gh_code
backup(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_TEXT names = { 0 };
	size_t i;

	for (i = 0; table[i] != NULL; i++) {
		if (c->n_args > 0 && strcmp(c->args[0], table[i]->name) == 0) {
			c->n_args--;
			c->args++;
			return table[i]->run(c, ret, err);
		}
		gh_text_putf(&names, "%s%s", i == 0 ? "" : ", ", table[i]->name);
	}
	if (c->n_args == 0)
		return gh_fail(err, GH_BAD_INPUT, "backup what? %s", gh_text_str(&names));
	return gh_fail(
	    err, GH_BAD_INPUT, "backup has no command \"%s\", only %s", c->args[0], gh_text_str(&names));
}

const struct cli_command cli_command_backup = {
	.name = "backup",
	.usage = "COMMAND ...",
	.help = "the backups, each with how far it is proved",
	.parts = table,
	.run = backup,
};
