#include "base/ban.h"
#include "cli/backup.h"

/* What retention lets go, and the folder. */

static enum gh_code
expire(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	GH_TEXT text = { 0 };
	struct wire_out out = { .text = &fields };
	const char *target = NULL;
	struct wire_table t;

	*ret = CLI_OK;
	if (c->n_args != 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "unexpected \"%s\": the target is given with --target", c->args[0]);
	GH_TRY(cli_target(c, &target, err));
	cli_put_head(c, &out);
	wire_put_text(&out, target);
	wire_put_bool(&out, c->dry_run);
	GH_TRY(cli_read(c, WIRE_BACKUP_EXPIRE, &fields, &t, err));
	cli_print(c, &t, &text);
	(void)fputs(gh_text_str(&text), stdout);
	return GH_OK;
}

static enum gh_code
look(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	GH_TEXT text = { 0 };
	struct wire_out out = { .text = &fields };
	struct wire_table t;

	*ret = CLI_OK;
	if (c->n_args != 0)
		return gh_fail(err, GH_BAD_INPUT, "unexpected \"%s\"", c->args[0]);
	cli_put_head(c, &out);
	GH_TRY(cli_read(c, WIRE_BACKUP_LOOK, &fields, &t, err));
	if (t.n_rows > 0 || c->json)
		cli_print(c, &t, &text);
	else
		gh_text_put(&text, "Every file is there and has the size that was written; no other is.\n");
	(void)fputs(gh_text_str(&text), stdout);
	return GH_OK;
}

static enum gh_code
folder(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	const struct cli_part p = { .op = WIRE_READ_BACKUP, .part = 4 };
	GH_TEXT text = { 0 };
	struct wire_table t;

	*ret = CLI_OK;
	if (c->n_args != 0)
		return gh_fail(err, GH_BAD_INPUT, "unexpected \"%s\"", c->args[0]);
	GH_TRY(cli_part_read(c, &p, &t, err));
	cli_print_row(c, &t, &text);
	(void)fputs(gh_text_str(&text), stdout);
	return GH_OK;
}

const struct cli_command cli_backup_expire = {
	.name = "expire",
	.usage = "[--dry-run]",
	.help = "remove the backups of a target that need not be kept any longer; with --dry-run only say "
		"which go, which stay and why",
	.run = expire,
};

const struct cli_command cli_backup_look = {
	.name = "look",
	.usage = "",
	.help = "look at the folder of backups now: files that are missing or changed, files that no backup "
		"knows",
	.run = look,
};

const struct cli_command cli_backup_folder = {
	.name = "folder",
	.usage = "",
	.help = "how much room the folder of backups has, and when it is full at the pace of the last ones",
	.run = folder,
};
