#include "base/ban.h"
#include "migration/sql.h"

#include <setjmp.h>
#include <cmocka.h>

static struct gh_arena arena;
static struct sql_script script;

static int
teardown(void **state)
{
	(void)state;
	gh_arena_done(&arena);
	return 0;
}

static void
effects_are_known(void **state)
{
	static const struct {
		const char *sql;
		bool destructive, reversible;
	} cases[] = {
		{ "CREATE TABLE t (a int)", false, true },
		{ "DROP TABLE t", true, false },
		{ "DROP INDEX i", false, true },
		{ "DROP VIEW v", false, true },
		{ "DROP VIEW v CASCADE", true, false },
		{ "DROP SCHEMA s", true, false },
		{ "DROP SEQUENCE s", true, false },
		{ "ALTER TABLE t DROP COLUMN a", true, false },
		{ "ALTER TABLE t ADD a int", false, true },
		{ "ALTER TABLE t ALTER a TYPE int", false, false },
		{ "ALTER TABLE t DROP CONSTRAINT c", false, true },
		{ "ALTER TABLE t DROP CONSTRAINT c CASCADE", true, false },
		{ "TRUNCATE t", true, false },
		{ "DELETE FROM t", true, false },
		{ "WITH x AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM x", true, false },
		{ "UPDATE t SET a = 1", false, false },
		{ "INSERT INTO t VALUES (1)", false, true },
		{ "INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2", false, false },
		{ "MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE", true, false },
		{ "MERGE INTO t USING u ON true WHEN MATCHED THEN DO NOTHING", false, false },
		{ "SELECT 1", false, true },
		{ "SELECT setval('s', 1)", false, false },
		{ "ALTER TYPE t ADD VALUE 'x'", false, false },
		{ "ALTER TYPE t RENAME VALUE 'x' TO 'y'", false, true },
		{ "DO $$ BEGIN PERFORM 1; END $$", false, false },
		{ "DO $$ BEGIN DROP TABLE t; END $$", true, false },
		{ "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DROP TABLE t'", false, true },
		{ "GRANT SELECT ON t TO u", false, true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sql_text t = {
			.sql = cases[i].sql, .len = strlen(cases[i].sql), .file = "f.sql", .first_line = 1
		};

		sql_read(&t, &arena, &script);
		if (script.n != 1 || script.statements[0].destructive != cases[i].destructive ||
		    script.statements[0].reversible != cases[i].reversible)
			fail_msg("%s: %s", cases[i].sql, script.problem);
	}
}

int
main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, teardown)
	const struct CMUnitTest tests[] = {
		T(effects_are_known),
	};

	return cmocka_run_group_tests_name("migration/sql_effect", tests, NULL, NULL);
}
