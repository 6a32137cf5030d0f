#include "base/ban.h"
#include "migration/version.h"
#include "migration/found.h"
#include "base/clock.h"

#include <setjmp.h>
#include <cmocka.h>

static struct convention_folder folder;

static void
put(struct gh_arena *a, struct convention_found *found, const char *version)
{
	struct convention_migration *m;

	folder.arena = a;
	m = found_add(&folder, found);
	m->version = version;
	m->file = gh_printf(a, "%s_x.sql", version);
}

static void
compares_digits_of_any_length(void **state)
{
	(void)state;
	assert_true(version_compare("9", "10") < 0);
	assert_true(version_compare("010", "9") > 0);
	assert_int_equal(version_compare("007", "7"), 0);
	assert_int_equal(version_compare("000", "0"), 0);
	assert_true(version_compare("99999999999999999999999", "100000000000000000000000") < 0);
}

static void
reads_numbers_up_to_a_maximum(void **state)
{
	uint64_t v = 0;

	(void)state;
	assert_true(version_number("18446744073709551615", UINT64_MAX, &v) && v == UINT64_MAX);
	assert_false(version_number("18446744073709551616", UINT64_MAX, &v));
	assert_true(version_number("0004294967295", UINT32_MAX, &v) && v == UINT32_MAX);
	assert_false(version_number("4294967296", UINT32_MAX, &v));
	assert_true(version_number("5", 5, &v));
	assert_false(version_number("6", 5, &v));
	assert_false(version_number("", 5, &v));
	assert_false(version_number("1x", 5, &v));
	assert_false(version_number("-1", 5, &v));
}

static void
notes_gaps_of_short_numbers_only(void **state)
{
	GH_ARENA a = { 0 };
	struct convention_found found = { .problem = "" };

	(void)state;
	put(&a, &found, "001");
	put(&a, &found, "003");
	put(&a, &found, "004");
	put(&a, &found, "010");
	put(&a, &found, "20240101000000");
	version_gaps(&a, &found);
	assert_int_equal(found.n_notes, 2);
	assert_string_equal(found.notes[0], "number 2 is missing between 001_x.sql and 003_x.sql");
	assert_string_equal(found.notes[1], "5 numbers are missing between 004_x.sql and 010_x.sql");
}

static void
gives_the_next_number(void **state)
{
	GH_ARENA a = { 0 };
	struct convention_found found = { .problem = "" };

	(void)state;
	assert_string_equal(version_next(&found, 3, &a), "001");
	put(&a, &found, "7");
	assert_string_equal(version_next(&found, 3, &a), "008");
	put(&a, &found, "0099");
	assert_string_equal(version_next(&found, 3, &a), "0100");
	put(&a, &found, "9999");
	assert_string_equal(version_next(&found, 3, &a), "10000");
	assert_false(version_dated(&found));
}

static void
gives_a_stamp_behind_all_others(void **state)
{
	GH_ARENA a = { 0 };
	struct convention_found found = { .problem = "" };

	(void)state;
	assert_string_equal(version_stamp(&found, 0, &a), "19700101000000");
	put(&a, &found, "19700101000000");
	assert_true(version_dated(&found));
	assert_string_equal(version_stamp(&found, 0, &a), "19700101000001");
	assert_string_equal(version_stamp(&found, GH_MINUTE, &a), "19700101000100");
	put(&a, &found, "20991231235959");
	assert_string_equal(version_stamp(&found, GH_MINUTE, &a), "20991231235960");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares_digits_of_any_length),
		cmocka_unit_test(reads_numbers_up_to_a_maximum),
		cmocka_unit_test(notes_gaps_of_short_numbers_only),
		cmocka_unit_test(gives_the_next_number),
		cmocka_unit_test(gives_a_stamp_behind_all_others),
	};

	return cmocka_run_group_tests_name("migration/version", tests, NULL, NULL);
}
