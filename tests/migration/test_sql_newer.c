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
read_sql(const char *sql, enum convention_mode mode)
{
	struct sql_text t = {
		.sql = sql, .len = strlen(sql), .file = "f.sql", .first_line = 1, .mode = mode
	};

	sql_read(&t, &arena, &script);
}

static void
newer_syntax_is_not_analysed(void **state)
{
	static const char *const cases[] = {
		"GRANT a TO b WITH INHERIT FALSE",
		"GRANT a TO b WITH ADMIN FALSE",
		"SELECT x IS JSON FROM t",
		"SELECT x IS NOT JSON FROM t",
		"SELECT * FROM (SELECT 1)",
		"SELECT JSON_ARRAY(1, 2 ABSENT ON NULL)",
		"SELECT JSON_OBJECT('a' : 1)",
		"SELECT * FROM JSON_TABLE(j, '$' COLUMNS (a int PATH '$.a')) t",
		"SELECT JSON_VALUE(j, '$.a' RETURNING int) FROM t",
		"SELECT 1_000_000",
		"SELECT 0xff + 0b101 + 0o17 + 1_0",
		"CREATE TABLE t (a text STORAGE EXTERNAL)",
		"CREATE STATISTICS ON a, b FROM t",
		"REINDEX SYSTEM",
		"MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE RETURNING t.id",
		"MERGE INTO t USING u ON t.id = u.id WHEN NOT MATCHED BY SOURCE THEN DELETE",
		"ALTER TABLE t ALTER COLUMN c SET EXPRESSION AS (a + 1)",
		"SELECT now() AT LOCAL",
		"ALTER TABLE t SET ACCESS METHOD DEFAULT",
		"CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)",
		"CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * (2)), c int)",
		"CREATE TABLE t (id int, at daterange, PRIMARY KEY (id, at WITHOUT OVERLAPS))",
		"ALTER TABLE t ADD FOREIGN KEY (id, PERIOD at) REFERENCES u (id, PERIOD at)",
		"ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED",
		"ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID",
		"ALTER TABLE t ADD NOT NULL a",
		"UPDATE t SET a = 1 RETURNING WITH (OLD AS o) o.a",
		"VACUUM ONLY t",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_sql(cases[i], CONVENTION_AUTO);
		if (*script.problem != '\0' || !script.not_analysed || script.n != 1)
			fail_msg("%s: %s", cases[i], script.problem);
		assert_int_equal(script.statements[0].length, strlen(cases[i]));
	}
}

static void
typing_errors_stay_errors(void **state)
{
	static const struct {
		const char *sql, *problem;
	} cases[] = {
		{ "SELEC 1", "f.sql:1:1: syntax error at or near \"SELEC\"" },
		{ "CREATE TABLE t (a int,)", "f.sql:1:23: syntax error at or near \")\"" },
		{ "CREATE TABLE t (a int;\n", "f.sql:1:22: syntax error at or near \";\"" },
		{ "GRANT a TO b WITH INHERTI FALSE", "f.sql:1:19: syntax error at or near \"INHERTI\"" },
		{ "CREATE TABLE t (a int VIRTUAL)", "f.sql:1:23: syntax error at or near \"VIRTUAL\"" },
		{ "SELECT 12ab", "f.sql:1:8: trailing junk after numeric literal at or near \"12a\"" },
		{ "SELECT 12\xc3\xa9",
		    "f.sql:1:8: trailing junk after numeric literal at or near \"12\xc3\"" },
		{ "SELECT 0b_PAR", "f.sql:1:8: trailing junk after numeric literal at or near \"0b\"" },
		{ "SELECT 1_", "f.sql:1:8: trailing junk after numeric literal at or near \"1_\"" },
		{ "UPDATE t SET a = 1 WHERE b = 2 LIMIT 10",
		    "f.sql:1:32: syntax error at or near \"LIMIT\"" },
		{ "UPDATE t SET a = 1, RETURNING a", "f.sql:1:21: syntax error at or near \"RETURNING\"" },
		{ "SELECT json_value(a FROM t", "f.sql:1:21: syntax error at or near \"FROM\"" },
		{ "SELECT 1_000;\nSELEC 2", "f.sql:2:1: syntax error at or near \"SELEC\"" },
		{ "VACUUM ONLY t;\nALTER TABLE t AD c int", "f.sql:2:15: syntax error at or near \"AD\"" },
		{ "ALTER TABLE t AD c int;VACUUM ONLY t;\n", "f.sql:1:15: syntax error at or near \"AD\"" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_sql(cases[i].sql, CONVENTION_AUTO);
		if (strcmp(script.problem, cases[i].problem) != 0)
			fail_msg("%s: \"%s\"", cases[i].sql, script.problem);
		assert_int_equal(script.n, 0);
	}
}

static void
the_rest_of_the_file_is_known(void **state)
{
	(void)state;
	read_sql(
	    "BEGIN;\n-- c\nALTER TABLE t ADD NOT NULL a; -- d\n"
	    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;\n"
	    "CREATE INDEX i ON t (a);\nCOMMIT;",
	    CONVENTION_WRAPPED);
	assert_string_equal(script.problem, "");
	assert_true(script.not_analysed);
	assert_true(script.stripped);
	assert_int_equal(script.n, 3);
	assert_string_equal(script.statements[0].kind, "ALTER TABLE");
	assert_int_equal(script.statements[0].line, 3);
	assert_int_equal(script.statements[0].group, 1);
	assert_string_equal(script.statements[1].kind, "CREATE FUNCTION");
	assert_string_equal(script.statements[1].object, "public.f");
	assert_string_equal(script.statements[2].kind, "CREATE INDEX");
	assert_int_equal(script.statements[2].n_touches, 1);
	/* Not in a transaction: still seen. */
	read_sql("VACUUM ONLY t; CREATE INDEX CONCURRENTLY i ON t (a);", CONVENTION_WRAPPED);
	assert_non_null(strstr(script.problem, "CREATE INDEX cannot run in a transaction"));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, teardown)
	const struct CMUnitTest tests[] = {
		T(newer_syntax_is_not_analysed),
		T(typing_errors_stay_errors),
		T(the_rest_of_the_file_is_known),
	};

	return cmocka_run_group_tests_name("migration/sql_newer", tests, NULL, NULL);
}
