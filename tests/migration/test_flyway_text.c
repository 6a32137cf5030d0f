#include "base/ban.h"
#include "migration/flyway_text.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static void
sums(const char *text, const char *want)
{
	GH_ARENA a = { 0 };
	const char *is = flyway_checksum(&a, text, strlen(text));

	if (strcmp(is, want) != 0)
		fail_msg("%s: %s", text, is);
}

static void
sums_lines_without_their_ends(void **state)
{
	(void)state;
	sums("select 1;\n", "-690524359");
	sums("select 1;", "-690524359");
	sums("select 1;\r\n", "-690524359");
	sums("select 1;\r", "-690524359");
	sums("select\n 1;\n", "-690524359");
	sums("select  1;", "-607029245");
	sums("", "0");
}

/* The side of V1__a.sql with these options. */
static void
side(struct memory_folder *m, const char *sql, struct convention_side *ret)
{
	memory_put(m, "db/V1__a.sql", sql);
	*ret = (struct convention_side){
		.present = true, .file = "db/V1__a.sql", .sql = sql, .len = strlen(sql), .problem = ""
	};
}

static void
replaces_placeholders(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_side s;

	(void)state;
	memory_option(&m, "placeholders.Owner", "app");
	memory_option(&m, "flyway.placeholders.empty", "");
	memory_option(&m, "flyway.defaultSchema", "shop");
	side(&m, "${owner}${EMPTY}-${flyway:table} '${OWNER}' ${flyway:filename} ${flyway:defaultSchema} $ {",
	    &s);
	flyway_replace(&m.folder, memory_file(&m, "db/V1__a.sql"), &s);
	assert_string_equal(s.problem, "");
	assert_string_equal(s.sql, "app-flyway_schema_history 'app' db/V1__a.sql shop $ {");
	assert_int_equal(s.len, strlen(s.sql));
}

static void
other_ends_of_placeholders(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_side s;

	(void)state;
	memory_option(&m, "placeholders.a", "x");
	memory_option(&m, "placeholderPrefix", "#[");
	memory_option(&m, "placeholderSuffix", "]");
	side(&m, "#[a] ${b}", &s);
	flyway_replace(&m.folder, memory_file(&m, "db/V1__a.sql"), &s);
	assert_string_equal(s.sql, "x ${b}");
}

static void
an_unknown_placeholder_has_a_place(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_side s;

	(void)state;
	side(&m, "SELECT 1;\nSELECT '\xc3\xa9${x}';", &s);
	flyway_replace(&m.folder, memory_file(&m, "db/V1__a.sql"), &s);
	assert_non_null(strstr(s.problem, "db/V1__a.sql:2:10: no value for the placeholder ${x}: "));
	side(&m, "SELECT ${flyway:timestamp}", &s);
	flyway_replace(&m.folder, memory_file(&m, "db/V1__a.sql"), &s);
	assert_non_null(
	    strstr(s.problem, "db/V1__a.sql:1:8: no value for the placeholder ${flyway:timestamp}"));
	side(&m, "SELECT ${x", &s);
	flyway_replace(&m.folder, memory_file(&m, "db/V1__a.sql"), &s);
	assert_non_null(strstr(s.problem, "db/V1__a.sql:1:8: a placeholder begins with ${ and never ends"));
}

static enum convention_mode
mode(const char *sql, enum flyway_transaction wanted, const char *problem)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_side s;

	side(&m, sql, &s);
	flyway_mode(&m.folder, wanted, &s);
	if (*problem == '\0' ? *s.problem != '\0' : strstr(s.problem, problem) == NULL)
		fail_msg("%s: %s", sql, s.problem);
	return s.mode;
}

static void
knows_what_cannot_have_a_transaction(void **state)
{
	static const char *const alone[] = { "CREATE INDEX CONCURRENTLY i ON t (a);",
		("-- why\n/* and /* how */ */ create  unique\n"
		 "index concurrently i ON t (a)"),
		"DROP INDEX CONCURRENTLY i", "VACUUM", "vacuum (full) t", "ALTER SYSTEM SET a = 1",
		"DISCARD ALL", "CREATE DATABASE d; DROP DATABASE d;", "REINDEX DATABASE d",
		"REINDEX VERBOSE SCHEMA s", "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p" };
	static const char *const wrapped[] = { "CREATE INDEX i ON t (a)", "REINDEX INDEX CONCURRENTLY i",
		"REFRESH MATERIALIZED VIEW CONCURRENTLY v", "DISCARD TEMP", "SELECT 'VACUUM'",
		"DO $$ BEGIN VACUUM; END $$;", "", "-- VACUUM\n",
		"ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
		"CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(alone) / sizeof(alone[0]); i++) {
		if (mode(alone[i], FLYWAY_BY_STATEMENTS, "") != CONVENTION_EACH)
			fail_msg("wrapped: %s", alone[i]);
	}
	for (i = 0; i < sizeof(wrapped) / sizeof(wrapped[0]); i++) {
		if (mode(wrapped[i], FLYWAY_BY_STATEMENTS, "") != CONVENTION_WRAPPED)
			fail_msg("alone: %s", wrapped[i]);
	}
}

static void
a_mixture_is_a_problem(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_side s;
	const char *both = "SELECT 1;\n  VACUUM;";

	(void)state;
	(void)mode(both, FLYWAY_BY_STATEMENTS, "db/V1__a.sql:2:3: statements that need a transaction");
	(void)mode("VACUUM; SELECT 1;", FLYWAY_BY_STATEMENTS, "db/V1__a.sql:1:9: statements that need");
	assert_int_equal(mode(both, FLYWAY_TRANSACTION, ""), CONVENTION_WRAPPED);
	assert_int_equal(mode(both, FLYWAY_NO_TRANSACTION, ""), CONVENTION_EACH);
	assert_int_equal(mode("SELECT 1", FLYWAY_NO_TRANSACTION, ""), CONVENTION_EACH);
	memory_option(&m, "mixed", "true");
	side(&m, both, &s);
	flyway_mode(&m.folder, FLYWAY_BY_STATEMENTS, &s);
	assert_string_equal(s.problem, "");
	assert_int_equal(s.mode, CONVENTION_EACH);
}

static void
data_in_the_file_is_a_problem(void **state)
{
	(void)state;
	(void)mode("SELECT 1;\nCOPY t (a, b) FROM STDIN WITH (FORMAT csv);\n1;'\n\\.\n", FLYWAY_BY_STATEMENTS,
	    "db/V1__a.sql:2:1: COPY ... FROM STDIN with its data in the file");
	(void)mode("copy t from stdin;\n\\.\n", FLYWAY_BY_STATEMENTS, "db/V1__a.sql:1:1: COPY");
	(void)mode("COPY t TO STDOUT;", FLYWAY_BY_STATEMENTS, "");
	(void)mode("COPY t FROM '/x';", FLYWAY_BY_STATEMENTS, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_lines_without_their_ends),
		cmocka_unit_test(replaces_placeholders),
		cmocka_unit_test(other_ends_of_placeholders),
		cmocka_unit_test(an_unknown_placeholder_has_a_place),
		cmocka_unit_test(knows_what_cannot_have_a_transaction),
		cmocka_unit_test(a_mixture_is_a_problem),
		cmocka_unit_test(data_in_the_file_is_a_problem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
