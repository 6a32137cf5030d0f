/*
 * read.run: one run, a part at a time.
 *
 *   call   i id | u part (0 run, 1 phases, 2 migrations, 3 statements, 4 events, 5 progress,
 *          6 episodes, 7 hooks, 8 evidence, 9 causes, 10 facts, 11 actions, 12 batches) | i after
 *   reply  a table
 *
 * after: events after that number; of the other lists the rows after so many.  The table's cursor
 * is what to ask for next.
 */
#include "base/ban.h"
#include "runner/read_run.h"
#include "store/run.h"

#define EVENTS 500 /* at a time */

static enum gh_code
part_run(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "run", "target", "environment", "project", "direction", "goal",
		"state", "sentence", "person", "request", "migrations", "queued_at", "started_at", "ended_at",
		"took", "sqlstate", "error", "error_detail", "error_hint", "incident", "backup" };
	struct store_run_detail d;
	struct wire_table_out out;
	struct store_run r;

	(void)after;
	GH_TRY(store_run_get(c->store, c->arena, id, &r, err));
	GH_TRY(store_run_detail(c->store, c->arena, id, &d, err));
	READ_START(&out, c, columns);
	wire_table_int(&out, r.id);
	wire_table_text(&out, r.target);
	wire_table_text(&out, r.environment);
	wire_table_text(&out, r.project);
	wire_table_text(&out, r.direction);
	wire_table_text(&out, r.goal);
	wire_table_text(&out, r.state);
	wire_table_text(&out, read_text(c, r.outcome));
	wire_table_text(&out, r.person);
	wire_table_int(&out, r.request_id);
	wire_table_int(&out, r.migrations);
	wire_table_time(&out, r.queued_at);
	wire_table_time(&out, r.started_at);
	wire_table_time(&out, r.ended_at);
	read_took(&out, r.started_at, r.ended_at);
	wire_table_text(&out, d.sqlstate);
	wire_table_text(&out, read_text(c, d.error));
	wire_table_text(&out, read_text(c, d.error_detail));
	wire_table_text(&out, read_text(c, d.error_hint));
	read_id(&out, d.incident);
	read_id(&out, d.backup);
	wire_table_end(&out, "");
	return GH_OK;
}

static enum gh_code
part_phases(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "phase", "state", "started_at", "took", "evidence" };
	struct store_phases list = { 0 };
	struct wire_table_out out;
	size_t i;

	(void)after;
	GH_TRY(store_phase_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = 0; i < list.n; i++) {
		wire_table_text(&out, list.rows[i].phase);
		wire_table_text(&out, list.rows[i].state);
		wire_table_time(&out, list.rows[i].started_at);
		read_took(&out, list.rows[i].started_at, list.rows[i].ended_at);
		wire_table_text(&out, read_text(c, list.rows[i].evidence));
	}
	wire_table_end(&out, "");
	return GH_OK;
}

static enum gh_code
part_migrations(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "version", "name", "state", "started_at", "took", "text" };
	struct store_run_migrations list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_run_migration_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = after; i < list.n && !read_full(c); i++) {
		wire_table_text(&out, list.rows[i].version);
		wire_table_text(&out, list.rows[i].name);
		wire_table_text(&out, list.rows[i].state);
		wire_table_time(&out, list.rows[i].started_at);
		read_took(&out, list.rows[i].started_at, list.rows[i].ended_at);
		wire_table_text(&out, read_text(c, list.rows[i].text));
	}
	wire_table_end(&out, read_cursor(c, i < list.n ? (int64_t)i : 0));
	return GH_OK;
}

static enum gh_code
part_statements(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "migration", "statement", "state", "rows", "started_at",
		"took", "tag" };
	struct store_run_statements list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_run_statement_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = after; i < list.n && !read_full(c); i++) {
		const struct store_run_statement *s = &list.rows[i];

		wire_table_int(&out, s->migration + 1);
		wire_table_int(&out, s->position + 1);
		wire_table_text(&out, s->state);
		if (s->row_count < 0)
			wire_table_text(&out, NULL);
		else
			wire_table_int(&out, s->row_count);
		wire_table_time(&out, s->started_at);
		read_took(&out, s->started_at, s->ended_at);
		wire_table_text(&out, s->tag);
	}
	wire_table_end(&out, read_cursor(c, i < list.n ? (int64_t)i : 0));
	return GH_OK;
}

static enum gh_code
part_events(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "seq", "at", "kind", "text" };
	struct store_events list = { 0 };
	struct wire_table_out out;
	size_t i;

	GH_TRY(store_event_list(c->store, c->arena, id, (int64_t)after, EVENTS, &list, err));
	READ_START(&out, c, columns);
	for (i = 0; i < list.n && !read_full(c); i++) {
		wire_table_int(&out, list.rows[i].seq);
		wire_table_time(&out, list.rows[i].at);
		wire_table_text(&out, list.rows[i].kind);
		wire_table_text(&out, read_text(c, list.rows[i].text));
	}
	wire_table_end(&out, read_cursor(c, i > 0 && (i < list.n || i == EVENTS) ? list.rows[i - 1].seq : 0));
	return GH_OK;
}

static enum gh_code
part_progress(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	(void)after;
	return read_run_progress(c, id, err);
}

/* By their numbers. */
static enum gh_code (*const parts[])(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err) = {
	part_run,
	part_phases,
	part_migrations,
	part_statements,
	part_events,
	part_progress,
	read_run_episodes,
	read_run_hooks,
	read_run_evidence,
	read_run_causes,
	read_run_facts,
	read_run_actions,
	read_run_batches,
};

static enum gh_code
cmd_read_run_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	int64_t id = wire_i64(in);
	unsigned part = wire_u8(in);
	int64_t after = wire_i64(in);
	struct store_run r;

	GH_TRY(wire_end(in, err));
	if (after < 0)
		return gh_fail(err, GH_BAD_INPUT, "nothing comes after %" PRId64, after);
	GH_TRY(store_run_get(c->store, c->arena, id, &r, err));
	if (part >= sizeof(parts) / sizeof(parts[0]))
		return gh_fail(err, GH_BAD_INPUT, "a run has no part %u", part);
	return parts[part](c, id, (size_t)after, err);
}

const struct cmd cmd_read_run = {
	.op = WIRE_READ_RUN,
	.needs = ROLE_ANY,
	.ways = CMD_CLI,
	.run = cmd_read_run_run,
};
