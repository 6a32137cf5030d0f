#include "base/ban.h"
#include "cli/backup.h"

#define LIMIT 50

static enum gh_code
list(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	GH_TEXT text = { 0 };
	struct wire_out out = { .text = &fields };
	static const char *const shown[] = { "backup", "target", "ended_at", "kind", "level", "state",
		"bytes", "took", "keep_until", "broken" };
	struct wire_table t;

	*ret = CLI_OK;
	if (c->n_args != 0)
		return gh_fail(err, GH_BAD_INPUT, "unexpected \"%s\"", c->args[0]);
	wire_put_text(&out, c->target);
	wire_put_text(&out, c->cursor);
	wire_put_i64(&out, c->limit == 0 ? LIMIT : c->limit);
	GH_TRY(cli_read(c, WIRE_READ_BACKUPS, &fields, &t, err));
	GH_TRY(cli_narrow(c, &t, shown, sizeof(shown) / sizeof(shown[0]), err));
	cli_print(c, &t, &text);
	(void)fputs(gh_text_str(&text), stdout);
	return GH_OK;
}

static enum gh_code
show(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	static const char *const names[] = { "backup", "tables", "proofs", "log" };
	struct cli_part p = { .op = WIRE_READ_BACKUP };
	GH_TEXT out = { 0 };

	*ret = CLI_OK;
	GH_TRY(cli_id(c, "backup", &p.id, err));
	gh_text_put(&out, c->json ? "{" : "");
	for (p.part = 0; p.part < sizeof(names) / sizeof(names[0]); p.part++) {
		struct wire_table t;

		GH_TRY(cli_part_read(c, &p, &t, err));
		if (c->json)
			gh_text_putf(&out, "%s\"%s\": ", p.part == 0 ? "" : ",\n", names[p.part]);
		else if (p.part > 0 && t.n_rows > 0)
			gh_text_putf(&out, "\n%s\n", names[p.part]);
		if (p.part == 0)
			cli_print_row(c, &t, &out);
		else if (c->json || t.n_rows > 0)
			cli_print(c, &t, &out);
	}
	gh_text_put(&out, c->json ? "}\n" : "");
	(void)fputs(gh_text_str(&out), stdout);
	return GH_OK;
}

const struct cli_command cli_backup_list = {
	.name = "list",
	.usage = "[--limit N] [--cursor C]",
	.help = "the backups of all targets, or of --target: level, state, size, until when each is kept",
	.run = list,
};

const struct cli_command cli_backup_show = {
	.name = "show",
	.usage = "BACKUP",
	.help = "one backup: its tables with their rows, how it was proved, what was said while it was taken",
	.run = show,
};
