#include "base/ban.h"
#include "store/store.h"
#include "store/memo.h"
#include "store/read.gen.h"
#include "store/version.gen.h"

#define RETRY_NS 20000000L

void
store_close(struct store *st)
{
	size_t set, i;

	for (set = 0; set < STORE_SETS; set++) {
		for (i = 0; st->kept[set] != NULL && i < st->sets[set]->n; i++)
			sqlite3_finalize(st->kept[set][i]);
		free(st->kept[set]);
		st->kept[set] = NULL;
	}
	store_memo_free(st);
	if (st->db != NULL)
		(void)sqlite3_close(st->db);
	/* The lock goes last: nobody may open for writing before the file is closed. */
	if (st->lock > 0)
		(void)close(st->lock);
	free(st->folder);
	*st = (struct store){ 0 };
}

/* What a reader may meet while a writer starts, stops or has died: it passes. */
static bool
passes(int rc)
{
	return rc == SQLITE_READONLY_RECOVERY || rc == SQLITE_READONLY_CANTINIT ||
	    rc == SQLITE_READONLY_DIRECTORY || rc == SQLITE_READONLY_ROLLBACK || rc == SQLITE_BUSY ||
	    rc == SQLITE_BUSY_RECOVERY || rc == SQLITE_BUSY_SNAPSHOT || rc == SQLITE_CANTOPEN;
}

bool
store_retry(const struct store *st, int rc, int64_t until)
{
	const struct timespec wait = { .tv_nsec = RETRY_NS };

	if (st->writing || !passes(rc) || gh_clock_mono() >= until)
		return false;
	(void)nanosleep(&wait, NULL);
	return true;
}

enum gh_code
store_fail(struct store *st, int rc, const char *what, struct gh_err *err)
{
	const char *msg = st->db == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(st->db);

	if (rc == SQLITE_CONSTRAINT_TRIGGER)
		return gh_fail(err, GH_CONFLICT, "%s", msg);
	if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY)
		return gh_fail(err, GH_CONFLICT, "it is there already (%s)", msg);
	if ((rc & 0xff) == SQLITE_FULL ||
	    ((rc & 0xff) == SQLITE_IOERR && st->db != NULL && sqlite3_system_errno(st->db) == ENOSPC))
		return gh_fail(err, GH_UNAVAILABLE, "the disk with the store is full");
	if (passes(rc))
		return gh_fail(err, GH_UNAVAILABLE,
		    "the store is busy or cannot be opened: try again (%s: %s)", what, msg);
	return gh_fail(err, GH_INTERNAL, "%s: %s (%d)", what, msg, rc);
}

/* The inode of the shared memory file: another one means that a writer has started anew. */
static int64_t
shm_inode(const char *folder)
{
	char path[PATH_MAX];
	struct stat sb;

	(void)snprintf(path, sizeof(path), "%s/%s-shm", folder, STORE_FILE);
	return stat(path, &sb) == 0 ? (int64_t)sb.st_ino : 0;
}

