#include "base/ban.h"
#include "tests/support/lint_rig.h"

#include <setjmp.h>
#include <cmocka.h>

static void
psql_command(void **state)
{
	(void)state;
	(void)lint_rig_fires("psql-command", "SELECT 1;\n\\copy t from x\n", "\\copy is a command of psql");
	assert_int_equal(lint_rig_fires_n("psql-command", "SELECT 1;\n  \\set a 1\n", 1)->line, 2);
	assert_int_equal(lint_rig_fires_n("psql-command", "SELECT 1;\n  \\set a 1\n", 1)->column, 3);
	lint_rig_quiet("psql-command", "SELECT '\\copy';");
	lint_rig_quiet("psql-command", "SELECT ;;; FROM FROM");
}

static void
copy_from_stdin(void **state)
{
	(void)state;
	assert_int_equal(
	    lint_rig_fires_n("copy-from-stdin", "SELECT 1;\nCOPY t (a) FROM stdin;\n1\tx\n\\.\n", 1)->line,
	    2);
	(void)lint_rig_fires("copy-from-stdin", "COPY t FROM STDIN;", "nobody sends");
	lint_rig_quiet("copy-from-stdin", "COPY t FROM '/data/t.csv';");
	lint_rig_quiet("copy-from-stdin", "COPY t TO STDOUT;");
}

static void
update_limit(void **state)
{
	(void)state;
	lint_rig_rewrites("update-limit",
	    "UPDATE users SET verified = false WHERE verified IS NULL LIMIT 10000;",
	    "-- in a file of its own: until it changes no row, each time in a transaction of its own\n"
	    "-- gatehouse:batch repeat\n"
	    "UPDATE users SET verified = false\n"
	    " WHERE ctid IN (SELECT ctid FROM users WHERE verified IS NULL LIMIT 10000);");
	lint_rig_rewrites("update-limit",
	    "SELECT 1;\n"
	    "DELETE FROM shop.log WHERE (a = 1) ORDER BY at LIMIT 5",
	    "-- in a file of its own: until it changes no row, each time in a transaction of its own\n"
	    "-- gatehouse:batch repeat\n"
	    "DELETE FROM shop.log\n"
	    " WHERE ctid IN (SELECT ctid FROM shop.log WHERE (a = 1) ORDER BY at LIMIT 5);");
	lint_rig_rewrites("update-limit", "UPDATE t SET a = 1 LIMIT 5;",
	    "-- in a file of its own: until it changes no row, each time in a transaction of its own\n"
	    "-- gatehouse:batch repeat\n"
	    "UPDATE t SET a = 1\n"
	    " WHERE ctid IN (SELECT ctid FROM t LIMIT 5);");
	assert_int_equal(lint_rig_fires_n("update-limit",
			     "SELECT 1;\n"
			     "UPDATE users SET verified = false WHERE verified IS NULL LIMIT 10000;",
			     1)
			     ->line,
	    2);
	assert_int_equal(lint_rig_fires_n("update-limit",
			     "SELECT 1;\n"
			     "UPDATE users SET verified = false WHERE verified IS NULL LIMIT 10000;",
			     1)
			     ->column,
	    58);
	lint_rig_quiet("update-limit", "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t LIMIT 5);");
	lint_rig_quiet("update-limit", "SELECT 1 LIMIT LIMIT;");
}

static void
unique_where(void **state)
{
	(void)state;
	lint_rig_rewrites("unique-where",
	    "CREATE TABLE IF NOT EXISTS user_photos (\n"
	    "  id int,\n"
	    "  CONSTRAINT one UNIQUE (user_id, is_primary) WHERE is_primary = true,\n"
	    "  b int);",
	    "-- leave the constraint out, and behind the statement\n"
	    "CREATE UNIQUE INDEX one ON user_photos (user_id, is_primary) WHERE is_primary = true;");
	lint_rig_rewrites("unique-where", "ALTER TABLE ONLY shop.t ADD UNIQUE (lower) WHERE (a IN (1, 2));",
	    "-- leave the constraint out, and behind the statement\n"
	    "CREATE UNIQUE INDEX ON shop.t (lower) WHERE (a IN (1, 2));");
	assert_int_equal(lint_rig_fires_n("unique-where",
			     "CREATE TABLE t (\n"
			     "  CONSTRAINT one UNIQUE (a) WHERE b);",
			     1)
			     ->line,
	    2);
	assert_int_equal(lint_rig_fires_n("unique-where",
			     "CREATE TABLE t (\n"
			     "  CONSTRAINT one UNIQUE (a) WHERE b);",
			     1)
			     ->column,
	    29);
	lint_rig_quiet("unique-where", "CREATE UNIQUE INDEX i ON t (a) WHERE b;");
	lint_rig_quiet("unique-where", "CREATE TABLE t (a int WHERE b);");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, lint_rig_teardown)
	const struct CMUnitTest tests[] = {
		T(psql_command),
		T(copy_from_stdin),
		T(update_limit),
		T(unique_where),
	};

	return cmocka_run_group_tests_name("migration/lint_refused", tests, NULL, NULL);
}
