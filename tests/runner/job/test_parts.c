#include "base/ban.h"
#include "runner/job/backup.h"
#include "runner/job/indexes.h"
#include "runner/job/verify.h"

#include <setjmp.h>
#include <cmocka.h>

/* Parts of the job that need no server. */

static void
texts_are_cut_and_cleaned(void **state)
{
	char out[6];

	(void)state;
	say_clean(out, sizeof(out),
	    "abc\xff"
	    "d");
	assert_string_equal(out, "abc?d");
	say_clean(out, sizeof(out), "abcd\xc3\xa9"); /* would end within the letter */
	assert_string_equal(out, "abcd");
	say_clean(out, sizeof(out), NULL);
	assert_string_equal(out, "");
}

static void
an_error_has_a_line(void **state)
{
	const char *sql = "SELECT\n 'h\xc3\xa9',\n nonsense";
	struct pg_error e = { 0 };

	(void)state;
	assert_int_equal(pg_error_line(&e, sql, strlen(sql), 40), 40);
	e.position = 16; /* characters: the n of nonsense */
	assert_int_equal(pg_error_line(&e, sql, strlen(sql), 40), 42);
	e.position = 10;
	assert_int_equal(pg_error_line(&e, sql, strlen(sql), 40), 41);
	e.position = 99999;
	assert_int_equal(pg_error_line(&e, sql, strlen(sql), 40), 42);
}

static void
errors_are_sorted(void **state)
{
	static const struct {
		const char *sqlstate;
		bool retry, doubt;
	} cases[] = { { "55P03", true, false }, { "40P01", true, false }, { "40001", true, false },
		{ "23505", false, false }, { "08006", false, true }, { "57P01", false, true },
		{ "57014", false, false }, { "58030", false, true }, { "", false, true } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pg_error e = { 0 };

		say_clean(e.sqlstate, sizeof(e.sqlstate), cases[i].sqlstate);
		assert_int_equal(pg_error_retry(&e), cases[i].retry);
		assert_int_equal(pg_error_doubt(&e), cases[i].doubt);
	}
}

static void
levels_have_names(void **state)
{
	(void)state;
	assert_int_equal(prove_level("counted"), WIRE_COUNTED);
	assert_int_equal(prove_level("checksummed"), WIRE_CHECKSUMMED);
	assert_int_equal(prove_level("written"), WIRE_NONE);
	assert_int_equal(prove_level(""), WIRE_NONE);
}

static void
a_time_in_a_name_sorts(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(backup_stamp(INT64_C(1700000000000000), &a), "20231114T221320Z");
}

static void
arrays_are_quoted(void **state)
{
	static const char *const items[] = { "a", "q\"\\", "" };
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(verify_array(items, 3, &a), "{\"a\",\"q\\\"\\\\\",\"\"}");
	assert_string_equal(verify_array(items, 0, &a), "{}");
}

static void
what_is_dropped_later_is_not_expected(void **state)
{
	static const char one[] = "CREATE TABLE orders;CREATE TABLE keep", two[] = "drop table ORDERS";
	struct plan_statement first[] = { { .offset = 0,
					      .length = 19,
					      .kind = "CREATE TABLE",
					      .object = "public.orders",
					      .object_kind = "table" },
		{ .offset = 20,
		    .length = 17,
		    .kind = "CREATE TABLE",
		    .object = "public.keep",
		    .object_kind = "table" } };
	struct plan_statement second[] = {
		{ .offset = 0, .length = 17, .kind = "DROP TABLE", .object = "" }
	};
	struct plan_migration m[] = { { .key = "1",
					  .run = { .sql = one,
					      .sql_len = sizeof(one) - 1,
					      .n_statements = 2,
					      .statements = first } },
		{ .key = "2",
		    .run = {
			.sql = two, .sql_len = sizeof(two) - 1, .n_statements = 1, .statements = second } } };
	struct plan p = { .n_migrations = 2, .migrations = m };
	struct verify_object want[3];

	(void)state;
	assert_int_equal(verify_expected(&p, want), 1);
	assert_string_equal(want[0].name, "public.keep");
	p.n_migrations = 1;
	assert_int_equal(verify_expected(&p, want), 2);
}

static void
a_long_text_is_not_searched_for_ever(void **state)
{
	enum { N = 2000, LONG = 1 << 20 };
	GH_ARENA a = { .limit = (size_t)64 << 20 };
	char *text = gh_alloc(&a, LONG + 1);
	struct plan_statement *s = gh_alloc_n(&a, N + 1, sizeof(*s));
	struct verify_object *want = gh_alloc_n(&a, N + 1, sizeof(*want));
	struct plan_migration m = {
		.run = { .sql = text, .sql_len = LONG, .n_statements = N + 1, .statements = s }
	};
	struct plan p = { .n_migrations = 1, .migrations = &m };
	size_t i;

	(void)state;
	memset(text, ' ', LONG);
	for (i = 0; i < N; i++)
		s[i] = (struct plan_statement){
			.kind = "CREATE TABLE", .object_kind = "table", .object = "public.t"
		};
	s[N] = (struct plan_statement){ .kind = "DO", .object_kind = "", .object = "", .length = LONG };
	assert_int_equal(verify_expected(&p, want), 128);
}

static void
only_a_new_invalid_index_counts(void **state)
{
	struct run_index old[] = { { .schema = "public", .name = "a" } },
			 other = { .schema = "other", .name = "a", .building = true };
	struct run_indexes before = { 1, old };

	(void)state;
	assert_true(run_indexes_have(&before, &old[0]));
	assert_false(run_indexes_have(&before, &other));
	/* Of a statement that makes b it is not. */
	assert_false(run_index_named(&other, "public.b"));
	assert_true(run_index_named(&other, "public.a"));
}

