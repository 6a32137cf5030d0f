#include "base/ban.h"
#include "store/backup.h"
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
		.person = store_text(q, 5, a),
		.kind = store_text(q, 6, a),
		.file = store_text(q, 7, a),
		.format = store_text(q, 8, a),
		.encrypted_to = store_text(q, 9, a),
		.digest = store_text(q, 10, a),
		.size = store_int(q, 11),
		.plain_size = store_int(q, 12),
		.database_bytes = store_int(q, 13),
		.started_at = store_int(q, 14),
		.ended_at = store_int(q, 15),
		.server_version = store_text(q, 16, a),
		.client_version = store_text(q, 17, a),
		.table_count = store_int(q, 18),
		.row_count = store_int(q, 19),
		.schema_key = store_text(q, 20, a),
		.snapshot = store_text(q, 21, a),
		.fingerprint = store_text(q, 22, a),
		.level = store_text(q, 23, a),
		.broken = store_text(q, 24, a),
		.proved_at = store_int(q, 25),
		.prove_us = store_int(q, 26),
		.state = store_text(q, 27, a),
		.state_at = store_int(q, 28),
		.source = store_text(q, 29, a),
		.label = store_text(q, 30, a),
		.keep_until = store_int(q, 31),
		.seen_at = store_int(q, 32),
		.kept_for = store_text(q, 33, a),
		.sidecar_wrong = store_text(q, 34, a),
		.sidecar_read = store_int(q, 35) != 0,
		.sidecar_size = store_int(q, 36),
	};
}

/* limit 0: all of them. */
static enum gh_code
read_all(struct store *st, sqlite3_stmt *q, struct gh_arena *a, size_t limit, struct store_backups *ret,
    struct gh_err *err)
{
	int row = 0;

	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		if (limit > 0 && ret->n == limit) {
			ret->next = ret->rows[ret->n - 1].id;
			return GH_OK;
		}
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = backup_row(q, a);
	}
}

enum gh_code
store_backup_list(struct store *st, struct gh_arena *a, int64_t target_id, int64_t before, int64_t limit,
    struct store_backups *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;

	*ret = (struct store_backups){ 0 };
	limit = store_limit(limit);
	GH_TRY(store_prepare(st, target_id == 0 ? SQL_BACKUP_LIST : SQL_BACKUP_LIST_TARGET, &q, err));
	if (target_id != 0)
		store_bind_int(q, ":target", target_id);
	store_bind_int(q, ":before", before > 0 ? before : INT64_MAX);
	store_bind_int(q, ":limit", limit + 1);
	return read_all(st, q, a, (size_t)limit, ret, err);
}

enum gh_code
store_backup_kept(
    struct store *st, struct gh_arena *a, int64_t target_id, struct store_backups *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;

	*ret = (struct store_backups){ 0 };
	GH_TRY(store_prepare(st, SQL_BACKUP_KEPT, &q, err));
	store_bind_int(q, ":target", target_id);
	return read_all(st, q, a, 0, ret, err);
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

enum gh_code
store_backup_find(
    struct store *st, struct gh_arena *a, const char *file, struct store_backup *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_BACKUP_FIND, &q, err));
	store_bind_text(q, ":file", file);
	GH_TRY(store_step(st, q, &row, err));
	if (!row || file[0] == '\0')
		return gh_fail(err, GH_NOT_FOUND, "no backup has the file %s", file);
	*ret = backup_row(q, a);
	return GH_OK;
}

enum gh_code
store_going_list(
    struct store *st, struct gh_arena *a, int64_t target_id, struct store_goings *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_goings){ 0 };
	GH_TRY(store_prepare(st, SQL_BACKUP_GOING_LIST, &q, err));
	store_bind_int(q, ":target", target_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_going){
			.id = store_int(q, 0), .by = store_text(q, 1, a), .way = store_text(q, 2, a)
		};
	}
}

enum gh_code
store_going_check(struct store *st, int64_t id, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_goings list;
	size_t i;

	GH_TRY(store_going_list(st, &a, 0, &list, err));
	for (i = 0; i < list.n; i++) {
		if (list.rows[i].id == id)
			return gh_fail(err, GH_CONFLICT,
			    "backup %" PRId64 " is being removed, as %s has decided", id, list.rows[i].by);
	}
	return GH_OK;
}

enum gh_code
store_backup_log(struct store *st, struct gh_arena *a, int64_t id, const char **ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_BACKUP_LOG, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "backup %" PRId64 " does not exist", id);
	*ret = store_text(q, 0, a);
	return GH_OK;
}
