#include "base/ban.h"
#include "cli/backup.h"

/* A request like any other: who may, approves it, and then a run carries it out. */

enum { RESTORE = 6, SIDE = 7 };

static enum gh_code
restore(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	const char *word = c->uncounted ? "uncounted" : c->side;

	if (c->n_args != 1)
		return gh_fail(
		    err, GH_BAD_INPUT, "say which backup: backup restore BACKUP, its number or its file");
	if (strchr(c->args[0], ' ') != NULL)
		return gh_fail(err, GH_BAD_INPUT, "\"%s\" is no backup's number and no file", c->args[0]);
	if (c->side != NULL && c->uncounted)
		return gh_fail(err, GH_BAD_INPUT,
		    "a database beside the target takes nothing away: leave out --uncounted");
	/* The backup's own target, unless somebody says another: then that is refused, with the reason. */
	return cli_order(c, c->side == NULL ? RESTORE : SIDE, c->target == NULL ? "" : c->target,
	    word == NULL ? c->args[0] : gh_printf(c->arena, "%s %s", c->args[0], word), ret, err);
}

const struct cli_command cli_backup_restore = {
	.name = "restore",
	.usage = "BACKUP [--side NAME | --uncounted] --reason TEXT [--wait]",
	.help = "ask that a backup, by its number or file, become its target's database (the one that is "
		"there is "
		"kept under another name), or with --side the new database NAME beside it; --uncounted where "
		"nobody approves and what "
		"would be lost cannot be counted",
	.run = restore,
};
