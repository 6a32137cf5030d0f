#include "base/ban.h"
#include "migration/convention.h"
#include "migration/status.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

#define BOTH "-- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT -1;\n"

static void
reads_both_sections(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *x;

	(void)state;
	memory_put(&m, "1700000000000_add_user-photos.sql", BOTH);
	memory_put(&m, "1700000000001_plain.sql", "SELECT 2;\n");
	memory_read(&m, &convention_node_pg_migrate);
	assert_string_equal(memory_keys(&m), "1700000000000_add_user-photos 1700000000001_plain");
	x = memory_get(&m, "1700000000000_add_user-photos");
	assert_string_equal(x->version, "1700000000000");
	assert_string_equal(x->name, "add_user-photos");
	assert_string_equal(x->up.sql, "-- Up Migration\nSELECT 1;\n");
	assert_string_equal(x->down.sql, "-- Down Migration\nSELECT -1;\n");
	assert_int_equal(x->down.first_line, 3);
	assert_int_equal(x->up.mode, CONVENTION_WRAPPED);
	x = memory_get(&m, "1700000000001_plain");
	assert_string_equal(x->up.sql, "SELECT 2;\n");
	assert_false(x->down.present);
	assert_true(convention_node_pg_migrate.one_transaction);
}

static void
sections_may_stand_in_either_order(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "--- down migration\nSELECT -1;\n  -- - UP   MIGRATION (x)\nSELECT 1;\n");
	memory_read(&m, &convention_node_pg_migrate);
	assert_string_equal(memory_get(&m, "1_a")->up.sql, "  -- - UP   MIGRATION (x)\nSELECT 1;\n");
	assert_string_equal(memory_get(&m, "1_a")->down.sql, "--- down migration\nSELECT -1;\n");
}

static void
refuses_what_nobody_meant(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "CREATE TABLE a ();\n-- Down Migration\nDROP TABLE a;\n");
	memory_put(&m, "2_b.sql", "SELECT 0;\n" BOTH);
	memory_put(&m, "3_c.sql", "-- about\n" BOTH);
	memory_put(&m, "4_d.sql", "\xef\xbb\xbf" BOTH);
	memory_read(&m, &convention_node_pg_migrate);
	assert_non_null(strstr(memory_get(&m, "1_a")->problem,
	    "1_a.sql: a Down Migration marker without an Up Migration marker"));
	assert_non_null(strstr(memory_get(&m, "2_b")->problem, "SQL above the first section marker"));
	assert_string_equal(memory_get(&m, "3_c")->problem, "");
	assert_string_equal(memory_get(&m, "3_c")->up.problem, "");
	assert_non_null(strstr(memory_get(&m, "4_d")->up.problem, "byte order mark"));
}

static void
orders_by_number_then_as_a_locale_does(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "10_x.sql", "SELECT 1;");
	memory_put(&m, "9_x.sql", "SELECT 1;");
	memory_put(&m, "11_b10.sql", "SELECT 1;");
	memory_put(&m, "11_b9.sql", "SELECT 1;");
	memory_put(&m, "11_B-9z.sql", "SELECT 1;");
	memory_put(&m, "11-a.sql", "SELECT 1;");
	memory_put(&m, "11_A.sql", "SELECT 1;");
	memory_read(&m, &convention_node_pg_migrate);
	assert_string_equal(memory_keys(&m), "9_x 10_x 11-a 11_A 11_b9 11_B-9z 11_b10");
	assert_int_equal(m.found.n_notes, 4);
}

static void
seventeen_digits_are_a_date(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	/* 2020-05-13T07:07:24.505Z is 1589353644505. */
	memory_put(&m, "20200513070724505_b.sql", "SELECT 1;");
	memory_put(&m, "1589353644504_a.sql", "SELECT 1;");
	memory_put(&m, "1589353644506_c.sql", "SELECT 1;");
	memory_put(&m, "20200513070724_d.sql", "SELECT 1;");
	memory_read(&m, &convention_node_pg_migrate);
	assert_string_equal(
	    memory_keys(&m), "1589353644504_a 20200513070724505_b 1589353644506_c 20200513070724_d");
	assert_string_equal(memory_get(&m, "20200513070724505_b")->version, "20200513070724505");
}

static void
takes_javascript_as_steps_of_code(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", BOTH);
	memory_put(&m, "2_b.js", "exports.up = 1");
	memory_put(&m, "3_c.ts", "x");
	memory_put(&m, ".keep", "");
	memory_put(&m, "README.md", "x");
	memory_put(&m, "sub/4_d.sql", BOTH);
	memory_read(&m, &convention_node_pg_migrate);
	assert_string_equal(memory_keys(&m), "1_a 2_b 3_c");
	assert_true(memory_get(&m, "2_b")->code);
	assert_int_equal(memory_file(&m, "2_b.js")->as, CONVENTION_CODE);
	assert_int_equal(memory_file(&m, "README.md")->as, CONVENTION_IGNORED);
	assert_int_equal(m.found.n_notes, 1);
	assert_non_null(strstr(m.found.notes[0], "README.md: node-pg-migrate loads every file"));
	assert_int_equal(memory_file(&m, "sub/4_d.sql")->as, CONVENTION_IGNORED);
}

