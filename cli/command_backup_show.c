#include "base/ban.h"
#include "cli/backup.h"

#define LIMIT   50
#define SIDECAR 5 /* a part of read.backup */

static enum gh_code
list(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	GH_TEXT fields = { 0 };
	GH_TEXT text = { 0 };
	struct wire_out out = { .text = &fields };
	static const char *const shown[] = { "backup", "target", "ended_at", "kind", "level", "state",
		"bytes", "took", "keep_until", "broken", "sidecar_wrong" };
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

/* The last cell is a text of several lines: on a terminal beneath the others. */
static void
print_sidecar(const struct cli *c, const struct wire_table *t, struct gh_text *out)
{
	struct wire_table head = *t;

	head.n_columns--;
	cli_print_row(c, &head, out);
	cli_print_lines(t->cells[head.n_columns].text, out);
}

static void
print_part(struct cli *c, unsigned part, const struct wire_table *t, struct gh_text *out)
{
	if (part == 0)
		cli_print_row(c, t, out);
	else if (part == SIDECAR && !c->json && t->n_rows == 1 && t->n_columns > 1)
		print_sidecar(c, t, out);
	else if (c->json || t->n_rows > 0)
		cli_print(c, t, out);
}

static enum gh_code
show(struct cli *c, enum cli_exit *ret, struct gh_err *err)
{
	static const struct {
		const char *name;
		uint8_t part;
	} parts[] = { { "backup", 0 }, { "tables", 1 }, { "proofs", 2 }, { "log", 3 },
		{ "sidecar", SIDECAR } };
	struct cli_part p = { .op = WIRE_READ_BACKUP };
	GH_TEXT out = { 0 };
	size_t i;

	*ret = CLI_OK;
	GH_TRY(cli_id(c, "backup", &p.id, err));
	gh_text_put(&out, c->json ? "{" : "");
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct wire_table t;

		p.part = parts[i].part;
		GH_TRY(cli_part_read(c, &p, &t, err));
		if (c->json)
			gh_text_putf(&out, "%s\"%s\": ", i == 0 ? "" : ",\n", parts[i].name);
		else if (i > 0 && t.n_rows > 0)
			gh_text_putf(&out, "\n%s\n", parts[i].name);
		print_part(c, p.part, &t, &out);
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
	.help = "one backup: its tables with their rows, how it was proved, what was said while it was "
		"taken, what was written beside its file",
	.run = show,
};
