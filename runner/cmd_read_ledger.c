/*
 * read.ledger: who did what, newest first.  For those who lead, audit or administer.
 *
 *   call   t actor | t operation | t subject ("" all, each) | t cursor | i limit
 *   reply  a table
 */
#include "base/ban.h"
#include "runner/read.h"
#include "store/ledger.h"

static enum gh_code
cmd_read_ledger_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	static const char *const columns[] = { "seq", "at", "actor", "way", "op", "subject", "target",
		"outcome", "text", "digest" };
	const char *actor = wire_text(in, c->arena), *op = wire_text(in, c->arena);
	const char *subject = wire_text(in, c->arena), *cursor = wire_text(in, c->arena);
	struct store_entry_filter filter = { .actor = actor, .op = op, .subject = subject };
	int64_t limit = wire_i64(in);
	struct store_entries list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(wire_end(in, err));
	filter.limit = limit;
	GH_TRY(cmd_cursor(cursor, &filter.before, err));
	GH_TRY(store_ledger_list(c->store, c->arena, &filter, &list, err));
	READ_START(&out, c, columns);
	for (i = 0; i < list.n && !read_full(c); i++) {
		const struct store_entry *e = &list.rows[i];

		wire_table_int(&out, e->seq);
		wire_table_time(&out, e->at);
		wire_table_text(&out, e->actor);
		wire_table_text(&out, e->way);
		wire_table_text(&out, e->op);
		wire_table_text(&out, e->subject);
		wire_table_text(&out, e->target);
		wire_table_text(&out, e->outcome);
		wire_table_text(&out, read_text(c, e->text));
		wire_table_text(&out, e->digest);
	}
	wire_table_end(&out, read_cursor(c, i > 0 && i < list.n ? list.rows[i - 1].seq : list.next));
	return GH_OK;
}

const struct cmd cmd_read_ledger = {
	.op = WIRE_READ_LEDGER,
	.needs = ROLE_LEAD | ROLE_AUDITOR | ROLE_ADMIN,
	.ways = CMD_CLI,
	.run = cmd_read_ledger_run,
};
