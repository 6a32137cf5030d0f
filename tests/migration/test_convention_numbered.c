#include "base/ban.h"
#include "migration/convention.h"
#include "migration/name.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

/* An up is given as the migration's only file, a down together with its up. */
static void
takes(const char *file, enum convention_as as, const char *version, const char *name, const char *key)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_file *e;

	memory_put(&m, file, "SELECT 1;");
	if (as == CONVENTION_DOWN)
		memory_put(&m, gh_printf(&m.arena, "%s.sql", key), "SELECT 2;");
	memory_read(&m, &convention_numbered);
	e = memory_file(&m, file);
	if (e->as != as)
		fail_msg("%s is taken as %d: %s", file, (int)e->as, e->reason);
	assert_string_equal(e->reason, "");
	assert_string_equal(e->key, key);
	assert_int_equal(m.found.n, 1);
	assert_string_equal(m.found.migrations[0].key, key);
	assert_string_equal(m.found.migrations[0].version, version);
	assert_string_equal(m.found.migrations[0].name, name);
	assert_string_equal(m.found.migrations[0].problem, "");
}

static void
does_not_take(const char *file, enum convention_as as, const char *reason)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_file *e;

	memory_put(&m, file, "SELECT 1;");
	memory_read(&m, &convention_numbered);
	e = memory_file(&m, file);
	if (e->as != as || strcmp(e->reason, reason) != 0)
		fail_msg("%s is taken as %d: %s", file, (int)e->as, e->reason);
	assert_string_equal(e->key, "");
	assert_int_equal(m.found.n, 0);
}

static void
takes_good_names(void **state)
{
	(void)state;
	takes("006_add_user_photos.sql", CONVENTION_UP, "006", "add_user_photos", "006_add_user_photos");
	takes(
	    "006_add_user_photos_down.sql", CONVENTION_DOWN, "006", "add_user_photos", "006_add_user_photos");
	takes("0012_x.sql", CONVENTION_UP, "0012", "x", "0012_x");
	takes("20251123101500_x2.sql", CONVENTION_UP, "20251123101500", "x2", "20251123101500_x2");
	takes("001_down_payments.sql", CONVENTION_UP, "001", "down_payments", "001_down_payments");
}

static void
refuses_the_guides_bad_names(void **state)
{
	(void)state;
	does_not_take("add_photos.sql", CONVENTION_REFUSED,
	    "the number is missing: name it NNN_add_photos.sql, with the next free number for NNN");
	does_not_take("6_photos.sql", CONVENTION_REFUSED,
	    "the number is not padded to three digits: name it 006_photos.sql");
	does_not_take("006-add-photos.sql", CONVENTION_REFUSED,
	    "use an underscore, not a dash: name it 006_add_photos.sql");
}

static void
refuses_other_bad_names(void **state)
{
	(void)state;
	does_not_take("42.sql", CONVENTION_REFUSED,
	    "the name is missing: three or more digits, an underscore, a lower-case name, .sql");
	does_not_take("006_.sql", CONVENTION_REFUSED,
	    "the name is missing: three or more digits, an underscore, a lower-case name, .sql");
	does_not_take("006_Add Photos.sql", CONVENTION_REFUSED,
	    "only lower-case letters, digits and underscores: name it 006_add_photos.sql");
	does_not_take("006photos.sql", CONVENTION_REFUSED,
	    "an underscore is missing after the number: name it 006_photos.sql");
	does_not_take("006_caf\xc3\xa9.sql", CONVENTION_REFUSED,
	    "only lower-case letters, digits and underscores: name it 006_caf.sql");
	does_not_take("006_x.SQL", CONVENTION_REFUSED, "write .sql in lower case");
	does_not_take("006_down.sql", CONVENTION_REFUSED,
	    "the name is missing: a way back is named as its up, ending in _down.sql");
	does_not_take("1234567890123456789_x.sql", CONVENTION_REFUSED, "the number has more than 18 digits");
	does_not_take("006_a\nb.sql", CONVENTION_REFUSED, "the name holds a control character");
	does_not_take("006_\xff.sql", CONVENTION_REFUSED, "the name is not UTF-8");
}

static void
never_takes_another_tools_down_for_an_up(void **state)
{
	(void)state;
	does_not_take("006_x.down.sql", CONVENTION_REFUSED,
	    "looks like a way back (\".down\"): those are named as their up, ending in _down.sql");
	does_not_take("006_x_rollback.sql", CONVENTION_REFUSED,
	    "looks like a way back (\"_rollback\"): those are named as their up, ending in _down.sql");
}

static void
refuses_a_name_that_the_tracking_table_cannot_hold(void **state)
{
	char name[400];

	(void)state;
	(void)snprintf(name, sizeof(name), "006_%0*d.sql", 300, 1);
	does_not_take(name, CONVENTION_REFUSED, "the name is longer than 200 bytes");
}

static void
ignores_what_is_no_migration(void **state)
{
	(void)state;
	does_not_take("README.md", CONVENTION_IGNORED, "not an .sql file");
	does_not_take("006_x.sql~", CONVENTION_IGNORED, "not an .sql file");
	does_not_take(".006_x.sql.swp", CONVENTION_IGNORED, "hidden: the name begins with a dot");
	does_not_take("Makefile", CONVENTION_IGNORED, "not an .sql file");
}