/* Of an index "orders_day" on a table "orders" of the schema "shop". */
static enum run_index_own
whose(const char *kind, const char *text, const char *name, bool visible)
{
	const struct run_index x = { .schema = "shop", .name = name, .table = "orders", .visible = visible };
	const struct plan_sql sql = { .sql = text };
	const struct plan_statement st = { .kind = kind, .length = (int64_t)strlen(text) };

	return run_index_own(&sql, &st, &x);
}

static void
an_index_is_of_the_statement_that_makes_it(void **state)
{
	static const struct {
		const char *text;
		enum run_index_own own;
	} cases[] = {
		{ "CREATE INDEX CONCURRENTLY orders_day ON orders (day)", RUN_INDEX_OWN },
		{ "create unique index /* ON it */ Orders_Day on only shop.ORDERS (day)", RUN_INDEX_OWN },
		{ "CREATE INDEX IF NOT EXISTS \"orders_day\" ON \"shop\" . \"orders\" (day)", RUN_INDEX_OWN },
		{ "CREATE INDEX orders_day ON d.shop.orders (day)", RUN_INDEX_OWN },
		{ "CREATE INDEX orders_day ON public.orders (day)", RUN_INDEX_FOREIGN },
		{ "CREATE INDEX orders_day ON \"Orders\" (day)", RUN_INDEX_FOREIGN },
		{ "CREATE INDEX \"Orders_day\" ON orders (orders_day)", RUN_INDEX_FOREIGN },
		{ "CREATE INDEX orders_id ON orders (orders_day) -- orders_day", RUN_INDEX_FOREIGN },
		{ "CREATE INDEX orders_day ON customers (orders)", RUN_INDEX_FOREIGN },
		{ "CREATE INDEX if ON orders (day)", RUN_INDEX_FOREIGN },
		{ "CREATE INDEX CONCURRENTLY ON orders (day)", RUN_INDEX_PERHAPS },
		{ "CREATE INDEX ON customers (orders)", RUN_INDEX_FOREIGN },
		{ "CREATE INDEX U&\"orders_d\\0061y\" ON orders (day)", RUN_INDEX_PERHAPS },
		{ "CREATE INDEX orders_day ON U&\"orders\" (day)", RUN_INDEX_PERHAPS },
		{ "CREATE INDEX", RUN_INDEX_PERHAPS },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (whose("CREATE INDEX", cases[i].text, "orders_day", true) != cases[i].own)
			fail_msg("%s", cases[i].text);
	}
	/* Without its schema the statement means another table of that name. */
	assert_int_equal(
	    whose("CREATE INDEX", "CREATE INDEX orders_day ON orders (day)", "orders_day", false),
	    RUN_INDEX_NAMED);
	assert_int_equal(
	    whose("CREATE INDEX", "CREATE INDEX ON orders (day)", "orders_day", false), RUN_INDEX_FOREIGN);
	assert_int_equal(whose("REINDEX", "REINDEX TABLE orders", "orders_day", true), RUN_INDEX_FOREIGN);
	assert_int_equal(
	    whose("REINDEX", "REINDEX TABLE orders", "orders_day_ccnew", true), RUN_INDEX_PERHAPS);
	assert_int_equal(
	    whose("REINDEX", "REINDEX TABLE orders", "orders_day_ccold2", true), RUN_INDEX_PERHAPS);
	assert_int_equal(whose("DROP INDEX", "DROP INDEX CONCURRENTLY shop.orders_day", "orders_day", true),
	    RUN_INDEX_HALF);
	assert_int_equal(
	    whose("DROP INDEX", "DROP INDEX CONCURRENTLY orders_id", "orders_day", true), RUN_INDEX_FOREIGN);
	assert_int_equal(whose("VACUUM", "VACUUM orders", "orders_day", true), RUN_INDEX_FOREIGN);
	assert_int_equal(whose("DO", "DO 'orders_day orders'", "orders_day", true), RUN_INDEX_FOREIGN);
}

/* The server cuts a name at 63 bytes, in front of a character. */
static void
a_long_name_is_cut(void **state)
{
	GH_ARENA a = { 0 };
	char x62[63];

	(void)state;
	memset(x62, 'x', 62);
	x62[62] = '\0';
	assert_int_equal(
	    whose("CREATE INDEX", gh_printf(&a, "CREATE INDEX %s\u00e9y ON orders (day)", x62), x62, true),
	    RUN_INDEX_OWN);
	assert_int_equal(whose("CREATE INDEX", gh_printf(&a, "CREATE INDEX %syyy ON orders (day)", x62),
			     gh_printf(&a, "%sy", x62), true),
	    RUN_INDEX_OWN);
	assert_int_equal(
	    whose("CREATE INDEX", gh_printf(&a, "CREATE INDEX %syyy ON orders (day)", x62), "x", true),
	    RUN_INDEX_FOREIGN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_cut_and_cleaned),
		cmocka_unit_test(an_error_has_a_line),
		cmocka_unit_test(errors_are_sorted),
		cmocka_unit_test(levels_have_names),
		cmocka_unit_test(a_time_in_a_name_sorts),
		cmocka_unit_test(arrays_are_quoted),
		cmocka_unit_test(what_is_dropped_later_is_not_expected),
		cmocka_unit_test(a_long_text_is_not_searched_for_ever),
		cmocka_unit_test(only_a_new_invalid_index_counts),
		cmocka_unit_test(an_index_is_of_the_statement_that_makes_it),
		cmocka_unit_test(a_long_name_is_cut),
	};

	return cmocka_run_group_tests_name("runner/job parts", tests, NULL, NULL);
}
