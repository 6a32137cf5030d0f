#include "base/ban.h"
#include "tests/support/lint_rig.h"

#include <setjmp.h>
#include <cmocka.h>

static void
index_not_concurrent(void **state)
{
	(void)state;
	lint_rig_rewrites("index-not-concurrent",
	    "CREATE UNIQUE INDEX IF NOT EXISTS i ON shop.\"Order\" (lower(name)) WHERE x > 1;",
	    "-- in a file of its own, without a transaction\n"
	    "CREATE UNIQUE INDEX CONCURRENTLY i ON shop.\"Order\" USING btree (lower(name)) WHERE x > 1;");
	lint_rig_quiet("index-not-concurrent", "CREATE INDEX CONCURRENTLY i ON t (x);");
	lint_rig_quiet("index-not-concurrent", "CREATE TABLE t (x int); CREATE INDEX i ON t (x);");
	lint_rig_quiet("index-not-concurrent", "CREATE TABLE public.t (x int); CREATE INDEX i ON t (x);");
	lint_rig_fires("index-not-concurrent", "CREATE INDEX i ON t (x); CREATE TABLE t (x int);", "t");
}

static void
add_unique(void **state)
{
	(void)state;
	lint_rig_rewrites("add-unique", "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a, \"B\");",
	    "-- 1. in a file of its own, without a transaction\n"
	    "CREATE UNIQUE INDEX CONCURRENTLY u ON t (a, \"B\");\n"
	    "-- 2. a moment's lock, in a transaction\n"
	    "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u;");
	lint_rig_fires("add-unique", "ALTER TABLE t ADD COLUMN c int UNIQUE;", "t");
	lint_rig_quiet("add-unique", "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u;");
	lint_rig_quiet("add-unique", "CREATE TABLE t (a int); ALTER TABLE t ADD UNIQUE (a);");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, lint_rig_teardown)
	const struct CMUnitTest tests[] = {
		T(index_not_concurrent),
		T(add_unique),
	};

	return cmocka_run_group_tests_name("migration/lint_locks", tests, NULL, NULL);
}
