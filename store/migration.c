#include "base/ban.h"
#include "store/migration.h"
#include "store/read.gen.h"

static struct store_migration
migration_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_migration){
		.id = store_int(q, 0),
		.project_id = store_int(q, 1),
		.project = store_text(q, 2, a),
		.key = store_text(q, 3, a),
		.version = store_text(q, 4, a),
		.number = store_int(q, 5),
		.name = store_text(q, 6, a),
		.file = store_text(q, 7, a),
		.description = store_text(q, 8, a),
		.author = store_text(q, 9, a),
		.written_on = store_text(q, 10, a),
		.present = store_bool(q, 11),
		.problem = store_text(q, 12, a),
		.has_down = store_bool(q, 13),
		.transactional = store_bool(q, 14),
	};
}

enum gh_code
store_migration_list(struct store *st, struct gh_arena *a, int64_t project_id, struct store_place before,
    int64_t limit, struct store_migrations *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_migrations){ 0 };
	limit = store_limit(limit);
	GH_TRY(store_prepare(st, SQL_MIGRATION_LIST, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_int(q, ":number", before.key == NULL ? INT64_MAX : before.number);
	store_bind_text(q, ":key", before.key);
	store_bind_int(q, ":limit", limit + 1);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		if (ret->n == (size_t)limit) {
			ret->more = true;
			return GH_OK;
		}
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = migration_row(q, a);
	}
}

enum gh_code
store_migration_pending(
    struct store *st, struct gh_arena *a, int64_t target_id, struct store_migrations *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_migrations){ 0 };
	GH_TRY(store_prepare(st, SQL_MIGRATION_PENDING, &q, err));
	store_bind_int(q, ":target", target_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = migration_row(q, a);
	}
}

enum gh_code
store_migration_applied(struct store *st, struct gh_arena *a, int64_t target_id, int64_t limit,
    struct store_migrations *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_migrations){ 0 };
	GH_TRY(store_prepare(st, SQL_MIGRATION_APPLIED, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_int(q, ":limit", store_limit(limit));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = migration_row(q, a);
	}
}

enum gh_code
store_migration_get(struct store *st, struct gh_arena *a, const char *project, const char *version,
    struct store_migration *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_MIGRATION_GET, &q, err));
	store_bind_text(q, ":project", project);
	store_bind_text(q, ":version", version);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "project \"%s\" has no migration %s", project, version);
	*ret = migration_row(q, a);
	return GH_OK;
}

static struct store_side
side_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_side){
		.side = store_text(q, 0, a),
		.file = store_text(q, 1, a),
		.digest = store_text(q, 2, a),
		.problem = store_text(q, 3, a),
		.first_line = store_int(q, 4),
		.transactional = store_bool(q, 5),
		.stripped = store_bool(q, 6),
		.bytes = store_int(q, 7),
	};
}

enum gh_code
store_side_find(struct store *st, struct gh_arena *a, int64_t migration_id, const char *side,
    struct store_side **ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = NULL;
	GH_TRY(store_prepare(st, SQL_SIDE_FIND, &q, err));
	store_bind_int(q, ":migration", migration_id);
	store_bind_text(q, ":side", side);
	GH_TRY(store_step(st, q, &row, err));
	if (row) {
		*ret = gh_alloc(a, sizeof(**ret));
		**ret = side_row(q, a);
	}
	return GH_OK;
}

static struct store_statement
statement_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_statement){
		.position = store_int(q, 0),
		.at = store_int(q, 1),
		.length = store_int(q, 2),
		.line = store_int(q, 3),
		.kind = store_text(q, 4, a),
		.object = store_text(q, 5, a),
		.object_kind = store_text(q, 6, a),
		.alone = store_bool(q, 7),
	};
}

enum gh_code
store_statement_list(struct store *st, struct gh_arena *a, int64_t migration_id, const char *side,
    struct store_statements *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_statements){ 0 };
	GH_TRY(store_prepare(st, SQL_STATEMENT_LIST, &q, err));
	store_bind_int(q, ":migration", migration_id);
	store_bind_text(q, ":side", side);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = statement_row(q, a);
	}
}

enum gh_code
store_content_read(struct store *st, const char *digest, struct gh_text *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_CONTENT_GET, &q, err));
	store_bind_text(q, ":digest", digest);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "no SQL is stored under the digest %s", digest);
	return store_bytes(q, 0, ret, err);
}

static struct store_touch
touch_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_touch){
		.run = store_int(q, 0),
		.target_id = store_int(q, 1),
		.target = store_text(q, 2, a),
		.direction = store_text(q, 3, a),
		.run_state = store_text(q, 4, a),
		.state = store_text(q, 5, a),
		.text = store_text(q, 6, a),
		.started_at = store_int(q, 7),
		.ended_at = store_int(q, 8),
	};
}

enum gh_code
store_touch_list(struct store *st, struct gh_arena *a, int64_t project_id, const char *key, int64_t limit,
    struct store_touches *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_touches){ 0 };
	GH_TRY(store_prepare(st, SQL_TOUCH_LIST, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":key", key);
	store_bind_int(q, ":limit", store_limit(limit));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = touch_row(q, a);
	}
}
