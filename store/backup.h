/*
 * Backups with their tables and proofs, files that no row knows, databases that a restore has left: reads.
 */
#ifndef GH_STORE_BACKUP_H
#define GH_STORE_BACKUP_H

#include "store/store.h"

struct store_backup {
	int64_t id, target_id, run_id;             /* run_id 0: none */
	const char *target, *environment, *person; /* person: by hand, "" none */
	const char *kind;                          /* run, hand, schedule, hook, outside */
	const char *file;                          /* beneath backups/, "" none of ours */
	const char *format;                        /* custom, directory, "" */
	const char *encrypted_to;
	const char *digest;
	int64_t size, plain_size, database_bytes; /* -1 unknown */
	int64_t started_at, ended_at;
	const char *server_version, *client_version;
	int64_t table_count, row_count; /* -1 unknown */
	const char *schema_key;
	const char *snapshot;    /* pg_current_snapshot(), "" unknown */
	const char *fingerprint; /* of the catalog, "" unknown */
	const char *level;       /* "none", or wire_level_name */
	const char *broken;      /* why the newest look at it failed, "" it did not */
	int64_t proved_at,
	    prove_us;      /* when it was last restored and counted, and how long that took; 0 never */
	const char *state; /* kept, missing, expired */
	int64_t state_at;
	const char *source, *label;
	int64_t keep_until;        /* at least; outside: as the other system says, 0 cannot be told */
	int64_t seen_at;           /* outside: when it was listed the last time, 0 never */
	const char *kept_for;      /* ours: which rules keep it, "" not looked at yet */
	const char *sidecar_wrong; /* why what lies beside the file is not what was written, "" it is */
	bool sidecar_read;         /* who read it says so; else a look at the folder, which reads nothing */
	int64_t sidecar_size;      /* as it was written, -1 unknown */
};
struct store_backups {
	size_t n;
	struct store_backup *rows;
	int64_t next; /* `before` of the next page, 0 at the end */
};
/* Newest first; target_id 0 for all. */
enum gh_code store_backup_list(struct store *st, struct gh_arena *a, int64_t target_id, int64_t before,
    int64_t limit, struct store_backups *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_backup_get(struct store *st, struct gh_arena *a, int64_t id, struct store_backup *ret,
    struct gh_err *err) GH_MUST_USE;
/* By its file; GH_NOT_FOUND. */
enum gh_code store_backup_find(struct store *st, struct gh_arena *a, const char *file,
    struct store_backup *ret, struct gh_err *err) GH_MUST_USE;
/* Those whose file should be there, newest first, all of them: target_id 0 of all targets. */
enum gh_code store_backup_kept(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_backups *ret, struct gh_err *err) GH_MUST_USE;
/* Those whose files somebody has decided to remove, and that is not done yet; target_id 0 of all targets. */
struct store_going {
	int64_t id;
	const char *by, *way; /* as of the ledger's entries */
};
struct store_goings {
	size_t n;
	struct store_going *rows;
};
enum gh_code store_going_list(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_goings *ret, struct gh_err *err) GH_MUST_USE;
/* GH_CONFLICT when it is one of those, so that nobody begins to need it. */
enum gh_code store_going_check(struct store *st, int64_t id, struct gh_err *err) GH_MUST_USE;
/* What was said while it was taken, "" nothing. */
enum gh_code store_backup_log(
    struct store *st, struct gh_arena *a, int64_t id, const char **ret, struct gh_err *err) GH_MUST_USE;

/* The file beside it, as it was written. */
struct store_sidecar {
	const char *name; /* beneath backups/, "" nobody said: none of ours, or it is older than this table */
	int64_t size;     /* -1 unknown */
	const char *digest;
	const char *text; /* JSON; what was too long is named in its member left_out */
};
enum gh_code store_sidecar_get(struct store *st, struct gh_arena *a, int64_t backup_id,
    struct store_sidecar *ret, struct gh_err *err) GH_MUST_USE;

struct store_backup_table {
	const char *name;
	int64_t rows, bytes, restored; /* bytes, restored: -1 unknown */
};
struct store_backup_tables {
	size_t n;
	struct store_backup_table *rows;
};
/* By name. */
enum gh_code store_backup_table_list(struct store *st, struct gh_arena *a, int64_t backup_id,
    struct store_backup_tables *ret, struct gh_err *err) GH_MUST_USE;

struct store_proof {
	int64_t id, backup_id, task_id; /* task_id 0: by the run */
	const char *level, *state;      /* state: ok, failed */
	int64_t started_at, ended_at;
	const char *place, *text;
};
struct store_proofs {
	size_t n;
	struct store_proof *rows;
};
/* Newest first, the last 200. */
enum gh_code store_proof_list(struct store *st, struct gh_arena *a, int64_t backup_id,
    struct store_proofs *ret, struct gh_err *err) GH_MUST_USE;

struct store_orphan {
	const char *file, *text;
	int64_t size, changed_at, seen_at;
};
struct store_orphans {
	size_t n;
	struct store_orphan *rows;
};
enum gh_code store_orphan_list(
    struct store *st, struct gh_arena *a, struct store_orphans *ret, struct gh_err *err) GH_MUST_USE;

struct store_kept_database {
	int64_t id, target_id, run_id;
	const char *kind, *name; /* kind: before, side */
	int64_t oid, bytes, kept_at, drop_after;
	const char *state; /* kept, gone */
	int64_t state_at;
};
struct store_kept_databases {
	size_t n;
	struct store_kept_database *rows;
};
/* Those that are there first, newest first; target_id 0 of all targets. */
enum gh_code store_kept_database_list(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_kept_databases *ret, struct gh_err *err) GH_MUST_USE;

#endif
