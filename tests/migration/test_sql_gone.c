#include "base/ban.h"
#include "migration/sql.h"

#include <setjmp.h>
#include <cmocka.h>

/* What is left to look for after these statements. */
static void
left(const char *sql, const char *want)
{
	GH_ARENA a = { 0 };
	const char *got = "";
	struct sql_script s;
	size_t i;

	sql_read(&(struct sql_text){ .sql = sql, .len = strlen(sql), .file = "f", .first_line = 1 }, &a, &s);
	assert_string_equal(s.problem, "");
	for (i = 0; i < s.n; i++) {
		if (*s.statements[i].object != '\0')
			got = gh_printf(&a, "%s%s ", got, s.statements[i].object);
	}
	if (strcmp(got, want) != 0)
		fail_msg("%s: \"%s\", not \"%s\"", sql, got, want);
}

#define TABLE "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE TABLE u (a int);"

static void
what_is_dropped_again_is_not_looked_for(void **state)
{
	(void)state;
	left(TABLE, "public.t public.i public.u ");
	left(TABLE "DROP TABLE t", "public.u ");
	left(TABLE "DROP TABLE IF EXISTS public.u, t", "");
	left(TABLE "DROP INDEX i", "public.t public.u ");
	left(TABLE "DROP TABLE other", "public.t public.i public.u ");
	left(TABLE "DROP TABLE other CASCADE", "");
	left(TABLE "DROP OWNED BY x", "");
	left("DROP TABLE IF EXISTS t; CREATE TABLE t (a int)", "public.t ");
	left("CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION f(int)", "");
	left("CREATE TYPE e AS ENUM ('a'); DROP TYPE e", "");
	left("CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f(); DROP TRIGGER g ON t", "");
	left("CREATE POLICY p ON s.t; CREATE POLICY q ON s.t; DROP POLICY p ON s.t", "s.t.q ");
	left("CREATE SCHEMA s; CREATE EXTENSION x; DROP SCHEMA s; DROP EXTENSION x", "");
}

static void
what_is_renamed_or_moved_is_not_looked_for(void **state)
{
	(void)state;
	left(TABLE "ALTER TABLE t RENAME TO v", "public.u ");
	left(TABLE "ALTER INDEX i RENAME TO j", "public.t public.u ");
	left(TABLE "ALTER TABLE t RENAME COLUMN a TO b", "public.t public.i public.u ");
	left(TABLE "ALTER TABLE t SET SCHEMA s", "public.u ");
	left("CREATE SCHEMA s; ALTER SCHEMA s RENAME TO r", "");
	left("CREATE POLICY p ON t; ALTER POLICY p ON t RENAME TO q", "");
	left("CREATE TYPE e AS ENUM ('a'); ALTER TYPE e RENAME TO f", "");
}

static void
indexes_go_with_columns_and_constraints(void **state)
{
	(void)state;
	left(TABLE "ALTER TABLE t DROP COLUMN a", "public.t public.u ");
	left(TABLE "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i", "public.t public.u ");
	left(TABLE "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "public.t public.i public.u ");
	left(TABLE "ALTER TABLE u DROP COLUMN a", "public.t public.i public.u ");
}

static void
names_without_schema_mean_nothing_once_the_path_moved(void **state)
{
	(void)state;
	left("CREATE TABLE t (a int); SET search_path = shop; CREATE TABLE v (a int); CREATE TABLE shop.w (a "
	     "int)",
	    "public.t shop.w ");
	left("SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE v (a int)", "");
	left("SET LOCAL search_path TO shop; CREATE SCHEMA s", "s ");
	left("SET lock_timeout = '1s'; CREATE TABLE v (a int)", "public.v ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_dropped_again_is_not_looked_for),
		cmocka_unit_test(what_is_renamed_or_moved_is_not_looked_for),
		cmocka_unit_test(indexes_go_with_columns_and_constraints),
		cmocka_unit_test(names_without_schema_mean_nothing_once_the_path_moved),
	};

	return cmocka_run_group_tests_name("migration/sql_gone", tests, NULL, NULL);
}
