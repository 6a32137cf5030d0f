#include "base/ban.h"
#include "store/request.h"
#include "store/read.gen.h"

static struct store_request
request_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_request){
		.id = store_int(q, 0),
		.target_id = store_int(q, 1),
		.person_id = store_int(q, 2),
		.target = store_text(q, 3, a),
		.environment = store_text(q, 4, a),
		.project = store_text(q, 5, a),
		.plan_digest = store_text(q, 6, a),
		.direction = store_text(q, 7, a),
		.goal = store_text(q, 8, a),
		.reason = store_text(q, 9, a),
		.person = store_text(q, 10, a),
		.state = store_text(q, 11, a),
		.state_text = store_text(q, 12, a),
		.created_at = store_int(q, 13),
		.expires_at = store_int(q, 14),
		.moved_at = store_int(q, 15),
		.needed = store_int(q, 16),
		.given = store_int(q, 17),
		.migrations = store_int(q, 18),
		.run = store_int(q, 19),
		.run_state = store_text(q, 20, a),
		.reverts = store_int(q, 21),
	};
}

enum gh_code
store_request_get(
    struct store *st, struct gh_arena *a, int64_t id, struct store_request *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_REQUEST_GET, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "request %" PRId64 " does not exist", id);
	*ret = request_row(q, a);
	return GH_OK;
}

enum gh_code
store_request_list(struct store *st, struct gh_arena *a, const char *state, int64_t before, int64_t limit,
    struct store_requests *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_requests){ 0 };
	limit = store_limit(limit);
	GH_TRY(store_prepare(st, *state == '\0' ? SQL_REQUEST_LIST : SQL_REQUEST_LIST_STATE, &q, err));
	if (*state != '\0')
		store_bind_text(q, ":state", state);
	store_bind_int(q, ":before", before > 0 ? before : INT64_MAX);
	store_bind_int(q, ":limit", limit + 1);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		if (ret->n == (size_t)limit) {
			ret->next = ret->rows[ret->n - 1].id;
			return GH_OK;
		}
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = request_row(q, a);
	}
}

enum gh_code
store_request_overdue(
    struct store *st, struct gh_arena *a, int64_t now, struct store_requests *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_requests){ 0 };
	GH_TRY(store_prepare(st, SQL_REQUEST_OVERDUE, &q, err));
	store_bind_int(q, ":now", now);
	store_bind_int(q, ":limit", STORE_PAGE_MAX);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = request_row(q, a);
	}
}

static struct store_approval
approval_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_approval){
		.id = store_int(q, 0),
		.person_id = store_int(q, 1),
		.person = store_text(q, 2, a),
		.plan_digest = store_text(q, 3, a),
		.decision = store_text(q, 4, a),
		.comment = store_text(q, 5, a),
		.created_at = store_int(q, 6),
		.expires_at = store_int(q, 7),
	};
}

enum gh_code
store_approval_list(
    struct store *st, struct gh_arena *a, int64_t request_id, struct store_approvals *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_approvals){ 0 };
	GH_TRY(store_prepare(st, SQL_APPROVAL_LIST, &q, err));
	store_bind_int(q, ":request", request_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = approval_row(q, a);
	}
}
