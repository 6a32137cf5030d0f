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

static const char *
digest(const char *sql)
{
	struct sql_text t = {
		.sql = sql, .len = strlen(sql), .file = "f.sql", .first_line = 1, .may_be_empty = true
	};

	sql_read(&t, &arena, &script);
	return gh_strdup(&arena, script.tokens);
}

#define SAME(x, y)   assert_string_equal(digest(x), digest(y))
#define DIFFER(x, y) assert_string_not_equal(digest(x), digest(y))

static void
comments_and_blanks_do_not_count(void **state)
{
	(void)state;
	SAME("SELECT a,b FROM t;", "-- c\nSELECT a /* x */ , b\r\n\tFROM t -- d\n ; ;");
	SAME("SELECT 1", "SELECT 1;");
	SAME("BEGIN;\nSELECT 1;\nCOMMIT;\n", "SELECT 1;");
	assert_int_equal(strlen(digest("SELECT 1")), 64);
}

static void
everything_else_does(void **state)
{
	(void)state;
	DIFFER("SELECT 1", "SELECT 2");
	DIFFER("SELECT ab", "SELECT a b");
	DIFFER("SELECT 1; SELECT 2", "SELECT 2; SELECT 1");
	DIFFER("SELECT 'a -- b'", "SELECT 'a'");
	DIFFER("SELECT 'a  b'", "SELECT 'a b'");
	DIFFER("SELECT 1", "");
	DIFFER("DO $$ BEGIN END $$", "DO $$ BEGIN  END $$");
	DIFFER("SELECT 1; SELECT 2", "SELECT 1");
}

static void
what_cannot_be_parsed_has_one_too(void **state)
{
	(void)state;
	DIFFER("SELEC 1", "SELEC 2");
	SAME("SELEC 1", "SELEC  1");
	SAME("VACUUM ONLY t", "VACUUM  ONLY t;");
	DIFFER("SELECT '1", "SELECT '2");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, teardown)
	const struct CMUnitTest tests[] = {
		T(comments_and_blanks_do_not_count),
		T(everything_else_does),
		T(what_cannot_be_parsed_has_one_too),
	};

	return cmocka_run_group_tests_name("migration/sql_tokens", tests, NULL, NULL);
}
