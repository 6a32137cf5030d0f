#include "base/ban.h"
#include "store/batch_write.h"
#include "store/write.gen.h"

static enum gh_code
point_add(struct store *st, int64_t run_id, const struct store_batch *b, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_BATCH_POINT_ADD, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":migration", b->migration);
	store_bind_int(q, ":at", b->at);
	store_bind_int(q, ":rows", b->rows);
	store_bind_int(q, ":size", b->size);
	store_bind_int(q, ":batch_us", b->batch_us);
	return store_do(st, q, NULL, err);
}

static enum gh_code
points_thin(struct store *st, int64_t run_id, int64_t migration, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_BATCH_POINT_THIN, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":migration", migration);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_batch_put(struct store *st, int64_t run_id, const struct store_batch *b, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_BATCH_PUT, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":migration", b->migration);
	store_bind_int(q, ":at", b->at);
	store_bind_text(q, ":state", b->state);
	store_bind_text(q, ":cursor", b->cursor);
	store_bind_int(q, ":batches", b->batches);
	store_bind_int(q, ":rows", b->rows);
	store_bind_int(q, ":passed", b->passed);
	store_bind_int(q, ":expected", b->expected);
	store_bind_int(q, ":size", b->size);
	store_bind_int(q, ":batch_us", b->batch_us);
	store_bind_int(q, ":pause_ms", b->pause_ms);
	store_bind_text(q, ":why", b->why);
	store_bind_int(q, ":left_out", b->left_out);
	GH_TRY(store_do(st, q, NULL, err));
	GH_TRY(points_thin(st, run_id, b->migration, err));
	return point_add(st, run_id, b, err);
}

enum gh_code
store_batch_row_add(struct store *st, int64_t run_id, int64_t migration, const struct store_batch_row *row,
    struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_BATCH_ROW_ADD, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":migration", migration);
	store_bind_text(q, ":key", row->key);
	store_bind_text(q, ":sqlstate", row->sqlstate);
	store_bind_text(q, ":message", row->message);
	return store_do(st, q, NULL, err);
}
