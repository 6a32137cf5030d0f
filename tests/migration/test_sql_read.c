#include "base/ban.h"
#include "migration/sql.h"

#include <setjmp.h>
#include <cmocka.h>

static struct gh_arena arena;
static struct sql_script script;
static struct sql_text given;

static int
teardown(void **state)
{
	(void)state;
	given = (struct sql_text){ 0 };
	gh_arena_done(&arena);
	return 0;
}

static void
read_sql(const char *text)
{
	given.sql = text;
	given.len = strlen(text);
	given.file = "f.sql";
	given.may_be_empty = true;
	arena.limit = SQL_ARENA_LIMIT;
	given.first_line = given.first_line == 0 ? 1 : given.first_line;
	sql_read(&given, &arena, &script);
}

/* The statements' own texts, each followed by "|". */
static const char *
texts(const char *text)
{
	const char *ret = "";
	size_t i;

	read_sql(text);
	if (*script.problem != '\0')
		return script.problem;
	for (i = 0; i < script.n; i++)
		ret = gh_printf(&arena, "%s%.*s|", ret, (int)script.statements[i].length,
		    text + script.statements[i].offset);
	return ret;
}

static void
splits_where_postgresql_does(void **state)
{
	(void)state;
	assert_string_equal(texts("SELECT 1;SELECT 2"), "SELECT 1|SELECT 2|");
	assert_string_equal(texts("-- one\n /* two /* nested */ ; */ SELECT 1 ; ; -- end\n"), "SELECT 1|");
	assert_string_equal(
	    texts("SELECT ';', \";\" FROM t; SELECT $x$;$x$;"), "SELECT ';', \";\" FROM t|SELECT $x$;$x$|");
	assert_string_equal(
	    texts("DO $$ BEGIN PERFORM 1; END $$; SELECT 1;"), "DO $$ BEGIN PERFORM 1; END $$|SELECT 1|");
	assert_string_equal(
	    texts("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3"),
	    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END|SELECT 3|");
	assert_string_equal(texts("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3"),
	    "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)|SELECT 3|");
	assert_string_equal(texts("SELECT 1;\r\nSELECT E'\\';' ;\r\n"), "SELECT 1|SELECT E'\\';'|");
	assert_string_equal(texts("SELECT '\xc3\xa9'; SELECT 2;"), "SELECT '\xc3\xa9'|SELECT 2|");
	assert_string_equal(texts(""), "");
	assert_string_equal(texts(" ;;\n-- nothing\n"), "");
}

static void
knows_the_line_of_each(void **state)
{
	(void)state;
	given.first_line = 10;
	read_sql("-- Up Migration\n\nSELECT 1;\n\n-- c\nSELECT\n 2;");
	assert_int_equal(script.n, 2);
	assert_int_equal(script.statements[0].line, 12);
	assert_int_equal(script.statements[1].line, 15);
}

static void
strips_one_begin_and_commit_around_all(void **state)
{
	(void)state;
	assert_string_equal(texts("-- x\nBEGIN;\nSELECT 1;\nSAVEPOINT s; RELEASE s;\nCOMMIT;\n"),
	    "SELECT 1|SAVEPOINT s|RELEASE s|");
	assert_true(script.stripped);
	assert_true(script.transactional);
	assert_string_equal(texts("START TRANSACTION; SELECT 1; END;"), "SELECT 1|");
	assert_true(script.stripped);
	assert_string_equal(texts("BEGIN; COMMIT;"), "");
	assert_string_equal(texts("SELECT 1;"), "SELECT 1|");
	assert_false(script.stripped);
}

#define ONLY ": only one BEGIN ... COMMIT around the whole file is possible, the run brings its own"

static void
names_other_transaction_control(void **state)
{
	(void)state;
	assert_string_equal(texts("SELECT 1;\n  COMMIT;"), "f.sql:2:3: COMMIT" ONLY);
	assert_string_equal(texts("BEGIN;\nSELECT 1;"), "f.sql:1:1: BEGIN" ONLY);
	assert_string_equal(texts("SELECT 1;\nBEGIN;\nSELECT 1;\nCOMMIT;"), "f.sql:2:1: BEGIN" ONLY);
	assert_string_equal(
	    texts("BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT;"), "f.sql:1:1: BEGIN" ONLY);
	assert_string_equal(texts("BEGIN; SELECT 1; ROLLBACK;"), "f.sql:1:1: BEGIN" ONLY);
	assert_string_equal(
	    texts("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT;"), "f.sql:1:1: BEGIN" ONLY);
	assert_string_equal(texts("BEGIN; SELECT 1; COMMIT AND CHAIN;"), "f.sql:1:1: BEGIN" ONLY);
	assert_string_equal(
	    texts("SELECT 1; PREPARE TRANSACTION 'x';"), "f.sql:1:11: PREPARE TRANSACTION" ONLY);
	assert_string_equal(texts("COMMIT PREPARED 'x';"), "f.sql:1:1: COMMIT PREPARED" ONLY);
	assert_string_equal(texts("ROLLBACK PREPARED 'x';"), "f.sql:1:1: ROLLBACK PREPARED" ONLY);
	assert_string_equal(texts("ABORT;"), "f.sql:1:1: ROLLBACK" ONLY);
	assert_int_equal(script.n, 0);
}

static void
runs_each_by_itself_when_one_must_be_alone(void **state)
{
	(void)state;
	assert_string_equal(
	    texts("CREATE INDEX CONCURRENTLY i ON t (x);"), "CREATE INDEX CONCURRENTLY i ON t (x)|");
	assert_false(script.transactional);
	assert_true(script.statements[0].alone);
	assert_string_equal(script.note, "");
	assert_string_equal(texts("SELECT 1;\nVACUUM t;"), "SELECT 1|VACUUM t|");
	assert_false(script.transactional);
	assert_false(script.statements[0].alone);
	assert_true(script.statements[1].alone);
	assert_non_null(strstr(script.note, "line 1: some statements cannot run in a transaction"));
}

static void
refuses_what_cannot_be_both(void **state)
{
	(void)state;
	assert_string_equal(texts("BEGIN;\nCREATE INDEX CONCURRENTLY i ON t (x);\nCOMMIT;"),
	    "f.sql:2:1: CREATE INDEX cannot run inside the file's BEGIN ... COMMIT: leave them out");
	assert_string_equal(texts("SAVEPOINT s; VACUUM t;"),
	    "f.sql:1:1: SAVEPOINT needs a transaction, which this file cannot have");
}

static void
notes_a_value_added_to_a_type(void **state)
{
	(void)state;
	read_sql("ALTER TYPE t ADD VALUE 'x';");
	assert_true(script.transactional);
	assert_string_equal(script.note,
	    "line 1: a value added to a type can only be used after this migration is committed");
	read_sql("ALTER TYPE t RENAME VALUE 'x' TO 'y';");
	assert_string_equal(script.note, "");
}

static void
survives_a_long_flat_file(void **state)
{
	char *text = malloc(SQL_STATEMENTS_MAX * 10 + 100), *p = text;
	int i;

	(void)state;
	assert_non_null(text);
	for (i = 0; i <= SQL_STATEMENTS_MAX; i++)
		p += snprintf(p, 10, "SHOW a;\n");
	text[8000] = '\0';
	read_sql(text);
	assert_int_equal(script.n, 1000);
	assert_int_equal(script.statements[999].line, 1000);
	text[8000] = 'S';
	read_sql(text);
	assert_string_equal(script.problem, "f.sql:1:1: more than 100000 statements");
	free(text);
}

/* The tool keeps the statements apart, but sends them before one Sync. */
static void
keeps_a_pipeline_in_one_transaction(void **state)
{
	static const struct convention_piece pieces[] = { { 0, 8 }, { 10, 8 } };

	(void)state;
	given.mode = CONVENTION_PIPELINE;
	given.n_pieces = 2;
	given.pieces = pieces;
	read_sql("SELECT 1; SELECT 2;");
	assert_string_equal(script.problem, "");
	assert_true(script.transactional);
	assert_int_equal(script.statements[1].group, 1);
	given.mode = CONVENTION_IMPLICIT;
	read_sql("SELECT 1; SELECT 2;");
	assert_int_equal(script.statements[1].group, 2);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, teardown)
	const struct CMUnitTest tests[] = {
		T(splits_where_postgresql_does),
		T(knows_the_line_of_each),
		T(strips_one_begin_and_commit_around_all),
		T(names_other_transaction_control),
		T(runs_each_by_itself_when_one_must_be_alone),
		T(refuses_what_cannot_be_both),
		T(notes_a_value_added_to_a_type),
		T(survives_a_long_flat_file),
		T(keeps_a_pipeline_in_one_transaction),
	};

	return cmocka_run_group_tests_name("migration/sql_read", tests, NULL, NULL);
}
