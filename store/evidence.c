#include "base/ban.h"
#include "store/evidence.h"
#include "store/read.gen.h"

static struct store_evidence
evidence_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_evidence){
		.position = store_int(q, 0),
		.at = store_int(q, 1),
		.kind = store_text(q, 2, a),
		.name = store_text(q, 3, a),
		.state = store_text(q, 4, a),
		.text = store_text(q, 5, a),
	};
}

enum gh_code
store_evidence_list(
    struct store *st, struct gh_arena *a, int64_t run_id, struct store_evidences *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_evidences){ 0 };
	GH_TRY(store_prepare(st, SQL_EVIDENCE_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":limit", STORE_PAGE_MAX);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = evidence_row(q, a);
	}
}
