#include "base/ban.h"
#include "migration/convention.h"
#include "migration/liquibase_parse.h"
#include "migration/status.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct convention *const c = &convention_liquibase;

#define TOP "--liquibase formatted sql\n"

static void
one_file(struct memory_folder *m, const char *text)
{
	memory_put(m, "a.sql", text);
	memory_read(m, c);
}

static void
sums_as_the_tool_does(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(liquibase_checksum(&a, "select 1"), "9:3b78b9910981c62ca27148640fad7bc2");
	assert_string_equal(liquibase_checksum(&a, " select\r\n\t1\n"), "9:3b78b9910981c62ca27148640fad7bc2");
	assert_string_not_equal(liquibase_checksum(&a, "select 1;"), "9:3b78b9910981c62ca27148640fad7bc2");
}

static void
reads_changesets(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *one, *two;
	const char *why;

	(void)state;
	one_file(&m,
	    "\n" TOP "\n--changeset team:1 labels:\"a, b\" context:prod\n--comment: The first\ncreate table "
	    "t (id int);\n"
	    "create index on t (id);\n--rollback drop table t;\n\n"
	    "-- changeset \"the team\":second runInTransaction:false\n--validCheckSum: 9:1\nvacuum;\n");
	assert_int_equal(memory_fit(&m, c, &why), 3);
	assert_string_equal(why, "1 file with \"--liquibase formatted sql\" on top");
	memory_read(&m, c);
	assert_string_equal(m.found.problem, "");
	assert_string_equal(memory_keys(&m), "a.sql::1::team a.sql::second::the team");
	one = memory_get(&m, "a.sql::1::team");
	assert_string_equal(one->version, "1");
	assert_string_equal(one->name, "The first");
	assert_int_equal(one->up.first_line, 5);
	assert_string_equal(one->up.sql, "\ncreate table t (id int);\ncreate index on t (id);\n\n\n");
	assert_int_equal(one->up.mode, CONVENTION_WRAPPED);
	assert_true(one->up.row_outside);
	assert_int_equal(one->up.n_pieces, 2);
	assert_string_equal(one->down.sql, "drop table t;\n");
	assert_int_equal(one->down.first_line, 8);
	assert_string_equal(one->up.problem, "");
	assert_string_equal(memory_fact(one, "id"), "1");
	assert_string_equal(memory_fact(one, "author"), "team");
	assert_string_equal(memory_fact(one, "path"), "a.sql");
	assert_string_equal(memory_fact(one, "labels"), "a, b");
	assert_string_equal(memory_fact(one, "contexts"), "prod");
	two = memory_get(&m, "a.sql::second::the team");
	assert_int_equal(two->up.mode, CONVENTION_EACH);
	assert_false(two->down.present);
	assert_string_equal(memory_fact(two, "contexts"), "(null)");
	assert_string_equal(memory_fact(two, "valid"), "9:1\n");
}

static void
reads_ways_back(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *x;

	(void)state;
	one_file(&m,
	    TOP "--changeset t:1\nselect 1;\n--rollback drop a;\n\n  -- rollback drop b;\n"
		"--changeset t:2\nselect 2;\n--rollback not required\n"
		"--changeset t:3\nselect 3;\n--rollback empty\n"
		"--changeset t:4\nselect 4;\n/* liquibase rollback\ndrop c;\ndrop d; */\n"
		"--changeset t:5\nselect 5;\n--rollback changesetId:1 changesetAuthor:t\n"
		"--changeset t:6\nselect 6;\n");
	assert_string_equal(m.found.problem, "");
	x = memory_get(&m, "a.sql::1::t");
	assert_string_equal(x->down.sql, "drop a;\n\ndrop b;\n");
	assert_int_equal(x->down.first_line, 4);
	assert_int_equal(x->down.n_pieces, 2);
	x = memory_get(&m, "a.sql::2::t");
	assert_true(x->down.present);
	assert_true(x->down.may_be_empty);
	assert_string_equal(x->down.sql, "");
	assert_true(memory_get(&m, "a.sql::3::t")->down.may_be_empty);
	x = memory_get(&m, "a.sql::4::t");
	assert_string_equal(x->down.sql, "drop c;\ndrop d; \n");
	assert_int_equal(x->down.n_pieces, 2);
	assert_int_equal(x->up.n_pieces, 1);
	assert_non_null(strstr(memory_get(&m, "a.sql::5::t")->down.problem, "another changeset's"));
	assert_false(memory_get(&m, "a.sql::6::t")->down.present);
}

