#include "base/ban.h"
#include "store/write.h"
#include "store/read.gen.h"
#include "store/write.gen.h"
#include "store/secrets.gen.h"
#include "store/secrets.h"

#include "base/io.h"

#define WRITER_BUSY_MS 2000

static void
keep(struct store *st, int set, const struct store_set *texts)
{
	st->sets[set] = texts;
	st->kept[set] = calloc(texts->n, sizeof(sqlite3_stmt *));
	if (st->kept[set] == NULL)
		gh_bug("out of memory");
}

static enum gh_code
exec(struct store *st, const char *sql, struct gh_err *err)
{
	int rc = sqlite3_exec(st->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? GH_OK : store_fail(st, rc, sql, err);
}

/* One writer a folder.  The lock outlives nothing: it goes with the process. */
static enum gh_code
lock(struct store *st, const char *folder, struct gh_err *err)
{
	GH_FD int fd = -1;
	char path[PATH_MAX];
	bool got = false;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, STORE_LOCK_FILE);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 && (errno == ENOSPC || errno == EDQUOT))
		return gh_fail(err, GH_UNAVAILABLE, "the disk with the store is full");
	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "%s", path);
	GH_TRY(gh_lock_try(fd, &got, err));
	if (!got)
		return gh_fail(err, GH_CONFLICT, "another runner works with the store in %s", folder);
	st->lock = gh_fd_take(&fd);
	return GH_OK;
}

/* SQLite gives -wal and -shm the mode of the file itself, which must therefore be right from the start. */
static enum gh_code
make_file(const char *path, mode_t mode, struct gh_err *err)
{
	GH_FD int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

	if (fd < 0 && errno == EEXIST)
		return GH_OK;
	if (fd < 0 && (errno == ENOSPC || errno == EDQUOT))
		return gh_fail(err, GH_UNAVAILABLE, "the disk with the store is full");
	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "%s", path);
	if (fchmod(fd, mode) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "%s", path);
	return GH_OK;
}

static enum gh_code
set_up(struct store *st, const struct store_schema *schema, struct gh_err *err)
{
	int on = 1;

	(void)sqlite3_busy_timeout(st->db, WRITER_BUSY_MS);
	(void)sqlite3_db_config(st->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(st->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	/* Readers that may not write need -wal and -shm to stay when the writer goes. */
	(void)sqlite3_file_control(st->db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
	GH_TRY(exec(st, "PRAGMA journal_mode = WAL", err));
	GH_TRY(exec(st, "PRAGMA synchronous = FULL", err));
	GH_TRY(exec(st, "PRAGMA foreign_keys = ON", err));
	/* KiB: what a large folder changes in one transaction is not written several times. */
	GH_TRY(exec(st, "PRAGMA cache_size = -65536", err));
	GH_TRY(exec(st, "PRAGMA temp_store = MEMORY", err));
	return store_schema_upgrade(st->db, schema, schema->n, err);
}

static enum gh_code
open_file(struct store *st, const char *path, const struct store_schema *schema, struct gh_err *err)
{
	int rc = sqlite3_open_v2(path, &st->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);

	if (rc != SQLITE_OK)
		return store_fail(st, rc, path, err);
	return set_up(st, schema, err);
}

static enum gh_code
open_folder(struct store *st, const char *folder, struct gh_err *err)
{
	char path[PATH_MAX], shm[PATH_MAX + 4];

	if (snprintf(path, sizeof(path), "%s/%s", folder, STORE_FILE) >= (int)sizeof(path))
		return gh_fail(err, GH_BAD_INPUT, "the store's folder has too long a name");
	GH_TRY(lock(st, folder, err));
	/*
	 * Somebody who may only read can still hold locks on an old -shm, and so lock the writer out.  It is
	 * made anew from the -wal; honest readers notice (store_begin).
	 */
	(void)snprintf(shm, sizeof(shm), "%s-shm", path);
	if (unlink(shm) != 0 && errno != ENOENT)
		return gh_fail_errno(err, GH_UNAVAILABLE, "%s", shm);
	GH_TRY(make_file(path, 0640, err));
	return open_file(st, path, &store_schema, err);
}

enum gh_code
store_open_write(struct store *ret, const char *folder, struct gh_err *err)
{
	enum gh_code code;

	*ret = (struct store){ .writing = true };
	keep(ret, STORE_SET_READ, &store_set_read);
	keep(ret, STORE_SET_WRITE, &store_set_write);
	code = open_folder(ret, folder, err);
	if (code != GH_OK)
		store_close(ret);
	return code;
}

enum gh_code
store_open_memory(struct store *ret, struct gh_err *err)
{
	*ret = (struct store){ .writing = true };
	keep(ret, STORE_SET_READ, &store_set_read);
	keep(ret, STORE_SET_WRITE, &store_set_write);
	return open_file(ret, ":memory:", &store_schema, err);
}

enum gh_code
store_secrets_open(struct store *ret, const char *folder, struct gh_err *err)
{
	char path[PATH_MAX];
	enum gh_code code;

	*ret = (struct store){ .writing = true };
	keep(ret, STORE_SET_SECRETS, &store_set_secrets);
	if (snprintf(path, sizeof(path), "%s/%s", folder, STORE_SECRETS_FILE) >= (int)sizeof(path))
		return gh_fail(err, GH_BAD_INPUT, "the secrets' folder has too long a name");
	code = make_file(path, 0600, err);
	if (code == GH_OK)
		code = open_file(ret, path, &store_secrets_schema, err);
	if (code != GH_OK)
		store_close(ret);
	return code;
}

enum gh_code
store_secrets_memory(struct store *ret, struct gh_err *err)
{
	*ret = (struct store){ .writing = true };
	keep(ret, STORE_SET_SECRETS, &store_set_secrets);
	return open_file(ret, ":memory:", &store_secrets_schema, err);
}

enum gh_code
store_do(struct store *st, sqlite3_stmt *q, const char *none, struct gh_err *err)
{
	int row = 0;

	GH_TRY(store_step(st, q, &row, err));
	if (none != NULL && sqlite3_changes(st->db) == 0)
		return gh_fail(err, GH_CONFLICT, "%s", none);
	return GH_OK;
}

enum gh_code
store_do_add(struct store *st, sqlite3_stmt *q, int64_t *ret_id, struct gh_err *err)
{
	GH_TRY(store_do(st, q, NULL, err));
	*ret_id = sqlite3_last_insert_rowid(st->db);
	return GH_OK;
}
