#include "base/ban.h"
#include "store/guard.h"
#include "store/read.gen.h"
#include "store/run.h"

enum gh_code
store_progress_find(
    struct store *st, struct gh_arena *a, int64_t run_id, struct store_progress **ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = NULL;
	GH_TRY(store_prepare(st, SQL_PROGRESS_FIND, &q, err));
	store_bind_int(q, ":run", run_id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return GH_OK;
	*ret = gh_alloc(a, sizeof(**ret));
	**ret = (struct store_progress){
		.at = store_int(q, 0),
		.migration = store_int(q, 1),
		.statement = store_int(q, 2),
		.activity = store_text(q, 3, a),
		.text = store_text(q, 4, a),
		.done = store_int(q, 5),
		.total = store_int(q, 6),
		.unit = store_text(q, 7, a),
		.since = store_int(q, 8),
	};
	return GH_OK;
}

int
store_progress_percent(const struct store_progress *p)
{
	if (p->total <= 0 || p->done < 0)
		return -1;
	return p->done >= p->total ? 100 : (int)((double)p->done * 100.0 / (double)p->total);
}

static struct store_episode
episode_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_episode){
		.number = store_int(q, 0),
		.queue = store_bool(q, 1),
		.migration = store_int(q, 2),
		.statement = store_int(q, 3),
		.started_at = store_int(q, 4),
		.ended_at = store_int(q, 5),
		.relation = store_text(q, 6, a),
		.mode = store_text(q, 7, a),
		.ending = store_text(q, 8, a),
	};
}

static enum gh_code
sessions(struct store *st, struct gh_arena *a, int64_t run_id, struct store_episode *e, struct gh_err *err)
{
	struct store_episode_session *list = NULL;
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_EPISODE_SESSION_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":number", e->number);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			break;
		list = store_room(a, list, e->n, sizeof(*list));
		list[e->n++] = (struct store_episode_session){
			.blocker = store_bool(q, 0),
			.pid = store_int(q, 1),
			.user = store_text(q, 2, a),
			.application = store_text(q, 3, a),
			.state = store_text(q, 4, a),
			.query = store_text(q, 5, a),
			.waited_ms = store_int(q, 6),
		};
	}
	e->sessions = list;
	return GH_OK;
}

enum gh_code
store_episode_list(
    struct store *st, struct gh_arena *a, int64_t run_id, struct store_episodes *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_episodes){ 0 };
	GH_TRY(store_prepare(st, SQL_EPISODE_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n] = episode_row(q, a);
		GH_TRY(sessions(st, a, run_id, &ret->rows[ret->n], err));
		ret->n++;
	}
}

enum gh_code
store_estimate_list(
    struct store *st, struct gh_arena *a, int64_t run_id, struct store_estimates *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_estimates){ 0 };
	GH_TRY(store_prepare(st, SQL_ESTIMATE_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_estimate){
			.position = store_int(q, 0), .us = store_int(q, 1), .from = store_text(q, 2, a)
		};
	}
}

/* Of one migration; 0 when it is over. */
static int64_t
left(const struct store_run_migration *m, int64_t us, int64_t now)
{
	bool begun = strcmp(m->state, "started") == 0;

	if (!begun && strcmp(m->state, "pending") != 0)
		return 0;
	if (us < 0)
		return -1;
	if (begun)
		us -= now - m->started_at;
	return us < 0 ? 0 : us;
}

enum gh_code
store_estimate_left(
    struct store *st, struct gh_arena *a, int64_t run_id, int64_t now, int64_t *ret_us, struct gh_err *err)
{
	struct store_run_migrations list = { 0 };
	struct store_estimates est = { 0 };
	struct store_run run;
	int64_t sum = 0;
	size_t i;

	*ret_us = -1;
	GH_TRY(store_run_get(st, a, run_id, &run, err));
	if (strcmp(run.state, "running") != 0)
		return GH_OK;
	GH_TRY(store_run_migration_list(st, a, run_id, &list, err));
	GH_TRY(store_estimate_list(st, a, run_id, &est, err));
	for (i = 0; i < list.n && i < est.n; i++) {
		int64_t us = left(&list.rows[i], est.rows[i].us, now);

		if (us < 0)
			return GH_OK;
		sum += us;
	}
	*ret_us = sum;
	return GH_OK;
}
