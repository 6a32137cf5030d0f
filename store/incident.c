#include "base/ban.h"
#include "store/incident.h"
#include "store/read.gen.h"

static struct store_incident
incident_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_incident){
		.id = store_int(q, 0),
		.run_id = store_int(q, 1),
		.target_id = store_int(q, 2),
		.target = store_text(q, 3, a),
		.title = store_text(q, 4, a),
		.severity = store_text(q, 5, a),
		.state = store_text(q, 6, a),
		.person = store_text(q, 7, a),
		.closed_by = store_text(q, 8, a),
		.created_at = store_int(q, 9),
		.closed_at = store_int(q, 10),
		.notes = store_int(q, 11),
	};
}

enum gh_code
store_incident_list(struct store *st, struct gh_arena *a, const char *state, int64_t before, int64_t limit,
    struct store_incidents *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_incidents){ 0 };
	limit = store_limit(limit);
	GH_TRY(store_prepare(st, *state == '\0' ? SQL_INCIDENT_LIST : SQL_INCIDENT_LIST_STATE, &q, err));
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
		ret->rows[ret->n++] = incident_row(q, a);
	}
}

enum gh_code
store_incident_get(
    struct store *st, struct gh_arena *a, int64_t id, struct store_incident *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_INCIDENT_GET, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "incident %" PRId64 " does not exist", id);
	*ret = incident_row(q, a);
	return GH_OK;
}

static struct store_note
note_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_note){
		.id = store_int(q, 0),
		.person = store_text(q, 1, a),
		.text = store_text(q, 2, a),
		.created_at = store_int(q, 3),
	};
}

enum gh_code
store_note_list(
    struct store *st, struct gh_arena *a, int64_t incident_id, struct store_notes *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_notes){ 0 };
	GH_TRY(store_prepare(st, SQL_NOTE_LIST, &q, err));
	store_bind_int(q, ":incident", incident_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = note_row(q, a);
	}
}
