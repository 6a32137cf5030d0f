#include "base/ban.h"
#include "migration/convention.h"
#include "migration/status.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

#define SEPARATOR "---- create above / drop below ----"

static const struct convention_migration *
one(struct memory_folder *m, const char *text)
{
	memory_put(m, "001_x.sql", text);
	memory_read(m, &convention_tern);
	return memory_get(m, "1");
}

static void
splits_at_the_separator(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	u = one(&m, "A;\n" SEPARATOR "\nB;\n");
	assert_string_equal(u->up.sql, "A;\n");
	assert_string_equal(u->down.sql, "\nB;\n");
	assert_int_equal(u->down.first_line, 2);
	assert_true(u->up.mode == CONVENTION_WRAPPED && !u->up.row_outside && !u->up.may_be_empty);
	assert_string_equal(u->version, "001");
	assert_string_equal(u->name, "x");
	/* anywhere, and only the first counts */
	u = one(&m, "A; " SEPARATOR " B;\n" SEPARATOR "\nC;\n");
	assert_string_equal(u->up.sql, "A; ");
	assert_string_equal(u->down.sql, " B;\n" SEPARATOR "\nC;\n");
	/* nothing below: there is no way back */
	assert_false(one(&m, "A;\n" SEPARATOR "\n \n")->down.present);
	assert_false(one(&m, "A;\n")->down.present);
	assert_true(one(&m, "A;\n" SEPARATOR "\n-- nothing\n")->down.present);
}

static void
an_up_without_sql_stops_the_folder(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	(void)one(&m, "-- only\n\n  -- comments\n" SEPARATOR "\nB;\n");
	assert_string_equal(
	    m.found.problem, "tern reads nothing of this folder: 001_x.sql has no SQL to apply");
}

static void
disable_tx_is_a_whole_line_of_one_side(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	u = one(&m, "---- tern: disable-tx ----\nA;\n" SEPARATOR "\nB;\n");
	assert_true(u->up.mode == CONVENTION_EACH && u->up.row_outside);
	assert_int_equal(u->down.mode, CONVENTION_WRAPPED);
	u = one(&m, "A;\n" SEPARATOR "\nB;\n---- tern: disable-tx ----");
	assert_int_equal(u->up.mode, CONVENTION_WRAPPED);
	assert_int_equal(u->down.mode, CONVENTION_EACH);
	u = one(&m, "---- tern: disable-tx ----\r\nA;\r\n");
	assert_int_equal(u->up.mode, CONVENTION_WRAPPED);
	assert_non_null(strstr(m.found.notes[0], "001_x.sql runs in a transaction"));
	assert_int_equal(one(&m, " ---- tern: disable-tx ----\nA;\n")->up.mode, CONVENTION_WRAPPED);
}

static void
folder_problem(const char *const *files, const char *problem)
{
	MEMORY_FOLDER m = { 0 };

	for (; *files != NULL; files++)
		memory_put(&m, *files, "A;");
	memory_read(&m, &convention_tern);
	assert_string_equal(m.found.problem, problem);
}

static void
numbers_have_no_gaps(void **state)
{
	(void)state;
	folder_problem((const char *[]){ "001_a.sql", "2_b.sql", "3_c.sql", NULL }, "");
	folder_problem((const char *[]){ "1_a.sql", "3_c.sql", NULL },
	    "tern reads nothing of this folder: number 2 is missing before 3_c.sql");
	folder_problem((const char *[]){ "1_a.sql", "01_b.sql", NULL },
	    "tern reads nothing of this folder: 01_b.sql and 1_a.sql have the same number");
	folder_problem((const char *[]){ "0_a.sql", NULL },
	    "tern reads nothing of this folder: 0_a.sql has no number from 1 to 2147483647");
	folder_problem((const char *[]){ "1_a.sql", "2147483648_b.sql", NULL },
	    "tern reads nothing of this folder: 2147483648_b.sql has no number from 1 to 2147483647");
}

