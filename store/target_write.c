#include "base/ban.h"
#include "store/project_write.h"
#include "store/write.gen.h"

enum gh_code
store_target_identity(struct store *st, int64_t target_id, const struct store_target_identity *i, int64_t now,
    struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TARGET_IDENTITY, &q, err));
	store_bind_int(q, ":id", target_id);
	store_bind_int(q, ":now", now);
	store_bind_text(q, ":system_id", i->system_id);
	store_bind_text(q, ":database_name", i->database);
	store_bind_int(q, ":database_oid", i->database_oid);
	store_bind_text(q, ":server_version", i->server_version);
	store_bind_text(q, ":role_name", i->role);
	return store_do(st, q, "the target does not exist", err);
}

enum gh_code
store_target_sizes(struct store *st, int64_t target_id, int64_t bytes, int64_t tables, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TARGET_SIZES, &q, err));
	store_bind_int(q, ":id", target_id);
	store_bind_int(q, ":bytes", bytes);
	store_bind_int(q, ":tables", tables);
	return store_do(st, q, "the target does not exist", err);
}

enum gh_code
store_target_tracking(
    struct store *st, int64_t target_id, const struct store_tracking_new *t, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TARGET_TRACKING, &q, err));
	store_bind_int(q, ":id", target_id);
	store_bind_text(q, ":tracking_table", t->table);
	store_bind_int(q, ":known", t->known);
	store_bind_text(q, ":text", t->text);
	store_bind_text(q, ":newest", t->newest);
	store_bind_text(q, ":blocked", t->blocked);
	store_bind_text(q, ":signature", t->signature);
	return store_do(st, q, "the target does not exist", err);
}

enum gh_code
store_target_problem(
    struct store *st, int64_t target_id, bool reachable, const char *problem, int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TARGET_PROBLEM, &q, err));
	store_bind_int(q, ":id", target_id);
	store_bind_int(q, ":reachable", reachable);
	store_bind_text(q, ":problem", problem);
	store_bind_int(q, ":now", now);
	return store_do(st, q, "the target does not exist", err);
}

enum gh_code
store_target_hold(struct store *st, int64_t target_id, const char *why, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TARGET_HOLD, &q, err));
	store_bind_int(q, ":id", target_id);
	store_bind_text(q, ":held", why);
	return store_do(st, q, "the target does not exist", err);
}

enum gh_code
store_target_overdue(struct store *st, int64_t target_id, int64_t at, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TARGET_OVERDUE, &q, err));
	store_bind_int(q, ":id", target_id);
	store_bind_int(q, ":at", at);
	return store_do(st, q, "the target does not exist", err);
}
