#include "base/ban.h"
#include "store/hook.h"
#include "store/read.gen.h"

static struct store_hook
hook_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_hook){
		.when = store_text(q, 0, a),
		.position = store_int(q, 1),
		.command = store_text(q, 2, a),
		.state = store_text(q, 3, a),
		.exit_status = store_int(q, 4),
		.output = store_text(q, 5, a),
		.started_at = store_int(q, 6),
		.ended_at = store_int(q, 7),
	};
}

enum gh_code
store_hook_list(
    struct store *st, struct gh_arena *a, int64_t run_id, struct store_hooks *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_hooks){ 0 };
	GH_TRY(store_prepare(st, SQL_HOOK_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = hook_row(q, a);
	}
}
