#include "base/ban.h"
#include "store/rehearsal.h"
#include "store/read.gen.h"

static struct store_rehearsal
rehearsal_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_rehearsal){
		.id = store_int(q, 0),
		.target_id = store_int(q, 1),
		.target = store_text(q, 2, a),
		.plan_digest = store_text(q, 3, a),
		.person = store_text(q, 4, a),
		.state = store_text(q, 5, a),
		.place = store_text(q, 6, a),
		.text = store_text(q, 7, a),
		.tables = store_int(q, 8),
		.rows = store_int(q, 9),
		.bytes = store_int(q, 10),
		.good = store_bool(q, 11),
		.queued_at = store_int(q, 12),
		.started_at = store_int(q, 13),
		.ended_at = store_int(q, 14),
	};
}

enum gh_code
store_rehearsal_find(
    struct store *st, struct gh_arena *a, const char *digest, struct store_rehearsal *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_rehearsal){
		.target = "", .plan_digest = "", .person = "", .state = "", .place = "", .text = ""
	};
	GH_TRY(store_prepare(st, SQL_REHEARSAL_FIND, &q, err));
	store_bind_text(q, ":digest", digest);
	GH_TRY(store_step(st, q, &row, err));
	if (row)
		*ret = rehearsal_row(q, a);
	return GH_OK;
}

enum gh_code
store_rehearsal_get(
    struct store *st, struct gh_arena *a, int64_t id, struct store_rehearsal *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_REHEARSAL_GET, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "rehearsal %" PRId64 " does not exist", id);
	*ret = rehearsal_row(q, a);
	return GH_OK;
}

enum gh_code
store_rehearsal_open_list(
    struct store *st, struct gh_arena *a, struct store_rehearsals *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_rehearsals){ 0 };
	GH_TRY(store_prepare(st, SQL_REHEARSAL_OPEN_LIST, &q, err));
	store_bind_int(q, ":limit", STORE_PAGE_MAX);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = rehearsal_row(q, a);
	}
}

enum gh_code
store_rehearsal_step_list(
    struct store *st, struct gh_arena *a, int64_t id, struct store_rehearsal_steps *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_rehearsal_steps){ 0 };
	GH_TRY(store_prepare(st, SQL_REHEARSAL_STEP_LIST, &q, err));
	store_bind_int(q, ":id", id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_rehearsal_step){
			.migration = store_int(q, 0),
			.pass = store_int(q, 1),
			.statement = store_int(q, 2),
			.state = store_text(q, 3, a),
			.took_us = store_int(q, 4),
			.rows = store_int(q, 5),
			.blocks = store_int(q, 6),
			.wal_bytes = store_int(q, 7),
			.locks = store_text(q, 8, a),
			.rewritten = store_text(q, 9, a),
			.error = store_text(q, 10, a),
			.line = store_int(q, 11),
			.kind = store_text(q, 12, a),
		};
	}
}

enum gh_code
store_rehearsal_migration_list(struct store *st, struct gh_arena *a, int64_t id,
    struct store_rehearsal_migrations *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_rehearsal_migrations){ 0 };
	GH_TRY(store_prepare(st, SQL_REHEARSAL_MIGRATION_LIST, &q, err));
	store_bind_int(q, ":id", id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_rehearsal_migration){
			.migration = store_int(q, 0),
			.verdict = store_text(q, 1, a),
			.objects = store_text(q, 2, a),
			.loses = store_bool(q, 3),
			.text = store_text(q, 4, a),
		};
	}
}