static void
an_extension_does_not_count(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", BOTH);
	memory_put(&m, "1_a.js", "x");
	memory_read(&m, &convention_node_pg_migrate);
	assert_non_null(strstr(memory_get(&m, "1_a")->problem, "1_a is also that of"));
}

static void
a_name_without_number_stops_the_tool(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", BOTH);
	memory_put(&m, "add_x.sql", BOTH);
	memory_read(&m, &convention_node_pg_migrate);
	assert_string_equal(memory_keys(&m), "1_a");
	assert_int_equal(memory_file(&m, "add_x.sql")->as, CONVENTION_REFUSED);
	assert_non_null(strstr(m.found.problem, "add_x.sql: the number is missing"));
}

static const char *
blocked(struct memory_folder *m, const struct convention_row *rows, size_t n)
{
	struct convention_status s;

	memory_read(m, &convention_node_pg_migrate);
	convention_status(&convention_node_pg_migrate, &m->found, rows, n, &m->arena, &s);
	return s.blocked;
}

#define ROW(key)                                                                                             \
	{                                                                                                    \
		key, 0, "applied", "", "", ""                                                                \
	}

static void
the_applied_ones_must_be_the_first(void **state)
{
	static const struct convention_row in_order[] = { ROW("1_a"), ROW("2_b") },
					   turned[] = { ROW("2_b"), ROW("1_a") },
					   gap[] = { ROW("1_a"), ROW("3_c") },
					   gone[] = { ROW("0_z"), ROW("1_a") },
					   last_gone[] = { ROW("1_a"), ROW("2_b"), ROW("3_c"), ROW("4_d") };
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", BOTH);
	memory_put(&m, "2_b.sql", BOTH);
	memory_put(&m, "3_c.sql", BOTH);
	assert_string_equal(blocked(&m, in_order, 2), "");
	assert_non_null(
	    strstr(blocked(&m, gap, 2), "Not run migration 2_b is preceding already run migration 3_c"));
	assert_non_null(
	    strstr(blocked(&m, turned, 2), "Not run migration 1_a is preceding already run migration 2_b"));
	assert_non_null(
	    strstr(blocked(&m, gone, 2), "Not run migration 1_a is preceding already run migration 0_z"));
	assert_string_equal(blocked(&m, last_gone, 4), "");
	memory_option(&m, "check-order", "false");
	assert_string_equal(blocked(&m, gap, 2), "");
	assert_string_equal(blocked(&m, gone, 2), "");
}

static void
takes_its_lock(void **state)
{
	const struct convention_lock_of of = { "app", "public", "pgmigrations" };
	int64_t key[CONVENTION_LOCKS];

	(void)state;
	assert_int_equal(convention_node_pg_migrate.locks(&of, key), 1);
	assert_true(key[0] == INT64_C(7241865325823964));
}

static void
fits_by_its_markers(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	assert_int_equal(memory_fit(&m, &convention_node_pg_migrate, NULL), 0);
	memory_put(&m, "1_a.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_node_pg_migrate, NULL), 1);
	memory_put(&m, "2_b.sql", BOTH);
	assert_int_equal(memory_fit(&m, &convention_node_pg_migrate, NULL), 3);
}

static void
leaves_dates_of_fourteen_digits_to_sections(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "20250101000000_a.sql", BOTH);
	assert_int_equal(memory_fit(&m, &convention_node_pg_migrate, NULL), 2);
	memory_put(&m, "20250102000000_b.js", "x");
	assert_int_equal(memory_fit(&m, &convention_node_pg_migrate, NULL), 4);
}

static void
creates_in_the_style_of_the_folder(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "", .now = INT64_C(1700000000123000) };

	(void)state;
	convention_node_pg_migrate.create(&m.found, &m.arena, &c);
	assert_string_equal(c.files[0].path, "1700000000123_add_x.sql");
	memory_put(&m, "20230101000000000-a.sql", BOTH);
	memory_read(&m, &convention_node_pg_migrate);
	c.n = 0;
	convention_node_pg_migrate.create(&m.found, &m.arena, &c);
	assert_string_equal(c.files[0].path, "20231114221320123-add_x.sql");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_both_sections),
		cmocka_unit_test(sections_may_stand_in_either_order),
		cmocka_unit_test(refuses_what_nobody_meant),
		cmocka_unit_test(orders_by_number_then_as_a_locale_does),
		cmocka_unit_test(seventeen_digits_are_a_date),
		cmocka_unit_test(takes_javascript_as_steps_of_code),
		cmocka_unit_test(an_extension_does_not_count),
		cmocka_unit_test(a_name_without_number_stops_the_tool),
		cmocka_unit_test(the_applied_ones_must_be_the_first),
		cmocka_unit_test(takes_its_lock),
		cmocka_unit_test(fits_by_its_markers),
		cmocka_unit_test(leaves_dates_of_fourteen_digits_to_sections),
		cmocka_unit_test(creates_in_the_style_of_the_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
