#include "base/ban.h"
#include "tests/support/lint_rig.h"

#include <setjmp.h>
#include <cmocka.h>

static void
drop_table(void **state)
{
	(void)state;
	(void)lint_rig_fires_n("drop-table", "DROP TABLE a, shop.\"B\";", 2);
	(void)lint_rig_fires("drop-table", "DROP TABLE IF EXISTS a;", "dropping a deletes");
	lint_rig_rewrites("drop-table", "DROP TABLE shop.\"B\";",
	    "-- 1. release code that does not use the table, then let what still needs it fail while it can "
	    "be given back\n"
	    "ALTER TABLE shop.\"B\" RENAME TO \"B_dropped\";\n"
	    "-- 2. in a later migration, after a backup\n"
	    "DROP TABLE shop.\"B_dropped\";");
	(void)lint_rig_fires("drop-table", "DO $$ BEGIN DROP TABLE a; END $$;", "dropping a");
	lint_rig_quiet("drop-table", "CREATE TABLE a (x int); DROP TABLE a;");
	lint_rig_quiet("drop-table", "CREATE TEMP TABLE a (x int); DROP TABLE a;");
	lint_rig_quiet("drop-table", "DROP VIEW a;");
	lint_rig_text.down = true;
	lint_rig_quiet("drop-table", "DROP TABLE a;");
	lint_rig_text.down = false;
}

static void
drop_column(void **state)
{
	(void)state;
	lint_rig_rewrites("drop-column", "ALTER TABLE t DROP COLUMN a;",
	    "-- 1. inserts may leave it out; release code that does not use it\n"
	    "ALTER TABLE t ALTER COLUMN a DROP NOT NULL;\n"
	    "-- 2. in a later migration, after a backup\n"
	    "ALTER TABLE t DROP COLUMN a;");
	(void)lint_rig_fires_n("drop-column", "ALTER TABLE t DROP a, DROP IF EXISTS b;", 2);
	lint_rig_quiet("drop-column", "CREATE TABLE t (a int); ALTER TABLE t DROP a;");
	lint_rig_quiet("drop-column", "ALTER TABLE t ADD a int; ALTER TABLE t DROP a;");
	lint_rig_quiet("drop-column", "ALTER TABLE t DROP CONSTRAINT a;");
	lint_rig_text.down = true;
	lint_rig_quiet("drop-column", "ALTER TABLE t DROP a;");
	lint_rig_text.down = false;
}

static void
drop_schema(void **state)
{
	(void)state;
	(void)lint_rig_fires("drop-schema", "DROP SCHEMA a CASCADE;", "every table");
	(void)lint_rig_fires("drop-schema", "DROP SCHEMA a;", "still names it");
	lint_rig_quiet("drop-schema", "CREATE SCHEMA a; DROP SCHEMA a;");
	lint_rig_text.down = true;
	lint_rig_quiet("drop-schema", "DROP SCHEMA a;");
	lint_rig_text.down = false;
}

static void
drop_database(void **state)
{
	(void)state;
	lint_rig_text.mode = CONVENTION_EACH;
	(void)lint_rig_fires("drop-database", "DROP DATABASE shop;", "all of its data");
	lint_rig_quiet("drop-database", "CREATE DATABASE shop;");
}

static void
truncate_table(void **state)
{
	(void)state;
	(void)lint_rig_fires_n("truncate", "TRUNCATE a, b;", 2);
	(void)lint_rig_fires("truncate", "TRUNCATE a;", "deletes all");
	lint_rig_quiet("truncate", "CREATE TABLE a (x int); TRUNCATE a;");
	lint_rig_quiet("truncate", "DELETE FROM a;");
	lint_rig_text.down = true;
	lint_rig_quiet("truncate", "TRUNCATE a;");
	lint_rig_text.down = false;
}

static void
truncate_cascade(void **state)
{
	(void)state;
	(void)lint_rig_fires("truncate-cascade", "TRUNCATE a CASCADE;", "refers to a");
	lint_rig_quiet("truncate-cascade", "TRUNCATE a;");
	lint_rig_quiet("truncate-cascade", "CREATE TABLE a (x int); TRUNCATE a CASCADE;");
}

static void
drop_cascade(void **state)
{
	(void)state;
	lint_rig_rewrites("drop-cascade", "DROP VIEW a CASCADE;",
	    "-- fails and names what depends on it: drop that first\n"
	    "DROP VIEW a;");
	(void)lint_rig_fires("drop-cascade", "ALTER TABLE t DROP COLUMN a CASCADE;", "depends on a");
	(void)lint_rig_fires("drop-cascade", "DROP FUNCTION f(int) CASCADE;", "depends on f");
	lint_rig_quiet("drop-cascade", "DROP VIEW a;");
	lint_rig_quiet("drop-cascade", "CREATE TABLE a (x int); DROP TABLE a CASCADE;");
	lint_rig_quiet("drop-cascade", "CREATE TABLE t (x int); ALTER TABLE t DROP x CASCADE;");
	lint_rig_text.down = true;
	lint_rig_quiet("drop-cascade", "DROP VIEW a CASCADE;");
	lint_rig_text.down = false;
}

