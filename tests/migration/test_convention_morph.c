#include "base/ban.h"
#include "migration/convention.h"
#include "tests/support/memory_folder.h"
#include <setjmp.h>
#include <cmocka.h>

static void
reads_one_row_a_migration(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	memory_put(&m, "000001_a.up.sql", "A");
	memory_put(&m, "000001_a.down.sql", "-A");
	memory_put(&m, "000002_b.up.sql", "B");
	memory_read(&m, &convention_morph);
	assert_string_equal(memory_keys(&m), "1 2");
	u = memory_get(&m, "1");
	assert_string_equal(u->name, "a");
	assert_true(u->up.mode == CONVENTION_WRAPPED && !u->up.row_outside);
	/* unlike golang-migrate, a half that is missing is missing */
	assert_false(memory_get(&m, "2")->down.present);
	assert_false(convention_morph.one_row);
}

static void
no_transaction_counts_as_the_first_bytes_only(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.up.sql", "-- morph:nontransactional\nA");
	memory_put(&m, "2_b.up.sql", "\n-- morph:nontransactional\nB");
	memory_put(&m, "3_c.up.sql", "--morph:nontransactional\nC");
	memory_read(&m, &convention_morph);
	assert_int_equal(memory_get(&m, "1")->up.mode, CONVENTION_IMPLICIT);
	assert_true(memory_get(&m, "1")->up.row_outside);
	assert_int_equal(memory_get(&m, "2")->up.mode, CONVENTION_WRAPPED);
	assert_int_equal(memory_get(&m, "3")->up.mode, CONVENTION_WRAPPED);
	assert_int_equal(m.found.n_notes, 2);
	assert_non_null(strstr(m.found.notes[0], "2_b.up.sql runs in a transaction"));
}

static void
versions_have_32_bits(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "4294967295_a.up.sql", "A");
	memory_put(&m, "4294967296_b.up.sql", "B");
	memory_read(&m, &convention_morph);
	assert_string_equal(memory_keys(&m), "4294967295");
	assert_string_equal(memory_file(&m, "4294967296_b.up.sql")->reason,
	    "the number is greater than 4294967295: the tool passes over the file");
}

static void
order_is_that_of_file_names(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "9_a.up.sql", "A");
	memory_put(&m, "10_b.up.sql", "B");
	memory_read(&m, &convention_morph);
	assert_string_equal(memory_keys(&m), "10 9");
}

static void
fits_by_its_own_line(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "1_a.up.sql", "A");
	assert_int_equal(memory_fit(&m, &convention_morph, NULL), 1);
	memory_put(&m, "2_b.up.sql", "-- morph:nontransactional\nB");
	assert_int_equal(memory_fit(&m, &convention_morph, &why), 3);
	assert_string_equal(why, "2_b.up.sql holds \"-- morph:nontransactional\"");
}

static void
creates_six_digits(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "Add x", .now = 0 };

	(void)state;
	convention_morph.create(&m.found, &m.arena, &c);
	assert_string_equal(c.files[0].path, "000001_add_x.up.sql");
	assert_string_equal(c.files[1].path, "000001_add_x.down.sql");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_one_row_a_migration),
		cmocka_unit_test(no_transaction_counts_as_the_first_bytes_only),
		cmocka_unit_test(versions_have_32_bits),
		cmocka_unit_test(order_is_that_of_file_names),
		cmocka_unit_test(fits_by_its_own_line),
		cmocka_unit_test(creates_six_digits),
	};

	return cmocka_run_group_tests_name("migration/convention_morph", tests, NULL, NULL);
}
