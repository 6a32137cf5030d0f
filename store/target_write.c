#include "base/ban.h"
#include "store/project_write.h"
#include "store/write.gen.h"
#include "base/io.h"

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
    struct store *st, int64_t target_id, const char *table, bool known, const char *text, struct gh_err *err)
{
	STORE_STMT clear = NULL;
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TRACKED_CLEAR, &clear, err));
	store_bind_int(clear, ":target", target_id);
	GH_TRY(store_do(st, clear, NULL, err));
	GH_TRY(store_prepare(st, SQL_TARGET_TRACKING, &q, err));
	store_bind_int(q, ":id", target_id);
	store_bind_text(q, ":tracking_table", table);
	store_bind_int(q, ":known", known);
	store_bind_text(q, ":text", text);
	return store_do(st, q, "the target does not exist", err);
}

/* A key that no file explains: its leading digits are the version, the rest its name. */
static enum gh_code
migration_tracked(struct store *st, int64_t target_id, const char *key, struct gh_err *err)
{
	STORE_STMT q = NULL;
	size_t digits = strspn(key, "0123456789");
	const char *name = key + digits;
	char version[32];
	int64_t number = 0;

	(void)snprintf(version, sizeof(version), "%.*s", digits < sizeof(version) ? (int)digits : 0, key);
	if (!gh_parse_i64(version, 0, INT64_MAX, &number))
		number = 0;
	while (*name == '_' || *name == '-')
		name++;
	GH_TRY(store_prepare(st, SQL_MIGRATION_TRACKED, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_text(q, ":key", key);
	store_bind_text(q, ":version", version);
	store_bind_int(q, ":version_number", number);
	store_bind_text(q, ":name", name);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_tracked_add(
    struct store *st, int64_t target_id, const char *key, int64_t applied_at, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TRACKED_ADD, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_text(q, ":key", key);
	store_bind_int(q, ":applied_at", applied_at);
	GH_TRY(store_do(st, q, NULL, err));
	return migration_tracked(st, target_id, key, err);
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
