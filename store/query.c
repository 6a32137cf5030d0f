#include "base/ban.h"
#include "store/query.h"
#include "store/read.gen.h"

enum gh_code
store_query_list(
    struct store *st, struct gh_arena *a, int64_t project_id, struct store_queries *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_queries){ 0 };
	GH_TRY(store_prepare(st, SQL_QUERY_LIST, &q, err));
	store_bind_int(q, ":project", project_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_query){ .file = store_text(q, 0, a),
			.digest = store_text(q, 1, a),
			.problem = store_text(q, 2, a) };
	}
}
