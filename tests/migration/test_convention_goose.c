#include "base/ban.h"
#include "migration/convention.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

#define SQL "-- +goose Up\nA;\n-- +goose Down\nB;\n"

static void
goes_by_number_with_steps_in_go(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	memory_put(&m, "00010_c.sql", SQL);
	memory_put(&m, "2_b.go", "package x");
	memory_put(&m, "00001_a.sql", SQL);
	memory_put(&m, "3_b_test.go", "package x");
	memory_put(&m, "main.go", "package x");
	memory_put(&m, "sub/4_x.sql", SQL);
	memory_read(&m, &convention_goose);
	assert_string_equal(memory_keys(&m), "1 2 10");
	u = memory_get(&m, "2");
	assert_true(u->code && !u->up.present);
	assert_int_equal(memory_file(&m, "2_b.go")->as, CONVENTION_CODE);
	assert_int_equal(memory_file(&m, "3_b_test.go")->as, CONVENTION_IGNORED);
	assert_int_equal(memory_file(&m, "main.go")->as, CONVENTION_IGNORED);
	u = memory_get(&m, "1");
	assert_string_equal(u->version, "00001");
	assert_string_equal(u->name, "a");
	assert_true(u->up.present && u->down.present && !u->code);
	assert_string_equal(m.found.notes[0], "7 numbers are missing between 2_b.go and 00010_c.sql");
}

static void
refuses_names_without_a_number_from_one(void **state)
{
	static const char *const bad[] = { "x.sql", "0_x.sql", "1x.sql", "9223372036854775808_x.sql",
		"1-x.sql" };
	MEMORY_FOLDER m = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		memory_put(&m, bad[i], SQL);
	memory_read(&m, &convention_goose);
	assert_int_equal(m.found.n, 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(memory_file(&m, bad[i])->as, CONVENTION_REFUSED);
	assert_string_equal(m.found.problem, "");
}

static void
one_number_twice_stops_the_folder(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "01_a.sql", SQL);
	memory_put(&m, "1_b.go", "");
	memory_read(&m, &convention_goose);
	assert_string_equal(
	    m.found.problem, "goose refuses this folder: 01_a.sql and 1_b.go have the same number");
}

static void
a_file_without_down_is_said(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "-- +goose Up\nA;\n");
	memory_read(&m, &convention_goose);
	assert_true(memory_get(&m, "1")->down.present && memory_get(&m, "1")->down.may_be_empty);
	assert_string_equal(m.found.notes[0],
	    "1_a.sql has no +goose Down: goose takes it back by running nothing and deleting its row");
}

static void
older_ones_block_unless_allowed(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_read(&m, &convention_goose);
	assert_null(m.found.older);
	assert_int_equal(convention_goose.older, CONVENTION_OLDER_BLOCKS);
	memory_option(&m, "allow-missing", "true");
	memory_read(&m, &convention_goose);
	assert_int_equal(*m.found.older, CONVENTION_OLDER_RUNS);
}

static void
fits_by_its_annotations(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "1_a.sql", "A;\n");
	assert_int_equal(memory_fit(&m, &convention_goose, NULL), 0);
	memory_put(&m, "2_a.sql", SQL);
	assert_int_equal(memory_fit(&m, &convention_goose, &why), 3);
	assert_string_equal(why, "1 of 2 files NUMBER_name.sql hold -- +goose annotations");
}

static void
creates_what_it_reads(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "Add x", .now = 0 };
	struct convention_create bad = { .slug = "x", .description = "like +goose Up", .now = 0 };

	(void)state;
	memory_put(&m, "00007_a.sql", SQL);
	memory_read(&m, &convention_goose);
	convention_goose.create(&m.found, &m.arena, &c);
	assert_string_equal(c.files[0].path, "00008_add_x.sql");
	memory_put(&m, c.files[0].path, c.files[0].text);
	memory_read(&m, &convention_goose);
	assert_string_equal(memory_get(&m, "8")->up.problem, "");
	convention_goose.create(&m.found, &m.arena, &bad);
	assert_int_equal(bad.n, 0);
	assert_non_null(bad.refused);
}

static void
waits_for_programs_that_lock(void **state)
{
	const struct convention_lock_of of = { "app", "public", "goose_db_version" };
	int64_t lock[CONVENTION_LOCKS];

	(void)state;
	assert_int_equal(convention_goose.locks(&of, lock), 1);
	assert_true(lock[0] == INT64_C(4097083626));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_by_number_with_steps_in_go),
		cmocka_unit_test(refuses_names_without_a_number_from_one),
		cmocka_unit_test(one_number_twice_stops_the_folder),
		cmocka_unit_test(a_file_without_down_is_said),
		cmocka_unit_test(older_ones_block_unless_allowed),
		cmocka_unit_test(fits_by_its_annotations),
		cmocka_unit_test(creates_what_it_reads),
		cmocka_unit_test(waits_for_programs_that_lock),
	};

	return cmocka_run_group_tests_name("migration/convention_goose", tests, NULL, NULL);
}
