#include "base/ban.h"
#include "migration/directory.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static void
lists_folders_with_their_sides(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct directory *list;

	(void)state;
	memory_put(&m, "1_a/up.sql", "SELECT 1;");
	memory_put(&m, "1_a/down.sql", "SELECT 1;");
	memory_put(&m, "1_a-b/up.sql", "SELECT 1;");
	memory_put(&m, "1_a/deep/up.sql", "SELECT 1;");
	memory_dir(&m, "2_empty");
	memory_dir(&m, ".git");
	memory_put(&m, "up.sql", "SELECT 1;");
	memory_odd(&m, "3_link", "a symbolic link");
	assert_int_equal(directory_list(&m.folder, &list), 4);
	assert_string_equal(list[0].name, ".git");
	assert_true(list[0].hidden);
	assert_string_equal(list[1].name, "1_a");
	assert_non_null(list[1].up);
	assert_non_null(list[1].down);
	assert_int_equal(list[1].files, 4);
	assert_string_equal(list[2].name, "1_a-b");
	assert_null(list[2].down);
	assert_int_equal(list[3].files, 0);
}

static void
takes_the_version_from_the_name(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(directory_version("2025-11-23-101500_add_x", &a), "20251123101500");
	assert_string_equal(directory_version("00000000000000_diesel_initial_setup", &a), "00000000000000");
	assert_string_equal(directory_version("plain-name", &a), "plainname");
	assert_string_equal(directory_version("_x", &a), "");
}

static void
refuses_all_that_a_folder_holds(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct directory *list;

	(void)state;
	memory_put(&m, "a/x.sql", "");
	memory_put(&m, "a-b/x.sql", "");
	assert_int_equal(directory_list(&m.folder, &list), 2);
	directory_refuse(&m.folder, &list[0], "no");
	assert_string_equal(memory_file(&m, "a")->reason, "no");
	assert_string_equal(memory_file(&m, "a/x.sql")->reason, "no");
	assert_string_equal(memory_file(&m, "a-b/x.sql")->reason, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_folders_with_their_sides),
		cmocka_unit_test(takes_the_version_from_the_name),
		cmocka_unit_test(refuses_all_that_a_folder_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