static void
pairs_files_and_puts_them_in_order(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	memory_put(&m, "010_c.sql", "C;");
	memory_put(&m, "009_b_down.sql", "-B;");
	memory_put(&m, "009_b.sql", "B;");
	memory_put(&m, "0002_a.sql", "A;");
	memory_put(&m, "old/001_x.sql", "X;");
	memory_read(&m, &convention_numbered);
	assert_string_equal(memory_keys(&m), "0002_a 009_b 010_c");
	u = memory_get(&m, "009_b");
	assert_true(u->up.present && u->down.present && u->up.mode == CONVENTION_AUTO && !u->up.row_outside);
	assert_string_equal(u->up.sql, "B;");
	assert_string_equal(u->down.sql, "-B;");
	assert_string_equal(u->down.file, "009_b_down.sql");
	assert_false(memory_get(&m, "010_c")->down.present);
	assert_string_equal(memory_file(&m, "old/001_x.sql")->reason,
	    "in a folder: only files of the migrations' own folder are read");
	assert_int_equal(m.found.n_notes, 1);
	assert_string_equal(m.found.notes[0], "6 numbers are missing between 0002_a.sql and 009_b.sql");
}

static void
refuses_a_way_back_without_its_up(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "001_a.sql", "A;");
	memory_put(&m, "001_b_down.sql", "-B;");
	memory_odd(&m, "002_c.sql", "a symbolic link");
	memory_put(&m, "002_c_down.sql", "-C;");
	memory_read(&m, &convention_numbered);
	assert_string_equal(memory_keys(&m), "001_a");
	assert_int_equal(memory_file(&m, "001_b_down.sql")->as, CONVENTION_REFUSED);
	assert_string_equal(memory_file(&m, "001_b_down.sql")->reason,
	    "a way back without its up: 001_b.sql is missing or refused");
	assert_int_equal(memory_file(&m, "002_c.sql")->as, CONVENTION_REFUSED);
	assert_int_equal(memory_file(&m, "002_c_down.sql")->as, CONVENTION_REFUSED);
}

static void
says_when_two_have_one_number(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "006_a.sql", "A;");
	memory_put(&m, "0006_b.sql", "B;");
	memory_put(&m, "007_c.sql", "C;");
	memory_read(&m, &convention_numbered);
	assert_string_equal(memory_get(&m, "006_a")->problem,
	    "006_a.sql: version 006 is also that of 0006_b.sql: give one of them another");
	assert_string_equal(memory_get(&m, "0006_b")->problem,
	    "0006_b.sql: version 0006 is also that of 006_a.sql: give one of them another");
	assert_string_equal(memory_get(&m, "007_c")->problem, "");
}

static void
a_byte_order_mark_stops_its_side_only(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "001_a.sql", "A;");
	memory_put(&m, "001_a_down.sql", "\xef\xbb\xbf-A;");
	memory_read(&m, &convention_numbered);
	assert_string_equal(memory_get(&m, "001_a")->up.problem, "");
	assert_string_equal(memory_get(&m, "001_a")->down.problem,
	    "001_a_down.sql:1:1: begins with a byte order mark (BOM): save it as UTF-8 without one");
}

static void
fits_plain_numbers(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "README.md", "");
	assert_int_equal(memory_fit(&m, &convention_numbered, NULL), 0);
	memory_put(&m, "20250101000000_x.sql", "");
	assert_int_equal(memory_fit(&m, &convention_numbered, NULL), 1);
	memory_put(&m, "20250101000000_x_down.sql", "");
	assert_int_equal(memory_fit(&m, &convention_numbered, &why), 2);
	assert_string_equal(why, "1 files NNN_name.sql, 1 of them with a _down.sql");
}

static void
creates_a_pair_with_the_next_number(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "Add x", .now = 0 };

	(void)state;
	memory_put(&m, "0041_a.sql", "A;");
	memory_read(&m, &convention_numbered);
	convention_numbered.create(&m.found, &m.arena, &c);
	assert_int_equal(c.n, 2);
	assert_string_equal(c.files[0].path, "0042_add_x.sql");
	assert_string_equal(c.files[0].text,
	    "-- Migration: 0042_add_x\n-- Description: Add x\n-- Author:\n-- Date: 1970-01-01\n\n");
	assert_string_equal(c.files[1].path, "0042_add_x_down.sql");
	assert_non_null(strstr(c.files[1].text, "-- Migration: 0042_add_x (down)\n"));
}

static void
shows_any_name_without_confusing_two(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(name_printable("caf\xc3\xa9.sql", &a), "caf\xc3\xa9.sql");
	assert_string_equal(name_printable("a\nb", &a), "a\\x0ab");
	assert_string_equal(name_printable("a\\x0ab", &a), "a\\x5cx0ab");
	assert_string_equal(name_printable("\xc3\xa9\xff", &a), "\\xc3\\xa9\\xff");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_good_names),
		cmocka_unit_test(refuses_the_guides_bad_names),
		cmocka_unit_test(refuses_other_bad_names),
		cmocka_unit_test(never_takes_another_tools_down_for_an_up),
		cmocka_unit_test(refuses_a_name_that_the_tracking_table_cannot_hold),
		cmocka_unit_test(ignores_what_is_no_migration),
		cmocka_unit_test(pairs_files_and_puts_them_in_order),
		cmocka_unit_test(refuses_a_way_back_without_its_up),
		cmocka_unit_test(says_when_two_have_one_number),
		cmocka_unit_test(a_byte_order_mark_stops_its_side_only),
		cmocka_unit_test(fits_plain_numbers),
		cmocka_unit_test(creates_a_pair_with_the_next_number),
		cmocka_unit_test(shows_any_name_without_confusing_two),
	};

	return cmocka_run_group_tests_name("migration/convention_numbered", tests, NULL, NULL);
}
