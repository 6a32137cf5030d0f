#include "base/ban.h"
#include "store/batch.h"
#include "store/read.gen.h"

static struct store_batch
batch_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_batch){
		.migration = store_int(q, 0),
		.at = store_int(q, 1),
		.started_at = store_int(q, 2),
		.state = store_text(q, 3, a),
		.cursor = store_text(q, 4, a),
		.batches = store_int(q, 5),
		.rows = store_int(q, 6),
		.passed = store_int(q, 7),
		.expected = store_int(q, 8),
		.size = store_int(q, 9),
		.batch_us = store_int(q, 10),
		.pause_ms = store_int(q, 11),
		.why = store_text(q, 12, a),
		.left_out = store_int(q, 13),
	};
}

enum gh_code
store_batch_list(
    struct store *st, struct gh_arena *a, int64_t run_id, struct store_batches *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_batches){ 0 };
	GH_TRY(store_prepare(st, SQL_BATCH_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = batch_row(q, a);
	}
}

enum gh_code
store_batch_points(struct store *st, struct gh_arena *a, int64_t run_id, int64_t migration,
    struct store_batch_points *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_batch_points){ 0 };
	GH_TRY(store_prepare(st, SQL_BATCH_POINT_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":migration", migration);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_batch_point){ .at = store_int(q, 0),
			.rows = store_int(q, 1),
			.size = store_int(q, 2),
			.batch_us = store_int(q, 3) };
	}
}

enum gh_code
store_batch_rows(struct store *st, struct gh_arena *a, int64_t run_id, int64_t migration,
    struct store_batch_rows *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_batch_rows){ 0 };
	GH_TRY(store_prepare(st, SQL_BATCH_ROW_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":migration", migration);
	store_bind_int(q, ":limit", STORE_PAGE_MAX);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_batch_row){ .key = store_text(q, 0, a),
			.sqlstate = store_text(q, 1, a),
			.message = store_text(q, 2, a) };
	}
}
