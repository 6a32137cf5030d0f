/*
 * read.rehearsal: the newest rehearsal of a request's plan, a part at a time.
 *
 *   call   i request | u part (0 rehearsal, 1 migrations, 2 statements, 3 what the plan would destroy) | i
 * after reply  a table
 *
 * after: the rows after so many.  The table's cursor is what to ask for next.
 */
#include "base/ban.h"
#include "runner/read.h"
#include "store/loss.h"
#include "store/rehearsal.h"
#include "store/request.h"

static enum gh_code
part_rehearsal(struct cmd_ctx *c, const struct store_rehearsal *h)
{
	static const char *const columns[] = { "rehearsal", "target", "digest", "person", "state", "good",
		"place", "text", "tables", "rows", "bytes", "queued_at", "ended_at", "took" };
	struct wire_table_out out;

	READ_START(&out, c, columns);
	if (h->id != 0) {
		wire_table_int(&out, h->id);
		wire_table_text(&out, h->target);
		wire_table_text(&out, h->plan_digest);
		wire_table_text(&out, h->person);
		wire_table_text(&out, h->state);
		wire_table_text(&out, h->good ? "yes" : "no");
		wire_table_text(&out, h->place);
		wire_table_text(&out, read_text(c, h->text));
		wire_table_int(&out, h->tables);
		wire_table_int(&out, h->rows);
		wire_table_int(&out, h->bytes);
		wire_table_time(&out, h->queued_at);
		wire_table_time(&out, h->ended_at);
		read_took(&out, h->started_at, h->ended_at);
	}
	wire_table_end(&out, "");
	return GH_OK;
}

static enum gh_code
part_migrations(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "migration", "verdict", "loses", "text", "objects" };
	struct store_rehearsal_migrations list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_rehearsal_migration_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = after; i < list.n && !read_full(c); i++) {
		const struct store_rehearsal_migration *m = &list.rows[i];

		wire_table_int(&out, m->migration + 1);
		wire_table_text(&out, m->verdict);
		wire_table_text(&out, m->loses ? "yes" : "no");
		wire_table_text(&out, read_text(c, m->text));
		wire_table_text(&out, read_text(c, m->objects));
	}
	wire_table_end(&out, read_cursor(c, i < list.n ? (int64_t)i : 0));
	return GH_OK;
}

static enum gh_code
part_steps(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const passes[] = { "", "up", "down", "again" };
	static const char *const columns[] = { "migration", "pass", "line", "kind", "state", "took_us",
		"rows", "blocks", "wal_bytes", "locks", "rewritten", "error" };
	struct store_rehearsal_steps list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_rehearsal_step_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = after; i < list.n && !read_full(c); i++) {
		const struct store_rehearsal_step *s = &list.rows[i];

		wire_table_int(&out, s->migration + 1);
		wire_table_text(&out, passes[s->pass >= 1 && s->pass <= 3 ? s->pass : 0]);
		wire_table_int(&out, s->line);
		wire_table_text(&out, s->kind);
		wire_table_text(&out, s->state);
		wire_table_int(&out, s->took_us);
		read_number(&out, s->rows);
		read_number(&out, s->blocks);
		read_number(&out, s->wal_bytes);
		wire_table_text(&out, read_text(c, s->locks));
		wire_table_text(&out, read_text(c, s->rewritten));
		wire_table_text(&out, read_text(c, s->error));
	}
	wire_table_end(&out, read_cursor(c, i < list.n ? (int64_t)i : 0));
	return GH_OK;
}

static enum gh_code
part_losses(struct cmd_ctx *c, const char *digest, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "migration", "statement", "object", "there", "since", "text",
		"counted_at", "state" };
	struct store_losses list = { 0 };
	struct store_count count;
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_count_find(c->store, c->arena, digest, &count, err));
	GH_TRY(store_loss_list(c->store, c->arena, digest, &list, err));
	READ_START(&out, c, columns);
	for (i = after; i < list.n && !read_full(c); i++) {
		const struct store_loss *l = &list.rows[i];

		wire_table_int(&out, l->migration + 1);
		wire_table_int(&out, l->statement + 1);
		wire_table_text(&out, read_text(c, l->object));
		read_number(&out, l->there);
		read_number(&out, l->since);
		wire_table_text(&out, read_text(c, l->text));
		wire_table_time(&out, count.counted_at);
		wire_table_text(&out, count.state);
	}
	wire_table_end(&out, read_cursor(c, i < list.n ? (int64_t)i : 0));
	return GH_OK;
}

static enum gh_code
cmd_read_rehearsal_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in);
	unsigned part = wire_u8(in);
	int64_t after = wire_i64(in);
	struct store_rehearsal h;
	struct store_request q;

	GH_TRY(wire_end(in, err));
	if (after < 0)
		return gh_fail(err, GH_BAD_INPUT, "nothing comes after %" PRId64, after);
	GH_TRY(store_request_get(c->store, c->arena, id, &q, err));
	GH_TRY(store_rehearsal_find(c->store, c->arena, q.plan_digest, &h, err));
	switch (part) {
	case 0:
		return part_rehearsal(c, &h);
	case 1:
		return part_migrations(c, h.id, (size_t)after, err);
	case 2:
		return part_steps(c, h.id, (size_t)after, err);
	case 3:
		return part_losses(c, q.plan_digest, (size_t)after, err);
	default:
		return gh_fail(err, GH_BAD_INPUT, "a rehearsal has no part %u", part);
	}
}

const struct cmd cmd_read_rehearsal = {
	.op = WIRE_READ_REHEARSAL,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_rehearsal_run,
};
