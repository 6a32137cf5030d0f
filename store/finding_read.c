#include "base/ban.h"
#include "store/finding.h"
#include "store/read.gen.h"

static struct store_finding
finding_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_finding){
		.side = store_text(q, 0, a),
		.position = store_int(q, 1),
		.statement = store_int(q, 2),
		.rule = store_text(q, 3, a),
		.level = store_text(q, 4, a),
		.scale = store_text(q, 5, a),
		.line = store_int(q, 6),
		.column = store_int(q, 7),
		.object = store_text(q, 8, a),
		.message = store_text(q, 9, a),
		.rewrite = store_text(q, 10, a),
		.ignored = store_bool(q, 11),
		.reason = store_text(q, 12, a),
	};
}

enum gh_code
store_finding_list(struct store *st, struct gh_arena *a, int64_t migration_id, const char *side,
    struct store_findings *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_findings){ 0 };
	GH_TRY(store_prepare(st, SQL_FINDING_LIST, &q, err));
	store_bind_int(q, ":migration", migration_id);
	store_bind_text(q, ":side", side);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = finding_row(q, a);
	}
}

static struct store_statement_touch
touch_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_statement_touch){
		.statement = store_int(q, 0),
		.object = store_text(q, 1, a),
		.lock = store_text(q, 2, a),
		.strength = store_int(q, 3),
		.rewrites = store_bool(q, 4),
		.scans = store_bool(q, 5),
		.writes = store_bool(q, 6),
	};
}

enum gh_code
store_statement_touch_list(struct store *st, struct gh_arena *a, int64_t migration_id, const char *side,
    struct store_statement_touches *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_statement_touches){ 0 };
	GH_TRY(store_prepare(st, SQL_STATEMENT_TOUCH_LIST, &q, err));
	store_bind_int(q, ":migration", migration_id);
	store_bind_text(q, ":side", side);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = touch_row(q, a);
	}
}
