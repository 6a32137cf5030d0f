#include "base/ban.h"
#include "migration/convention.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static void
reads_pairs_and_simple_files_in_numeric_order(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *x;

	(void)state;
	memory_put(&m, "10_c.sql", "SELECT 3;");
	memory_put(&m, "0002_add_user_photos.up.sql", "SELECT 2;");
	memory_put(&m, "0002_add_user_photos.down.sql", "SELECT -2;");
	memory_put(&m, "1_a.sql", "SELECT 1;");
	memory_read(&m, &convention_sqlx);
	assert_string_equal(memory_keys(&m), "1 2 10");
	assert_string_equal(m.found.problem, "");
	x = memory_get(&m, "2");
	assert_string_equal(x->version, "0002");
	assert_string_equal(x->name, "add_user_photos");
	assert_string_equal(memory_fact(x, "description"), "add user photos");
	assert_int_equal(x->up.mode, CONVENTION_WRAPPED);
	assert_false(x->up.row_outside);
	assert_true(x->down.present);
	assert_string_equal(x->down.sql, "SELECT -2;");
	assert_false(memory_get(&m, "10")->down.present);
	assert_int_equal(memory_file(&m, "0002_add_user_photos.down.sql")->as, CONVENTION_DOWN);
}

static void
sums_the_bytes_as_sqlx_does(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "select 1;\n");
	memory_put(&m, "2_b.sql", "select 1;\r\n");
	memory_read(&m, &convention_sqlx);
	assert_memory_equal(memory_get(&m, "1")->checksum, "732dd6fa554ee7cf2b12caa7de486d35b603", 36);
	assert_int_equal(strlen(memory_get(&m, "1")->checksum), 96);
	assert_string_not_equal(memory_get(&m, "1")->checksum, memory_get(&m, "2")->checksum);
}

static void
takes_its_lock_from_the_database_name(void **state)
{
	const struct convention_lock_of of = { "app", "public", "_sqlx_migrations" };
	int64_t key[CONVENTION_LOCKS];

	(void)state;
	assert_int_equal(convention_sqlx.locks(&of, key), 1);
	assert_true(key[0] == INT64_C(3469795979745788610));
}

static void
no_transaction_counts_only_at_the_very_start(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY i ON t (a);\n");
	memory_put(&m, "2_b.sql", "\n-- no-transaction\nSELECT 1;\n");
	memory_read(&m, &convention_sqlx);
	assert_int_equal(memory_get(&m, "1")->up.mode, CONVENTION_IMPLICIT);
	assert_true(memory_get(&m, "1")->up.row_outside);
	assert_string_equal(memory_get(&m, "1")->up.problem, "");
	assert_int_equal(memory_get(&m, "2")->up.mode, CONVENTION_WRAPPED);
	/* sqlx runs it all the same */
	assert_string_equal(memory_get(&m, "2")->up.problem, "");
	assert_non_null(
	    strstr(m.found.notes[0], "2_b.sql runs in a transaction: \"-- no-transaction\" counts"));
}

static void
stops_at_names_that_are_no_number(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "SELECT 1;");
	memory_put(&m, "first_b.sql", "SELECT 2;");
	memory_put(&m, "readme.sql", "SELECT 3;");
	memory_put(&m, "notes_x.txt", "x");
	memory_read(&m, &convention_sqlx);
	assert_string_equal(memory_keys(&m), "1");
	assert_int_equal(memory_file(&m, "first_b.sql")->as, CONVENTION_REFUSED);
	assert_string_equal(m.found.problem,
	    "first_b.sql: \"first\" before the first underscore is not a 64-bit number: sqlx stops at it");
	assert_int_equal(memory_file(&m, "readme.sql")->as, CONVENTION_IGNORED);
	assert_int_equal(memory_file(&m, "notes_x.txt")->as, CONVENTION_IGNORED);
}

