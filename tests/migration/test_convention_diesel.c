#include "base/ban.h"
#include "migration/convention.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static void
reads_folders_in_the_order_of_text(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *x;

	(void)state;
	memory_put(&m, "00000000000000_diesel_initial_setup/up.sql", "SELECT 0;");
	memory_put(&m, "2025-11-23-101500_add_user_photos/up.sql", "SELECT 1;");
	memory_put(&m, "2025-11-23-101500_add_user_photos/down.sql", "SELECT -1;");
	memory_put(&m, "9_nine/up.sql", "SELECT 9;");
	memory_put(&m, "10_ten/up.sql", "SELECT 10;");
	memory_read(&m, &convention_diesel);
	assert_string_equal(memory_keys(&m), "00000000000000 10 20251123101500 9");
	x = memory_get(&m, "20251123101500");
	assert_string_equal(x->name, "add_user_photos");
	assert_string_equal(x->file, "2025-11-23-101500_add_user_photos/up.sql");
	assert_int_equal(x->up.mode, CONVENTION_WRAPPED);
	assert_true(x->down.present);
	assert_false(memory_get(&m, "9")->down.present);
	assert_int_equal(memory_file(&m, "9_nine/up.sql")->as, CONVENTION_UP);
}

static enum convention_mode
mode_with(const char *metadata, bool *ret_outside)
{
	MEMORY_FOLDER m = { 0 };

	memory_put(&m, "1_a/up.sql", "SELECT 1;");
	memory_put(&m, "1_a/metadata.toml", metadata);
	memory_read(&m, &convention_diesel);
	assert_int_equal(memory_file(&m, "1_a/metadata.toml")->as, CONVENTION_INDEX);
	*ret_outside = memory_get(&m, "1")->up.row_outside;
	return memory_get(&m, "1")->up.mode;
}

static void
metadata_decides_on_the_transaction(void **state)
{
	static const struct {
		const char *text;
		bool wrapped;
	} cases[] = {
		{ "run_in_transaction = true\n", true },
		{ "run_in_transaction = false\n", false },
		{ "run_in_transaction=false # CONCURRENTLY\r\n", false },
		{ "\"run_in_transaction\" = true", true },
		{ "", false }, /* present without the key */
		{ "# nothing\n", false },
		{ "other = 1\n", false },
		{ "[a]\nrun_in_transaction = true\n", false }, /* not of the top */
		{ "run_in_transaction = maybe\n", true },      /* cannot be parsed */
		{ "run_in_transaction true\n", true },
		{ "\"run_in_transaction = false\n", true },
		{ "= false\n", true },
		{ "run_in_transaction = falsely\n", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool outside;
		enum convention_mode mode = mode_with(cases[i].text, &outside);

		if (mode != (cases[i].wrapped ? CONVENTION_WRAPPED : CONVENTION_IMPLICIT) ||
		    outside == cases[i].wrapped)
			fail_msg("%s: mode %d", cases[i].text, (int)mode);
	}
}

static void
says_when_metadata_surprises(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a/up.sql", "SELECT 1;");
	memory_put(&m, "1_a/metadata.toml", "");
	memory_put(&m, "2_b/up.sql", "SELECT 1;");
	memory_put(&m, "2_b/metadata.toml", "?");
	memory_read(&m, &convention_diesel);
	assert_int_equal(m.found.n_notes, 2);
	assert_non_null(strstr(m.found.notes[0], "does not say run_in_transaction"));
	assert_non_null(strstr(m.found.notes[1], "cannot be parsed"));
}

static void
stops_at_a_folder_without_up(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a/up.sql", "SELECT 1;");
	memory_put(&m, "2_b/down.sql", "SELECT 1;");
	memory_dir(&m, "3_empty");
	memory_dir(&m, ".hidden");
	memory_read(&m, &convention_diesel);
	assert_string_equal(memory_keys(&m), "1");
	assert_string_equal(m.found.problem, "2_b: a folder without up.sql: diesel stops at it");
	assert_int_equal(memory_file(&m, "2_b/down.sql")->as, CONVENTION_REFUSED);
	assert_int_equal(memory_file(&m, "3_empty")->as, CONVENTION_IGNORED);
}

static void
an_empty_file_is_an_error_and_a_comment_is_not(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a/up.sql", "SELECT 1;");
	memory_put(&m, "1_a/down.sql", "");
	memory_put(&m, "2_b/up.sql", "");
	memory_put(&m, "3_c/up.sql", "-- nothing to do\n");
	memory_read(&m, &convention_diesel);
	assert_string_equal(
	    memory_get(&m, "1")->down.problem, "1_a/down.sql:1:1: an empty file: diesel refuses to run it");
	assert_string_equal(memory_get(&m, "1")->up.problem, "");
	assert_string_equal(
	    memory_get(&m, "2")->up.problem, "2_b/up.sql:1:1: an empty file: diesel refuses to run it");
	assert_string_equal(memory_get(&m, "3")->up.problem, "");
	assert_true(memory_get(&m, "3")->up.may_be_empty);
}

static void
two_folders_of_one_version_are_a_problem(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "2025-11-23-101500_a/up.sql", "SELECT 1;");
	memory_put(&m, "20251123101500_b/up.sql", "SELECT 1;");
	memory_read(&m, &convention_diesel);
	assert_int_equal(m.found.n, 2);
	assert_non_null(strstr(m.found.migrations[0].problem, "20251123101500 is also that of"));
}

static void
fits_folders_with_up(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	assert_int_equal(memory_fit(&m, &convention_diesel, &why), 0);
	memory_put(&m, "1_a/up.sql", "SELECT 1;");
	memory_put(&m, "1_a/down.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_diesel, &why), 2);
	assert_string_equal(why, "1 folders with up.sql, 1 of them with down.sql");
	memory_put(&m, "00000000000000_diesel_initial_setup/up.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_diesel, &why), 3);
}

static void
creates_a_folder(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "Add x", .now = 0 };

	(void)state;
	memory_read(&m, &convention_diesel);
	convention_diesel.create(&m.found, &m.arena, &c);
	assert_int_equal(c.n, 2);
	assert_string_equal(c.files[0].path, "1970-01-01-000000_add_x/up.sql");
	assert_string_equal(c.files[1].path, "1970-01-01-000000_add_x/down.sql");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_folders_in_the_order_of_text),
		cmocka_unit_test(metadata_decides_on_the_transaction),
		cmocka_unit_test(says_when_metadata_surprises),
		cmocka_unit_test(stops_at_a_folder_without_up),
		cmocka_unit_test(an_empty_file_is_an_error_and_a_comment_is_not),
		cmocka_unit_test(two_folders_of_one_version_are_a_problem),
		cmocka_unit_test(fits_folders_with_up),
		cmocka_unit_test(creates_a_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
