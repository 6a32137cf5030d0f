/*
 * What the configuration, the folders and the targets say: writes.
 */
#ifndef GH_STORE_PROJECT_WRITE_H
#define GH_STORE_PROJECT_WRITE_H

#include "store/project.h"
#include "store/write.h"

struct store_project_conf {
	const char *name, *folder, *convention;
};
struct store_target_conf {
	const char *name, *project, *environment;
	int64_t position; /* promotion order */
	bool backup, rollback_on_failure;
	int64_t approvals, lock_timeout_ms, statement_timeout_ms;
};
struct store_conf {
	size_t n_projects, n_targets;
	const struct store_project_conf *projects;
	const struct store_target_conf *targets;
};
/* Upserts by name; what is not in conf gets ended_at, what comes back loses it.  One transaction. */
enum gh_code store_conf_sync(
    struct store *st, const struct store_conf *conf, int64_t now, struct gh_err *err) GH_MUST_USE;

/*
 * A project's folder as an analyse job read it, within the caller's transaction: start (forgets the files,
 * sides and statements), then files, then sides (their file must have come first), then statements, then end.
 */
struct store_file_new {
	const char *file, *taken_as, *reason, *digest;
	const char *key, *version, *name, *description, *author, *written_on; /* taken as up or both */
};
struct store_side_new {
	const char *key, *side, *file, *digest, *problem;
	const void *sql;
	size_t sql_len;
	int64_t first_line;
	bool transactional, stripped;
};
struct store_statement_new {
	const char *key, *side;
	int64_t position; /* 0-based */
	int64_t at, length, line;
	const char *kind, *object, *object_kind;
	bool alone;
};
enum gh_code store_folder_start(struct store *st, int64_t project_id, struct gh_err *err) GH_MUST_USE;
enum gh_code store_folder_file(
    struct store *st, int64_t project_id, const struct store_file_new *f, struct gh_err *err) GH_MUST_USE;
enum gh_code store_folder_side(
    struct store *st, int64_t project_id, const struct store_side_new *s, struct gh_err *err) GH_MUST_USE;
enum gh_code store_folder_statement(struct store *st, int64_t project_id, const struct store_statement_new *s,
    struct gh_err *err) GH_MUST_USE;
enum gh_code store_folder_end(
    struct store *st, int64_t project_id, const char *signature, int64_t now, struct gh_err *err) GH_MUST_USE;
/* The folder could not be read; what was known stays. */
enum gh_code store_project_problem(
    struct store *st, int64_t project_id, const char *problem, int64_t now, struct gh_err *err) GH_MUST_USE;

/* A target as a check job or a run found it. */
struct store_target_identity {
	const char *system_id, *database, *server_version, *role;
	int64_t database_oid;
};
/* Also: reachable, no problem, checked now. */
enum gh_code store_target_identity(struct store *st, int64_t target_id, const struct store_target_identity *i,
    int64_t now, struct gh_err *err) GH_MUST_USE;
enum gh_code store_target_sizes(
    struct store *st, int64_t target_id, int64_t bytes, int64_t tables, struct gh_err *err) GH_MUST_USE;
/* Starts a new tracked set: forgets the old one.  Within the caller's transaction. */
enum gh_code store_target_tracking(struct store *st, int64_t target_id, const char *table, bool known,
    const char *text, struct gh_err *err) GH_MUST_USE;
/* A key that no migration has yet gets one that is not present in the folder. */
enum gh_code store_tracked_add(
    struct store *st, int64_t target_id, const char *key, int64_t applied_at, struct gh_err *err) GH_MUST_USE;
/* Not reachable, or not usable, and why. */
enum gh_code store_target_problem(struct store *st, int64_t target_id, bool reachable, const char *problem,
    int64_t now, struct gh_err *err) GH_MUST_USE;
/* why "" lets runs start again. */
enum gh_code store_target_hold(
    struct store *st, int64_t target_id, const char *why, struct gh_err *err) GH_MUST_USE;

#endif