static void
refuses_numbers_beyond_64_bits(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "9223372036854775807_a.sql", "SELECT 1;");
	memory_put(&m, "9223372036854775808_b.sql", "SELECT 2;");
	memory_read(&m, &convention_sqlx);
	assert_string_equal(memory_keys(&m), "9223372036854775807");
	assert_int_equal(memory_file(&m, "9223372036854775808_b.sql")->as, CONVENTION_REFUSED);
}

static void
refuses_half_pairs_and_doubles(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.down.sql", "SELECT 1;");
	memory_put(&m, "2_b.sql", "SELECT 2;");
	memory_put(&m, "2_b.down.sql", "SELECT 2;");
	memory_put(&m, "3_c.sql", "SELECT 3;");
	memory_put(&m, "003_d.sql", "SELECT 4;");
	memory_read(&m, &convention_sqlx);
	assert_string_equal(
	    memory_file(&m, "1_a.down.sql")->reason, "a way back without its up: there is no 1_a.up.sql");
	assert_int_equal(memory_file(&m, "2_b.down.sql")->as, CONVENTION_REFUSED);
	assert_non_null(strstr(memory_get(&m, "3")->problem, "3 is also that of"));
}

static void
reads_only_the_folder_itself(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "SELECT 1;");
	memory_put(&m, "old/2_b.sql", "SELECT 2;");
	memory_odd(&m, "3_c.sql", "a symbolic link");
	memory_read(&m, &convention_sqlx);
	assert_string_equal(memory_keys(&m), "1");
	assert_int_equal(memory_file(&m, "old/2_b.sql")->as, CONVENTION_IGNORED);
	assert_int_equal(memory_file(&m, "3_c.sql")->as, CONVENTION_REFUSED);
}

static void
a_byte_order_mark_is_a_problem(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "\xef\xbb\xbfSELECT 1;");
	memory_read(&m, &convention_sqlx);
	assert_non_null(
	    strstr(memory_get(&m, "1")->up.problem, "1_a.sql:1:1: begins with a byte order mark"));
}

static void
fits_pairs_better_than_plain_numbers(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "readme.md", "x");
	assert_int_equal(memory_fit(&m, &convention_sqlx, &why), 0);
	memory_put(&m, "1_a.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_sqlx, &why), 1);
	memory_put(&m, "2_a.up.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_sqlx, &why), 2);
	assert_string_equal(why, "1 pairs of .up.sql and .down.sql, 1 files VERSION_description.sql");
}

static void
creates_what_the_folder_has(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "Add x", .now = 0 };

	(void)state;
	memory_read(&m, &convention_sqlx);
	convention_sqlx.create(&m.found, &m.arena, &c);
	assert_int_equal(c.n, 2);
	assert_string_equal(c.files[0].path, "19700101000000_add_x.up.sql");
	assert_string_equal(c.files[1].path, "19700101000000_add_x.down.sql");
	memory_put(&m, "1_a.sql", "SELECT 1;");
	memory_read(&m, &convention_sqlx);
	c.n = 0;
	convention_sqlx.create(&m.found, &m.arena, &c);
	assert_int_equal(c.n, 1);
	assert_string_equal(c.files[0].path, "19700101000000_add_x.sql");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_pairs_and_simple_files_in_numeric_order),
		cmocka_unit_test(sums_the_bytes_as_sqlx_does),
		cmocka_unit_test(takes_its_lock_from_the_database_name),
		cmocka_unit_test(no_transaction_counts_only_at_the_very_start),
		cmocka_unit_test(stops_at_names_that_are_no_number),
		cmocka_unit_test(refuses_numbers_beyond_64_bits),
		cmocka_unit_test(refuses_half_pairs_and_doubles),
		cmocka_unit_test(reads_only_the_folder_itself),
		cmocka_unit_test(a_byte_order_mark_is_a_problem),
		cmocka_unit_test(fits_pairs_better_than_plain_numbers),
		cmocka_unit_test(creates_what_the_folder_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
