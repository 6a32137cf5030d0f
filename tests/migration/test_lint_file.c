#include "base/ban.h"
#include "tests/support/lint_rig.h"

#include <setjmp.h>
#include <cmocka.h>

static void
down_missing(void **state)
{
	(void)state;
	lint_rig_text.has_down = false;
	lint_rig_rewrites("down-missing",
	    "CREATE TABLE a (x int); CREATE INDEX i ON a (x); CREATE VIEW v AS SELECT 1;",
	    "DROP view v;\n"
	    "DROP table a;\n"
	    "");
	lint_rig_text.one_way = true;
	lint_rig_quiet("down-missing", "CREATE TABLE a (x int);");
	lint_rig_text.one_way = false;
	lint_rig_text.may_be_empty = true;
	lint_rig_quiet("down-missing",
	    "-- nothing\n"
	    "");
	lint_rig_text.has_down = true;
	lint_rig_quiet("down-missing", "CREATE TABLE a (x int);");
}

static void
down_does_nothing(void **state)
{
	(void)state;
	lint_rig_text.back = "-- nothing\n"
			     "";
	(void)lint_rig_fires("down-does-nothing", "CREATE TABLE a (x int);", "does nothing");
	lint_rig_text.back = "SELECT 1;";
	(void)lint_rig_fires("down-does-nothing", "CREATE TABLE a (x int);", "does nothing");
	lint_rig_quiet("down-does-nothing", "INSERT INTO t VALUES (1);");
	lint_rig_text.back = "DROP TABLE a;";
	lint_rig_quiet("down-does-nothing", "CREATE TABLE a (x int);");
	lint_rig_text.back = "SELECT drop_all();";
	lint_rig_quiet("down-does-nothing", "CREATE TABLE a (x int);");
	lint_rig_text.back = "DROP TABEL";
	lint_rig_quiet("down-does-nothing", "CREATE TABLE a (x int);");
	lint_rig_text.back = NULL;
	lint_rig_quiet("down-does-nothing", "CREATE TABLE a (x int);");
}