/* The pieces of an up, separated by |. */
static const char *
pieces(struct memory_folder *m, const char *attributes, const char *sql)
{
	const struct convention_side *up;
	const char *ret = "";
	size_t i;

	one_file(m, gh_printf(&m->arena, TOP "--changeset t:1 %s\n%s", attributes, sql));
	assert_string_equal(m->found.problem, "");
	up = &m->found.migrations[0].up;
	if (up->problem[0] != '\0')
		return up->problem;
	for (i = 0; i < up->n_pieces; i++)
		ret = gh_printf(&m->arena, "%s%s%.*s", ret, i == 0 ? "" : "|", (int)up->pieces[i].len,
		    up->sql + up->pieces[i].offset);
	return ret;
}

static void
splits_as_the_tool_does(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	assert_string_equal(pieces(&m, "", "a;b';';\n"), "a|b';'");
	assert_string_equal(
	    pieces(&m, "", "a -- ;\n; /* ; */ b \";\"\ngo\nc"), "a -- ;\n| /* ; */ b \";\"\n|\nc\n");
	assert_string_equal(pieces(&m, "", "-- alone;\na;\n/\nb"), "-- alone;\na|\nb\n");
	assert_string_equal(pieces(&m, "splitStatements:false", "a;b;\n"), "a;b;\n");
	assert_string_equal(pieces(&m, "endDelimiter:@@", "a;b@@\nc@@"), "a;b|\nc");
	assert_string_equal(pieces(&m, "endDelimiter:\\n/", "a;\nb\n/\nc"), "a;\nb|\nc\n");
	assert_string_equal(pieces(&m, "", "do $$ begin a; end $$;"),
	    "a.sql:3:1: Liquibase cuts at every ;, also between $$: write splitStatements:false or an "
	    "endDelimiter "
	    "behind --changeset");
	assert_string_equal(pieces(&m, "", "select $$a$$;\n"), "select $$a$$");
	assert_string_equal(
	    pieces(&m, "splitStatements:false", "do $$ begin a; end $$;\n"), "do $$ begin a; end $$;\n");
	assert_non_null(strstr(pieces(&m, "endDelimiter:[x]", "a"), "a regular expression"));
	/* The tool's search for splitStatements finds the end of the longer word, too. */
	assert_string_equal(pieces(&m, "rollbackSplitStatements:false", "a;b;\n"), "a;b;\n");
	assert_string_equal(pieces(&m, "runInTransaction:false splitStatements:false", "a;\n"), "a;\n");
	assert_int_equal(m.found.migrations[0].up.mode, CONVENTION_IMPLICIT);
}

