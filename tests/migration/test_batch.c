#include "base/ban.h"
#include "migration/batch.h"
#include "migration/sql.h"

#include <setjmp.h>
#include <cmocka.h>

/* The header of batched migrations: what it says, what is wrong with it and where. */

static struct gh_arena arena;
static struct sql_script script;
static struct batch b;

static int
teardown(void **state)
{
	(void)state;
	gh_arena_done(&arena);
	return 0;
}

static void
read_batch(const char *sql)
{
	arena.limit = SQL_ARENA_LIMIT;
	batch_read(sql, strlen(sql), &arena, &b);
}

static void
read_as(const char *sql, enum convention_mode mode)
{
	const struct sql_text t = { .sql = sql,
		.len = strlen(sql),
		.file = "f.sql",
		.first_line = 1,
		.mode = mode,
		.one_way = true };

	arena.limit = SQL_ARENA_LIMIT;
	sql_read(&t, &arena, &script);
}

static void
refused(const char *sql, const char *problem)
{
	read_as(sql, CONVENTION_AUTO);
	if (strcmp(script.problem, problem) != 0)
		fail_msg("\"%s\" instead of \"%s\" for\n%s", script.problem, problem, sql);
	assert_int_equal(script.n, 0);
}

#define RANGE "\nUPDATE orders SET note = '' WHERE id BETWEEN :from AND :to;"

static void
reads_everything_over_several_lines(void **state)
{
	(void)state;
	read_batch("-- Fills the notes\n-- gatehouse:batch table=public.orders key=id size=5000 pause=100ms "
		   "target=2s\r\n"
		   "  --gatehouse:batch max_lag=10s max_active=50 max_errors=7 min_size=10 max_size=9000\n"
		   "-- gatehouse:batch throttle=\"SELECT \"\"on\"\" FROM pause\" done='SELECT ''x'''\n"
		   "-- gatehouse:batch check=SELECT" RANGE);
	assert_string_equal(b.problem, "");
	assert_int_equal(b.form, BATCH_RANGE);
	assert_string_equal(b.table, "public.orders");
	assert_string_equal(b.key, "id");
	assert_int_equal(b.size, 5000);
	assert_int_equal(b.size_min, 10);
	assert_int_equal(b.size_max, 9000);
	assert_int_equal(b.pause_ms, 100);
	assert_int_equal(b.target_ms, 2000);
	assert_int_equal(b.max_lag_ms, 10000);
	assert_int_equal(b.max_active, 50);
	assert_int_equal(b.max_errors, 7);
	assert_string_equal(b.throttle, "SELECT \"on\" FROM pause");
	assert_string_equal(b.done, "SELECT 'x'");
	assert_string_equal(b.check, "SELECT");
}

static void
has_sensible_values_when_little_is_said(void **state)
{
	(void)state;
	read_batch("-- gatehouse:batch table=orders key=id" RANGE);
	assert_string_equal(b.problem, "");
	assert_int_equal(b.size, 1000);
	assert_int_equal(b.size_min, 20);
	assert_int_equal(b.size_max, 20000);
	assert_int_equal(b.target_ms, 500);
	assert_int_equal(b.max_lag_ms, -1);
	read_batch("SELECT 1");
	assert_int_equal(b.form, BATCH_NONE);
}

static void
is_no_header_elsewhere(void **state)
{
	static const char *const texts[] = { "SELECT '\n-- gatehouse:batch x\n'",
		"/*\n-- gatehouse:batch x\n*/ SELECT 1", "DO $$\n-- gatehouse:batch x\n$$",
		"SELECT 1; -- gatehouse:batch x", "-- see gatehouse:batch\nSELECT 1",
		"-- gatehouse:batches\nSELECT 1" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		read_batch(texts[i]);
		assert_int_equal(b.form, BATCH_NONE);
		assert_false(batch_is(texts[i], strlen(texts[i])));
	}
}

static void
knows_its_words_from_casts_texts_and_slices(void **state)
{
	const char *sql = "UPDATE t SET a = ':from', b = x::from, c = y[1:2] -- :to\n"
			  "WHERE id>=:from AND id<=:TO AND k = ANY(:ids) LIMIT :size";
	const struct batch_values v = { .from = "($1::int)", .to = "$2", .ids = NULL, .size = "$3" };

	(void)state;
	assert_string_equal(batch_mend(sql, strlen(sql), &arena),
	    "UPDATE t SET a = ':from', b = x::from, c = y[1:2] -- :to\n"
	    "WHERE id>=$0001 AND id<=$02 AND k = ANY($001) LIMIT $0001");
	assert_string_equal(batch_fill(sql, strlen(sql), &v, &arena),
	    "UPDATE t SET a = ':from', b = x::from, c = y[1:2] -- :to\n"
	    "WHERE id>=($1::int) AND id<=$2 AND k = ANY(:ids) LIMIT $3");
	assert_true(batch_uses(sql, strlen(sql), ":size"));
	assert_false(batch_uses("SELECT 1::size", 14, ":size"));
}

