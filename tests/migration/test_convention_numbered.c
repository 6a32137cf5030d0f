#include "base/ban.h"
#include "migration/convention.h"
#include "migration/name.h"

#include <setjmp.h>
#include <cmocka.h>

static void
takes(const char *file, enum convention_as as, const char *version, const char *name, const char *key)
{
	GH_ARENA a = { 0 };
	struct convention_file f;

	convention_numbered.classify(file, &a, &f);
	if (f.as != as)
		fail_msg("%s is taken as %d: %s", file, (int)f.as, f.reason);
	assert_string_equal(f.version, version);
	assert_string_equal(f.name, name);
	assert_string_equal(f.key, key);
	assert_string_equal(f.reason, "");
}

static void
does_not_take(const char *file, enum convention_as as, const char *reason)
{
	GH_ARENA a = { 0 };
	struct convention_file f;

	convention_numbered.classify(file, &a, &f);
	if (f.as != as || strcmp(f.reason, reason) != 0)
		fail_msg("%s is taken as %d: %s", file, (int)f.as, f.reason);
	assert_string_equal(f.key, "");
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
a_file_is_one_side(void **state)
{
	struct convention_sides s;

	(void)state;
	convention_numbered.sides("SELECT 1;", 9, CONVENTION_UP, &s);
	assert_true(s.up.present && s.up.offset == 0 && s.up.len == 9 && s.up.first_line == 1);
	assert_false(s.down.present);
	convention_numbered.sides("SELECT 1;", 9, CONVENTION_DOWN, &s);
	assert_true(s.down.present);
	assert_false(s.up.present);
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
		cmocka_unit_test(a_file_is_one_side),
		cmocka_unit_test(shows_any_name_without_confusing_two),
	};

	return cmocka_run_group_tests_name("migration/convention_numbered", tests, NULL, NULL);
}
