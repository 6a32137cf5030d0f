#include "base/ban.h"
#include "store/plan.h"
#include "store/read.gen.h"

static struct store_plan
plan_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_plan){
		.digest = store_text(q, 0, a),
		.target_id = store_int(q, 1),
		.target = store_text(q, 2, a),
		.direction = store_text(q, 3, a),
		.migrations = store_int(q, 4),
		.created_at = store_int(q, 5),
		.bytes = store_int(q, 6),
		.act = store_text(q, 7, a),
	};
}

enum gh_code
store_plan_get(
    struct store *st, struct gh_arena *a, const char *digest, struct store_plan *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_PLAN_GET, &q, err));
	store_bind_text(q, ":digest", digest);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "no plan is stored under the digest %s", digest);
	*ret = plan_row(q, a);
	return GH_OK;
}

enum gh_code
store_plan_read(struct store *st, const char *digest, struct gh_text *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_PLAN_BYTES, &q, err));
	store_bind_text(q, ":digest", digest);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "no plan is stored under the digest %s", digest);
	return store_bytes(q, 0, ret, err);
}

enum gh_code
store_plan_restore_get(struct store *st, struct gh_arena *a, const char *digest,
    struct store_plan_restore *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_PLAN_RESTORE_GET, &q, err));
	store_bind_text(q, ":plan_digest", digest);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "the plan %s restores nothing", digest);
	*ret = (struct store_plan_restore){
		.backup = store_int(q, 0),
		.file = store_text(q, 1, a),
		.digest = store_text(q, 2, a),
		.encrypted_to = store_text(q, 3, a),
		.size = store_int(q, 4),
		.taken_at = store_int(q, 5),
		.schema_key = store_text(q, 6, a),
		.tables = store_int(q, 7),
		.rows = store_int(q, 8),
		.name = store_text(q, 9, a),
		.keep_name = store_text(q, 10, a),
		.keep_ms = store_int(q, 11),
	};
	return GH_OK;
}

static struct store_plan_migration
plan_migration_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_plan_migration){
		.position = store_int(q, 0),
		.key = store_text(q, 1, a),
		.version = store_text(q, 2, a),
		.name = store_text(q, 3, a),
		.description = store_text(q, 4, a),
		.author = store_text(q, 5, a),
		.digest = store_text(q, 6, a),
		.transactional = store_bool(q, 7),
		.stripped = store_bool(q, 8),
		.has_back = store_bool(q, 9),
		.statements = store_int(q, 10),
		.row_inside = store_bool(q, 11),
		.has_verify = store_bool(q, 12),
		.batched = store_bool(q, 13),
	};
}

enum gh_code
store_plan_migration_list(struct store *st, struct gh_arena *a, const char *digest, int64_t from,
    int64_t limit, struct store_plan_migrations *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_plan_migrations){ 0 };
	GH_TRY(store_prepare(st, SQL_PLAN_MIGRATION_LIST, &q, err));
	store_bind_text(q, ":digest", digest);
	store_bind_int(q, ":from", from);
	store_bind_int(q, ":limit", store_limit(limit));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = plan_migration_row(q, a);
	}
}

static struct store_plan_statement
plan_statement_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_plan_statement){
		.migration = store_int(q, 0),
		.position = store_int(q, 1),
		.line = store_int(q, 2),
		.kind = store_text(q, 3, a),
		.alone = store_bool(q, 4),
		.sql = store_text(q, 5, a),
		.sql_bytes = store_int(q, 6),
		.group = store_int(q, 7),
		.effect = store_text(q, 8, a),
	};
}

enum gh_code
store_plan_statement_list(struct store *st, struct gh_arena *a, const char *digest, int64_t migration,
    struct store_plan_statements *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_plan_statements){ 0 };
	GH_TRY(store_prepare(st, SQL_PLAN_STATEMENT_LIST, &q, err));
	store_bind_text(q, ":digest", digest);
	store_bind_int(q, ":migration", migration);
	store_bind_int(q, ":shown", STORE_SQL_SHOWN);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = plan_statement_row(q, a);
	}
}
