#include "base/ban.h"
#include "migration/header.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

static void
reads_the_guides_header(void **state)
{
	static const char text[] = "-- Migration: 006_add_user_photos\r\n"
				   "-- Description: Add user_photos table\r\n"
				   "--AUTHOR :  Your Name \r\n"
				   "\r\n"
				   "   -- Date: 2025-11-23\r\n"
				   "BEGIN;\r\n"
				   "-- Author: not the header any more\r\n";
	GH_ARENA a = { 0 };
	struct header h;

	(void)state;
	header_read(text, strlen(text), &a, &h);
	assert_string_equal(h.migration, "006_add_user_photos");
	assert_string_equal(h.description, "Add user_photos table");
	assert_string_equal(h.author, "Your Name");
	assert_string_equal(h.date, "2025-11-23");
}

static void
is_empty_without_one(void **state)
{
	static const char *const texts[] = { "", "\n\n", "SELECT 1;\n-- Author: x\n",
		"-- Migration Rollback: x", "--", "-- Author", "/* Author: x */" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		GH_ARENA a = { 0 };
		struct header h;

		header_read(texts[i], strlen(texts[i]), &a, &h);
		assert_string_equal(h.migration, "");
		assert_string_equal(h.description, "");
		assert_string_equal(h.author, "");
		assert_string_equal(h.date, "");
	}
}

static void
takes_the_first_of_two(void **state)
{
	GH_ARENA a = { 0 };
	struct header h;

	(void)state;
	header_read("-- Author: one\n-- Author: two\n", 30, &a, &h);
	assert_string_equal(h.author, "one");
}

static void
cuts_a_long_value_between_characters(void **state)
{
	GH_TEXT t = { 0 };
	GH_ARENA a = { 0 };
	struct header h;
	int i;

	(void)state;
	gh_text_put(&t, "-- Author: x");
	for (i = 0; i < 1000; i++)
		gh_text_put(&t, "\xc3\xa9");
	header_read(t.data, t.len, &a, &h);
	assert_int_equal(strlen(h.author), HEADER_TEXT_MAX - 1);
	assert_true(gh_utf8_valid(h.author, strlen(h.author), NULL));
}

static void
stops_after_a_hundred_lines(void **state)
{
	GH_TEXT t = { 0 };
	GH_ARENA a = { 0 };
	struct header h;
	int i;

	(void)state;
	for (i = 0; i < HEADER_LINES_MAX; i++)
		gh_text_put(&t, "--\n");
	gh_text_put(&t, "-- Author: x\n");
	header_read(t.data, t.len, &a, &h);
	assert_string_equal(h.author, "");
	header_read(t.data + 3, t.len - 3, &a, &h);
	assert_string_equal(h.author, "x");
}

static void
keeps_control_characters_out(void **state)
{
	GH_ARENA a = { 0 };
	struct header h;

	(void)state;
	header_read("-- Author: a\x1b[31mb", 18, &a, &h);
	assert_string_equal(h.author, "a [31mb");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_guides_header),
		cmocka_unit_test(is_empty_without_one),
		cmocka_unit_test(takes_the_first_of_two),
		cmocka_unit_test(cuts_a_long_value_between_characters),
		cmocka_unit_test(stops_after_a_hundred_lines),
		cmocka_unit_test(keeps_control_characters_out),
	};

	return cmocka_run_group_tests_name("migration/header", tests, NULL, NULL);
}
