#include "base/ban.h"
#include "store/write.h"

static enum gh_code
fail(sqlite3 *db, int rc, const char *what, struct gh_err *err)
{
	struct store st = { .db = db, .writing = true };

	return store_fail(&st, rc, what, err);
}

static enum gh_code
version_get(sqlite3 *db, int *ret, struct gh_err *err)
{
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &q, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(q);
	*ret = rc == SQLITE_ROW ? sqlite3_column_int(q, 0) : 0;
	sqlite3_finalize(q);
	return rc == SQLITE_ROW ? GH_OK : fail(db, rc, "read the schema version", err);
}

/* The version is part of the file, so it changes with the step or not at all. */
static enum gh_code
step(sqlite3 *db, const struct store_step_sql *s, int version, struct gh_err *err)
{
	char set[64];
	int rc;

	(void)snprintf(set, sizeof(set), "PRAGMA user_version = %d", version);
	rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, s->text, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, set, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		return GH_OK;
	{
		enum gh_code code = fail(db, rc, s->name, err);

		(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
		return code;
	}
}

enum gh_code
store_schema_upgrade(sqlite3 *db, const struct store_schema *schema, int to, struct gh_err *err)
{
	int version = 0;

	GH_TRY(version_get(db, &version, err));
	if (version > schema->n)
		return gh_fail(err, GH_UNAVAILABLE,
		    "the store has schema %d, this program knows %d: it was written by a newer version",
		    version, schema->n);
	for (; version < to && version < schema->n; version++)
		GH_TRY(step(db, &schema->steps[version], version + 1, err));
	return GH_OK;
}
