#include "base/ban.h"
#include "runner/read_run.h"
#include "store/guard.h"

enum gh_code
read_run_progress(struct cmd_ctx *c, int64_t id, struct gh_err *err)
{
	static const char *const columns[] = { "activity", "migration", "statement", "text", "done", "total",
		"unit", "percent", "since", "left" };
	struct store_progress *p = NULL;
	struct wire_table_out out;
	int64_t left = -1;

	GH_TRY(store_progress_find(c->store, c->arena, id, &p, err));
	GH_TRY(store_estimate_left(c->store, c->arena, id, c->now, &left, err));
	READ_START(&out, c, columns);
	if (p != NULL) {
		wire_table_text(&out, p->activity);
		wire_table_int(&out, p->migration + 1);
		wire_table_int(&out, p->statement + 1);
		wire_table_text(&out, read_text(c, p->text));
		wire_table_int(&out, p->done);
		wire_table_int(&out, p->total);
		wire_table_text(&out, p->unit);
		if (store_progress_percent(p) < 0)
			wire_table_text(&out, NULL);
		else
			wire_table_int(&out, store_progress_percent(p));
		wire_table_time(&out, p->since);
		wire_table_span(&out, left);
	}
	wire_table_end(&out, "");
	return GH_OK;
}

static void
put_episode(struct wire_table_out *out, const struct store_episode *e)
{
	wire_table_int(out, e->number);
	wire_table_text(out, e->queue ? "queue" : "blocked");
	wire_table_int(out, e->migration + 1);
	wire_table_int(out, e->statement + 1);
	wire_table_text(out, e->relation);
	wire_table_text(out, e->mode);
	wire_table_time(out, e->started_at);
	read_took(out, e->started_at, e->ended_at);
	wire_table_text(out, e->ending);
}

static void
put_session(struct cmd_ctx *c, struct wire_table_out *out, const struct store_episode_session *s)
{
	static const struct store_episode_session none = {
		.waited_ms = -1, .user = "", .application = "", .state = "", .query = ""
	};

	wire_table_text(out, s == NULL ? NULL : s->blocker ? "blocker" : "sufferer");
	s = s == NULL ? &none : s;
	wire_table_int(out, s->pid);
	wire_table_text(out, s->user);
	wire_table_text(out, s->application);
	wire_table_text(out, s->state);
	wire_table_span(out, s->waited_ms < 0 ? -1 : s->waited_ms * 1000);
	wire_table_text(out, read_text(c, s->query));
}

enum gh_code
read_run_episodes(struct cmd_ctx *c, int64_t id, size_t after, struct gh_err *err)
{
	static const char *const columns[] = { "episode", "kind", "migration", "statement", "relation",
		"mode", "started_at", "took", "ending", "role", "pid", "user", "application", "state",
		"waited", "query" };
	struct store_episodes list = { 0 };
	struct wire_table_out out;
	size_t i, k, row = 0;
	bool full = false;

	GH_TRY(store_episode_list(c->store, c->arena, id, &list, err));
	READ_START(&out, c, columns);
	for (i = 0; i < list.n && !full; i++) {
		const struct store_episode *e = &list.rows[i];

		for (k = 0; k == 0 || k < e->n; k++) {
			full = read_full(c);
			if (full)
				break;
			if (row++ < after)
				continue;
			put_episode(&out, e);
			put_session(c, &out, k < e->n ? &e->sessions[k] : NULL);
		}
	}
	wire_table_end(&out, read_cursor(c, full ? (int64_t)row : 0));
	return GH_OK;
}
