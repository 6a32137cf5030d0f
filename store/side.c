#include "base/ban.h"
#include "store/migration.h"
#include "store/read.gen.h"

static struct store_side
side_row(sqlite3_stmt *q, struct gh_arena *a)
{
	size_t len = (size_t)sqlite3_column_bytes(q, 12);

	return (struct store_side){
		.side = store_text(q, 0, a),
		.file = store_text(q, 1, a),
		.digest = store_text(q, 2, a),
		.problem = store_text(q, 3, a),
		.first_line = store_int(q, 4),
		.transactional = store_bool(q, 5),
		.stripped = store_bool(q, 6),
		.bytes = store_int(q, 7),
		.row_inside = store_bool(q, 8),
		.not_analysed = store_bool(q, 9),
		.tokens = store_text(q, 10, a),
		.note = store_text(q, 11, a),
		.marks = gh_memdup(a, len == 0 ? "" : sqlite3_column_blob(q, 12), len),
		.n_marks = len,
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
		.group = store_int(q, 8),
		.destructive = store_bool(q, 9),
		.reversible = store_bool(q, 10),
	};
}

const char *
store_statement_effect(const struct store_statement *s)
{
	if (s->destructive)
		return "destroys";
	return s->reversible ? "reversible" : "one-way";
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

enum gh_code
store_fact_list(
    struct store *st, struct gh_arena *a, int64_t migration_id, struct store_facts *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_facts){ 0 };
	GH_TRY(store_prepare(st, SQL_FACT_LIST, &q, err));
	store_bind_int(q, ":migration", migration_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_fact){ .name = store_text(q, 0, a),
			.value = store_bool(q, 2) ? store_text(q, 1, a) : NULL };
	}
}

enum gh_code
store_duration_list(struct store *st, struct gh_arena *a, int64_t target_id, const char *key, bool down,
    struct store_durations *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_durations){ 0 };
	GH_TRY(store_prepare(st, SQL_DURATION_LIST, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_text(q, ":key", key);
	store_bind_text(q, ":direction", down ? "down" : "up");
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_duration){ .target = store_text(q, 0, a),
			.environment = store_text(q, 1, a),
			.us = store_int(q, 2) };
	}
}