static void
each_bad_header_is_named_with_its_place(void **state)
{
	(void)state;
	refused("-- gatehouse:batch table=o key=id speed=3" RANGE,
	    "f.sql:1:35: a batch has no \"speed\": there are table, key, size, min_size, max_size, pause, "
	    "target, max_lag, max_active, max_errors, throttle, done, check, select and repeat");
	refused("-- one\n-- gatehouse:batch table=o key=id\n-- gatehouse:batch often" RANGE,
	    "f.sql:3:20: \"often\" is no word of a batch: it is NAME=VALUE, or repeat");
	refused("-- gatehouse:batch table=o key=id\n-- gatehouse:batch key=id" RANGE,
	    "f.sql:2:20: key is there twice");
	refused("-- gatehouse:batch key=id" RANGE, "f.sql:1:4: table is missing: table=public.orders key=id");
	refused("-- gatehouse:batch table=o" RANGE, "f.sql:1:4: key is missing: table=public.orders key=id");
	refused("-- gatehouse:batch table=o key= size=1" RANGE, "f.sql:1:28: key has no value");
	refused("-- gatehouse:batch table=o key=id size=0" RANGE,
	    "f.sql:1:35: size is a number from 1 to 1000000, not \"0\"");
	refused("-- gatehouse:batch table=o key=id size=many" RANGE,
	    "f.sql:1:35: size is a number from 1 to 1000000, not \"many\"");
	refused("-- gatehouse:batch table=o key=id pause=3" RANGE,
	    "f.sql:1:35: pause is a time like 100ms, 10s or 2min, an hour at most, not \"3\"");
	refused("-- gatehouse:batch table=o key=id pause=2h" RANGE,
	    "f.sql:1:35: pause is a time like 100ms, 10s or 2min, an hour at most, not \"2h\"");
	refused("-- gatehouse:batch table=o key=id max_errors=1001" RANGE,
	    "f.sql:1:35: max_errors is a number from 0 to 1000, not \"1001\"");
	refused("-- gatehouse:batch table=o key=id done=\"SELECT 1" RANGE,
	    "f.sql:1:40: the value is not closed: \" is missing at the end of the line");
	refused("-- gatehouse:batch table=o key=id done=\"SELECT 1\"size=3" RANGE,
	    "f.sql:1:50: a blank is missing behind the value");
	refused("-- gatehouse:batch table=o key=id size=5 min_size=6" RANGE,
	    "f.sql:1:4: size 5 is not between min_size 6 and max_size 100");
}

static void
each_bad_statement_is_named(void **state)
{
	const char *head = "-- gatehouse:batch table=o key=id\n";

	(void)state;
	refused(gh_printf(&arena, "%sUPDATE o SET a = 1;", head),
	    "f.sql:1:4: the statement has neither :from and :to nor :ids; the word repeat in the header runs "
	    "it "
	    "until it touches no rows");
	refused(gh_printf(&arena, "%sUPDATE o SET a = 1 WHERE id >= :from;", head),
	    "f.sql:1:4: the statement has :from, but not :to");
	refused(gh_printf(
		    &arena, "%sUPDATE o SET a = 1 WHERE id BETWEEN :from AND :to AND id = ANY(:ids);", head),
	    "f.sql:1:4: the statement is one of three: with :from and :to, with :ids, or repeated");
	refused("-- gatehouse:batch repeat table=o key=id" RANGE,
	    "f.sql:1:4: the statement is one of three: with :from and :to, with :ids, or repeated");
	refused(gh_printf(&arena, "%sUPDATE o SET a = 1 WHERE id = ANY(:ids);", head),
	    "f.sql:1:4: who gives the keys of :ids: select=\"SELECT id FROM ... LIMIT :size\" is missing");
	refused("-- gatehouse:batch repeat\nUPDATE o SET a = 1 WHERE a IS NULL;",
	    "f.sql:1:4: a statement that is repeated must choose some of its rows by a LIMIT (LIMIT :size), "
	    "this "
	    "one takes all of them at once");
	refused(
	    "-- gatehouse:batch repeat max_errors=1\nDELETE FROM o WHERE id IN (SELECT id FROM o LIMIT 5)",
	    "f.sql:1:4: max_errors needs a key to leave a row out by: a statement with :from and :to, or "
	    "with "
	    ":ids");
	refused(gh_printf(&arena, "%sUPDATE o SET a = 1 WHERE id >= :from AND id < :to;", head),
	    "f.sql:2:47: :to belongs to its batch, so < and > would leave out a row: write BETWEEN :from AND "
	    ":to, "
	    "or >= and <=");
	refused(gh_printf(&arena, "%sUPDATE o SET a = 1 WHERE :from < id AND id <= :to;", head),
	    "f.sql:2:26: :from belongs to its batch, so < and > would leave out a row: write BETWEEN :from "
	    "AND "
	    ":to, or >= and <=");
	refused(gh_printf(&arena, "%sUPDATE o SET a = 1 WHERE id BETWEEN :from AND :to;\nSELECT 1;", head),
	    "f.sql:3:1: a batched migration is one statement: put the others into files of their own");
	refused(
	    gh_printf(&arena, "%sBEGIN;\nUPDATE o SET a = 1 WHERE id BETWEEN :from AND :to;\nCOMMIT;", head),
	    "f.sql:2:1: BEGIN in a batched migration: leave it out, each batch is a transaction of its own");
	refused(gh_printf(&arena, "%sSELECT f(:from, :to);", head),
	    "f.sql:2:1: SELECT cannot run in batches: only INSERT, UPDATE, DELETE and MERGE can");
	refused(gh_printf(&arena, "%s-- :from :to", head),
	    "f.sql:1:4: the statement has neither :from and :to nor :ids; the word repeat in the header runs "
	    "it "
	    "until it touches no rows");
	refused(gh_printf(&arena, "%sUPDATE o SET a = WHERE id BETWEEN :from AND :to;", head),
	    "f.sql:2:18: syntax error at or near \"WHERE\"");
}

