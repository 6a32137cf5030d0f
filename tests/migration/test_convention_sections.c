#include "base/ban.h"
#include "migration/convention.h"

#include <setjmp.h>
#include <cmocka.h>

static void
does_not_take(const char *file, enum convention_as as, const char *reason)
{
	GH_ARENA a = { 0 };
	struct convention_file f;

	convention_sections.classify(file, &a, &f);
	if (f.as != as || strcmp(f.reason, reason) != 0)
		fail_msg("%s is taken as %d: %s", file, (int)f.as, f.reason);
}

static void
takes_a_date_and_time_with_a_name(void **state)
{
	GH_ARENA a = { 0 };
	struct convention_file f;

	(void)state;
	convention_sections.classify("20240229235959_Add-user_photos.sql", &a, &f);
	assert_int_equal(f.as, CONVENTION_BOTH);
	assert_string_equal(f.version, "20240229235959");
	assert_string_equal(f.name, "Add-user_photos");
	assert_string_equal(f.key, "20240229235959_Add-user_photos");
}

static void
refuses_other_names(void **state)
{
	(void)state;
	does_not_take("add_photos.sql", CONVENTION_REFUSED,
	    "the date and time are missing: name it YYYYMMDDHHMMSS_add_photos.sql");
	does_not_take(
	    "006_add_photos.sql", CONVENTION_REFUSED, "3 digits where 14 belong: YYYYMMDDHHMMSS_name.sql");
	does_not_take("20230229000000_x.sql", CONVENTION_REFUSED,
	    "20230229000000 is not a date and time (YYYYMMDDHHMMSS)");
	does_not_take("20231301000000_x.sql", CONVENTION_REFUSED,
	    "20231301000000 is not a date and time (YYYYMMDDHHMMSS)");
	does_not_take("20231201246000_x.sql", CONVENTION_REFUSED,
	    "20231201246000 is not a date and time (YYYYMMDDHHMMSS)");
	does_not_take("20231201000000-x.sql", CONVENTION_REFUSED,
	    "an underscore is missing after the number: name it 20231201000000_x.sql");
	does_not_take(
	    "20231201000000_.sql", CONVENTION_REFUSED, "the name is missing: YYYYMMDDHHMMSS_name.sql");
	does_not_take("20231201000000_a b.sql", CONVENTION_REFUSED,
	    "only letters, digits, underscores and dashes in the name");
	does_not_take("notes.txt", CONVENTION_IGNORED, "not an .sql file");
}

static void
split(const char *text, const char *up, int64_t up_line, const char *down, int64_t down_line)
{
	struct convention_sides s;

	convention_sections.sides(text, strlen(text), CONVENTION_BOTH, &s);
	assert_null(s.problem);
	assert_true(s.up.present);
	assert_int_equal(s.up.len, strlen(up));
	assert_memory_equal(text + s.up.offset, up, s.up.len);
	assert_int_equal(s.up.first_line, up_line);
	assert_int_equal(s.down.present, down != NULL);
	if (down == NULL)
		return;
	assert_int_equal(s.down.len, strlen(down));
	assert_memory_equal(text + s.down.offset, down, s.down.len);
	assert_int_equal(s.down.first_line, down_line);
}

static void
splits_as_the_tool_does(void **state)
{
	(void)state;
	split("-- Up Migration\nA;\n-- Down Migration\nB;\n", "-- Up Migration\nA;\n", 1,
	    "-- Down Migration\nB;\n", 3);
	/* a header above, another case, no blank, dashes; the blank line before a marker goes with it */
	split("-- Author: x\n\n  --UP   migration of x\nA;\n\n---- - down migration\nB;",
	    "\n  --UP   migration of x\nA;\n", 2, "\n---- - down migration\nB;", 5);
	/* a ruler and the marker on the next line are one marker to it */
	split("-- ----\n-- Up Migration\nA;\n-- ----\n-- Down Migration\nB;",
	    "-- ----\n-- Up Migration\nA;\n", 1, "-- ----\n-- Down Migration\nB;", 4);
	split("-- Up Migration\r\nA;\r\n-- Down Migration\r\nB;\r\n", "-- Up Migration\r\nA;\r\n", 1,
	    "-- Down Migration\r\nB;\r\n", 3);
	/* the other way round */
	split("-- Down Migration\nB;\n-- Up Migration\nA;\n", "-- Up Migration\nA;\n", 3,
	    "-- Down Migration\nB;\n", 1);
	split("-- Up Migration\nA;\n", "-- Up Migration\nA;\n", 1, NULL, 0);
	split("A;\n", "A;\n", 1, NULL, 0);
	split("", "", 1, NULL, 0);
	/* not markers: no blank, not at the beginning of a line, not the word */
	split("A; -- Up Migration\n-- UpMigration\n-- startup migration\n",
	    "A; -- Up Migration\n-- UpMigration\n-- startup migration\n", 1, NULL, 0);
}

static void
refuses_what_nobody_meant(void **state)
{
	static const char trap[] = "CREATE TABLE a();\n-- Down Migration\nDROP TABLE a;\n";
	static const char above[] = "/* x */ CREATE TABLE a();\n-- Up Migration\nSELECT 1;\n";
	struct convention_sides s;

	(void)state;
	convention_sections.sides(trap, strlen(trap), CONVENTION_BOTH, &s);
	assert_non_null(s.problem);
	assert_non_null(strstr(s.problem, "without an Up Migration marker"));
	assert_false(s.up.present || s.down.present);
	convention_sections.sides(above, strlen(above), CONVENTION_BOTH, &s);
	assert_non_null(s.problem);
	assert_non_null(strstr(s.problem, "above the first section marker"));
}

/* The search looks at each byte a fixed number of times. */
static void
long_runs_of_blank_lines_take_no_time(void **state)
{
	size_t len = (size_t)4 << 20;
	struct convention_sides s;
	char *text = malloc(len);
	clock_t begin = clock();

	(void)state;
	assert_non_null(text);
	memset(text, '\n', len);
	convention_sections.sides(text, len, CONVENTION_BOTH, &s);
	assert_false(s.down.present);
	memset(text, '-', len / 2);
	convention_sections.sides(text, len, CONVENTION_BOTH, &s);
	assert_false(s.down.present);
	assert_true(clock() - begin < 5 * CLOCKS_PER_SEC);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_date_and_time_with_a_name),
		cmocka_unit_test(refuses_other_names),
		cmocka_unit_test(splits_as_the_tool_does),
		cmocka_unit_test(refuses_what_nobody_meant),
		cmocka_unit_test(long_runs_of_blank_lines_take_no_time),
	};

	return cmocka_run_group_tests_name("migration/convention_sections", tests, NULL, NULL);
}
