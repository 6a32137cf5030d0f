#include "base/ban.h"
#include "store/failure.h"
#include "base/copytext.h"
#include "store/read.gen.h"

enum gh_code
store_run_fact_list(
    struct store *st, struct gh_arena *a, int64_t run_id, struct store_run_facts *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_run_facts){ 0 };
	GH_TRY(store_prepare(st, SQL_RUN_FACT_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_run_fact){ .position = store_int(q, 0),
			.kind = store_text(q, 1, a),
			.object = store_text(q, 2, a),
			.good = store_bool(q, 3),
			.text = store_text(q, 4, a) };
	}
}

static void
columns_fill(const char *names, struct gh_arena *a, struct store_cause *ret)
{
	while (*names != '\0') {
		size_t len = strcspn(names, "\t");

		/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
		ret->columns = store_room(a, ret->columns, ret->n_columns, sizeof(*ret->columns));
		ret->columns[ret->n_columns++] = gh_strndup(a, names, len);
		names += len + (names[len] != '\0' ? 1 : 0);
	}
}

/* A row that is short is filled up with NULLs, what is too much is dropped. */
static void
cells_fill(const char *rows, struct gh_arena *a, struct store_cause *ret)
{
	const char *cell;
	size_t at = 0, n = 0;
	bool end = false;

	while (ret->n_columns > 0 && gh_copytext_next(&rows, a, &cell, &end)) {
		if (at++ < ret->n_columns) {
			/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
			ret->cells = store_room(a, ret->cells, n, sizeof(*ret->cells));
			ret->cells[n++] = cell;
		}
		while (end && at < ret->n_columns) {
			/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
			ret->cells = store_room(a, ret->cells, n, sizeof(*ret->cells));
			ret->cells[n++] = NULL;
			at++;
		}
		at = end ? 0 : at;
	}
	ret->n_rows = ret->n_columns == 0 ? 0 : n / ret->n_columns;
}

enum gh_code
store_cause_list(
    struct store *st, struct gh_arena *a, int64_t run_id, struct store_causes *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_causes){ 0 };
	GH_TRY(store_prepare(st, SQL_RUN_CAUSE_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	for (;;) {
		struct store_cause *c;

		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		c = &ret->rows[ret->n++];
		*c = (struct store_cause){ .title = store_text(q, 0, a),
			.sql = store_text(q, 1, a),
			.more = store_bool(q, 4),
			.text = store_text(q, 5, a) };
		columns_fill(store_text(q, 2, a), a, c);
		cells_fill(store_text(q, 3, a), a, c);
	}
}

enum gh_code
store_action_list(
    struct store *st, struct gh_arena *a, int64_t run_id, struct store_actions *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_actions){ 0 };
	GH_TRY(store_prepare(st, SQL_RUN_ACTION_LIST, &q, err));
	store_bind_int(q, ":run", run_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_action){
			.kind = store_text(q, 0, a), .goal = store_text(q, 1, a), .text = store_text(q, 2, a)
		};
	}
}