static void
delete_without_where(void **state)
{
	(void)state;
	(void)lint_rig_fires("delete-without-where", "DELETE FROM t;", "every row of t");
	(void)lint_rig_fires("delete-without-where", "DELETE FROM t WHERE true;", "every row");
	(void)lint_rig_fires("delete-without-where", "DELETE FROM t WHERE 1 = 1;", "every row");
	(void)lint_rig_fires("delete-without-where", "DO $$ BEGIN DELETE FROM t; END $$;", "every row");
	lint_rig_quiet("delete-without-where", "DELETE FROM t WHERE a = 1;");
	lint_rig_quiet("delete-without-where", "DELETE FROM t WHERE 1 = 2;");
	lint_rig_quiet("delete-without-where", "DELETE FROM t USING u WHERE t.a = u.a;");
	lint_rig_quiet("delete-without-where", "CREATE TABLE t (x int); DELETE FROM t;");
	lint_rig_text.down = true;
	lint_rig_quiet("delete-without-where", "DELETE FROM t;");
	lint_rig_text.down = false;
}

static void
update_without_where(void **state)
{
	(void)state;
	lint_rig_rewrites("update-without-where", "UPDATE users SET a = 1, b = lower(c);",
	    "-- in a file of its own: until it changes no row, each time in a transaction of its own\n"
	    "-- gatehouse:batch repeat\n"
	    "UPDATE users SET a = 1, b = lower(c)\n"
	    " WHERE ctid IN (SELECT ctid FROM users\n"
	    "                 WHERE a IS DISTINCT FROM (1) OR b IS DISTINCT FROM (lower(c))\n"
	    "                 LIMIT 10000);");
	lint_rig_rewrites("update-without-where", "UPDATE users AS u SET a = 1;", "");
	lint_rig_rewrites("update-without-where", "UPDATE users SET a = DEFAULT;", "");
	lint_rig_quiet("update-without-where", "UPDATE t SET a = 1 WHERE b = 2;");
	lint_rig_quiet("update-without-where", "CREATE TABLE t (a int); UPDATE t SET a = 1;");
	lint_rig_quiet("update-without-where", "UPDATE t SET a = u.a FROM u WHERE u.id = t.id;");
}

static void
drop_not_null(void **state)
{
	(void)state;
	lint_rig_rewrites("drop-not-null", "ALTER TABLE t ALTER a DROP NOT NULL;",
	    "-- after the release of code that can read NULL\n"
	    "ALTER TABLE t ALTER COLUMN a DROP NOT NULL;");
	lint_rig_quiet("drop-not-null", "ALTER TABLE t ALTER a SET NOT NULL;");
	lint_rig_quiet(
	    "drop-not-null", "CREATE TABLE t (a int NOT NULL); ALTER TABLE t ALTER a DROP NOT NULL;");
	lint_rig_quiet("drop-not-null", "ALTER TABLE t ALTER a DROP NOT NULL; ALTER TABLE t DROP a;");
	lint_rig_text.down = true;
	lint_rig_quiet("drop-not-null", "ALTER TABLE t ALTER a DROP NOT NULL;");
	lint_rig_text.down = false;
}

static void
drop_constraint(void **state)
{
	(void)state;
	(void)lint_rig_fires("drop-constraint", "ALTER TABLE t DROP CONSTRAINT c;", "without c");
	lint_rig_quiet("drop-constraint",
	    "ALTER TABLE t DROP CONSTRAINT c; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1) NOT VALID;");
	lint_rig_quiet(
	    "drop-constraint", "ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a > 1) NOT VALID;");
	lint_rig_quiet("drop-constraint", "CREATE TABLE t (a int); ALTER TABLE t DROP CONSTRAINT c;");
	lint_rig_text.down = true;
	lint_rig_quiet("drop-constraint", "ALTER TABLE t DROP CONSTRAINT c;");
	lint_rig_text.down = false;
}

static void
drop_default(void **state)
{
	(void)state;
	(void)lint_rig_fires("drop-default", "ALTER TABLE t ALTER a DROP DEFAULT;", "t.a");
	lint_rig_quiet("drop-default", "ALTER TABLE t ALTER a SET DEFAULT 1;");
	lint_rig_quiet(
	    "drop-default", "ALTER TABLE t ALTER a DROP DEFAULT; ALTER TABLE t ALTER a SET DEFAULT 2;");
	lint_rig_text.down = true;
	lint_rig_quiet("drop-default", "ALTER TABLE t ALTER a DROP DEFAULT;");
	lint_rig_text.down = false;
}

