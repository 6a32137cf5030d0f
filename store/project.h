/*
 * Projects, the files of their folders, and targets with what is known of them: reads.
 */
#ifndef GH_STORE_PROJECT_H
#define GH_STORE_PROJECT_H

#include "store/store.h"

struct store_project {
	int64_t id;
	const char *name, *folder, *convention;
	const char *signature; /* of the folder when last read */
	const char *problem;   /* why the folder could not be read, "" */
	int64_t read_at;
	int64_t migrations; /* present in the folder */
	int64_t refused;    /* files that were refused */
};
struct store_projects {
	size_t n;
	struct store_project *rows;
};

/* By name; GH_NOT_FOUND also when it has left the configuration. */
enum gh_code store_project_get(struct store *st, struct gh_arena *a, const char *name,
    struct store_project *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_project_list(
    struct store *st, struct gh_arena *a, struct store_projects *ret, struct gh_err *err) GH_MUST_USE;

struct store_file {
	const char *file, *taken_as, *reason, *digest; /* taken_as: wire_file_name */
};
struct store_files {
	size_t n;
	struct store_file *rows;
};
/* taken_as "" for all. */
enum gh_code store_file_list(struct store *st, struct gh_arena *a, int64_t project_id, const char *taken_as,
    struct store_files *ret, struct gh_err *err) GH_MUST_USE;
/* Refused files whose name begins with a number and that the target's tracking table does not have. */
enum gh_code store_file_refused(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_files *ret, struct gh_err *err) GH_MUST_USE;

struct store_target {
	int64_t id, project_id;
	const char *name, *project, *convention, *environment;
	int64_t position; /* of the environment in promotion order */
	/* policy */
	bool backup, rollback_on_failure;
	int64_t approvals, lock_timeout_ms, statement_timeout_ms;
	/* last seen */
	bool reachable;
	const char *problem;
	int64_t checked_at;
	const char *system_id, *database, *server_version, *role;
	int64_t database_oid, database_bytes, table_count;
	const char *tracking_table, *tracking_text;
	bool tracking_known;
	const char *held; /* why nothing may run now, "" */
	/* derived */
	const char *newest_key, *newest_version; /* newest applied, "" none */
	int64_t newest_number;
	int64_t pending;  /* in the folder, not applied */
	int64_t missing;  /* applied, not in the folder */
	int64_t last_run; /* 0 none */
	const char *last_run_state;
	int64_t last_run_at; /* ended, else started, else queued */
	int64_t last_backup; /* 0 none */
	int64_t last_backup_at, last_backup_size;
	const char *last_backup_level;
	int64_t active_run; /* running or unknown, 0 none */
};
struct store_targets {
	size_t n;
	struct store_target *rows;
};

/* By name; GH_NOT_FOUND also when it has left the configuration. */
enum gh_code store_target_get(struct store *st, struct gh_arena *a, const char *name,
    struct store_target *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_target_get_id(struct store *st, struct gh_arena *a, int64_t id, struct store_target *ret,
    struct gh_err *err) GH_MUST_USE;
/* In promotion order; project_id 0 for all. */
enum gh_code store_target_list(struct store *st, struct gh_arena *a, int64_t project_id,
    struct store_targets *ret, struct gh_err *err) GH_MUST_USE;

/* A target's tracked keys in the order of their migrations. */
struct store_tracked {
	const char *key;
	int64_t applied_at; /* 0: the table does not say */
};
struct store_tracked_list {
	size_t n;
	struct store_tracked *rows;
};
enum gh_code store_tracked_list(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_tracked_list *ret, struct gh_err *err) GH_MUST_USE;

#endif
