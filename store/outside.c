#include "base/ban.h"
#include "store/outside.h"
#include "store/read.gen.h"

enum gh_code
store_outside_list(
    struct store *st, struct gh_arena *a, struct store_outside_sources *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_outside_sources){ 0 };
	GH_TRY(store_prepare(st, SQL_OUTSIDE_LIST, &q, err));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_outside_source){
			.target_id = store_int(q, 0),
			.source = store_text(q, 1, a),
			.n = store_int(q, 2),
			.seen_at = store_int(q, 3),
		};
	}
}

enum gh_code
store_outside_looked(struct store *st, int64_t target_id, const char *source, struct store_outside_looks *ret,
    struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_OUTSIDE_LOOKED, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_text(q, ":source", source);
	GH_TRY(store_step(st, q, &row, err));
	*ret = (struct store_outside_looks){
		.queued_at = store_int(q, 0),
		.ended_at = store_int(q, 1),
		.open = store_bool(q, 2),
	};
	return GH_OK;
}

enum gh_code
store_outside_before(
    struct store *st, struct gh_arena *a, const struct store_task *t, const char **ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_OUTSIDE_BEFORE, &q, err));
	store_bind_int(q, ":target", t->target_id);
	store_bind_text(q, ":source", t->source);
	store_bind_int(q, ":task", t->id);
	GH_TRY(store_step(st, q, &row, err));
	*ret = row ? store_text(q, 0, a) : "";
	return GH_OK;
}
