#include "base/ban.h"
#include "migration/found.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static void
keeps_what_is_added(void **state)
{
	GH_ARENA a = { 0 };
	struct convention_folder f = { .arena = &a };
	struct convention_found found = { .problem = "" };
	size_t i;

	(void)state;
	for (i = 0; i < 100; i++) {
		found_add(&f, &found)->key = gh_printf(&a, "%zu", i);
		found_note(&a, &found, "note %zu", i);
		found_fact(&a, &found.migrations[0], gh_printf(&a, "f%zu", i), NULL);
		found_piece(&a, &found.migrations[0].up, i, 1);
	}
	assert_int_equal(found.n, 100);
	for (i = 0; i < 100; i++) {
		assert_string_equal(found.migrations[i].key, gh_printf(&a, "%zu", i));
		assert_string_equal(found.notes[i], gh_printf(&a, "note %zu", i));
		assert_string_equal(found.migrations[0].facts[i].name, gh_printf(&a, "f%zu", i));
		assert_int_equal(found.migrations[0].up.pieces[i].offset, i);
	}
	found_problem(&a, &found, "first");
	found_problem(&a, &found, "second");
	assert_string_equal(found.problem, "first");
}

static void
takes_a_file_or_a_part_of_it(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_side s;
	struct convention_file *e;

	(void)state;
	memory_put(&m, "a.sql", "one\ntwo\nthree\n");
	e = convention_path(&m.folder, "a.sql");
	assert_true(found_side(&m.folder, e, CONVENTION_EACH, &s));
	assert_true(s.present && s.len == 14 && s.first_line == 1 && s.mode == CONVENTION_EACH);
	assert_string_equal(s.problem, "");
	found_part(&m.folder, e, m.folder.read(&m.folder, e), 4, 8, &s);
	assert_string_equal(s.sql, "two\n");
	assert_int_equal(s.first_line, 2);
	found_side_problem(&m.arena, &s, "a.sql", "one\ntwo\nthree\n", 8, "%s", "no");
	found_side_problem(&m.arena, &s, "a.sql", "one\ntwo\nthree\n", 8, "again");
	assert_string_equal(s.problem, "a.sql:3:1: no");
}

static void
says_what_is_wrong_with_the_bytes(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_side s;

	(void)state;
	memory_put(&m, "bom.sql", "\xef\xbb\xbfSELECT 1;");
	memory_put(&m, "latin.sql", "SELECT '\xe9';");
	memory_odd(&m, "odd.sql", "a symbolic link");
	assert_true(found_side(&m.folder, convention_path(&m.folder, "bom.sql"), CONVENTION_AUTO, &s));
	assert_string_equal(
	    s.problem, "bom.sql:1:1: begins with a byte order mark (BOM): save it as UTF-8 without one");
	assert_string_equal(s.sql, "SELECT 1;");
	assert_true(found_side(&m.folder, convention_path(&m.folder, "latin.sql"), CONVENTION_AUTO, &s));
	assert_non_null(strstr(s.problem, "is not UTF-8"));
	assert_false(found_side(&m.folder, convention_path(&m.folder, "odd.sql"), CONVENTION_AUTO, &s));
	assert_false(s.present);
}

static void
finds_a_line_by_its_beginning(void **state)
{
	struct convention_text t = { .sql = "a\n \t-- +goose Up\nb -- +other", .len = 29 };

	(void)state;
	assert_true(found_has_line(&t, "-- +goose"));
	assert_true(found_has_line(&t, "-- +GOOSE"));
	assert_false(found_has_line(&t, "-- +other"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_is_added),
		cmocka_unit_test(takes_a_file_or_a_part_of_it),
		cmocka_unit_test(says_what_is_wrong_with_the_bytes),
		cmocka_unit_test(finds_a_line_by_its_beginning),
	};

	return cmocka_run_group_tests_name("migration/found", tests, NULL, NULL);
}
