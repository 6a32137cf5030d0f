#include "base/ban.h"
#include "store/backup.h"
#include "store/read.gen.h"

/* What belongs to backups: their tables, sidecars and proofs, stray files, databases that restores have left.
 */

enum gh_code
store_backup_table_list(struct store *st, struct gh_arena *a, int64_t backup_id,
    struct store_backup_tables *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_backup_tables){ 0 };
	GH_TRY(store_prepare(st, SQL_BACKUP_TABLE_LIST, &q, err));
	store_bind_int(q, ":backup", backup_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_backup_table){
			.name = store_text(q, 0, a),
			.rows = store_int(q, 1),
			.bytes = store_int(q, 2),
			.restored = store_int(q, 3),
		};
	}
}

enum gh_code
store_sidecar_get(
    struct store *st, struct gh_arena *a, int64_t backup_id, struct store_sidecar *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_sidecar){ .name = "", .size = -1, .digest = "", .text = "" };
	GH_TRY(store_prepare(st, SQL_SIDECAR_GET, &q, err));
	store_bind_int(q, ":backup", backup_id);
	GH_TRY(store_step(st, q, &row, err));
	if (row)
		*ret = (struct store_sidecar){ .name = store_text(q, 0, a),
			.size = store_int(q, 1),
			.digest = store_text(q, 2, a),
			.text = store_text(q, 3, a) };
	return GH_OK;
}

enum gh_code
store_proof_list(
    struct store *st, struct gh_arena *a, int64_t backup_id, struct store_proofs *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_proofs){ 0 };
	GH_TRY(store_prepare(st, SQL_PROOF_LIST, &q, err));
	store_bind_int(q, ":backup", backup_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_proof){
			.id = store_int(q, 0),
			.backup_id = store_int(q, 1),
			.task_id = store_int(q, 2),
			.level = store_text(q, 3, a),
			.state = store_text(q, 4, a),
			.started_at = store_int(q, 5),
			.ended_at = store_int(q, 6),
			.place = store_text(q, 7, a),
			.text = store_text(q, 8, a),
		};
	}
}

enum gh_code
store_orphan_list(struct store *st, struct gh_arena *a, struct store_orphans *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_orphans){ 0 };
	GH_TRY(store_prepare(st, SQL_ORPHAN_LIST, &q, err));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_orphan){
			.file = store_text(q, 0, a),
			.text = store_text(q, 1, a),
			.size = store_int(q, 2),
			.changed_at = store_int(q, 3),
			.seen_at = store_int(q, 4),
		};
	}
}

enum gh_code
store_kept_database_list(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_kept_databases *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_kept_databases){ 0 };
	GH_TRY(store_prepare(st, SQL_KEPT_DATABASE_LIST, &q, err));
	store_bind_int(q, ":target", target_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_kept_database){
			.id = store_int(q, 0),
			.target_id = store_int(q, 1),
			.run_id = store_int(q, 2),
			.kind = store_text(q, 3, a),
			.name = store_text(q, 4, a),
			.oid = store_int(q, 5),
			.bytes = store_int(q, 6),
			.kept_at = store_int(q, 7),
			.drop_after = store_int(q, 8),
			.state = store_text(q, 9, a),
			.state_at = store_int(q, 10),
		};
	}
}