/* One try: opens and reads the schema version, which is the first thing that touches the files. */
static int
attempt(struct store *st, const char *path, int *ret_version)
{
	sqlite3_stmt *q = NULL;
	int rc;

	rc = sqlite3_open_v2(
	    path, &st->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc != SQLITE_OK)
		return rc;
	(void)sqlite3_db_config(st->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(st->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	rc = sqlite3_prepare_v2(st->db, "PRAGMA user_version", -1, &q, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		*ret_version = sqlite3_column_int(q, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(q);
	return rc;
}

static enum gh_code
version_wrong(int version, struct gh_err *err)
{
	return gh_fail(err, GH_UNAVAILABLE, "the store has schema %d, this program reads %d", version,
	    STORE_SCHEMA_VERSION);
}

static enum gh_code
open_reading(struct store *st, struct gh_err *err)
{
	int64_t until = gh_clock_mono() + STORE_PATIENCE;
	char path[PATH_MAX];
	enum gh_code code;
	int rc, version = 0;

	if (snprintf(path, sizeof(path), "%s/%s", st->folder, STORE_FILE) >= (int)sizeof(path))
		return gh_fail(err, GH_BAD_INPUT, "the store's folder has too long a name");
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return gh_fail(err, GH_UNAVAILABLE,
		    "there is no store in %s: the runner makes it when it starts", st->folder);
	for (;;) {
		/* Before the open: a writer that starts in between is noticed later. */
		st->shm = shm_inode(st->folder);
		rc = attempt(st, path, &version);
		if (rc == SQLITE_OK || !store_retry(st, rc, until))
			break;
		(void)sqlite3_close(st->db);
		st->db = NULL;
	}
	if (rc == SQLITE_OK && version == STORE_SCHEMA_VERSION)
		return GH_OK;
	code = rc == SQLITE_OK ? version_wrong(version, err) : store_fail(st, rc, "open the store", err);
	(void)sqlite3_close(st->db);
	st->db = NULL;
	return code;
}

enum gh_code
store_open(struct store *ret, const char *folder, struct gh_err *err)
{
	*ret = (struct store){ .folder = strdup(folder), .sets[STORE_SET_READ] = &store_set_read };
	ret->kept[STORE_SET_READ] = calloc(store_set_read.n, sizeof(sqlite3_stmt *));
	if (ret->folder == NULL || ret->kept[STORE_SET_READ] == NULL)
		gh_bug("out of memory");
	return open_reading(ret, err);
}

/* A writer that started anew has made a new shared memory file: the old one tells nothing any more. */
static enum gh_code
follow_writer(struct store *st, struct gh_err *err)
{
	size_t i;

	if (st->writing || (st->db != NULL && (st->folder == NULL || shm_inode(st->folder) == st->shm)))
		return GH_OK;
	for (i = 0; i < st->sets[STORE_SET_READ]->n; i++) {
		sqlite3_finalize(st->kept[STORE_SET_READ][i]);
		st->kept[STORE_SET_READ][i] = NULL;
	}
	(void)sqlite3_close(st->db);
	st->db = NULL;
	return open_reading(st, err);
}

static enum gh_code
exec(struct store *st, const char *sql, struct gh_err *err)
{
	int rc = sqlite3_exec(st->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? GH_OK : store_fail(st, rc, sql, err);
}

static enum gh_code
version_check(struct store *st, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_SCHEMA_VERSION, &q, err));
	GH_TRY(store_step(st, q, &row, err));
	if (row && store_int(q, 0) != STORE_SCHEMA_VERSION)
		return version_wrong((int)store_int(q, 0), err);
	return GH_OK;
}

enum gh_code
store_begin(struct store *st, struct store_tx *ret, struct gh_err *err)
{
	*ret = (struct store_tx){ 0 };
	if (st->db != NULL && sqlite3_get_autocommit(st->db) == 0) {
		GH_TRY(exec(st, "SAVEPOINT inner_tx", err));
		*ret = (struct store_tx){ .store = st, .inner = true };
		return GH_OK;
	}
	GH_TRY(follow_writer(st, err));
	GH_TRY(exec(st, st->writing ? "BEGIN IMMEDIATE" : "BEGIN", err));
	ret->store = st;
	/* A reader's first read: it fixes the moment that the transaction sees. */
	if (st->writing)
		return GH_OK;
	GH_TRY(version_check(st, err));
	store_memo_begin(st);
	return GH_OK;
}

enum gh_code
store_commit(struct store_tx *tx, struct gh_err *err)
{
	struct store *st = tx->store;

	if (st == NULL)
		gh_bug("commit without a transaction");
	GH_TRY(exec(st, tx->inner ? "RELEASE inner_tx" : "COMMIT", err));
	tx->store = NULL;
	return GH_OK;
}

void
store_tx_done(struct store_tx *tx)
{
	struct store *st = tx->store;

	tx->store = NULL;
	/* SQLite may have rolled back by itself (disk full). */
	if (st == NULL || st->db == NULL || sqlite3_get_autocommit(st->db) != 0)
		return;
	if (tx->inner)
		(void)sqlite3_exec(st->db, "ROLLBACK TO inner_tx; RELEASE inner_tx", NULL, NULL, NULL);
	else
		(void)sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
}
