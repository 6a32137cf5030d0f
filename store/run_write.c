#include "base/ban.h"
#include "store/run_write.h"
#include "store/write.gen.h"

enum gh_code
store_run_add(struct store *st, int64_t request_id, int64_t now, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;
	STORE_STMT m = NULL;
	STORE_TX tx = { 0 };

	GH_TRY(store_begin(st, &tx, err));
	GH_TRY(store_prepare(st, SQL_RUN_ADD, &q, err));
	store_bind_int(q, ":request", request_id);
	store_bind_int(q, ":now", now);
	GH_TRY(store_do(st, q, "the request does not exist", err));
	*ret_id = sqlite3_last_insert_rowid(st->db);
	GH_TRY(store_prepare(st, SQL_RUN_MIGRATION_ADD, &m, err));
	store_bind_int(m, ":run", *ret_id);
	GH_TRY(store_do(st, m, NULL, err));
	return store_commit(&tx, err);
}

/* The states in which nothing more happens. */
static bool
final(const char *state)
{
	return strcmp(state, "queued") != 0 && strcmp(state, "running") != 0 && strcmp(state, "unknown") != 0;
}

enum gh_code
store_run_move(struct store *st, int64_t id, const char *from, const char *to, const char *outcome,
    int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;
	char none[128];

	(void)snprintf(none, sizeof(none), "run %" PRId64 " is no longer %s", id, from);
	GH_TRY(store_prepare(st, SQL_RUN_MOVE, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_text(q, ":from", from);
	store_bind_text(q, ":to", to);
	store_bind_text(q, ":outcome", outcome);
	store_bind_time(q, ":started_at", strcmp(to, "running") == 0 ? now : 0);
	store_bind_time(q, ":ended_at", final(to) ? now : 0);
	return store_do(st, q, none, err);
}

enum gh_code
store_run_start(struct store *st, int64_t id, int64_t now, struct gh_err *err)
{
	return store_run_move(st, id, "queued", "running", "", now, err);
}

enum gh_code
store_run_pid(struct store *st, int64_t id, int64_t pid, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_PID, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":pid", pid);
	return store_do(st, q, "the run does not exist", err);
}

enum gh_code
store_run_waits(struct store *st, int64_t id, const char *text, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_WAITS, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_text(q, ":text", text);
	return store_do(st, q, "the run is not queued any more", err);
}

enum gh_code
store_run_backend(struct store *st, int64_t id, int64_t pid, const char *start, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_BACKEND, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":pid", pid);
	store_bind_text(q, ":start", start);
	return store_do(st, q, "the run does not exist", err);
}

enum gh_code
store_run_intent(
    struct store *st, int64_t id, int64_t migration, int64_t statement, const char *xid, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_INTENT, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":migration", migration);
	store_bind_int(q, ":statement", statement);
	store_bind_text(q, ":xid", xid);
	return store_do(st, q, "the run does not exist", err);
}

enum gh_code
store_run_error(struct store *st, int64_t id, const struct store_run_error *e, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_ERROR, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":migration", e->migration);
	store_bind_int(q, ":statement", e->statement);
	store_bind_text(q, ":sqlstate", e->sqlstate);
	store_bind_text(q, ":error", e->message);
	store_bind_text(q, ":detail", e->detail);
	store_bind_text(q, ":hint", e->hint);
	store_bind_int(q, ":line", e->line);
	store_bind_text(q, ":object", e->object);
	return store_do(st, q, "the run does not exist", err);
}

enum gh_code
store_run_journal(
    struct store *st, int64_t id, int64_t offset, const unsigned char sum[GH_SHA256_LEN], struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_RUN_JOURNAL, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":offset", offset);
	store_bind_blob(q, ":sum", sum, GH_SHA256_LEN);
	return store_do(st, q, "a journal is followed forwards only", err);
}