static void
refused(const char *text, const char *why)
{
	MEMORY_FOLDER m = { 0 };

	one_file(&m, text);
	if (strstr(m.found.problem, why) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", m.found.problem, why);
}

static void
refuses_near_misses(void **state)
{
	(void)state;
	refused(TOP "-changeset t:1\nselect 1;\n",
	    "a.sql:2:1: nearly a line of Liquibase's own, which it refuses: write --changeset author:id");
	refused(TOP "--changeset t1\nselect 1;\n", "a.sql:2:1: not a changeset");
	refused(TOP "--changeset\nselect 1;\n", "a.sql:2:1: nearly");
	refused(TOP "--changesets t:1\nselect 1;\n", "a.sql:2:1: nearly");
	refused(TOP "--changeset t: 1\nselect 1;\n", "a.sql:2:1: not a changeset");
	refused(TOP "--changeset t:::\nselect 1;\n", "a.sql:2:1: the changeset has no id");
	refused(TOP "--comment out of place\n", "a.sql:2:1: a --comment outside of a changeset");
	refused(TOP "--changeset t:1\n-rollback drop t;\nselect 1;", "a.sql:3:1: nearly");
	refused(TOP "--changeset t:1\n--comments more\nselect 1;", "a.sql:3:1: nearly");
	refused(TOP "--changeset t:1\n-comment more\nselect 1;", "a.sql:3:1: nearly");
	refused(TOP "--changeset t:1\n-preconditions onFail:HALT\nselect 1;", "a.sql:3:1: nearly");
	refused(TOP "--changeset t:1\n-validCheckSum 9:1\nselect 1;", "a.sql:3:1: nearly");
	refused(TOP "-property name:x value:y\n", "a.sql:2:1: nearly");
	refused(TOP "--property name:x\n", "a.sql:2:1: not a property");
	refused(TOP "--ignore:1\n", "a.sql:2:1: nearly");
	refused(TOP "--ignoreLines:some\n", "a.sql:2:1: not a way to pass over lines");
	refused(TOP "--changeset t:1\n--changeset t:2\nselect 1;", "the changeset t:1 on line 2 has no SQL");
	refused(TOP "--changeset t:1\nselect 1;\n/* liquibase rollback\ndrop t;\n",
	    "a.sql:4:1: the comment with the way back is not closed");
}

static void
passes_over_what_is_not_for_here(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_option(&m, "contexts", "prod");
	one_file(&m,
	    TOP "--changeset t:1 dbms:mysql\nselect 1;\n--changeset t:2 dbms:postgresql,h2\nselect 1;\n"
		"--changeset t:3 dbms:!postgresql\nselect 1;\n--changeset t:4 dbms:!mysql\nselect 1;\n"
		"--changeset t:5 ignore:true\nselect 1;\n--changeset t:6 context:test\nselect 1;\n"
		"--changeset t:7 context:\"test or prod\"\nselect 1;\n--changeset t:8 "
		"contextFilter:!prod\nselect 1;\n");
	assert_string_equal(memory_keys(&m), "a.sql::2::t a.sql::4::t a.sql::7::t");
	assert_int_equal(m.found.n_notes, 5);
	assert_string_equal(
	    m.found.notes[0], "a.sql:2: the changeset t:1 is passed over: it is for dbms:mysql");
	assert_string_equal(m.found.notes[3],
	    "a.sql:12: the changeset t:6 is passed over: its context test does not hold for prod");
}

static void
reckons_with_contexts_and_labels(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	assert_true(liquibase_holds("a", "b, A"));
	assert_false(liquibase_holds("a", "b"));
	assert_true(liquibase_holds("a and b", "a,b"));
	assert_false(liquibase_holds("a and !b", "a,b"));
	assert_true(liquibase_holds("(x or b) and not c", "a,b"));
	assert_true(liquibase_holds("x, a", "a"));
	assert_true(liquibase_holds("", "a"));
	assert_false(liquibase_holds("android", "and"));
	assert_true(liquibase_for_postgresql("all") && !liquibase_for_postgresql("none"));
	memory_option(&m, "labels", "big and !slow");
	one_file(&m,
	    TOP "--changeset t:1 labels:big\nselect 1;\n--changeset t:2 labels:big,slow\nselect "
		"1;\n--changeset t:3\nselect 1;");
	assert_string_equal(memory_keys(&m), "a.sql::1::t");
}

static void
replaces_parameters(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_option(&m, "schema", "app");
	one_file(&m,
	    TOP "--property name:schema value:other\n--property name:tab value:t_${schema}\n"
		"--property name:self value:${none}\n--property name:x value:y dbms:oracle\n--changeset "
		"t:1\ncreate table ${schema}.${tab} (${x} "
		"int);\n");
	assert_string_equal(m.found.migrations[0].up.sql, "create table app.t_app (${x} int);\n");
	assert_string_equal(m.found.migrations[0].checksum,
	    liquibase_checksum(&m.arena, "create table app.t_app (${x} int);"));
}

static void
refuses_politely_what_is_not_done(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	one_file(&m,
	    TOP "--changeset t:1\n--preconditions onFail:MARK_RAN\n--precondition-sql-check expectedResult:0 "
		"SELECT count(*) FROM t\nselect 1;\n"
		"--changeset t:2 runWith:psql\nselect 1;\n--changeset t:3 failOnError:false\nselect 1;\n");
	assert_string_equal(m.found.problem, "");
	assert_non_null(strstr(
	    m.found.migrations[0].up.problem, "a.sql:3:1: a precondition, which Gatehouse does not ask"));
	assert_non_null(strstr(m.found.migrations[1].up.problem, "a.sql:6:1: runWith:psql"));
	assert_non_null(strstr(m.found.migrations[2].up.problem, "a.sql:8:1: failOnError:false"));
}

static void
names_files_as_the_tool_does(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_option(&m, "path-prefix", "db/changelog/");
	memory_put(&m, "sub/b.sql", TOP "--changeset t:1\nselect 1;");
	memory_put(&m, "c.sql", TOP "--changeset t:1 logicalFilePath:classpath:old/c.sql\nselect 1;");
	memory_put(&m, "d.sql", "--liquibase formatted sql logicalFilePath:d\n--changeset t:1\nselect 1;");
	memory_put(&m, "plain.sql", "select 1;");
	memory_put(&m, "notes.txt", "x");
	one_file(&m,
	    TOP "--ignoreLines:start\n--changeset t:0\nx\n--ignoreLines:end\n--ignoreLines:1\nx\n--changeset "
		"t:1\nselect 1;");
	assert_string_equal(m.found.problem, "");
	assert_string_equal(
	    memory_keys(&m), "db/changelog/a.sql::1::t old/c.sql::1::t d::1::t db/changelog/sub/b.sql::1::t");
	assert_int_equal(memory_file(&m, "plain.sql")->as, CONVENTION_REFUSED);
	assert_string_equal(memory_file(&m, "notes.txt")->reason, "not an .sql file");
	assert_int_equal(memory_file(&m, "a.sql")->as, CONVENTION_BOTH);
}

static void
leaves_the_order_of_a_master_to_people(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "master.xml", "<databaseChangeLog><includeAll path=\"x\"/></databaseChangeLog>");
	memory_put(&m, "other.xml", "<project/>");
	one_file(&m, TOP "--changeset t:1\nselect 1;");
	assert_non_null(strstr(m.found.problem, "master.xml decides what runs in which order"));
	assert_int_equal(memory_file(&m, "master.xml")->as, CONVENTION_REFUSED);
	assert_int_equal(memory_file(&m, "other.xml")->as, CONVENTION_IGNORED);
	memory_option(&m, "order", "name");
	memory_read(&m, c);
	assert_string_equal(m.found.problem, "");
	assert_int_equal(memory_file(&m, "master.xml")->as, CONVENTION_INDEX);
}

