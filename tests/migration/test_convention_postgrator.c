#include "base/ban.h"
#include "migration/convention.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static void
pairs_do_and_undo(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	memory_put(&m, "010.do.sql", "C");
	memory_put(&m, "009.undo.b.sql", "-B");
	memory_put(&m, "9.do.b.more.sql", "select 1;\n");
	memory_put(&m, "1.dox.a.sql", "A");
	memory_put(&m, "x.do.a.sql", "A");
	memory_read(&m, &convention_postgrator);
	assert_string_equal(memory_keys(&m), "9 10");
	u = memory_get(&m, "9");
	assert_string_equal(u->name, "b");
	assert_string_equal(u->up.sql, "select 1;\n");
	assert_string_equal(u->down.sql, "-B");
	assert_true(u->up.mode == CONVENTION_IMPLICIT && u->up.row_outside && u->up.may_be_empty);
	assert_string_equal(memory_get(&m, "10")->name, "");
	assert_false(memory_get(&m, "10")->down.present);
	assert_int_equal(memory_file(&m, "1.dox.a.sql")->as, CONVENTION_REFUSED);
	assert_int_equal(memory_file(&m, "x.do.a.sql")->as, CONVENTION_IGNORED);
}

static void
sums_the_bytes_or_one_kind_of_line_end(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1.do.a.sql", "select 1;\n");
	memory_put(&m, "2.do.b.sql", "select 1;\r\n");
	memory_put(&m, "3.undo.c.sql", "select 1;\n");
	memory_read(&m, &convention_postgrator);
	assert_string_equal(memory_get(&m, "1")->checksum, "0642f7fde5adc5e6e9464d9434c1887b");
	assert_string_not_equal(memory_get(&m, "2")->checksum, memory_get(&m, "1")->checksum);
	assert_string_equal(memory_get(&m, "3")->checksum, "");
	memory_option(&m, "newline", "LF");
	memory_read(&m, &convention_postgrator);
	assert_string_equal(memory_get(&m, "2")->checksum, memory_get(&m, "1")->checksum);
}

static void
a_row_without_sum_is_not_compared(void **state)
{
	const struct convention_migration m = { .checksum = "aa" }, code = { .checksum = "" };

	(void)state;
	assert_int_equal(convention_postgrator.same(&m, "aa"), CONVENTION_SAME);
	assert_int_equal(convention_postgrator.same(&m, "bb"), CONVENTION_CHANGED);
	assert_int_equal(convention_postgrator.same(&m, ""), CONVENTION_SAME);
	assert_int_equal(convention_postgrator.same(&code, "bb"), CONVENTION_SAME);
}

static void
one_version_twice_stops_the_folder(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1.do.a.sql", "A");
	memory_put(&m, "001.do.b.sql", "B");
	memory_read(&m, &convention_postgrator);
	assert_string_equal(m.found.problem,
	    "postgrator refuses this folder: 1.do.a.sql: version 1 is also that of 001.do.b.sql: give one of "
	    "them "
	    "another");
}

static void
programs_are_steps_in_their_place(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1.do.a.sql", "A");
	memory_put(&m, "2.do.b.js", "x");
	memory_put(&m, "2.undo.b.js", "x");
	memory_put(&m, "3.do.c.sql", "C");
	memory_put(&m, "tool.js", "x");
	memory_read(&m, &convention_postgrator);
	assert_string_equal(memory_keys(&m), "1 2 3");
	assert_true(memory_get(&m, "2")->code);
	assert_int_equal(memory_file(&m, "2.undo.b.js")->as, CONVENTION_CODE);
	assert_int_equal(memory_file(&m, "tool.js")->as, CONVENTION_IGNORED);
}

static void
numbers_are_those_of_javascript(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "0.do.a.sql", "A");
	memory_put(&m, "9007199254740992.do.b.sql", "B");
	memory_put(&m, "9007199254740991.do.c.sql", "C");
	memory_read(&m, &convention_postgrator);
	assert_string_equal(memory_keys(&m), "9007199254740991");
	assert_int_equal(memory_file(&m, "0.do.a.sql")->as, CONVENTION_REFUSED);
	assert_int_equal(memory_file(&m, "9007199254740992.do.b.sql")->as, CONVENTION_REFUSED);
}

static void
fits_by_its_names(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "1_a.sql", "");
	assert_int_equal(memory_fit(&m, &convention_postgrator, NULL), 0);
	memory_put(&m, "1.do.a.sql", "");
	assert_int_equal(memory_fit(&m, &convention_postgrator, &why), 3);
	assert_string_equal(why, "1 files NUMBER.do.name.sql and 0 NUMBER.undo.name.sql");
}

static void
creates_a_pair(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "Add x", .now = 0 };

	(void)state;
	memory_put(&m, "0041.do.a.sql", "A");
	memory_read(&m, &convention_postgrator);
	convention_postgrator.create(&m.found, &m.arena, &c);
	assert_int_equal(c.n, 2);
	assert_string_equal(c.files[0].path, "0042.do.add_x.sql");
	assert_string_equal(c.files[1].path, "0042.undo.add_x.sql");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_do_and_undo),
		cmocka_unit_test(sums_the_bytes_or_one_kind_of_line_end),
		cmocka_unit_test(a_row_without_sum_is_not_compared),
		cmocka_unit_test(one_version_twice_stops_the_folder),
		cmocka_unit_test(programs_are_steps_in_their_place),
		cmocka_unit_test(numbers_are_those_of_javascript),
		cmocka_unit_test(fits_by_its_names),
		cmocka_unit_test(creates_a_pair),
	};

	return cmocka_run_group_tests_name("migration/convention_postgrator", tests, NULL, NULL);
}
