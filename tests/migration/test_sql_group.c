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

static struct sql_text given;

/* The groups, "1 1 0 2", or the problem. */
static const char *
groups(enum convention_mode mode, const char *sql)
{
	const char *ret = "";
	size_t i;

	given.sql = sql;
	given.len = strlen(sql);
	given.file = "f.sql";
	given.first_line = 1;
	given.mode = mode;
	sql_read(&given, &arena, &script);
	if (*script.problem != '\0')
		return script.problem;
	for (i = 0; i < script.n; i++)
		ret = gh_printf(&arena, "%s%s%" PRId64, ret, i == 0 ? "" : " ", script.statements[i].group);
	return ret;
}

static int
clean(void **state)
{
	given = (struct sql_text){ 0 };
	return teardown(state);
}

#define CIC                 "CREATE INDEX CONCURRENTLY i ON t (a);"
#define is(mode, sql, want) assert_string_equal(groups(CONVENTION_##mode, sql), want)

static void
wrapped(void **state)
{
	(void)state;
	is(WRAPPED, "SELECT 1; SELECT 2;", "1 1");
	assert_true(script.row_inside);
	is(WRAPPED, "BEGIN; SELECT 1; COMMIT;", "1");
	assert_true(script.stripped);
	is(WRAPPED, "SELECT 1;\n" CIC,
	    "f.sql:2:1: CREATE INDEX cannot run in a transaction, which the tool opens for the whole file: "
	    "it "
	    "has no way to do without one");
	given.opt_out = "say so in the first line";
	is(WRAPPED, CIC,
	    "f.sql:1:1: CREATE INDEX cannot run in a transaction, which the tool opens for the whole file: "
	    "say "
	    "so in the first line");
	is(WRAPPED, "SELECT 1;\nCOMMIT; SELECT 2;",
	    "f.sql:2:1: COMMIT: only one BEGIN ... COMMIT around the whole file is possible, the run brings "
	    "its "
	    "own");
	is(WRAPPED, "SELECT 1; ROLLBACK;",
	    "f.sql:1:11: ROLLBACK: only one BEGIN ... COMMIT around the whole file is possible, the run "
	    "brings "
	    "its own");
	given.row_outside = true;
	is(WRAPPED, "SELECT 1", "1");
	assert_false(script.row_inside);
	assert_true(script.transactional);
}

static void
implicit(void **state)
{
	(void)state;
	/* Several statements in one message are one transaction. */
	is(IMPLICIT, "SELECT 1; SELECT 2;", "1 1");
	assert_true(script.transactional);
	assert_true(script.row_inside);
	/* One is by itself when it has to be. */
	is(IMPLICIT, CIC, "0");
	assert_false(script.transactional);
	is(IMPLICIT, "SELECT 1", "1");
	is(IMPLICIT, CIC " SELECT 1;",
	    "f.sql:1:1: CREATE INDEX cannot run in a transaction, and PostgreSQL makes one of all that is "
	    "sent "
	    "together: put it into a file of its own");
	/* BEGIN takes over what was sent before it in the message; COMMIT ends it. */
	is(IMPLICIT, "SELECT 1; BEGIN; SELECT 2; COMMIT; SELECT 3; SELECT 4", "1 1 2 2");
	assert_false(script.transactional);
	assert_true(script.stripped);
	is(IMPLICIT, "BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT;", "1 2");
	is(IMPLICIT, "BEGIN; SELECT 1; COMMIT;", "1");
	assert_true(script.transactional);
	is(IMPLICIT, "SELECT 1; COMMIT; SELECT 2", "1 2");
	is(IMPLICIT, "BEGIN; SELECT 1;",
	    "f.sql:1:1: BEGIN without a COMMIT: it would be rolled back when the connection ends");
	is(IMPLICIT, "BEGIN; VACUUM; COMMIT;",
	    "f.sql:1:8: VACUUM cannot run inside the file's BEGIN ... COMMIT: leave them out");
	is(IMPLICIT, "SELECT 1; SAVEPOINT s; SELECT 2;",
	    "f.sql:1:11: SAVEPOINT needs a BEGIN of the file's own");
	is(IMPLICIT, "BEGIN; SAVEPOINT s; RELEASE s; COMMIT;", "1 1");
	is(IMPLICIT, "BEGIN; SELECT 1; ROLLBACK;",
	    "f.sql:1:18: ROLLBACK: a migration that takes back its own work, or leaves it to somebody else, "
	    "cannot be run");
	is(IMPLICIT, "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT;",
	    "f.sql:1:1: BEGIN with options: write them as SET TRANSACTION behind a plain BEGIN");
	is(IMPLICIT, "BEGIN; SELECT 1; COMMIT AND CHAIN;",
	    "f.sql:1:18: COMMIT AND CHAIN: write COMMIT and BEGIN");
}

