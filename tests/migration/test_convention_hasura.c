#include "base/ban.h"
#include "migration/convention.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static void
reads_folders_in_numeric_order(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1700000000000_b/up.sql", "SELECT 1;");
	memory_put(&m, "1700000000000_b/down.sql", "SELECT 1;");
	memory_put(&m, "0009_a/up.sql", "SELECT 1;");
	memory_put(&m, "default/1_x/up.sql", "SELECT 1;");
	memory_put(&m, "3_down_only/down.sql", "SELECT 1;");
	memory_put(&m, "4_none/notes.txt", "x");
	memory_read(&m, &convention_hasura);
	assert_string_equal(memory_keys(&m), "3 9 1700000000000");
	assert_true(memory_get(&m, "1700000000000")->down.present);
	assert_int_equal(memory_get(&m, "9")->up.mode, CONVENTION_IMPLICIT);
	assert_non_null(strstr(memory_file(&m, "default")->reason, "point the project at that one"));
	assert_string_equal(memory_get(&m, "3")->problem, "3_down_only: a way back without its up.sql");
	assert_int_equal(memory_file(&m, "4_none/notes.txt")->as, CONVENTION_REFUSED);
}

static void
runs_nothing_and_writes_nothing(void **state)
{
	MEMORY_FOLDER m = { 0 };
	size_t i;

	(void)state;
	memory_put(&m, "1_a/up.sql", "SELECT 1;");
	memory_read(&m, &convention_hasura);
	assert_non_null(strstr(m.found.problem, "\"hasura migrate apply\""));
	for (i = 0; i < convention_hasura.n_tracking; i++) {
		assert_null(convention_hasura.tracking[i].create);
		assert_null(convention_hasura.tracking[i].up.row);
		assert_null(convention_hasura.tracking[i].up.before);
		assert_null(convention_hasura.tracking[i].down.row);
	}
}

static void
fits_millisecond_names(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a/up.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_hasura, NULL), 1);
	memory_put(&m, "1_a/metadata.toml", "");
	assert_int_equal(memory_fit(&m, &convention_hasura, NULL), 0);
	memory_put(&m, "1700000000000_b/up.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_hasura, NULL), 3);
}

static void
creates_a_folder(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "", .now = INT64_C(1700000000000000) };

	(void)state;
	convention_hasura.create(&m.found, &m.arena, &c);
	assert_int_equal(c.n, 2);
	assert_string_equal(c.files[0].path, "1700000000000_add_x/up.sql");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_folders_in_numeric_order),
		cmocka_unit_test(runs_nothing_and_writes_nothing),
		cmocka_unit_test(fits_millisecond_names),
		cmocka_unit_test(creates_a_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
