/*
 * Plans: canonical bytes by their digest, and the same cut into migrations and statements for pages.  Reads.
 */
#ifndef GH_STORE_PLAN_H
#define GH_STORE_PLAN_H

#include "store/store.h"

struct store_plan {
	const char *digest, *target, *direction; /* "up", "down" */
	const char *act;                         /* "run", "mark", "repair", "restore", "side" */
	int64_t target_id, created_at, bytes, migrations;
};
enum gh_code store_plan_get(struct store *st, struct gh_arena *a, const char *digest, struct store_plan *ret,
    struct gh_err *err) GH_MUST_USE;
/* Appends the canonical bytes; GH_BAD_INPUT when they pass ret's limit. */
enum gh_code store_plan_read(
    struct store *st, const char *digest, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;

/*
 * Of the acts "restore" (the backup becomes the target's database) and "side" (a database beside it, for a
 * look). Requests and runs of both have the direction "down" and the goal "backup 12 of 2026-11-20 02:30:00
 * UTC", side: "backup 12 of ... beside it, as NAME"; their one migration has the key "restore:12" and no
 * statements.
 */
struct store_plan_restore {
	int64_t backup;            /* its row has the rest, as it is now: state, level, broken */
	const char *file, *digest; /* digest: of the file */
	const char *encrypted_to;  /* "" in the clear */
	int64_t size, taken_at;
	const char *schema_key; /* newest applied migration in it, "" not known */
	int64_t tables, rows;   /* -1 not known; table by table: store_backup_table_list */
	const char *name;       /* what the new database is called in the end */
	const char *keep_name;  /* what the old one is called then, with connections refused; side: "" */
	int64_t keep_ms;        /* the old one may be dropped so long after the run, by a person; it is never
				   dropped by itself */
};
/* GH_NOT_FOUND: the plan is for something else.  What would be lost: store/loss.h, of act "restore" only. */
enum gh_code store_plan_restore_get(struct store *st, struct gh_arena *a, const char *digest,
    struct store_plan_restore *ret, struct gh_err *err) GH_MUST_USE;

struct store_plan_migration {
	int64_t position; /* 0-based */
	const char *key, *version, *name, *description, *author, *digest;
	bool transactional, row_inside, stripped, has_back, has_verify;
	bool batched; /* in parts, a transaction each */
	int64_t statements;
};
struct store_plan_migrations {
	size_t n;
	struct store_plan_migration *rows;
};
/* From position `from` on, at most limit. */
enum gh_code store_plan_migration_list(struct store *st, struct gh_arena *a, const char *digest, int64_t from,
    int64_t limit, struct store_plan_migrations *ret, struct gh_err *err) GH_MUST_USE;

#define STORE_SQL_SHOWN 65536 /* characters of one statement that a list gives */

struct store_plan_statement {
	int64_t migration, position, line; /* positions 0-based; line in the migration's file */
	int64_t group;                     /* number of its transaction, 0 by itself */
	const char *kind;
	const char *effect; /* "reversible", "one-way", "destroys"; "" not known */
	bool alone;         /* in no transaction */
	const char *sql;    /* the first STORE_SQL_SHOWN characters */
	int64_t sql_bytes;  /* of the whole */
};
struct store_plan_statements {
	size_t n;
	struct store_plan_statement *rows;
};
/* The statements of one migration. */
enum gh_code store_plan_statement_list(struct store *st, struct gh_arena *a, const char *digest,
    int64_t migration, struct store_plan_statements *ret, struct gh_err *err) GH_MUST_USE;

#endif
