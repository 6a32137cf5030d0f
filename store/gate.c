#include "base/ban.h"
#include "store/gate.h"
#include "store/read.gen.h"

enum gh_code
store_gate_targets(struct store *st, struct gh_arena *a, int64_t project_id, int64_t position,
    struct store_gate_targets *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_gate_targets){ 0 };
	GH_TRY(store_prepare(st, SQL_GATE_TARGETS, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_int(q, ":position", position);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_gate_target){
			.id = store_int(q, 0), .name = store_text(q, 1, a), .environment = store_text(q, 2, a)
		};
	}
}

enum gh_code
store_gate_get(struct store *st, struct gh_arena *a, const struct store_gate_ask *ask, struct store_gate *ret,
    struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_gate){ .standing = "", .digest = "", .tokens_there = "", .tokens_here = "" };
	GH_TRY(store_prepare(st, SQL_GATE_GET, &q, err));
	store_bind_int(q, ":project", ask->project_id);
	store_bind_int(q, ":target", ask->target_id);
	store_bind_text(q, ":key", ask->key);
	store_bind_text(q, ":digest", ask->digest);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return GH_OK;
	*ret = (struct store_gate){ .known = true,
		.standing = store_text(q, 0, a),
		.applied = store_bool(q, 1),
		.digest = store_text(q, 2, a),
		.applied_at = store_int(q, 3),
		.tokens_there = store_text(q, 4, a),
		.tokens_here = store_text(q, 5, a) };
	return GH_OK;
}
