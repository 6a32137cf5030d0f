#include "base/ban.h"
#include "store/run.h"
#include "store/read.gen.h"

static struct store_run
run_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_run){
		.id = store_int(q, 0),
		.request_id = store_int(q, 1),
		.target_id = store_int(q, 2),
		.target = store_text(q, 3, a),
		.environment = store_text(q, 4, a),
		.project = store_text(q, 5, a),
		.direction = store_text(q, 6, a),
		.state = store_text(q, 7, a),
		.outcome = store_text(q, 8, a),
		.goal = store_text(q, 9, a),
		.person = store_text(q, 10, a),
		.plan_digest = store_text(q, 11, a),
		.migrations = store_int(q, 12),
		.queued_at = store_int(q, 13),
		.started_at = store_int(q, 14),
		.ended_at = store_int(q, 15),
		.event_seq = store_int(q, 16),
		.act = store_text(q, 17, a),
	};
}

enum gh_code
store_run_list(struct store *st, struct gh_arena *a, const struct store_run_filter *f, struct store_runs *ret,
    struct gh_err *err)
{
	STORE_STMT q = NULL;
	bool by_state = f->state != NULL && *f->state != '\0';
	int64_t limit = store_limit(f->limit);
	unsigned sql = by_state ? SQL_RUN_LIST_STATE : SQL_RUN_LIST;
	int row = 0;

	if (f->target_id != 0)
		sql = by_state ? SQL_RUN_LIST_TARGET_STATE : SQL_RUN_LIST_TARGET;
	*ret = (struct store_runs){ 0 };
	GH_TRY(store_prepare(st, sql, &q, err));
	if (f->target_id != 0)
		store_bind_int(q, ":target", f->target_id);
	if (by_state)
		store_bind_text(q, ":state", f->state);
	store_bind_int(q, ":before", f->before > 0 ? f->before : INT64_MAX);
	store_bind_int(q, ":limit", limit + 1);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		if (ret->n == (size_t)limit) {
			ret->next = ret->rows[ret->n - 1].id;
			return GH_OK;
		}
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = run_row(q, a);
	}
}

enum gh_code
store_run_get(struct store *st, struct gh_arena *a, int64_t id, struct store_run *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_RUN_GET, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "run %" PRId64 " does not exist", id);
	*ret = run_row(q, a);
	return GH_OK;
}

enum gh_code
store_run_queue(
    struct store *st, struct gh_arena *a, int64_t limit, struct store_runs *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_runs){ 0 };
	GH_TRY(store_prepare(st, SQL_RUN_QUEUE, &q, err));
	store_bind_int(q, ":limit", store_limit(limit));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = run_row(q, a);
	}
}

enum gh_code
store_run_open_list(struct store *st, struct gh_arena *a, struct store_runs *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_runs){ 0 };
	GH_TRY(store_prepare(st, SQL_RUN_OPEN_LIST, &q, err));
	store_bind_int(q, ":limit", STORE_PAGE_MAX);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = run_row(q, a);
	}
}

static struct store_run_detail
detail_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_run_detail){
		.reason = store_text(q, 0, a),
		.pid = store_int(q, 1),
		.backend_pid = store_int(q, 2),
		.backend_start = store_text(q, 3, a),
		.journal_offset = store_int(q, 4),
		.intent_migration = store_int(q, 6),
		.intent_statement = store_int(q, 7),
		.intent_xid = store_text(q, 8, a),
		.error_migration = store_int(q, 9),
		.error_statement = store_int(q, 10),
		.sqlstate = store_text(q, 11, a),
		.error = store_text(q, 12, a),
		.error_detail = store_text(q, 13, a),
		.error_hint = store_text(q, 14, a),
		.error_object = store_text(q, 15, a),
		.error_line = store_int(q, 16),
		.incident = store_int(q, 17),
		.backup = store_int(q, 18),
		.control = store_text(q, 19, a),
		.control_text = store_text(q, 20, a),
		.control_serial = store_int(q, 21),
		.window_end = store_int(q, 22),
		.batch_size = store_int(q, 23),
		.batch_pause_ms = store_int(q, 24),
		.revert_until = store_int(q, 25),
	};
}

enum gh_code
store_run_detail(
    struct store *st, struct gh_arena *a, int64_t id, struct store_run_detail *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_RUN_DETAIL, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "run %" PRId64 " does not exist", id);
	*ret = detail_row(q, a);
	if (sqlite3_column_bytes(q, 5) == GH_SHA256_LEN)
		memcpy(ret->journal_sum, sqlite3_column_blob(q, 5), GH_SHA256_LEN);
	return GH_OK;
}
