/*
 * read.backups: the backups and how far each is proved, newest first.
 *
 *   call   t target ("" all) | t cursor | i limit
 *   reply  a table
 */
#include "base/ban.h"
#include "runner/read.h"
#include "store/backup.h"

static enum gh_code
cmd_read_backups_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	static const char *const columns[] = { "backup", "target", "environment", "run", "level", "ended_at",
		"took", "bytes", "tables", "rows", "version", "file", "digest", "kind", "state", "broken",
		"proved_at", "prove_took", "plain_bytes", "encrypted", "source", "keep_until", "kept_for",
		"sidecar_wrong" };
	const char *name = wire_text(in, c->arena), *cursor = wire_text(in, c->arena);
	int64_t limit = wire_i64(in), before = 0, target = 0;
	struct store_backups list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_cursor(cursor, &before, err));
	GH_TRY(read_target(c, name, &target, err));
	GH_TRY(store_backup_list(c->store, c->arena, target, before, limit, &list, err));
	READ_START(&out, c, columns);
	for (i = 0; i < list.n && !read_full(c); i++) {
		const struct store_backup *b = &list.rows[i];

		wire_table_int(&out, b->id);
		wire_table_text(&out, b->target);
		wire_table_text(&out, b->environment);
		read_id(&out, b->run_id);
		wire_table_text(&out, b->level);
		wire_table_time(&out, b->ended_at);
		read_took(&out, b->ended_at == b->started_at ? 0 : b->started_at, b->ended_at);
		read_number(&out, b->size);
		read_number(&out, b->table_count);
		read_number(&out, b->row_count);
		wire_table_text(&out, b->schema_key);
		wire_table_text(&out, b->file);
		wire_table_text(&out, b->digest);
		wire_table_text(&out, b->kind);
		wire_table_text(&out, b->state);
		wire_table_text(&out, read_text(c, b->broken));
		wire_table_time(&out, b->proved_at);
		wire_table_span(&out, b->proved_at == 0 ? -1 : b->prove_us);
		read_number(&out, b->plain_size);
		wire_table_bool(&out, b->encrypted_to[0] != '\0');
		wire_table_text(&out, b->source);
		wire_table_time(&out, b->keep_until);
		wire_table_text(&out, b->kept_for);
		wire_table_text(&out, read_text(c, b->sidecar_wrong));
	}
	wire_table_end(&out, read_cursor(c, i > 0 && i < list.n ? list.rows[i - 1].id : list.next));
	return GH_OK;
}

const struct cmd cmd_read_backups = {
	.op = WIRE_READ_BACKUPS,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_backups_run,
};
