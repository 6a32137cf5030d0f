#include "base/ban.h"
#include "store/shelf.h"
#include "store/read.gen.h"

enum gh_code
store_shelf_get(struct store *st, struct gh_arena *a, struct store_shelf *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret =
	    (struct store_shelf){ .problem = "", .total = -1, .free_size = -1, .a_day = -1, .full_at = -1 };
	GH_TRY(store_prepare(st, SQL_SHELF_GET, &q, err));
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return GH_OK;
	*ret = (struct store_shelf){
		.looked_at = store_int(q, 0),
		.problem = store_text(q, 1, a),
		.total = store_int(q, 2),
		.free_size = store_int(q, 3),
		.a_day = store_int(q, 4),
		.full_at = store_int(q, 5),
	};
	return GH_OK;
}

enum gh_code
store_pace_get(struct store *st, int64_t target_id, int64_t since, struct store_pace *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_PACE_GET, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_int(q, ":since", since);
	GH_TRY(store_step(st, q, &row, err));
	*ret = (struct store_pace){
		.taken = store_int(q, 0),
		.first_at = store_int(q, 1),
		.last_at = store_int(q, 2),
		.bytes = store_int(q, 3),
	};
	return GH_OK;
}

enum gh_code
store_pin_list(
    struct store *st, struct gh_arena *a, int64_t target_id, struct store_pins *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_pins){ 0 };
	GH_TRY(store_prepare(st, SQL_PIN_LIST, &q, err));
	store_bind_int(q, ":target", target_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_pin){
			.backup_id = store_int(q, 0),
			.text = store_text(q, 1, a),
		};
	}
}
