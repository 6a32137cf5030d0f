#include "base/ban.h"
#include "migration/sql.h"

#include <setjmp.h>
#include <cmocka.h>

static void
problem(const char *text, int64_t first_line, const char *want)
{
	GH_ARENA a = { 0 };
	struct sql_script s;

	sql_read(
	    &(struct sql_text){ .sql = text, .len = strlen(text), .file = "f.sql", .first_line = first_line },
	    &a, &s);
	if (strcmp(s.problem, want) != 0)
		fail_msg("got \"%s\", not \"%s\"", s.problem, want);
	assert_int_equal(s.n, 0);
}

static void
names_line_and_column(void **state)
{
	(void)state;
	problem("SELECT 1;\nSELEC 2;", 1, "f.sql:2:1: syntax error at or near \"SELEC\"");
	problem("SELECT 1;\r\n  CREATE TABLE (x int);\r\n", 1, "f.sql:2:16: syntax error at or near \"(\"");
	problem("SELECT 1 FROM;", 7, "f.sql:7:14: syntax error at or near \";\"");
	problem("SELECT (1", 1, "f.sql:1:10: syntax error at end of input");
}

static void
counts_columns_in_characters(void **state)
{
	(void)state;
	problem("SELECT '\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80' FRM t x;", 1,
	    "f.sql:1:18: syntax error at or near \"t\"");
	problem("-- \xc3\xa9\xc3\xa9\nSELECT '\xc3\xa9' )", 1, "f.sql:2:12: syntax error at or near \")\"");
}

static void
names_what_is_left_open(void **state)
{
	(void)state;
	problem(
	    "SELECT 1;\nSELECT 'abc;\n", 1, "f.sql:2:8: unterminated quoted string at or near \"'abc;\n\"");
	problem("SELECT 1; /* no end", 1, "f.sql:1:11: unterminated /* comment at or near \"/* no end\"");
	problem("DO $$ BEGIN", 1, "f.sql:1:4: unterminated dollar-quoted string at or near \"$$ BEGIN\"");
}

static void
names_the_commands_of_psql(void **state)
{
	(void)state;
	problem("SELECT 1;\n\\connect shop\n", 1, "f.sql:2:1: psql command \\connect is not SQL");
	problem("\\i other.sql", 3, "f.sql:3:1: psql command \\i is not SQL");
	problem("SELECT :'name';", 1,
	    "f.sql:1:8: syntax error at or near \":\" (variables are a thing of psql, not of SQL)");
}

static void
names_rows_for_copy(void **state)
{
	(void)state;
	problem("SELECT 1;\nCOPY t (a, b) FROM stdin;\n1\t2\n\\.\nSELECT 2;\n", 1,
	    "f.sql:2:1: COPY ... FROM stdin takes its rows from psql: use INSERT");
	problem(
	    "COPY t FROM STDIN;", 1, "f.sql:1:1: COPY ... FROM stdin takes its rows from psql: use INSERT");
	problem("COPY t TO STDOUT;", 1, "f.sql:1:1: COPY ... TO stdout has nowhere to go");
}

static void
refuses_what_would_give_up_the_lock(void **state)
{
	(void)state;
	problem(
	    "SELECT 1;\nDISCARD ALL;", 1, "f.sql:2:1: DISCARD ALL would give up the lock that the run holds");
}

/* As printed in the guide's second version of the file: a WHERE does not belong to a constraint. */
static void
names_the_guides_own_mistake(void **state)
{
	(void)state;
	problem("BEGIN;\n"
		"CREATE TABLE IF NOT EXISTS user_photos (\n"
		"    id SERIAL PRIMARY KEY,\n"
		"    CONSTRAINT unique_primary_photo_per_user UNIQUE (user_id, is_primary)\n"
		"        WHERE is_primary = true\n"
		");\n"
		"COMMIT;\n",
	    1, "f.sql:5:9: syntax error at or near \"WHERE\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_line_and_column),
		cmocka_unit_test(counts_columns_in_characters),
		cmocka_unit_test(names_what_is_left_open),
		cmocka_unit_test(names_the_commands_of_psql),
		cmocka_unit_test(names_rows_for_copy),
		cmocka_unit_test(refuses_what_would_give_up_the_lock),
		cmocka_unit_test(names_the_guides_own_mistake),
	};

	return cmocka_run_group_tests_name("migration/sql_error", tests, NULL, NULL);
}
