#include "base/ban.h"
#include "store/behind.h"
#include "store/read.gen.h"

enum gh_code
store_behind_list(struct store *st, struct gh_arena *a, struct store_behinds *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_behinds){ 0 };
	GH_TRY(store_prepare(st, SQL_BEHIND_LIST, &q, err));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_behind){
			.project = store_text(q, 0, a),
			.environment = store_text(q, 1, a),
			.before = store_text(q, 2, a),
			.target = store_text(q, 3, a),
			.ahead = store_text(q, 4, a),
			.migrations = store_int(q, 5),
		};
	}
}