static const struct convention_status_row *
standing(struct memory_folder *m, const char *key, const char *checksum, struct convention_status *ret)
{
	struct convention_row *row = gh_alloc(&m->arena, sizeof(*row));

	*row = (struct convention_row){ key, 1, "applied", checksum, "Liquibase 4.30.0", "" };
	convention_status(c, &m->found, row, 1, &m->arena, ret);
	return &ret->rows[0];
}

static void
compares_sums_of_its_own_kind(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_status s;

	(void)state;
	one_file(&m, TOP "--changeset t:1\nselect 1");
	assert_int_equal(standing(&m, "a.sql::1::t", "9:3b78b9910981c62ca27148640fad7bc2", &s)->standing,
	    CONVENTION_APPLIED);
	assert_string_equal(s.blocked, "");
	assert_int_equal(standing(&m, "a.sql::1::t", "9:0", &s)->decision, CONVENTION_BLOCKS);
	assert_int_equal(standing(&m, "a.sql::1::t", "8:0", &s)->standing, CONVENTION_APPLIED);
	assert_non_null(strstr(standing(&m, "a.sql::1::t", "8:0", &s)->text, "of another kind"));
	one_file(&m, TOP "--changeset t:1\n--validCheckSum: 9:0\nselect 1");
	assert_int_equal(standing(&m, "a.sql::1::t", "9:0", &s)->standing, CONVENTION_APPLIED);
	one_file(&m, TOP "--changeset t:1\n--validCheckSum any\nselect 1");
	assert_int_equal(standing(&m, "a.sql::1::t", "9:7", &s)->standing, CONVENTION_APPLIED);
}

