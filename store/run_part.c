#include "base/ban.h"
#include "store/run.h"
#include "store/read.gen.h"

static struct store_phase
phase_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_phase){
		.position = store_int(q, 0),
		.phase = store_text(q, 1, a),
		.state = store_text(q, 2, a),
		.evidence = store_text(q, 3, a),
		.started_at = store_int(q, 4),
		.ended_at = store_int(q, 5),
	};
}

enum gh_code
store_phase_list(
    struct store *st, struct gh_arena *a, int64_t run_id, struct store_phases *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_phases){ 0 };
	GH_TRY(store_prepare(st, SQL_PHASE_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = phase_row(q, a);
	}
}

static struct store_run_migration
run_migration_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_run_migration){
		.position = store_int(q, 0),
		.key = store_text(q, 1, a),
		.version = store_text(q, 2, a),
		.name = store_text(q, 3, a),
		.state = store_text(q, 4, a),
		.text = store_text(q, 5, a),
		.started_at = store_int(q, 6),
		.ended_at = store_int(q, 7),
	};
}

enum gh_code
store_run_migration_list(struct store *st, struct gh_arena *a, int64_t run_id,
    struct store_run_migrations *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_run_migrations){ 0 };
	GH_TRY(store_prepare(st, SQL_RUN_MIGRATION_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = run_migration_row(q, a);
	}
}

static struct store_run_statement
run_statement_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_run_statement){
		.migration = store_int(q, 0),
		.position = store_int(q, 1),
		.state = store_text(q, 2, a),
		.row_count = store_int(q, 3),
		.tag = store_text(q, 4, a),
		.started_at = store_int(q, 5),
		.ended_at = store_int(q, 6),
	};
}

enum gh_code
store_run_statement_list(struct store *st, struct gh_arena *a, int64_t run_id,
    struct store_run_statements *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_run_statements){ 0 };
	GH_TRY(store_prepare(st, SQL_RUN_STATEMENT_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = run_statement_row(q, a);
	}
}

static struct store_event
event_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_event){
		.seq = store_int(q, 0),
		.at = store_int(q, 1),
		.kind = store_text(q, 2, a),
		.text = store_text(q, 3, a),
	};
}

enum gh_code
store_event_list(struct store *st, struct gh_arena *a, int64_t run_id, int64_t after, int64_t limit,
    struct store_events *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_events){ 0 };
	GH_TRY(store_prepare(st, SQL_EVENT_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":after", after);
	store_bind_int(q, ":limit", store_limit(limit));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = event_row(q, a);
	}
}
