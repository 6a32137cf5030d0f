#include "base/ban.h"
#include "migration/convention.h"
#include "migration/marker.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static void
does_not_take(const char *file, enum convention_as as, const char *reason)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_file *e;

	memory_put(&m, file, "SELECT 1;");
	memory_read(&m, &convention_sections);
	e = memory_file(&m, file);
	if (e->as != as || strcmp(e->reason, reason) != 0)
		fail_msg("%s is taken as %d: %s", file, (int)e->as, e->reason);
	assert_int_equal(m.found.n, 0);
}

static void
takes_a_date_and_time_with_a_name(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	memory_put(&m, "20240229235959_Add-user_photos.sql", "SELECT 1;");
	memory_read(&m, &convention_sections);
	assert_int_equal(memory_file(&m, "20240229235959_Add-user_photos.sql")->as, CONVENTION_BOTH);
	u = memory_get(&m, "20240229235959_Add-user_photos");
	assert_string_equal(u->version, "20240229235959");
	assert_string_equal(u->name, "Add-user_photos");
	assert_int_equal(u->up.mode, CONVENTION_AUTO);
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
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	memory_put(&m, "20240101000000_x.sql", text);
	memory_read(&m, &convention_sections);
	u = memory_get(&m, "20240101000000_x");
	assert_true(u->up.present);
	assert_int_equal(u->up.len, strlen(up));
	assert_string_equal(u->up.sql, up);
	assert_int_equal(u->up.first_line, up_line);
	assert_int_equal(u->down.present, down != NULL);
	if (down == NULL)
		return;
	assert_int_equal(u->down.len, strlen(down));
	assert_string_equal(u->down.sql, down);
	assert_int_equal(u->down.first_line, down_line);
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
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "20240101000000_trap.sql", trap);
	memory_put(&m, "20240102000000_above.sql", above);
	memory_read(&m, &convention_sections);
	assert_int_equal(m.found.n, 0);
	assert_int_equal(memory_file(&m, "20240101000000_trap.sql")->as, CONVENTION_REFUSED);
	assert_non_null(
	    strstr(memory_file(&m, "20240101000000_trap.sql")->reason, "without an Up Migration marker"));
	assert_int_equal(memory_file(&m, "20240102000000_above.sql")->as, CONVENTION_REFUSED);
	assert_non_null(
	    strstr(memory_file(&m, "20240102000000_above.sql")->reason, "above the first section marker"));
}

static void
says_when_two_have_one_date(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "20240101000000_b.sql", "B;");
	memory_put(&m, "20240101000000_a.sql", "A;");
	memory_put(&m, "20230101000000_c.sql", "C;");
	memory_read(&m, &convention_sections);
	assert_string_equal(memory_keys(&m), "20230101000000_c 20240101000000_a 20240101000000_b");
	assert_string_equal(memory_get(&m, "20230101000000_c")->problem, "");
	assert_string_equal(memory_get(&m, "20240101000000_a")->problem,
	    "20240101000000_a.sql: version 20240101000000 is also that of 20240101000000_b.sql: give one of "
	    "them "
	    "another");
	assert_non_null(strstr(memory_get(&m, "20240101000000_b")->problem, "20240101000000_a.sql"));
}

static void
fits_by_its_markers(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "001_x.sql", "-- Up Migration\n");
	assert_int_equal(memory_fit(&m, &convention_sections, NULL), 0);
	memory_put(&m, "20240101000000_x.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_sections, NULL), 1);
	memory_put(&m, "20240102000000_x.sql", "-- Up Migration\n");
	assert_int_equal(memory_fit(&m, &convention_sections, &why), 3);
	assert_string_equal(why, "2 files YYYYMMDDHHMMSS_name.sql, 1 of them with \"-- Up Migration\"");
}

static void
creates_a_file_that_it_reads(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "up_migration", .description = "Up Migration", .now = 0 };

	(void)state;
	convention_sections.create(&m.found, &m.arena, &c);
	assert_int_equal(c.n, 1);
	assert_string_equal(c.files[0].path, "19700101000000_up_migration.sql");
	memory_put(&m, c.files[0].path, c.files[0].text);
	memory_read(&m, &convention_sections);
	assert_string_equal(memory_get(&m, "19700101000000_up_migration")->up.sql, "\n-- Up Migration\n");
	assert_string_equal(
	    memory_get(&m, "19700101000000_up_migration")->down.sql, "\n\n-- Down Migration\n\n");
}

static void
takes_the_tools_lock(void **state)
{
	int64_t lock[CONVENTION_LOCKS] = { 0 };

	(void)state;
	assert_int_equal(convention_sections.locks(&(struct convention_lock_of){ "", "", "" }, lock), 1);
	assert_int_equal(lock[0], INT64_C(7241865325823964));
}

/* The search looks at each byte a fixed number of times. */
static void
long_runs_of_blank_lines_take_no_time(void **state)
{
	size_t len = (size_t)4 << 20;
	char *text = malloc(len);
	clock_t begin = clock();

	(void)state;
	assert_non_null(text);
	memset(text, '\n', len);
	assert_int_equal(marker_find(text, len, "down"), len);
	memset(text, '-', len / 2);
	assert_int_equal(marker_find(text, len, "down"), len);
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
		cmocka_unit_test(says_when_two_have_one_date),
		cmocka_unit_test(fits_by_its_markers),
		cmocka_unit_test(creates_a_file_that_it_reads),
		cmocka_unit_test(takes_the_tools_lock),
		cmocka_unit_test(long_runs_of_blank_lines_take_no_time),
	};

	return cmocka_run_group_tests_name("migration/convention_sections", tests, NULL, NULL);
}
