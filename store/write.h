/*
 * The store opened for writing, by the runner alone: one writer a folder (lock file), schema brought to the
 * newest version.  Every write below works within the caller's transaction (store_begin) or as one of its
 * own.
 */
#ifndef GH_STORE_WRITE_H
#define GH_STORE_WRITE_H

#include "store/store.h"

#define STORE_LOCK_FILE    "store.lock"
#define STORE_SECRETS_FILE "secrets.db"

/*
 * Opens FOLDER/store.db, made when missing (0640); the folder must exist.  GH_CONFLICT: another runner has
 * it. GH_UNAVAILABLE: the file is newer than this program, or the disk is full.
 */
enum gh_code store_open_write(struct store *ret, const char *folder, struct gh_err *err) GH_MUST_USE;
/* A store in memory with the newest schema, for tests. */
enum gh_code store_open_memory(struct store *ret, struct gh_err *err) GH_MUST_USE;

/* One schema step and the version to which it leads. */
struct store_step_sql {
	const char *name, *text;
};
struct store_schema {
	const struct store_step_sql *steps;
	int n;
};
extern const struct store_schema store_schema, store_secrets_schema;
/* Brings a database to version `to` (at most schema->n), each step in its own transaction. */
enum gh_code store_schema_upgrade(
    sqlite3 *db, const struct store_schema *schema, int to, struct gh_err *err) GH_MUST_USE;

/* Runs a statement that changes rows.  none: the GH_CONFLICT sentence when it changed nothing; NULL when that
 * is fine. */
enum gh_code store_do(struct store *st, sqlite3_stmt *q, const char *none, struct gh_err *err) GH_MUST_USE;
/* Runs an INSERT; *ret_id is its row's id. */
enum gh_code store_do_add(struct store *st, sqlite3_stmt *q, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;

#endif
