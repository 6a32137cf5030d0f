#include "base/ban.h"
#include "store/project.h"
#include "store/read.gen.h"

static struct store_project
project_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_project){
		.id = store_int(q, 0),
		.name = store_text(q, 1, a),
		.folder = store_text(q, 2, a),
		.convention = store_text(q, 3, a),
		.signature = store_text(q, 4, a),
		.problem = store_text(q, 5, a),
		.read_at = store_int(q, 6),
		.migrations = store_int(q, 7),
		.refused = store_int(q, 8),
		.configured = store_bool(q, 9),
		.detected_text = store_text(q, 10, a),
		.rule = store_text(q, 11, a),
		.folder_problem = store_text(q, 12, a),
		.one_transaction = store_bool(q, 13),
		.in_turn = store_text(q, 14, a),
		.found_on = store_text(q, 15, a),
	};
}

enum gh_code
store_project_get(
    struct store *st, struct gh_arena *a, const char *name, struct store_project *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_PROJECT_GET, &q, err));
	store_bind_text(q, ":name", name);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "there is no project \"%s\"", name);
	*ret = project_row(q, a);
	return GH_OK;
}

enum gh_code
store_project_list(struct store *st, struct gh_arena *a, struct store_projects *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_projects){ 0 };
	GH_TRY(store_prepare(st, SQL_PROJECT_LIST, &q, err));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = project_row(q, a);
	}
}

static struct store_file
file_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_file){
		.file = store_text(q, 0, a),
		.taken_as = store_text(q, 1, a),
		.reason = store_text(q, 2, a),
		.digest = store_text(q, 3, a),
		.key = store_text(q, 4, a),
	};
}

/* limit 0: all of them */
static enum gh_code
files_take(struct store *st, sqlite3_stmt *q, struct gh_arena *a, int64_t limit, struct store_files *ret,
    struct gh_err *err)
{
	int row = 0;

	*ret = (struct store_files){ 0 };
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		if (limit != 0 && ret->n == (size_t)limit) {
			ret->more = true;
			return GH_OK;
		}
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = file_row(q, a);
	}
}

enum gh_code
store_file_list(struct store *st, struct gh_arena *a, const struct store_file_filter *f,
    struct store_files *ret, struct gh_err *err)
{
	bool all = f->taken_as[0] == '\0';
	int64_t limit = store_limit(f->limit);
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, all ? SQL_FILE_LIST : SQL_FILE_LIST_AS, &q, err));
	store_bind_int(q, ":project", f->project_id);
	store_bind_text(q, ":after", f->after);
	store_bind_int(q, ":limit", limit + 1);
	if (!all)
		store_bind_text(q, ":taken_as", f->taken_as);
	return files_take(st, q, a, limit, ret, err);
}

enum gh_code
store_file_list_key(struct store *st, struct gh_arena *a, int64_t project_id, const char *key,
    struct store_files *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_FILE_LIST_KEY, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":key", key);
	return files_take(st, q, a, 0, ret, err);
}

enum gh_code
store_file_refused(
    struct store *st, struct gh_arena *a, int64_t target_id, struct store_files *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_FILE_REFUSED, &q, err));
	store_bind_int(q, ":target", target_id);
	return files_take(st, q, a, 0, ret, err);
}

enum gh_code
store_file_count(struct store *st, struct gh_arena *a, int64_t project_id, struct store_file_counts *ret,
    struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_file_counts){ 0 };
	GH_TRY(store_prepare(st, SQL_FILE_COUNT, &q, err));
	store_bind_int(q, ":project", project_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] =
		    (struct store_file_count){ .taken_as = store_text(q, 0, a), .n = store_int(q, 1) };
	}
}

enum gh_code
store_project_note_list(
    struct store *st, struct gh_arena *a, int64_t project_id, struct store_texts *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_texts){ 0 };
	GH_TRY(store_prepare(st, SQL_PROJECT_NOTE_LIST, &q, err));
	store_bind_int(q, ":project", project_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = store_text(q, 0, a);
	}
}
