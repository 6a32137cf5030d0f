#include "base/ban.h"
#include "store/project.h"
#include "store/read.gen.h"

static struct store_target
target_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_target){
		.id = store_int(q, 0),
		.project_id = store_int(q, 1),
		.name = store_text(q, 2, a),
		.project = store_text(q, 3, a),
		.convention = store_text(q, 4, a),
		.environment = store_text(q, 5, a),
		.position = store_int(q, 6),
		.backup = store_bool(q, 7),
		.rollback_on_failure = store_bool(q, 8),
		.approvals = store_int(q, 9),
		.policy = store_text(q, 10, a),
		.reachable = store_bool(q, 11),
		.problem = store_text(q, 12, a),
		.checked_at = store_int(q, 13),
		.system_id = store_text(q, 14, a),
		.database = store_text(q, 15, a),
		.server_version = store_text(q, 16, a),
		.role = store_text(q, 17, a),
		.database_oid = store_int(q, 18),
		.database_bytes = store_int(q, 19),
		.table_count = store_int(q, 20),
		.tracking_table = store_text(q, 21, a),
		.tracking_text = store_text(q, 22, a),
		.tracking_known = store_bool(q, 23),
		.held = store_text(q, 24, a),
		.newest_key = store_text(q, 25, a),
		.newest_version = store_text(q, 26, a),
		.newest_number = store_int(q, 27),
		.pending = store_int(q, 28),
		.missing = store_int(q, 29),
		.last_run = store_int(q, 30),
		.last_run_state = store_text(q, 31, a),
		.last_run_at = store_int(q, 32),
		.last_backup = store_int(q, 33),
		.last_backup_at = store_int(q, 34),
		.last_backup_size = store_int(q, 35),
		.last_backup_level = store_text(q, 36, a),
		.active_run = store_int(q, 37),
		.blocked = store_text(q, 38, a),
		.signature = store_text(q, 39, a),
		.edited = store_int(q, 40),
		.out_of_order = store_int(q, 41),
		.failed = store_int(q, 42),
		.last_backup_broken = store_text(q, 43, a),
		.proved_backup = store_int(q, 44),
		.proved_backup_at = store_int(q, 45),
		.proved_at = store_int(q, 46),
		.prove_us = store_int(q, 47),
		.backup_schedule = store_text(q, 48, a),
		.prove_within_ms = store_int(q, 49),
		.prove_every_ms = store_int(q, 50),
		.prove_by = store_int(q, 51),
		.overdue_at = store_int(q, 52),
		.prove_level = store_text(q, 53, a),
		.reached_backup = store_int(q, 54),
		.reached_backup_at = store_int(q, 55),
	};
}

enum gh_code
store_target_get(
    struct store *st, struct gh_arena *a, const char *name, struct store_target *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_TARGET_GET, &q, err));
	store_bind_text(q, ":name", name);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "there is no target \"%s\"", name);
	*ret = target_row(q, a);
	return GH_OK;
}

enum gh_code
store_target_get_id(
    struct store *st, struct gh_arena *a, int64_t id, struct store_target *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_TARGET_GET_ID, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "target %" PRId64 " does not exist", id);
	*ret = target_row(q, a);
	return GH_OK;
}

enum gh_code
store_target_list(
    struct store *st, struct gh_arena *a, int64_t project_id, struct store_targets *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_targets){ 0 };
	GH_TRY(store_prepare(st, project_id == 0 ? SQL_TARGET_LIST : SQL_TARGET_LIST_PROJECT, &q, err));
	if (project_id != 0)
		store_bind_int(q, ":project", project_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = target_row(q, a);
	}
}
