#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/write.h"

/* Rows that fit each step, as a store of that version would have them. */
static const char *const rows[] = {
	"INSERT INTO person VALUES (1, 'lead', 5, NULL), (2, 'viewer', 5, NULL);"
	"INSERT INTO person_role VALUES (1, 'lead');"
	"INSERT INTO session VALUES (1, 1, zeroblob(32), 'here', 'browser', 1, 1, 2, NULL);"
	"INSERT INTO answer VALUES ('k', 'lead', 'request.add', 0, x'', 1)",

	"INSERT INTO project (id, name, folder, convention) VALUES (1, 'shop', '/srv', 'numbered');"
	"INSERT INTO target (id, name, project_id, environment, position, backup, approvals, lock_timeout_ms,"
	" statement_timeout_ms, rollback_on_failure) VALUES (1, 't', 1, 'production', 0, 1, 1, 1, 0, 1);"
	"INSERT INTO content VALUES (printf('%064d', 1), x'53454c4543542031');"
	"INSERT INTO migration VALUES (1, 1, '0001_a', '0001', 1, 'a', '0001_a.sql', '', '', '', 1);"
	"INSERT INTO migration_side VALUES (1, 'up', '0001_a.sql', printf('%064d', 1), 1, 1, 0, '');"
	"INSERT INTO migration_statement VALUES (1, 'up', 0, 0, 8, 1, 'SELECT', 0, '', '');"
	"INSERT INTO migration_side VALUES (1, 'down', '0001_a_down.sql', printf('%064d', 1), 1, 0, 0, '');"
	"INSERT INTO migration_statement VALUES (1, 'down', 0, 0, 8, 1, 'SELECT', 1, '', '');"
	"INSERT INTO project_file VALUES (1, '0001_a.sql', 'up', '', 'd');"
	"INSERT INTO migration VALUES (2, 1, '0002_b', '0002', 2, 'b', '0002_b.sql', '', '', '', 1);"
	"INSERT INTO migration VALUES (3, 1, '0000_old', '0000', 0, 'old', '', '', '', '', 0);"
	"INSERT INTO tracked VALUES (1, '0001_a', 7), (1, '0000_old', 0);"
	"INSERT INTO plan VALUES (printf('%064d', 2), 1, 'up', 1, 1, x'00');"
	"INSERT INTO plan_migration VALUES (printf('%064d', 2), 0, '0001_a', '0001', 'a', '', '', 'x', 1, 0, "
	"0, 1);"
	"INSERT INTO plan_statement VALUES (printf('%064d', 2), 0, 0, 1, 'SELECT', 0, 'SELECT 1')",

	"INSERT INTO request VALUES (1, 1, printf('%064d', 2), 'up', 'all', 'why', 2, 'waiting', '', 1, 2, "
	"1);"
	"INSERT INTO approval VALUES (1, 1, 1, printf('%064d', 2), 'yes', '', 1, 2);"
	"UPDATE request SET state = 'approved'",

	"INSERT INTO run (id, request_id, target_id, plan_digest, direction, state, queued_at)"
	" VALUES (1, 1, 1, printf('%064d', 2), 'up', 'queued', 1);"
	"INSERT INTO run_phase VALUES (1, 'connect', 1, 'ok', '', 1, 2);"
	"INSERT INTO run_migration VALUES (1, 0, 1, '0001_a', 'ok', '', 1, 2);"
	"INSERT INTO run_statement VALUES (1, 0, 0, 'ok', 1, 'SELECT 1', 1, 2);"
	"INSERT INTO event VALUES (1, 1, 1, 'log', 'hello');"
	"INSERT INTO backup VALUES (1, 1, 1, 'f', printf('%064d', 3), 1, 1, 2, '15', '15', 1, 1, '', "
	"'listed')",

	"INSERT INTO ledger VALUES (1, 1, 1, 'lead', 'cli', 0, 'x', 'y', '', 'ok', '', '{}', zeroblob(32))",

	("INSERT INTO incident VALUES (1, 1, 1, 'broken', 'low', 'open', NULL, 1, NULL, NULL);"
	 "INSERT INTO note VALUES (1, 1, NULL, 'facts', 1)"),

	"SELECT 1",

	"INSERT OR REPLACE INTO standing VALUES (1, '0001_a', 'edited', 1, 'nothing', 7, 'c', 'flyway', "
	"'why', 'd', 0);"
	"INSERT INTO project_note VALUES (1, 0, 'a gap');"
	"INSERT OR IGNORE INTO migration_side VALUES (1, 'up', 'f', printf('%064d', 1), 't', 1, 1, 1, 0, 0, "
	"'', '', x'');"
	"INSERT INTO migration_side VALUES (1, 'verify', 'f', printf('%064d', 1), 't', 1, 1, 1, 0, 0, '', "
	"'n', x'');"
	"INSERT INTO migration_statement VALUES (1, 'verify', 0, 0, 8, 1, 'SELECT', 1, 0, 0, 1, '', '');"
	"INSERT INTO statement_touch VALUES (1, 'verify', 0, 0, 'public.a', 'ACCESS SHARE', 1, 0, 1, 0);"
	"INSERT INTO finding VALUES (1, 'verify', 0, -1, 'r', 'error', 'size', 1, 1, 'public.a', 'm', '', 0, "
	"'');"
	"INSERT INTO migration_fact VALUES (1, 0, 'script', NULL);"
	"INSERT INTO side_seen VALUES (1, '0001_a', 'up', 'older', 'c', 't', 1);"
	"INSERT INTO target_table VALUES (1, 'public.a', 12, 8192, 3, 4, 60, 0)",

	"UPDATE target SET policy = 'backup 1';"
	"INSERT INTO run_progress VALUES (1, 5, 0, 0, 'running', 'x', 1, 2, 'rows', 4);"
	"INSERT INTO run_episode VALUES (1, 1, 'queue', 0, 0, 5, NULL, 'public.a', 'ACCESS EXCLUSIVE', '');"
	"INSERT INTO run_episode_session VALUES (1, 1, 0, 'sufferer', 9, 'u', 'a', 'active', 'SELECT', 7);"
	"INSERT INTO run_hook VALUES (1, 'before', 0, '/bin/true', 'ok', 0, '', 5, 6);"
	"INSERT INTO run_evidence VALUES (1, 0, 5, 'query', 'verify/a.sql', 'ok', 'no rows');"
	"INSERT INTO run_fact VALUES (1, 0, 'table', 'public.a', 1, 'is there');"
	"INSERT INTO run_cause VALUES (1, 0, 'duplicates', 'SELECT 1', 'a', '1', 0, '');"
	"INSERT INTO run_action VALUES (1, 0, 'retry', '', 'again');"
	"INSERT INTO run_batch VALUES (1, 0, 5, 5, 'running', '1', 1, 5, 5, -1, 5, 9, 0, '', 0);"
	"INSERT INTO run_batch_point VALUES (1, 0, 5, 5, 5, 9);"
	"INSERT INTO run_batch_row VALUES (1, 0, 0, '7', '23505', 'm');"
	"INSERT INTO project_query VALUES (1, 0, 'verify/a.sql', printf('%064d', 1), '')",

	"INSERT INTO rehearsal (id, target_id, plan_digest, state, queued_at) VALUES (1, 1, printf('%064d', "
	"2), "
	"'queued', 5);"
	"INSERT INTO rehearsal_step VALUES (1, 0, 1, 0, 'ok', 5, -1, -1, -1, '', '', '', 1, 'SELECT');"
	"INSERT INTO rehearsal_migration VALUES (1, 0, 'exact', '', 0, '');"
	"INSERT INTO plan_count VALUES (printf('%064d', 2), 'done', '', 5);"
	"INSERT INTO plan_loss VALUES (printf('%064d', 2), 0, 0, 0, 'public.a.b', 5, -1, '')",

	"INSERT INTO message SELECT id, 'before', id, NULL, target_id, 's', 'b', 5 FROM request;"
	"INSERT INTO message_fact SELECT id, 0, 'target', 't' FROM message;"
	"INSERT INTO delivery (message_id, channel, kind, state, next_at)"
	" SELECT id, 'c', 'slack', 'waiting', 5 FROM message",

	"SELECT 1 / (length(name) = 8) FROM installation",

	"INSERT INTO task (id, kind, target_id, state, queued_at) VALUES (1, 'take', 1, 'queued', 5);"
	"INSERT OR IGNORE INTO backup (id, target_id, kind, file, format, digest, size, started_at, ended_at,"
	" server_version, client_version, table_count, row_count, schema_key, level) VALUES (1, 1, 'hand', "
	"'f',"
	" 'custom', printf('%064d', 3), 1, 1, 2, '15', '15', 1, 1, '', 'listed');"
	"INSERT INTO backup_table VALUES (1, 'public.a', 5, 8192, NULL);"
	"INSERT INTO sidecar VALUES (1, 'f.json', 5, printf('%064d', 4), '{}');"
	"INSERT INTO proof VALUES (1, 1, 1, 'checksummed', 'ok', 5, 6, '', 'equal');"
	"INSERT INTO message (event, task_id, target_id, subject, body, created_at)"
	" VALUES ('failed', 1, 1, 's', 'b', 5);"
	"INSERT INTO orphan VALUES ('x', 5, 5, 5, 'no backup');"
	"INSERT INTO shelf VALUES (1, 5, '', 9, 8, 1, NULL);"
	"INSERT INTO kept_database SELECT 1, 1, id, 'side', 'n', 5, 5, 5, 6, 'kept', 5 FROM run;"
	"INSERT INTO plan_restore SELECT digest, 1, 'f', digest, '', 5, 5, '', 1, 5, 't', 'o', 7 FROM plan;"
	"UPDATE plan_statement SET effect = 'destroys'",
};

