#include "base/ban.h"
#include "migration/convention.h"
#include "migration/status.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static void
reads_files_in_the_order_of_their_names(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *x;

	(void)state;
	memory_put(&m, "9_nine.sql", "SELECT 9;");
	memory_put(&m, "10_ten.sql", "SELECT 10;");
	memory_put(&m, "20250101000000_add_user_photos.sql", "SELECT 1;");
	memory_put(&m, "old/11_x.sql", "SELECT 1;");
	memory_put(&m, "names.sql", "SELECT 1;");
	memory_put(&m, "12.sql", "SELECT 1;");
	memory_read(&m, &convention_supabase);
	assert_string_equal(memory_keys(&m), "10 20250101000000 9");
	x = memory_get(&m, "20250101000000");
	assert_string_equal(x->name, "add_user_photos");
	assert_int_equal(x->up.mode, CONVENTION_PIPELINE);
	assert_false(x->up.row_outside);
	assert_false(x->down.present);
	assert_int_equal(memory_file(&m, "old/11_x.sql")->as, CONVENTION_IGNORED);
	assert_int_equal(memory_file(&m, "names.sql")->as, CONVENTION_REFUSED);
	assert_int_equal(memory_file(&m, "12.sql")->as, CONVENTION_REFUSED);
}

static void
skips_the_old_init_in_the_first_place_only(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "20211208999999_init.sql", "SELECT 1;");
	memory_put(&m, "20211209000000_init.sql", "SELECT 1;");
	memory_read(&m, &convention_supabase);
	assert_string_equal(memory_keys(&m), "20211209000000");
	assert_non_null(strstr(memory_file(&m, "20211208999999_init.sql")->reason, "Supabase skips it"));
	memory_put(&m, "1_a.sql", "SELECT 1;");
	memory_read(&m, &convention_supabase);
	assert_string_equal(memory_keys(&m), "1 20211208999999 20211209000000");
}

static void
keeps_the_statements_as_an_array(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "SELECT 'a\\b', \"c\";\n\nSELECT $$;$$ ; \n");
	memory_put(&m, "2_b.sql", "\n");
	memory_read(&m, &convention_supabase);
	assert_int_equal(memory_get(&m, "1")->up.n_pieces, 2);
	assert_string_equal(memory_fact(memory_get(&m, "1"), "statements"),
	    "{\"SELECT 'a\\\\b', \\\"c\\\"\",\"SELECT $$;$$\"}");
	assert_string_equal(memory_fact(memory_get(&m, "2"), "statements"), "(null)");
	assert_true(memory_get(&m, "2")->up.may_be_empty);
}

/* printf '8:SELECT 18:SELECT 2' | sha256sum */
static void
sums_the_statements_and_not_the_file(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "SELECT 1;\nSELECT 2;\n");
	memory_put(&m, "2_b.sql", "SELECT 1 ; SELECT 2");
	memory_put(&m, "3_c.sql", "SELECT 1; SELECT 3");
	memory_read(&m, &convention_supabase);
	assert_string_equal(memory_get(&m, "1")->checksum,
	    "dc487a71444e8e6258042eea5a872b45db0c8f3bb9071ab374d32c758e390f1a");
	assert_string_equal(memory_get(&m, "2")->checksum, memory_get(&m, "1")->checksum);
	assert_string_not_equal(memory_get(&m, "3")->checksum, memory_get(&m, "1")->checksum);
}

static void
two_files_of_one_number_are_a_problem(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "SELECT 1;");
	memory_put(&m, "1_b.sql", "SELECT 1;");
	memory_put(&m, "01_c.sql", "SELECT 1;");
	memory_read(&m, &convention_supabase);
	assert_string_equal(memory_get(&m, "01")->problem, "");
	assert_non_null(strstr(memory_get(&m, "1")->problem, "1 is also that of"));
}

static void
older_files_block_unless_all_are_included(void **state)
{
	static const struct convention_row rows[] = { { "2", 0, "applied", "", "", "" } };
	MEMORY_FOLDER m = { 0 };
	struct convention_status s;

	(void)state;
	memory_put(&m, "1_a.sql", "SELECT 1;");
	memory_put(&m, "2_b.sql", "SELECT 1;");
	memory_put(&m, "3_c.sql", "SELECT 1;");
	memory_read(&m, &convention_supabase);
	convention_status(&convention_supabase, &m.found, rows, 1, &m.arena, &s);
	assert_int_equal(s.rows[0].standing, CONVENTION_OUT_OF_ORDER);
	assert_int_equal(s.rows[0].decision, CONVENTION_BLOCKS);
	assert_string_not_equal(s.blocked, "");
	memory_option(&m, "include-all", "true");
	memory_read(&m, &convention_supabase);
	convention_status(&convention_supabase, &m.found, rows, 1, &m.arena, &s);
	assert_int_equal(s.rows[0].standing, CONVENTION_OUT_OF_ORDER);
	assert_int_equal(s.rows[0].decision, CONVENTION_RUNS);
	assert_string_equal(s.blocked, "");
}

static void
a_row_without_file_blocks(void **state)
{
	static const struct convention_row rows[] = { { "1", 0, "applied", "", "", "" },
		{ "2", 0, "applied", "other", "", "" } };
	MEMORY_FOLDER m = { 0 };
	struct convention_status s;

	(void)state;
	memory_put(&m, "2_b.sql", "SELECT 1;");
	memory_read(&m, &convention_supabase);
	convention_status(&convention_supabase, &m.found, rows, 2, &m.arena, &s);
	assert_int_equal(s.rows[0].standing, CONVENTION_EDITED);
	assert_int_equal(s.rows[0].decision, CONVENTION_NOTHING);
	assert_int_equal(s.rows[1].standing, CONVENTION_MISSING);
	assert_int_equal(s.rows[1].decision, CONVENTION_BLOCKS);
}

static void
fits_by_its_place(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "a.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_supabase, &why), 0);
	memory_put(&m, "20250101000000_a.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_supabase, &why), 1);
	m.folder.root = "app/supabase/migrations/";
	assert_int_equal(memory_fit(&m, &convention_supabase, &why), 4);
	assert_string_equal(why,
	    "1 files of digits, an underscore and a name, 1 of them with a date, in supabase/migrations");
	m.folder.root = "supabase/migrations/old";
	assert_int_equal(memory_fit(&m, &convention_supabase, &why), 1);
}

static void
knows_the_three_ages_of_the_table(void **state)
{
	(void)state;
	assert_int_equal(convention_supabase.n_tracking, 3);
	assert_int_equal(convention_supabase.tracking[0].tables[0].n_columns, 3);
	assert_int_equal(convention_supabase.tracking[1].tables[0].n_columns, 2);
	assert_int_equal(convention_supabase.tracking[2].tables[0].n_columns, 1);
	assert_null(strstr(convention_supabase.tracking[2].up.row[0], "statements"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_files_in_the_order_of_their_names),
		cmocka_unit_test(skips_the_old_init_in_the_first_place_only),
		cmocka_unit_test(keeps_the_statements_as_an_array),
		cmocka_unit_test(sums_the_statements_and_not_the_file),
		cmocka_unit_test(two_files_of_one_number_are_a_problem),
		cmocka_unit_test(older_files_block_unless_all_are_included),
		cmocka_unit_test(a_row_without_file_blocks),
		cmocka_unit_test(fits_by_its_place),
		cmocka_unit_test(knows_the_three_ages_of_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
