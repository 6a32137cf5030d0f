#include "base/ban.h"
#include "store/task.h"
#include "store/read.gen.h"

static struct store_task
task_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_task){
		.id = store_int(q, 0),
		.kind = store_text(q, 1, a),
		.target_id = store_int(q, 2),
		.target = store_text(q, 3, a),
		.environment = store_text(q, 4, a),
		.backup_id = store_int(q, 5),
		.person = store_text(q, 6, a),
		.reason = store_text(q, 7, a),
		.level = store_text(q, 8, a),
		.source = store_text(q, 9, a),
		.state = store_text(q, 10, a),
		.text = store_text(q, 11, a),
		.queued_at = store_int(q, 12),
		.started_at = store_int(q, 13),
		.ended_at = store_int(q, 14),
		.activity = store_text(q, 15, a),
		.note = store_text(q, 16, a),
		.done = store_int(q, 17),
		.total = store_int(q, 18),
		.unit = store_text(q, 19, a),
		.since = store_int(q, 20),
		.cancelled = store_text(q, 21, a),
	};
}

static enum gh_code
read_all(struct store *st, sqlite3_stmt *q, struct gh_arena *a, size_t limit, struct store_tasks *ret,
    struct gh_err *err)
{
	int row = 0;

	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		if (limit > 0 && ret->n == limit) {
			ret->next = ret->rows[ret->n - 1].id;
			return GH_OK;
		}
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = task_row(q, a);
	}
}

enum gh_code
store_task_get(struct store *st, struct gh_arena *a, int64_t id, struct store_task *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_TASK_GET, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "task %" PRId64 " does not exist", id);
	*ret = task_row(q, a);
	return GH_OK;
}

enum gh_code
store_task_detail(struct store *st, int64_t id, struct store_task_detail *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_TASK_DETAIL, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "task %" PRId64 " does not exist", id);
	*ret = (struct store_task_detail){
		.person_id = store_int(q, 0),
		.pid = store_int(q, 1),
		.journal_offset = store_int(q, 2),
	};
	if (sqlite3_column_bytes(q, 3) == GH_SHA256_LEN)
		memcpy(ret->journal_sum, sqlite3_column_blob(q, 3), GH_SHA256_LEN);
	return GH_OK;
}

enum gh_code
store_task_last(struct store *st, struct gh_arena *a, const struct store_task_last *f, struct store_task *ret,
    struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_task){ 0 };
	GH_TRY(store_prepare(st, SQL_TASK_LAST, &q, err));
	store_bind_text(q, ":kind", f->kind);
	store_bind_int(q, ":target", f->target);
	store_bind_int(q, ":backup", f->backup);
	store_bind_int(q, ":clock", f->clock);
	store_bind_text(q, ":level", f->level == NULL ? "" : f->level);
	GH_TRY(store_step(st, q, &row, err));
	if (row)
		*ret = task_row(q, a);
	return GH_OK;
}

enum gh_code
store_task_open_list(struct store *st, struct gh_arena *a, struct store_tasks *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;

	*ret = (struct store_tasks){ 0 };
	GH_TRY(store_prepare(st, SQL_TASK_OPEN_LIST, &q, err));
	return read_all(st, q, a, 0, ret, err);
}

enum gh_code
store_task_list(struct store *st, struct gh_arena *a, const struct store_task_filter *f,
    struct store_tasks *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int64_t limit = store_limit(f->limit);

	*ret = (struct store_tasks){ 0 };
	GH_TRY(store_prepare(st, SQL_TASK_LIST, &q, err));
	store_bind_int(q, ":target", f->target);
	store_bind_int(q, ":backup", f->backup);
	store_bind_int(q, ":before", f->before > 0 ? f->before : INT64_MAX);
	store_bind_int(q, ":limit", limit + 1);
	return read_all(st, q, a, (size_t)limit, ret, err);
}