static void
down_incomplete(void **state)
{
	(void)state;
	lint_rig_text.back = "DROP TABLE a;";
	(void)lint_rig_fires("down-incomplete",
	    "CREATE TABLE a (x int);\n"
	    "CREATE TABLE b (x int);",
	    "table public.b");
	lint_rig_quiet("down-incomplete",
	    "CREATE TABLE a (x int); CREATE INDEX i ON a (x); CREATE TRIGGER g BEFORE UPDATE ON a FOR EACH "
	    "ROW EXECUTE FUNCTION f();");
	lint_rig_rewrites("down-incomplete", "ALTER TABLE t ADD c int;", "ALTER TABLE t DROP COLUMN c;");
	(void)lint_rig_fires("down-incomplete",
	    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;", "function public.f");
	lint_rig_quiet(
	    "down-incomplete", "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;");
	lint_rig_quiet("down-incomplete", "CREATE EXTENSION x;");
	lint_rig_text.back = "ALTER TABLE t DROP c; DROP TABLE b;";
	lint_rig_quiet("down-incomplete", "ALTER TABLE public.t ADD c int; CREATE TABLE b (x int);");
	lint_rig_text.back = "DROP SCHEMA s CASCADE;";
	lint_rig_quiet("down-incomplete", "CREATE TABLE s.a (x int);");
	lint_rig_text.back = "DO $$ BEGIN NULL; END $$;";
	lint_rig_quiet("down-incomplete", "CREATE TABLE b (x int);");
	lint_rig_text.back = "ALTER TABLE b RENAME TO c;";
	lint_rig_quiet("down-incomplete", "ALTER TABLE c RENAME TO b;");
}

static void
down_cannot_restore(void **state)
{
	(void)state;
	(void)lint_rig_fires("down-cannot-restore", "ALTER TABLE t DROP a;", "column a of t");
	(void)lint_rig_fires_n("down-cannot-restore", "DROP TABLE a, b;", 2);
	(void)lint_rig_fires("down-cannot-restore", "DELETE FROM t WHERE a = 1;", "deleted rows");
	lint_rig_rewrites("down-cannot-restore", "TRUNCATE shop.t;",
	    "-- before the statement\n"
	    "CREATE TABLE shop.t_backup AS SELECT * FROM shop.t;\n"
	    "-- in a later migration, when nobody has missed anything\n"
	    "DROP TABLE shop.t_backup;");
	lint_rig_quiet("down-cannot-restore", "CREATE TABLE k AS SELECT * FROM t; DROP TABLE t;");
	lint_rig_quiet("down-cannot-restore", "INSERT INTO k SELECT a FROM public.t; ALTER TABLE t DROP a;");
	lint_rig_quiet("down-cannot-restore", "SELECT * INTO k FROM t; DELETE FROM t;");
	lint_rig_quiet("down-cannot-restore", "CREATE TABLE t (a int); DROP TABLE t;");
	lint_rig_text.has_down = false;
	lint_rig_quiet("down-cannot-restore", "DROP TABLE a;");
	lint_rig_text.down = true;
	lint_rig_quiet("down-cannot-restore", "DROP TABLE a;");
}

static void
destructive_without_backup(void **state)
{
	(void)state;
	(void)lint_rig_fires("destructive-without-backup", "DROP TABLE t;", "the rows of t");
	(void)lint_rig_fires("destructive-without-backup", "ALTER TABLE t DROP a;", "column a");
	lint_rig_quiet(
	    "destructive-without-backup", "CREATE TABLE t_backup AS SELECT * FROM t; DROP TABLE t;");
	lint_rig_quiet("destructive-without-backup", "DROP INDEX i;");
	lint_rig_text.down = true;
	lint_rig_quiet("destructive-without-backup", "DROP TABLE t;");
	lint_rig_text.down = false;
}

static void
not_idempotent(void **state)
{
	(void)state;
	lint_rig_quiet("not-idempotent", "CREATE TABLE a (x int); CREATE TABLE b (x int);");
	lint_rig_text.mode = CONVENTION_EACH;
	(void)lint_rig_fires("not-idempotent", "CREATE TABLE a (x int); SELECT 1;", "IF NOT EXISTS");
	(void)lint_rig_fires("not-idempotent", "ALTER TABLE a ADD x int; SELECT 1;", "IF NOT EXISTS");
	(void)lint_rig_fires("not-idempotent", "DROP TABLE a; SELECT 1;", "IF EXISTS");
	(void)lint_rig_fires("not-idempotent", "CREATE VIEW v AS SELECT 1; SELECT 1;", "OR REPLACE");
	lint_rig_quiet("not-idempotent", "CREATE TABLE a (x int);");
	lint_rig_quiet("not-idempotent", "CREATE TABLE IF NOT EXISTS a (x int); DROP TABLE IF EXISTS b;");
	lint_rig_quiet("not-idempotent", "CREATE INDEX CONCURRENTLY i ON t (a); SELECT 1;");
}

static void
file_name(void **state)
{
	(void)state;
	lint_rig_text.file = "migrations/6_photos.sql";
	(void)lint_rig_fires("file-name", "SELECT 1;", "three digits");
	lint_rig_text.file = "006-add-photos.sql";
	(void)lint_rig_fires("file-name", "SELECT 1;", "dash");
	lint_rig_text.file = "006.sql";
	(void)lint_rig_fires("file-name", "SELECT 1;", "what it is about");
	lint_rig_text.file = "006_addPhotos.sql";
	(void)lint_rig_fires("file-name", "SELECT 1;", "lower case");
	lint_rig_text.file = "x/20200102_Init/migration.sql";
	(void)lint_rig_fires("file-name", "SELECT 1;", "20200102_Init");
	lint_rig_text.file = "x/006_add_user_photos.sql";
	lint_rig_quiet("file-name", "SELECT 1;");
	lint_rig_text.file = "V1__Add.sql";
	lint_rig_quiet("file-name", "SELECT 1;");
	lint_rig_text.file = "6_photos.sql";
	lint_rig_text.down = true;
	lint_rig_quiet("file-name", "SELECT 1;");
	lint_rig_text.down = false;
}

static void
object_name(void **state)
{
	(void)state;
	(void)lint_rig_fires("object-name", "CREATE TABLE \"User\" (id bigint PRIMARY KEY);", "\"User\" in");
	(void)lint_rig_fires("object-name",
	    "CREATE TABLE \"User\" (id bigint, \"createdAt\" date);\n"
	    "CREATE INDEX \"i-1\" ON \"User\" (id);",
	    "2 other names");
	assert_int_equal(lint_rig_fires_n("object-name",
			     "SELECT 1;\n"
			     "ALTER TABLE t ADD \"createdAt\" date;",
			     1)
			     ->line,
	    2);
	assert_int_equal(lint_rig_fires_n("object-name",
			     "SELECT 1;\n"
			     "ALTER TABLE t ADD \"createdAt\" date;",
			     1)
			     ->column,
	    1);
	lint_rig_quiet("object-name", "CREATE TABLE users (created_at date, a1$ int);");
}

static void
missing_header(void **state)
{
	(void)state;
	lint_rig_quiet("missing-header", "SELECT 1;");
	lint_rig_text.head = "-- Migration: 1\n-- Author: the team\nSELECT 1;";
	(void)lint_rig_fires("missing-header", "SELECT 1;", "Description, Date");
	lint_rig_text.head = "-- Migration: 1\n-- Description: d\n-- Author: the team\n-- Date: 2026-01-02\n";
	lint_rig_quiet("missing-header", "SELECT 1;");
	/* Prisma's and drizzle-kit's own. */
	lint_rig_text.head = "-- CreateTable\nCREATE TABLE a (id int);\n";
	lint_rig_quiet("missing-header", "CREATE TABLE a (id int);");
	lint_rig_text.head = "-- Created by hand\nCREATE TABLE a (id int);\n";
	(void)lint_rig_fires("missing-header", "CREATE TABLE a (id int);", "Description, Author, Date");
	lint_rig_text.head = "CREATE TABLE a (id int);--> statement-breakpoint\n";
	lint_rig_quiet("missing-header", "CREATE TABLE a (id int);--> statement-breakpoint\nSELECT 1;");
}

static void
long_identifier(void **state)
{
	(void)state;
	(void)lint_rig_fires("long-identifier",
	    "CREATE TABLE a23456789b123456789c123456789d123456789e123456789f123456789g1234 (id bigint);",
	    "64 bytes");
	lint_rig_quiet("long-identifier",
	    "CREATE TABLE a23456789b123456789c123456789d123456789e123456789f123456789g123 (id bigint);");
}

static void
no_primary_key(void **state)
{
	(void)state;
	lint_rig_rewrites("no-primary-key", "CREATE TABLE t (a int);",
	    "ALTER TABLE t ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;");
	lint_rig_quiet("no-primary-key", "CREATE TABLE t (a int PRIMARY KEY);");
	lint_rig_quiet("no-primary-key", "CREATE TABLE t (a int, PRIMARY KEY (a));");
	lint_rig_quiet("no-primary-key", "CREATE TEMP TABLE t (a int);");
	lint_rig_quiet("no-primary-key", "CREATE TABLE t (LIKE u INCLUDING ALL);");
	lint_rig_quiet("no-primary-key", "CREATE TABLE t PARTITION OF u DEFAULT;");
	lint_rig_quiet("no-primary-key",
	    "CREATE TABLE t (a int); ALTER TABLE ONLY public.t ADD CONSTRAINT k PRIMARY KEY (a);");
	lint_rig_text.down = true;
	lint_rig_quiet("no-primary-key", "CREATE TABLE t (a int);");
	lint_rig_text.down = false;
}

static void
row_security_missing(void **state)
{
	(void)state;
	lint_rig_quiet("row-security-missing", "CREATE TABLE t (id bigint PRIMARY KEY);");
	lint_rig_text.file = "supabase/migrations/1_a.sql";
	lint_rig_rewrites("row-security-missing", "CREATE TABLE t (id bigint PRIMARY KEY);",
	    "ALTER TABLE t ENABLE ROW LEVEL SECURITY;");
	lint_rig_quiet("row-security-missing",
	    "CREATE TABLE t (a int); ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;");
	lint_rig_quiet("row-security-missing", "CREATE TABLE private.t (a int);");
	lint_rig_quiet("row-security-missing", "CREATE TEMP TABLE t (a int);");
	lint_rig_text.file = "f.sql";
	(void)lint_rig_fires(
	    "row-security-missing", "CREATE TABLE t (a int); GRANT SELECT ON t TO anon;", "t has no");
}

static void
policy_always_true(void **state)
{
	(void)state;
	(void)lint_rig_fires("policy-always-true", "CREATE POLICY p ON t USING (true);", "everybody");
	(void)lint_rig_fires("policy-always-true",
	    "CREATE POLICY p ON t FOR INSERT TO authenticated WITH CHECK (true);", "everybody");
	lint_rig_quiet("policy-always-true", "CREATE POLICY p ON t FOR SELECT USING (true);");
	lint_rig_quiet("policy-always-true", "CREATE POLICY p ON t TO service_role USING (true);");
	lint_rig_quiet("policy-always-true", "CREATE POLICY p ON t USING (a = 1);");
	lint_rig_quiet("policy-always-true", "CREATE POLICY p ON t AS RESTRICTIVE USING (true);");
}

static void
index_not_immutable(void **state)
{
	(void)state;
	(void)lint_rig_fires("index-not-immutable", "CREATE INDEX i ON t (a) WHERE at > now();", "now");
	(void)lint_rig_fires("index-not-immutable", "CREATE INDEX i ON t (age(at));", "age");
	(void)lint_rig_fires(
	    "index-not-immutable", "CREATE INDEX i ON t (a) WHERE at > CURRENT_TIMESTAMP;", "session");
	lint_rig_quiet("index-not-immutable", "CREATE INDEX i ON t (lower(a)) WHERE b IS NULL;");
	lint_rig_quiet("index-not-immutable", "CREATE INDEX i ON t (f(a));");
}

static void
mixed_transaction(void **state)
{
	(void)state;
	lint_rig_text.mode = CONVENTION_EACH;
	(void)lint_rig_fires("mixed-transaction",
	    "CREATE TABLE t (a int);\n"
	    "CREATE INDEX CONCURRENTLY i ON u (a);",
	    "line 1");
	lint_rig_quiet("mixed-transaction", "CREATE INDEX CONCURRENTLY i ON u (a);");
	lint_rig_quiet("mixed-transaction", "SET lock_timeout = 0; CREATE INDEX CONCURRENTLY i ON u (a);");
	lint_rig_quiet("mixed-transaction", "CREATE TABLE t (a int); CREATE TABLE u (a int);");
}

static void
policy_not_indexed(void **state)
{
	(void)state;
	lint_rig_rewrites("policy-not-indexed",
	    "CREATE TABLE t (id bigint PRIMARY KEY, u uuid); CREATE POLICY p ON t USING (u = auth.uid());",
	    "CREATE INDEX ON t (u);");
	lint_rig_quiet("policy-not-indexed",
	    "CREATE TABLE t (u uuid); CREATE INDEX ON t (u, a); CREATE POLICY p ON t USING (u = "
	    "auth.uid());");
	lint_rig_quiet("policy-not-indexed",
	    "CREATE TABLE t (u uuid UNIQUE); CREATE POLICY p ON t USING (auth.uid() = u);");
	lint_rig_quiet("policy-not-indexed",
	    "CREATE TABLE t (u uuid, a int, PRIMARY KEY (u, a)); CREATE POLICY p ON t USING (u = "
	    "auth.uid());");
	lint_rig_quiet("policy-not-indexed", "CREATE POLICY p ON t USING (u = auth.uid());");
	lint_rig_quiet("policy-not-indexed",
	    "CREATE TABLE t (u uuid); CREATE POLICY p ON t USING (u = auth.uid() OR true);");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, lint_rig_teardown)
	const struct CMUnitTest tests[] = {
		T(down_missing),
		T(down_does_nothing),
		T(down_incomplete),
		T(down_cannot_restore),
		T(destructive_without_backup),
		T(not_idempotent),
		T(file_name),
		T(object_name),
		T(missing_header),
		T(long_identifier),
		T(no_primary_key),
		T(row_security_missing),
		T(policy_always_true),
		T(index_not_immutable),
		T(mixed_transaction),
		T(policy_not_indexed),
	};

	return cmocka_run_group_tests_name("migration/lint_file", tests, NULL, NULL);
}
