/*
 * read.backup: one backup, a part at a time.
 *
 *   call   i backup | u part (0 backup, 1 tables, 2 proofs, 3 log; 4 the folder of all of them: backup 0;
 *          5 the file beside it) | i after
 *   reply  a table
 *
 * after: the rows after so many.  The table's cursor is what to ask for next.
 */
#include "base/ban.h"
#include "runner/read.h"
#include "store/backup.h"
#include "store/shelf.h"

static void
where(struct wire_table_out *out, const struct store_backup *b)
{
	wire_table_int(out, b->id);
	wire_table_text(out, b->target);
	wire_table_text(out, b->environment);
	wire_table_text(out, b->kind);
	read_id(out, b->run_id);
	wire_table_text(out, b->person);
	wire_table_text(out, b->state);
	wire_table_time(out, b->state_at);
}

static void
part_backup(struct cmd_ctx *c, const struct store_backup *b)
{
	static const char *const columns[] = { "backup", "target", "environment", "kind", "run", "person",
		"state", "state_at", "level", "broken", "proved_at", "prove_took", "started_at", "ended_at",
		"took", "bytes", "plain_bytes", "database_bytes", "tables", "rows", "version",
		"server_version", "client_version", "snapshot", "fingerprint", "file", "format",
		"encrypted_to", "digest", "source", "label", "keep_until", "kept_for", "sidecar_wrong" };
	struct wire_table_out out;

	READ_START(&out, c, columns);
	where(&out, b);
	wire_table_text(&out, b->level);
	wire_table_text(&out, read_text(c, b->broken));
	wire_table_time(&out, b->proved_at);
	wire_table_span(&out, b->proved_at == 0 ? -1 : b->prove_us);
	wire_table_time(&out, b->started_at);
	wire_table_time(&out, b->ended_at);
	read_took(&out, b->ended_at == b->started_at ? 0 : b->started_at, b->ended_at);
	read_number(&out, b->size);
	read_number(&out, b->plain_size);
	read_number(&out, b->database_bytes);
	read_number(&out, b->table_count);
	read_number(&out, b->row_count);
	wire_table_text(&out, b->schema_key);
	wire_table_text(&out, b->server_version);
	wire_table_text(&out, b->client_version);
	wire_table_text(&out, b->snapshot);
	wire_table_text(&out, b->fingerprint);
	wire_table_text(&out, b->file);
	wire_table_text(&out, b->format);
	wire_table_text(&out, b->encrypted_to);
	wire_table_text(&out, b->digest);
	wire_table_text(&out, b->source);
	wire_table_text(&out, read_text(c, b->label));
	wire_table_time(&out, b->keep_until);
	wire_table_text(&out, b->kept_for);
	wire_table_text(&out, read_text(c, b->sidecar_wrong));
	wire_table_end(&out, "");
}

static enum gh_code
part_tables(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "table", "rows", "bytes", "restored" };
	struct store_backup_tables list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_backup_table_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = after; i < list.n && !read_full(c); i++) {
		wire_table_text(&out, read_text(c, list.rows[i].name));
		wire_table_int(&out, list.rows[i].rows);
		read_number(&out, list.rows[i].bytes);
		read_number(&out, list.rows[i].restored);
	}
	wire_table_end(&out, read_cursor(c, i < list.n ? (int64_t)i : 0));
	return GH_OK;
}

static enum gh_code
part_proofs(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "proof", "level", "state", "ended_at", "took", "task", "place",
		"text" };
	struct store_proofs list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_proof_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = after; i < list.n && !read_full(c); i++) {
		const struct store_proof *p = &list.rows[i];

		wire_table_int(&out, p->id);
		wire_table_text(&out, p->level);
		wire_table_text(&out, p->state);
		wire_table_time(&out, p->ended_at);
		read_took(&out, p->started_at, p->ended_at);
		read_id(&out, p->task_id);
		wire_table_text(&out, read_text(c, p->place));
		wire_table_text(&out, read_text(c, p->text));
	}
	wire_table_end(&out, read_cursor(c, i < list.n ? (int64_t)i : 0));
	return GH_OK;
}

/* A row for each line. */
static enum gh_code
part_log(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "text" };
	struct wire_table_out out;
	const char *at = "", *end;
	size_t line = 0;

	GH_TRY(store_backup_log(c->store, c->arena, id, &at, err));
	READ_START(&out, c, columns);
	for (; *at != '\0' && !read_full(c); at = *end == '\0' ? end : end + 1, line++) {
		end = strchrnul(at, '\n');
		if (line >= after)
			wire_table_text(&out, read_text(c, gh_printf(c->arena, "%.*s", (int)(end - at), at)));
	}
	wire_table_end(&out, read_cursor(c, *at != '\0' ? (int64_t)line : 0));
	return GH_OK;
}

/* Its whole text: what the store has of it fits into an answer. */
static enum gh_code
part_sidecar(struct cmd_ctx *c, const struct store_backup *b, struct gh_err *err)
{
	static const char *const columns[] = { "file", "bytes", "digest", "wrong", "text" };
	struct store_sidecar s;
	struct wire_table_out out;

	GH_TRY(store_sidecar_get(c->store, c->arena, b->id, &s, err));
	READ_START(&out, c, columns);
	if (s.name[0] != '\0') {
		wire_table_text(&out, s.name);
		wire_table_int(&out, s.size);
		wire_table_text(&out, s.digest);
		wire_table_text(&out, read_text(c, b->sidecar_wrong));
		wire_table_text(&out, s.text);
	}
	wire_table_end(&out, "");
	return GH_OK;
}

/* How it was when it was looked at last, and when it is full at the pace of the last backups. */
static enum gh_code
part_folder(struct cmd_ctx *c, struct gh_err *err)
{
	static const char *const columns[] = { "folder", "looked_at", "problem", "total_bytes", "free_bytes",
		"bytes_a_day", "full_at", "full" };
	struct wire_table_out out;
	struct store_shelf s;

	GH_TRY(store_shelf_get(c->store, c->arena, &s, err));
	READ_START(&out, c, columns);
	wire_table_text(&out, c->config->backups);
	wire_table_time(&out, s.looked_at);
	wire_table_text(&out, s.problem);
	read_number(&out, s.total);
	read_number(&out, s.free_size);
	read_number(&out, s.a_day);
	wire_table_time(&out, s.full_at < 0 ? 0 : s.full_at);
	wire_table_text(&out,
	    s.full_at < 0        ? "not known yet"
		: s.full_at == 0 ? "not within ten years"
				 : "at the pace of the last backups");
	wire_table_end(&out, "");
	return GH_OK;
}

static enum gh_code
cmd_read_backup_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in);
	unsigned part = wire_u8(in);
	int64_t after = wire_i64(in);
	struct store_backup b;

	GH_TRY(wire_end(in, err));
	if (after < 0)
		return gh_fail(err, GH_BAD_INPUT, "nothing comes after %" PRId64, after);
	if (part == 4 && id == 0)
		return part_folder(c, err);
	GH_TRY(store_backup_get(c->store, c->arena, id, &b, err));
	switch (part) {
	case 0:
		part_backup(c, &b);
		return GH_OK;
	case 1:
		return part_tables(c, id, (size_t)after, err);
	case 2:
		return part_proofs(c, id, (size_t)after, err);
	case 3:
		return part_log(c, id, (size_t)after, err);
	case 5:
		return part_sidecar(c, &b, err);
	default:
		return gh_fail(err, GH_BAD_INPUT, "a backup has no part %u", part);
	}
}

const struct cmd cmd_read_backup = {
	.op = WIRE_READ_BACKUP,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_backup_run,
};