static void
runs_again_what_says_so(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_status s;

	(void)state;
	one_file(&m, TOP "--changeset t:1 runOnChange:true\nselect 1");
	assert_true(m.found.migrations[0].repeatable);
	assert_int_equal(standing(&m, "a.sql::1::t", "9:3b78b9910981c62ca27148640fad7bc2", &s)->decision,
	    CONVENTION_NOTHING);
	assert_int_equal(standing(&m, "a.sql::1::t", "9:0", &s)->decision, CONVENTION_RUNS);
	one_file(&m, TOP "--changeset t:1 runAlways:true\nselect 1");
	assert_int_equal(
	    standing(&m, "a.sql::1::t", "9:3b78b9910981c62ca27148640fad7bc2", &s)->decision, CONVENTION_RUNS);
}

static void
stops_before_a_moved_file_runs_again(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_status s;

	(void)state;
	one_file(&m, TOP "--changeset t:1\nselect 1");
	assert_int_equal(standing(&m, "db/changelog/a.sql::1::t", "9:0", &s)->decision, CONVENTION_BLOCKS);
	assert_non_null(strstr(s.blocked, "the table has it as db/changelog/a.sql::1::t"));
	assert_int_equal(standing(&m, "b.sql::1::t", "9:0", &s)->decision, CONVENTION_RUNS);
}

static void
describes_itself(void **state)
{
	struct convention_create create = { .slug = "x" };
	GH_ARENA a = { 0 };

	(void)state;
	c->create(NULL, &a, &create);
	assert_non_null(strstr(create.refused, "--changeset NAME:x"));
	assert_non_null(strstr(c->lock, ":run"));
	assert_non_null(strstr(c->unlock, ":run"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_as_the_tool_does),
		cmocka_unit_test(reads_changesets),
		cmocka_unit_test(reads_ways_back),
		cmocka_unit_test(splits_as_the_tool_does),
		cmocka_unit_test(refuses_near_misses),
		cmocka_unit_test(passes_over_what_is_not_for_here),
		cmocka_unit_test(reckons_with_contexts_and_labels),
		cmocka_unit_test(replaces_parameters),
		cmocka_unit_test(refuses_politely_what_is_not_done),
		cmocka_unit_test(names_files_as_the_tool_does),
		cmocka_unit_test(leaves_the_order_of_a_master_to_people),
		cmocka_unit_test(compares_sums_of_its_own_kind),
		cmocka_unit_test(runs_again_what_says_so),
		cmocka_unit_test(stops_before_a_moved_file_runs_again),
		cmocka_unit_test(describes_itself),
	};

	return cmocka_run_group_tests_name("migration/convention_liquibase", tests, NULL, NULL);
}