static void
change_default(void **state)
{
	(void)state;
	lint_rig_rewrites("change-default", "ALTER TABLE t ALTER a SET DEFAULT 'x';",
	    "-- after the release of code that gives the value itself\n"
	    "ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x';");
	lint_rig_quiet("change-default", "ALTER TABLE t ADD a int; ALTER TABLE t ALTER a SET DEFAULT 1;");
	lint_rig_quiet("change-default", "CREATE TABLE t (a int); ALTER TABLE t ALTER a SET DEFAULT 1;");
	lint_rig_quiet("change-default", "ALTER TABLE t ALTER a DROP DEFAULT;");
	lint_rig_text.down = true;
	lint_rig_quiet("change-default", "ALTER TABLE t ALTER a SET DEFAULT 1;");
	lint_rig_text.down = false;
}

static void
rename_column(void **state)
{
	(void)state;
	(void)lint_rig_fires("rename-column", "ALTER TABLE t RENAME a TO \"B\";", "t.a");
	lint_rig_quiet("rename-column", "CREATE TABLE t (a int); ALTER TABLE t RENAME a TO b;");
	lint_rig_quiet("rename-column", "ALTER TABLE t ADD a int; ALTER TABLE t RENAME a TO b;");
	lint_rig_quiet("rename-column", "ALTER TABLE t RENAME TO u;");
	lint_rig_text.down = true;
	lint_rig_quiet("rename-column", "ALTER TABLE t RENAME a TO b;");
	lint_rig_text.down = false;
}

static void
rename_table(void **state)
{
	(void)state;
	lint_rig_rewrites("rename-table", "ALTER TABLE shop.a RENAME TO b;",
	    "-- 1. in one transaction: the old name keeps working, for reading and writing\n"
	    "ALTER TABLE shop.a RENAME TO b;\n"
	    "CREATE VIEW shop.a WITH (security_invoker = true) AS SELECT * FROM shop.b;\n"
	    "-- 2. in a later migration, when no code uses the old name\n"
	    "DROP VIEW shop.a;");
	lint_rig_quiet("rename-table", "ALTER TABLE a RENAME TO b; CREATE VIEW a AS SELECT * FROM b;");
	lint_rig_quiet("rename-table", "CREATE TABLE a (x int); ALTER TABLE a RENAME TO b;");
	lint_rig_quiet("rename-table", "ALTER TABLE a RENAME x TO y;");
	lint_rig_text.down = true;
	lint_rig_quiet("rename-table", "ALTER TABLE a RENAME TO b;");
	lint_rig_text.down = false;
}

static void
rename_object(void **state)
{
	(void)state;
	assert_int_equal(
	    lint_rig_fires_n("rename-object", "ALTER SCHEMA a RENAME TO b;", 1)->level, LINT_ERROR);
	assert_int_equal(
	    lint_rig_fires_n("rename-object", "ALTER INDEX a RENAME TO b;", 1)->level, LINT_NOTICE);
	assert_int_equal(
	    lint_rig_fires_n("rename-object", "ALTER TYPE a RENAME TO b;", 1)->level, LINT_WARNING);
	(void)lint_rig_fires("rename-object", "ALTER TYPE a RENAME VALUE 'x' TO 'y';", "'x'");
	(void)lint_rig_fires("rename-object", "ALTER FUNCTION f(int) RENAME TO g;", "function f");
	(void)lint_rig_fires("rename-object", "ALTER TABLE t RENAME CONSTRAINT a TO b;", "a by its old");
	lint_rig_quiet("rename-object", "ALTER TABLE a RENAME TO b;");
	lint_rig_quiet("rename-object", "CREATE TYPE b AS ENUM ('x'); ALTER TYPE b RENAME TO a;");
	lint_rig_quiet("rename-object", "ALTER ROLE a RENAME TO b;");
	lint_rig_quiet("rename-object", "ALTER TYPE a ADD VALUE 'x';");
	lint_rig_text.down = true;
	lint_rig_quiet("rename-object", "ALTER SCHEMA a RENAME TO b;");
	lint_rig_text.down = false;
}

int
main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, lint_rig_teardown)
	const struct CMUnitTest tests[] = {
		T(drop_table),
		T(drop_column),
		T(drop_schema),
		T(drop_database),
		T(truncate_table),
		T(truncate_cascade),
		T(drop_cascade),
		T(delete_without_where),
		T(update_without_where),
		T(drop_not_null),
		T(drop_constraint),
		T(drop_default),
		T(change_default),
		T(rename_column),
		T(rename_table),
		T(rename_object),
	};

	return cmocka_run_group_tests_name("migration/lint_gone", tests, NULL, NULL);
}
