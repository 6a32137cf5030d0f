#include "base/ban.h"
#include "store/guard_write.h"
#include "store/write.gen.h"

enum gh_code
store_progress_put(struct store *st, int64_t run_id, const struct store_progress *p, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_PROGRESS_PUT, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":at", p->at);
	store_bind_int(q, ":migration", p->migration);
	store_bind_int(q, ":statement", p->statement);
	store_bind_text(q, ":activity", p->activity);
	store_bind_text(q, ":text", p->text);
	store_bind_int(q, ":done", p->done);
	store_bind_int(q, ":total", p->total);
	store_bind_text(q, ":unit", p->unit);
	store_bind_int(q, ":since", p->since);
	return store_do(st, q, NULL, err);
}

static enum gh_code
sessions(struct store *st, int64_t run_id, const struct store_episode *e, struct gh_err *err)
{
	STORE_STMT clear = NULL;
	size_t i;

	GH_TRY(store_prepare(st, SQL_EPISODE_SESSION_CLEAR, &clear, err));
	store_bind_int(clear, ":run", run_id);
	store_bind_int(clear, ":number", e->number);
	GH_TRY(store_do(st, clear, NULL, err));
	for (i = 0; i < e->n; i++) {
		const struct store_episode_session *s = &e->sessions[i];
		STORE_STMT q = NULL;

		GH_TRY(store_prepare(st, SQL_EPISODE_SESSION_ADD, &q, err));
		store_bind_int(q, ":run", run_id);
		store_bind_int(q, ":number", e->number);
		store_bind_int(q, ":position", (int64_t)i);
		store_bind_text(q, ":role", s->blocker ? "blocker" : "sufferer");
		store_bind_int(q, ":pid", s->pid);
		store_bind_text(q, ":user", s->user);
		store_bind_text(q, ":application", s->application);
		store_bind_text(q, ":state", s->state);
		store_bind_text(q, ":query", s->query);
		store_bind_int(q, ":waited", s->waited_ms);
		GH_TRY(store_do(st, q, NULL, err));
	}
	return GH_OK;
}

enum gh_code
store_episode_put(struct store *st, int64_t run_id, const struct store_episode *e, struct gh_err *err)
{
	STORE_TX tx = { 0 };
	STORE_STMT q = NULL;

	GH_TRY(store_begin(st, &tx, err));
	GH_TRY(store_prepare(st, SQL_EPISODE_PUT, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":number", e->number);
	store_bind_text(q, ":kind", e->queue ? "queue" : "blocked");
	store_bind_int(q, ":migration", e->migration);
	store_bind_int(q, ":statement", e->statement);
	store_bind_int(q, ":started", e->started_at);
	store_bind_time(q, ":ended", e->ended_at);
	store_bind_text(q, ":relation", e->relation);
	store_bind_text(q, ":mode", e->mode);
	store_bind_text(q, ":ending", e->ending);
	GH_TRY(store_do(st, q, NULL, err));
	GH_TRY(sessions(st, run_id, e, err));
	return store_commit(&tx, err);
}

enum gh_code
store_guard_end(struct store *st, int64_t run_id, int64_t at, struct gh_err *err)
{
	STORE_STMT p = NULL;
	STORE_STMT e = NULL;

	GH_TRY(store_prepare(st, SQL_PROGRESS_DELETE, &p, err));
	store_bind_int(p, ":run", run_id);
	GH_TRY(store_do(st, p, NULL, err));
	GH_TRY(store_prepare(st, SQL_EPISODE_END, &e, err));
	store_bind_int(e, ":run", run_id);
	store_bind_int(e, ":at", at);
	return store_do(st, e, NULL, err);
}