static void
implicit_pieces(void **state)
{
	static const struct convention_piece pieces[] = { { 0, 10 }, { 10, 38 }, { 48, 20 } };

	(void)state;
	given.pieces = pieces;
	given.n_pieces = 3;
	is(IMPLICIT, "SELECT 1;\n" CIC "\nSELECT 2; SELECT 3; ", "1 0 2 2");
	assert_int_equal(script.statements[2].line, 3);
	/* A transaction of the file's own may go over several messages. */
	given.n_pieces = 2;
	is(IMPLICIT, "BEGIN;    SELECT 1; SELECT 2; COMMIT;            ", "1 1");
	assert_true(script.transactional);
}

static void
each(void **state)
{
	(void)state;
	is(EACH, "SELECT 1; " CIC " SELECT 2;", "0 0 0");
	assert_false(script.transactional);
	is(EACH, "SELECT 1; BEGIN; SELECT 2; SELECT 3; COMMIT; SELECT 4; BEGIN; SELECT 5; COMMIT",
	    "0 1 1 0 2");
	is(EACH, "BEGIN; SELECT 1; COMMIT", "1");
	assert_true(script.transactional);
	is(EACH, "LOCK TABLE t", "f.sql:1:1: LOCK TABLE needs a BEGIN of the file's own");
	is(EACH, "BEGIN; VACUUM; COMMIT",
	    "f.sql:1:8: VACUUM cannot run inside the file's BEGIN ... COMMIT: leave them out");
	is(EACH, "SELECT 1;\nBEGIN; SELECT 1;",
	    "f.sql:2:1: BEGIN without a COMMIT: it would be rolled back when the connection ends");
}

static void
each_in_pieces(void **state)
{
	static const struct convention_piece pieces[] = { { 0, 20 }, { 20, 10 } };

	(void)state;
	given.pieces = pieces;
	given.n_pieces = 2;
	/* Two statements that the tool sends as one message. */
	is(EACH, "SELECT 1; SELECT 2; SELECT 3; ", "1 1 0");
}

static void
pipeline(void **state)
{
	(void)state;
	is(PIPELINE, "SELECT 1; SELECT 2;", "1 1");
	assert_true(script.row_inside);
	is(PIPELINE, CIC " SELECT 1; SELECT 2;", "0 1 1");
	assert_false(script.row_inside);
	is(PIPELINE, "VACUUM;", "0");
	is(PIPELINE, "SELECT 1; " CIC,
	    "f.sql:1:11: CREATE INDEX cannot run in a transaction, and PostgreSQL makes one of all that is "
	    "sent "
	    "together: put it into a file of its own");
	assert_non_null(strstr(groups(CONVENTION_PIPELINE, CIC CIC), "f.sql:1:38"));
}

static void
automatic(void **state)
{
	(void)state;
	is(AUTO, "SELECT 1; SELECT 2;", "1 1");
	is(AUTO, "SELECT 1; " CIC, "0 0");
	is(AUTO, "BEGIN; SELECT 1; COMMIT;", "1");
	assert_true(script.stripped);
}

static void
verification_may_roll_back(void **state)
{
	(void)state;
	given.verify = true;
	is(EACH, "BEGIN; SELECT 1; SELECT 2; ROLLBACK;", "1 1");
	is(WRAPPED, "BEGIN; SELECT 1; ROLLBACK;", "1");
}

static void
empty(void **state)
{
	(void)state;
	is(IMPLICIT, "-- nothing\n", "f.sql:1:1: nothing to run");
	is(WRAPPED, "BEGIN; COMMIT;", "f.sql:1:1: nothing to run");
	given.may_be_empty = true;
	is(IMPLICIT, "", "");
	assert_true(script.transactional);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, clean)
	const struct CMUnitTest tests[] = {
		T(wrapped),
		T(implicit),
		T(implicit_pieces),
		T(each),
		T(each_in_pieces),
		T(pipeline),
		T(automatic),
		T(verification_may_roll_back),
		T(empty),
	};

	return cmocka_run_group_tests_name("migration/sql_group", tests, NULL, NULL);
}