static void
only_plain_data_is_filled_in(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	assert_string_equal(one(&m, "A\n{{.owner}};")->up.problem,
	    "001_x.sql:2:1: {{.owner}} comes from tern's data: give the project an option owner of one line");
	assert_non_null(strstr(one(&m, "A;\n" SEPARATOR "\n\n{{ template \"x.sql\" . }}")->down.problem,
	    "001_x.sql:4:1: a template of tern"));
	memory_option(&m, "owner", "app");
	assert_string_equal(one(&m, "A {{ .owner }} {{.owner}};")->up.sql, "A app app;");
	assert_string_equal(one(&m, "A {{ .owner }};")->up.problem, "");
	assert_non_null(strstr(one(&m, "A {{ .owner | upper }};")->up.problem, "a template of tern"));
	assert_non_null(strstr(one(&m, "A {{ owner }};")->up.problem, "a template of tern"));
}

static void
other_files_are_templates_or_nothing(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "shared/v1.sql", "X");
	memory_put(&m, "x.sql", "X");
	memory_put(&m, "1_.sql", "X");
	memory_put(&m, "1_a.sql", "A;");
	memory_read(&m, &convention_tern);
	assert_string_equal(memory_keys(&m), "1");
	assert_int_equal(memory_file(&m, "shared/v1.sql")->as, CONVENTION_INDEX);
	assert_int_equal(memory_file(&m, "x.sql")->as, CONVENTION_IGNORED);
	assert_int_equal(memory_file(&m, "1_.sql")->as, CONVENTION_IGNORED);
}

static void
takes_the_tools_lock(void **state)
{
	int64_t lock[CONVENTION_LOCKS] = { 0 };

	(void)state;
	assert_int_equal(convention_tern.locks(&(struct convention_lock_of){ "", "", "" }, lock), 1);
	assert_int_equal(lock[0], INT64_C(9628173550095224));
}

static void
a_table_ahead_of_the_folder_is_explained(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_status_row row = { .key = "7", .standing = CONVENTION_MISSING };
	struct convention_status list = { .n = 1, .rows = &row };

	(void)state;
	(void)one(&m, "A;");
	convention_tern.status(&m.found, NULL, 0, &m.arena, &list);
	assert_non_null(strstr(row.text, "the table says version 7, and the folder ends with 1"));
}

static void
fits_by_separator_or_configuration(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "A;");
	assert_int_equal(memory_fit(&m, &convention_tern, NULL), 0);
	memory_put(&m, "2_a.sql", "A;\n" SEPARATOR "\n");
	assert_int_equal(memory_fit(&m, &convention_tern, NULL), 3);
	memory_put(&m, "tern.conf", "");
	assert_int_equal(memory_fit(&m, &convention_tern, NULL), 4);
}

static void
creates_the_next_number(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "Add x", .now = 0 };
	struct convention_create bad = { .slug = "x", .description = "---- create above", .now = 0 };

	(void)state;
	(void)one(&m, "A;");
	convention_tern.create(&m.found, &m.arena, &c);
	assert_string_equal(c.files[0].path, "002_add_x.sql");
	assert_non_null(strstr(c.files[0].text, "\n\n" SEPARATOR "\n"));
	convention_tern.create(&m.found, &m.arena, &bad);
	assert_true(bad.n == 0 && bad.refused != NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_at_the_separator),
		cmocka_unit_test(an_up_without_sql_stops_the_folder),
		cmocka_unit_test(disable_tx_is_a_whole_line_of_one_side),
		cmocka_unit_test(numbers_have_no_gaps),
		cmocka_unit_test(only_plain_data_is_filled_in),
		cmocka_unit_test(other_files_are_templates_or_nothing),
		cmocka_unit_test(takes_the_tools_lock),
		cmocka_unit_test(a_table_ahead_of_the_folder_is_explained),
		cmocka_unit_test(fits_by_separator_or_configuration),
		cmocka_unit_test(creates_the_next_number),
	};

	return cmocka_run_group_tests_name("migration/convention_tern", tests, NULL, NULL);
}