/*
 * Rows of an older store, seen in the newest.  The second step's rows brought along know of a migration that
 * is applied, one that is not, and one without a file.
 */
static void older_rows_are_kept(sqlite3 *db, int from);

static int64_t
number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q = NULL;
	int64_t n = -1;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	if (sqlite3_step(q) == SQLITE_ROW)
		n = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	return n;
}

static sqlite3 *
empty(void)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL), SQLITE_OK);
	return db;
}

static void
there_are_rows_for_each_step(void **state)
{
	(void)state;
	assert_int_equal(store_schema.n, sizeof(rows) / sizeof(rows[0]));
	assert_true(store_schema.n >= 5);
}

/* Empty, and with the rows of each older version, to the newest. */
static void
every_older_store_is_brought_to_the_newest(void **state)
{
	int from, i;

	(void)state;
	for (from = 0; from <= store_schema.n; from++) {
		struct gh_err err = { 0 };
		char *msg = NULL;
		sqlite3 *db = empty();

		for (i = 0; i < from; i++) {
			/* rows are of the shape that their own step has made */
			assert_int_equal(store_schema_upgrade(db, &store_schema, i + 1, &err), GH_OK);
			if (sqlite3_exec(db, rows[i], NULL, NULL, &msg) != SQLITE_OK)
				fail_msg("rows of step %d: %s", i + 1, msg);
		}
		assert_int_equal(number(db, "PRAGMA user_version"), from);
		assert_int_equal(store_schema_upgrade(db, &store_schema, store_schema.n, &err), GH_OK);
		assert_int_equal(number(db, "PRAGMA user_version"), store_schema.n);
		assert_int_equal(number(db, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
		assert_int_equal(number(db, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
		if (from >= 1)
			assert_int_equal(number(db, "SELECT count(*) FROM person"), 2);
		if (from >= 4)
			assert_int_equal(number(db, "SELECT count(*) FROM run_row WHERE target = 't'"), 1);
		if (from >= 2 && from < 8)
			older_rows_are_kept(db, from);
		if (from >= 11)
			assert_int_equal(
			    number(db,
				"SELECT count(*) FROM delivery d JOIN message m ON m.id = d.message_id "
				"JOIN message_fact f ON f.message_id = m.id WHERE m.request_id = 1"),
			    1);
		if (from >= 6)
			assert_int_equal(number(db, "SELECT count(*) FROM incident_row WHERE notes = 1"), 1);
		/* the rows of the newest step fit, whatever it started from */
		if (from >= 2 && from < store_schema.n &&
		    sqlite3_exec(db, rows[store_schema.n - 1], NULL, NULL, &msg) != SQLITE_OK)
			fail_msg("from %d, rows of the newest step: %s", from, msg);
		assert_int_equal(sqlite3_close(db), SQLITE_OK);
	}
}

static void
older_rows_are_kept(sqlite3 *db, int from)
{
	assert_int_equal(
	    number(db, "SELECT count(*) FROM migration_side WHERE row_inside = transactional"), 2);
	assert_int_equal(number(db, "SELECT sum(tx_group * 10 + alone) FROM migration_statement"), 11);
	assert_int_equal(number(db, "SELECT key = '0001_a' FROM project_file"), 1);
	assert_int_equal(number(db,
			     "SELECT applied_at FROM standing WHERE key = '0001_a' AND standing = 'applied' "
			     "AND applied = 1"),
	    7);
	/* what a run of ours applied is known better than what lies in the folder */
	assert_int_equal(number(db, "SELECT digest = 'x' FROM standing WHERE key = '0001_a'"), from >= 4);
	assert_int_equal(
	    number(db, "SELECT decision = 'runs' AND applied = 0 FROM standing WHERE key = '0002_b'"), 1);
	assert_int_equal(number(db, "SELECT standing = 'missing' FROM standing WHERE key = '0000_old'"), 1);
	assert_int_equal(
	    number(db, "SELECT newest_key = '0001_a' AND pending = 1 AND missing = 1 FROM target_row"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM side_seen WHERE key = '0001_a'"), 2);
	assert_int_equal(number(db, "SELECT signature = '' AND detected = 'numbered' FROM project"), 1);
	assert_int_equal(number(db, "SELECT tx_group FROM plan_statement"), 1);
	assert_int_equal(
	    number(db, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'old%' OR name = 'tracked'"), 0);
}

static void
a_newer_store_is_refused(void **state)
{
	struct gh_err err = { 0 };
	sqlite3 *db = empty();

	(void)state;
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(store_schema_upgrade(db, &store_schema, store_schema.n, &err), GH_UNAVAILABLE);
	assert_non_null(strstr(err.msg, "schema 99"));
	assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema"), 0);
	(void)sqlite3_close(db);
}

static void
a_step_that_fails_leaves_the_one_before(void **state)
{
	static const struct store_step_sql steps[] = { { "0001_a.sql", "CREATE TABLE a (x)" },
		{ "0002_b.sql", "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)" } };
	const struct store_schema schema = { steps, 2 };
	struct gh_err err = { 0 };
	sqlite3 *db = empty();

	(void)state;
	assert_int_equal(store_schema_upgrade(db, &schema, 2, &err), GH_INTERNAL);
	assert_non_null(strstr(err.msg, "0002_b.sql"));
	assert_non_null(strstr(err.msg, "nowhere"));
	assert_int_equal(number(db, "PRAGMA user_version"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema"), 1);
	(void)sqlite3_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_are_rows_for_each_step),
		cmocka_unit_test(every_older_store_is_brought_to_the_newest),
		cmocka_unit_test(a_newer_store_is_refused),
		cmocka_unit_test(a_step_that_fails_leaves_the_one_before),
	};

	return cmocka_run_group_tests_name("store/schema", tests, NULL, NULL);
}
