#include "base/ban.h"
#include "store/run.h"
#include "store/read.gen.h"

static struct store_backup
backup_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_backup){
		.id = store_int(q, 0),
		.target_id = store_int(q, 1),
		.run_id = store_int(q, 2),
		.target = store_text(q, 3, a),
		.environment = store_text(q, 4, a),
		.file = store_text(q, 5, a),
		.digest = store_text(q, 6, a),
		.size = store_int(q, 7),
		.started_at = store_int(q, 8),
		.ended_at = store_int(q, 9),
		.server_version = store_text(q, 10, a),
		.client_version = store_text(q, 11, a),
		.table_count = store_int(q, 12),
		.row_count = store_int(q, 13),
		.schema_key = store_text(q, 14, a),
		.level = store_text(q, 15, a),
	};
}

enum gh_code
store_backup_list(struct store *st, struct gh_arena *a, int64_t target_id, int64_t before, int64_t limit,
    struct store_backups *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_backups){ 0 };
	limit = store_limit(limit);
	GH_TRY(store_prepare(st, target_id == 0 ? SQL_BACKUP_LIST : SQL_BACKUP_LIST_TARGET, &q, err));
	if (target_id != 0)
		store_bind_int(q, ":target", target_id);
	store_bind_int(q, ":before", before > 0 ? before : INT64_MAX);
	store_bind_int(q, ":limit", limit + 1);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		if (ret->n == (size_t)limit) {
			ret->next = ret->rows[ret->n - 1].id;
			return GH_OK;
		}
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = backup_row(q, a);
	}
}

enum gh_code
store_backup_get(
    struct store *st, struct gh_arena *a, int64_t id, struct store_backup *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_BACKUP_GET, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "backup %" PRId64 " does not exist", id);
	*ret = backup_row(q, a);
	return GH_OK;
}
