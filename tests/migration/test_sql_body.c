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

/* Touches of the first statement: "t:8 u:3" */
static const char *
touches(const char *sql)
{
	const char *ret = "";
	size_t i;

	read_sql(sql, CONVENTION_AUTO);
	assert_string_equal(script.problem, "");
	for (i = 0; i < script.statements[0].n_touches; i++)
		ret = gh_printf(&arena, "%s%s%s:%d", ret, i == 0 ? "" : " ",
		    script.statements[0].touches[i].object, (int)script.statements[0].touches[i].lock);
	return ret;
}

static void
a_block_does_what_its_statements_do(void **state)
{
	(void)state;
	assert_string_equal(touches("DO $$ BEGIN ALTER TABLE t ADD a int; END $$"), "t:8");
	assert_string_equal(touches("DO $x$\n<<l>>\nDECLARE n int := 0; r record;\nBEGIN\n"
				    "  SELECT count(*) INTO n FROM c; -- ;\n"
				    "  IF n > 0 AND CASE WHEN n = 1 THEN true ELSE false END THEN\n"
				    "    UPDATE u SET a = ';';\n"
				    "  ELSIF n = 2 THEN DELETE FROM d;\n"
				    "  ELSE INSERT INTO i VALUES (1) RETURNING a INTO n;\n"
				    "  END IF;\n"
				    "  FOR r IN SELECT 1 LOOP LOCK TABLE l; END LOOP;\n"
				    "  WHILE n < 5 LOOP PERFORM 1 FROM p; n := n + 1; END LOOP;\n"
				    "  CASE n WHEN 1 THEN TRUNCATE w; ELSE NULL; END CASE;\n"
				    "EXCEPTION WHEN others THEN DROP TABLE x; RAISE;\n"
				    "END $x$"),
	    "c:1 u:3 d:3 i:3 l:8 p:1 w:8 x:8");
	assert_string_equal(touches("DO 'BEGIN EXECUTE $q$DROP TABLE t$q$; END'"), "t:8");
	assert_string_equal(
	    touches("DO $$ BEGIN EXECUTE 'DROP TABLE ' || x; EXECUTE format('DROP TABLE %I', y); END $$"),
	    "");
	/* A body runs when it is called. */
	assert_string_equal(
	    touches("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE t; END $$"),
	    "");
	/* What nobody can read says nothing. */
	assert_string_equal(touches("DO $$ BEGIN this is no plpgsql; $ END $$"), "");
	assert_string_equal(touches("DO LANGUAGE plperl $$ DROP TABLE t; $$"), "");
	assert_string_equal(touches("DO ''"), "");
}

static void
transaction_control_is_named(void **state)
{
	(void)state;
	read_sql("SELECT 1;\nDO $$\nBEGIN\n  UPDATE t SET a = 1;\n  COMMIT;\nEND $$", CONVENTION_EACH);
	assert_string_equal(script.problem, "");
	assert_true(script.statements[1].alone);
	assert_int_equal(script.statements[1].group, 0);
	assert_string_equal(script.note, "line 5: COMMIT within a DO block: it cannot run in a transaction");
	read_sql("DO $$ BEGIN ROLLBACK; END $$", CONVENTION_WRAPPED);
	assert_non_null(strstr(script.problem, "f.sql:1:1: DO cannot run in a transaction"));
	read_sql("CREATE PROCEDURE p() LANGUAGE plpgsql AS $$\nBEGIN\n  IF true THEN COMMIT; END IF;\nEND $$",
	    CONVENTION_WRAPPED);
	assert_string_equal(script.problem, "");
	assert_string_equal(
	    script.note, "line 3: COMMIT within the procedure: it cannot run in a transaction");
	/* Words that only look like it. */
	read_sql("DO $$ DECLARE commit int; BEGIN commit := 1; RAISE NOTICE 'COMMIT;'; END $$",
	    CONVENTION_WRAPPED);
	assert_string_equal(script.problem, "");
	assert_string_equal(script.note, "");
}

static void
lint_looks_into_them(void **state)
{
	const struct lint_finding *f = NULL;
	size_t i;

	(void)state;
	read_sql("SELECT 1;\nDO $$\nBEGIN\n  CREATE INDEX i ON t (a);\nEND $$", CONVENTION_AUTO);
	for (i = 0; i < script.findings.n; i++) {
		if (strcmp(script.findings.items[i].rule, "index-not-concurrent") == 0)
			f = &script.findings.items[i];
	}
	if (f == NULL) {
		fail();
		return;
	}
	assert_int_equal(f->line, 4);
	assert_int_equal(f->column, 3);
	assert_int_equal(f->statement, 1);
	assert_int_equal(f->length, strlen("CREATE INDEX i ON t (a)"));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, teardown)
	const struct CMUnitTest tests[] = {
		T(a_block_does_what_its_statements_do),
		T(transaction_control_is_named),
		T(lint_looks_into_them),
	};

	return cmocka_run_group_tests_name("migration/sql_body", tests, NULL, NULL);
}
