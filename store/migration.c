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
		.repeatable = store_bool(q, 15),
		.code = store_bool(q, 16),
		.checksum = store_text(q, 17, a),
		.has_verify = store_bool(q, 18),
		.digest = store_text(q, 19, a),
		.not_analysed = store_bool(q, 20),
		.note = store_text(q, 21, a),
		.findings = store_int(q, 22),
		.standing = "",
		.decision = "",
		.standing_text = "",
	};
}

/* With what the target says of it. */
static struct store_migration
migration_row_on(sqlite3_stmt *q, struct gh_arena *a)
{
	struct store_migration ret = migration_row(q, a);

	ret.standing = store_text(q, 23, a);
	ret.decision = store_text(q, 24, a);
	ret.standing_text = store_text(q, 25, a);
	return ret;
}

static enum gh_code
page_take(struct store *st, sqlite3_stmt *q, struct gh_arena *a, int64_t limit, struct store_migrations *ret,
    struct gh_err *err)
{
	int row = 0;

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
store_migration_list(struct store *st, struct gh_arena *a, int64_t project_id, struct store_place before,
    int64_t limit, struct store_migrations *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;

	*ret = (struct store_migrations){ 0 };
	limit = store_limit(limit);
	GH_TRY(store_prepare(st, SQL_MIGRATION_LIST, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_int(q, ":number", before.key == NULL ? INT64_MAX : before.number);
	store_bind_text(q, ":key", before.key);
	store_bind_int(q, ":limit", limit + 1);
	return page_take(st, q, a, limit, ret, err);
}

enum gh_code
store_migration_list_filter(struct store *st, struct gh_arena *a, const struct store_migration_filter *f,
    struct store_place before, int64_t limit, struct store_migrations *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;

	*ret = (struct store_migrations){ 0 };
	limit = store_limit(limit);
	GH_TRY(store_prepare(st, SQL_MIGRATION_LIST_FILTER, &q, err));
	store_bind_int(q, ":project", f->project_id);
	store_bind_int(q, ":target", f->target_id);
	store_bind_text(q, ":standing", f->standing);
	store_bind_text(q, ":text", f->text);
	store_bind_int(q, ":number", before.key == NULL ? INT64_MAX : before.number);
	store_bind_text(q, ":key", before.key);
	store_bind_int(q, ":limit", limit + 1);
	return page_take(st, q, a, limit, ret, err);
}

/* limit 0: all of them */
static enum gh_code
target_take(struct store *st, struct gh_arena *a, unsigned sql, int64_t target_id, int64_t limit,
    struct store_migrations *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_migrations){ 0 };
	GH_TRY(store_prepare(st, sql, &q, err));
	store_bind_int(q, ":target", target_id);
	if (limit != 0)
		store_bind_int(q, ":limit", store_limit(limit));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = migration_row_on(q, a);
	}
}

enum gh_code
store_migration_todo(
    struct store *st, struct gh_arena *a, int64_t target_id, struct store_migrations *ret, struct gh_err *err)
{
	return target_take(st, a, SQL_MIGRATION_TODO, target_id, 0, ret, err);
}

enum gh_code
store_migration_applied(struct store *st, struct gh_arena *a, int64_t target_id, int64_t limit,
    struct store_migrations *ret, struct gh_err *err)
{
	return target_take(st, a, SQL_MIGRATION_APPLIED, target_id, limit <= 0 ? -1 : limit, ret, err);
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
