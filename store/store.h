/*
 * The store: one SQLite file in a folder, written by the runner alone and read by everybody else.  This
 * header is the reading side; store/write.h opens for writing and is linked by the runner only.
 *
 * Statements are files, store/sql/NOUN_VERB.sql -> SQL_NOUN_VERB, prepared once a connection and bound by
 * name.  A name that a statement lacks, and a statement used twice at once, are bugs and abort.
 *
 * A reader meets a writer that starts, stops or died: it retries for STORE_PATIENCE, then answers
 * GH_UNAVAILABLE. Texts and rows of typed reads live in the caller's arena and are never NULL; a time that is
 * not set is 0.
 */
#ifndef GH_STORE_STORE_H
#define GH_STORE_STORE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_FILE     "store.db"
#define STORE_PATIENCE (2 * GH_SECOND)
#define STORE_PAGE_MAX 1000 /* rows a page at most; a larger limit is cut to it */

/* One generated set of statements; the upper bits of a statement's number say which. */
struct store_set {
	const char *const *names;
	const char *const *texts;
	size_t n;
};
enum { STORE_SET_READ, STORE_SET_WRITE, STORE_SET_SECRETS, STORE_SETS };
#define STORE_SET_BITS 12

struct store_memo;
struct store {
	sqlite3 *db;
	bool writing;
	int lock;                /* the writer's lock file, 0 none */
	int64_t shm;             /* a reader's: inode of the -shm file when it opened */
	char *folder;            /* NULL in memory */
	struct store_memo *memo; /* store/memo.h */
	const struct store_set *sets[STORE_SETS];
	sqlite3_stmt **kept[STORE_SETS];
};

/*
 * Opens FOLDER/store.db for reading.  GH_UNAVAILABLE: not there, busy, or of another schema version;
 * store_begin then tries again, so a server may go on.
 */
enum gh_code store_open(struct store *ret, const char *folder, struct gh_err *err) GH_MUST_USE;
/* Closes what either open gave; an all-zero store is fine. */
void store_close(struct store *st);

/* Cleanup variable: STORE_STMT q = NULL;  Resets the statement and clears its bindings. */
#define STORE_STMT __attribute__((cleanup(store_stmt_done))) sqlite3_stmt *
void store_stmt_done(sqlite3_stmt **q);

enum gh_code store_prepare(
    struct store *st, unsigned sql, sqlite3_stmt **ret, struct gh_err *err) GH_MUST_USE;
/* *ret_row is 1 when a row is there.  A trigger's message comes back as GH_CONFLICT, a full disk as
 * GH_UNAVAILABLE. */
enum gh_code store_step(struct store *st, sqlite3_stmt *q, int *ret_row, struct gh_err *err) GH_MUST_USE;

void store_bind_int(sqlite3_stmt *q, const char *name, int64_t value);
void store_bind_time(sqlite3_stmt *q, const char *name, int64_t at_us); /* 0: NULL */
/* Not copied: must live until the statement is done.  NULL is bound as "". */
void store_bind_text(sqlite3_stmt *q, const char *name, const char *value);
void store_bind_text_n(sqlite3_stmt *q, const char *name, const char *value, size_t len);
void store_bind_blob(sqlite3_stmt *q, const char *name, const void *value, size_t len);
void store_bind_id(sqlite3_stmt *q, const char *name, int64_t id); /* 0: NULL */

const char *store_text(sqlite3_stmt *q, int column, struct gh_arena *a); /* NULL as "" */
int64_t store_int(sqlite3_stmt *q, int column);                          /* NULL as 0 */
bool store_bool(sqlite3_stmt *q, int column);
/* Appends a column's bytes to ret; GH_BAD_INPUT when they pass ret's limit. */
enum gh_code store_bytes(sqlite3_stmt *q, int column, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;
/* Room for row number n (0-based) in an array that grows in the arena. */
void *store_room(struct gh_arena *a, void *rows, size_t n, size_t size) __attribute__((returns_nonnull));
int64_t store_limit(int64_t limit); /* 1..STORE_PAGE_MAX; 0 or less gives 50 */

/*
 * A transaction: STORE_TX tx = { 0 };  It rolls back unless committed.  A reader's is a snapshot (all reads
 * of a page see one moment) and checks the schema version first.  Within another transaction it is a
 * savepoint.
 */
struct store_tx {
	struct store *store;
	bool inner;
};
#define STORE_TX __attribute__((cleanup(store_tx_done))) struct store_tx
enum gh_code store_begin(struct store *st, struct store_tx *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_commit(struct store_tx *tx, struct gh_err *err) GH_MUST_USE;
void store_tx_done(struct store_tx *tx);

/* True after a short wait when a reader that met rc should try again. */
bool store_retry(const struct store *st, int rc, int64_t until);
/* Turns the connection's last failure into err; what names the doing ("read the store"). */
enum gh_code store_fail(struct store *st, int rc, const char *what, struct gh_err *err) GH_MUST_USE;

#endif
