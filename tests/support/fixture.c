#include "base/ban.h"
#include "tests/support/fixture.h"
#include "tests/support/fixture_rows.h"

#include "store/secrets.h"
#include "store/write.h"

#include <dirent.h>

static enum gh_code
open_both(struct fixture *f, bool in_folder)
{
	gh_hash_start();
	if (!in_folder) {
		GH_TRY(store_open_memory(&f->store, &f->err));
		return store_secrets_memory(&f->secrets, &f->err);
	}
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/gatehouse-test.XXXXXX");
	if (mkdtemp(f->folder) == NULL)
		return gh_fail_errno(&f->err, GH_INTERNAL, "%s", f->folder);
	GH_TRY(store_open_write(&f->store, f->folder, &f->err));
	return store_secrets_open(&f->secrets, f->folder, &f->err);
}

static enum gh_code
fill(struct fixture *f)
{
	STORE_TX tx = { 0 };

	GH_TRY(store_begin(&f->store, &tx, &f->err));
	GH_TRY(fixture_people(f));
	GH_TRY(fixture_projects(f));
	GH_TRY(fixture_runs(f));
	return store_commit(&tx, &f->err);
}

static int
setup(void **state, bool in_folder, bool rows)
{
	struct fixture *f = calloc(1, sizeof(*f));

	*state = f;
	if (f == NULL || open_both(f, in_folder) != GH_OK || (rows && fill(f) != GH_OK)) {
		print_error("fixture: %s\n", f == NULL ? "out of memory" : f->err.msg);
		return -1;
	}
	return 0;
}

int
fixture_setup(void **state)
{
	return setup(state, false, true);
}

int
fixture_setup_folder(void **state)
{
	return setup(state, true, true);
}

int
fixture_setup_empty(void **state)
{
	return setup(state, true, false);
}

static void
folder_delete(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL) /* NOLINT(concurrency-mt-unsafe): tests have one thread */
		(void)unlinkat(dirfd(d), e->d_name, 0);
	(void)closedir(d);
	(void)rmdir(folder);
}

int
fixture_teardown(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	store_close(&f->secrets);
	gh_arena_done(&f->arena);
	if (f->folder[0] != '\0')
		folder_delete(f->folder);
	free(f);
	return 0;
}

void
fixture_token(int64_t person, unsigned char ret[GH_TOKEN_LEN])
{
	memset(ret, (int)(0xa0 + person), GH_TOKEN_LEN);
}

const char *
fixture_digest(struct fixture *f, const char *text)
{
	char hex[GH_SHA256_HEX_LEN];

	gh_sha256_hex(text, strlen(text), hex);
	return gh_strdup(&f->arena, hex);
}

enum gh_code
fixture_exec(struct fixture *f, const char *sql)
{
	int rc = sqlite3_exec(f->store.db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? GH_OK : store_fail(&f->store, rc, sql, &f->err);
}

int64_t
fixture_number(struct fixture *f, const char *sql)
{
	sqlite3_stmt *q = NULL;
	int64_t number = -1;

	assert_int_equal(sqlite3_prepare_v2(f->store.db, sql, -1, &q, NULL), SQLITE_OK);
	if (sqlite3_step(q) == SQLITE_ROW)
		number = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	return number;
}