static void
is_one_statement_by_itself_in_every_mode(void **state)
{
	const char *sql = "-- gatehouse:batch table=o key=id size=5" RANGE;
	int mode;

	(void)state;
	for (mode = CONVENTION_AUTO; mode <= CONVENTION_PIPELINE; mode++) {
		read_as(sql, (enum convention_mode)mode);
		assert_string_equal(script.problem, "");
		assert_int_equal(script.n, 1);
		assert_int_equal(script.statements[0].group, 0);
		assert_string_equal(script.statements[0].kind, "UPDATE");
		assert_false(script.row_inside);
		assert_false(script.transactional);
		assert_non_null(strstr(script.note, "only Gatehouse"));
		assert_int_equal(script.statements[0].offset, strstr(sql, "UPDATE") - sql);
		/* The last word is whole. */
		assert_int_equal(script.statements[0].offset + script.statements[0].length, strlen(sql) - 1);
		assert_int_equal(script.statements[0].n_touches, 1);
	}
}

static void
another_header_is_another_migration(void **state)
{
	char first[GH_SHA256_HEX_LEN];

	(void)state;
	read_as("-- gatehouse:batch table=o key=id size=5" RANGE, CONVENTION_AUTO);
	memcpy(first, script.tokens, sizeof(first));
	read_as(
	    "-- gatehouse:batch size=5\n-- gatehouse:batch table=o key='id' -- no" RANGE, CONVENTION_AUTO);
	assert_string_not_equal(script.problem, "");
	read_as("-- gatehouse:batch size=5\n-- gatehouse:batch table=o key='id'" RANGE, CONVENTION_AUTO);
	assert_string_equal(script.tokens, first);
	read_as("-- gatehouse:batch table=o key=id2 size=5" RANGE, CONVENTION_AUTO);
	assert_string_not_equal(script.tokens, first);
}

static void
a_header_above_its_section_is_not_overlooked(void **state)
{
	const char *head = "-- gatehouse:batch repeat\n\n-- Up Migration\n";
	struct sql_text t = { .sql = "DELETE FROM o WHERE id IN (SELECT id FROM o LIMIT 5);",
		.file = "f.sql",
		.first_line = 4,
		.head = head,
		.one_way = true };

	(void)state;
	arena.limit = SQL_ARENA_LIMIT;
	t.len = strlen(t.sql);
	sql_read(&t, &arena, &script);
	assert_string_equal(script.problem,
	    "f.sql:4:1: the gatehouse:batch header stands above the section of its statement: put it into "
	    "the "
	    "section");
	t.down = true;
	sql_read(&t, &arena, &script);
	assert_string_equal(script.problem, "");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, teardown)
	const struct CMUnitTest tests[] = {
		T(reads_everything_over_several_lines),
		T(has_sensible_values_when_little_is_said),
		T(is_no_header_elsewhere),
		T(knows_its_words_from_casts_texts_and_slices),
		T(each_bad_header_is_named_with_its_place),
		T(each_bad_statement_is_named),
		T(is_one_statement_by_itself_in_every_mode),
		T(another_header_is_another_migration),
		T(a_header_above_its_section_is_not_overlooked),
	};

	return cmocka_run_group_tests_name("migration/batch", tests, NULL, NULL);
}
