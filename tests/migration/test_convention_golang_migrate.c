#include "base/ban.h"
#include "migration/convention.h"
#include "migration/status.h"
#include "tests/support/memory_folder.h"
#include <setjmp.h>
#include <cmocka.h>

static void
pairs_by_number_in_numeric_order(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	memory_put(&m, "10_c.up.sql", "C");
	memory_put(&m, "10_c.down.sql", "-C");
	memory_put(&m, "0009_b.up.sql", "B");
	memory_put(&m, "9_other.down.sql", "-B");
	memory_put(&m, "README.md", "");
	memory_read(&m, &convention_golang_migrate);
	assert_string_equal(m.found.problem, "");
	assert_string_equal(memory_keys(&m), "9 10");
	u = memory_get(&m, "9");
	assert_string_equal(u->version, "0009");
	assert_string_equal(u->up.sql, "B");
	assert_string_equal(u->down.sql, "-B");
	assert_int_equal(u->up.mode, CONVENTION_IMPLICIT);
	assert_true(u->up.row_outside && u->down.row_outside && u->up.may_be_empty);
	assert_string_equal(memory_fact(u, "previous"), "(null)");
	assert_string_equal(memory_fact(memory_get(&m, "10"), "previous"), "9");
	assert_string_equal(memory_file(&m, "README.md")->reason,
	    "not of the form NUMBER_name.up.sql or NUMBER_name.down.sql");
}

static void
a_missing_half_is_empty_and_said(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	memory_put(&m, "1_a.up.sql", "A");
	memory_put(&m, "2_b.down.sql", "-B");
	memory_read(&m, &convention_golang_migrate);
	u = memory_get(&m, "1");
	assert_true(u->down.present && u->down.may_be_empty && u->down.row_outside);
	assert_string_equal(u->down.sql, "");
	u = memory_get(&m, "2");
	assert_true(u->up.present && u->up.may_be_empty);
	assert_string_equal(u->up.sql, "");
	assert_int_equal(m.found.n_notes, 2);
	assert_string_equal(
	    m.found.notes[0], "1_a.up.sql has no down: golang-migrate takes it back by doing nothing");
	assert_string_equal(
	    m.found.notes[1], "2_b.down.sql has no up: golang-migrate applies version 2 by doing nothing");
}

static void
one_version_twice_stops_the_folder(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "001_a.up.sql", "A");
	memory_put(&m, "1_b.up.sql", "B");
	memory_put(&m, "2_c.up.sql", "C");
	memory_read(&m, &convention_golang_migrate);
	assert_string_equal(m.found.problem,
	    "golang-migrate reads nothing of this folder: 1_b.up.sql: version 1 is also that of "
	    "001_a.up.sql: give "
	    "one of them another");
}

static void
another_ending_is_read_too(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.up.sql", "A");
	memory_put(&m, "1_a.down.sql", "-A");
	memory_put(&m, "1_a.up.sql.orig", "old");
	memory_read(&m, &convention_golang_migrate);
	assert_non_null(strstr(m.found.problem, "1_a.up.sql.orig: version 1 is also that of 1_a.up.sql"));
	assert_non_null(strstr(m.found.notes[0], "1_a.up.sql.orig is a migration for golang-migrate"));
}

static void
a_number_must_fit(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "9223372036854775807_a.up.sql", "A");
	memory_put(&m, "9223372036854775808_b.up.sql", "B");
	memory_put(&m, "18446744073709551616_c.up.sql", "C");
	memory_read(&m, &convention_golang_migrate);
	assert_int_equal(m.found.n, 2);
	assert_string_equal(memory_get(&m, "9223372036854775807")->problem, "");
	assert_non_null(strstr(memory_get(&m, "9223372036854775808")->problem, "greater than the bigint"));
	assert_int_equal(memory_file(&m, "18446744073709551616_c.up.sql")->as, CONVENTION_REFUSED);
}

static void
a_byte_order_mark_is_a_problem(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.up.sql",
	    "\xef\xbb\xbf"
	    "A");
	memory_read(&m, &convention_golang_migrate);
	assert_string_equal(memory_get(&m, "1")->up.problem,
	    "1_a.up.sql:1:1: begins with a byte order mark (BOM): save it as UTF-8 without one");
}

static void
multi_statement_cuts_behind_every_semicolon(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_side *s;

	(void)state;
	memory_put(&m, "1_a.up.sql", "A;\nB ';' ;\n;;\nC");
	memory_read(&m, &convention_golang_migrate);
	assert_int_equal(memory_get(&m, "1")->up.n_pieces, 0);
	memory_option(&m, "x-multi-statement", "true");
	memory_read(&m, &convention_golang_migrate);
	s = &memory_get(&m, "1")->up;
	assert_int_equal(s->n_pieces, 6);
	assert_true(s->pieces[0].offset == 0 && s->pieces[0].len == 2);
	assert_int_equal(strncmp(s->sql + s->pieces[1].offset, "\nB ';", s->pieces[1].len), 0);
	assert_int_equal(strncmp(s->sql + s->pieces[2].offset, "' ;", s->pieces[2].len), 0);
	assert_int_equal(strcmp(s->sql + s->pieces[5].offset, "\nC"), 0);
	assert_int_equal(s->pieces[5].len, 2);
	assert_non_null(strstr(m.found.notes[m.found.n_notes - 1], "x-multi-statement=true"));
}

static void
takes_both_of_the_tools_locks(void **state)
{
	int64_t lock[CONVENTION_LOCKS] = { 0 };
	const struct convention_lock_of of = { "app", "public", "schema_migrations" };

	(void)state;
	assert_int_equal(convention_golang_migrate.locks(&of, lock), 2);
	assert_int_equal(lock[0], 1726534663);
	assert_int_equal(lock[1], 1787120056);
}

static const char *
dirty(struct memory_folder *m, const char *key, const struct convention_migration *of)
{
	struct convention_status_row row = {
		.key = key, .migration = of, .standing = CONVENTION_FAILED, .text = ""
	};
	struct convention_status list = { .n = 1, .rows = &row };

	convention_golang_migrate.status(&m->found, NULL, 0, &m->arena, &list);
	return row.text;
}

static void
explains_dirty(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.up.sql", "A; -- COMMIT\n");
	memory_put(&m, "2_b.up.sql", "BEGIN; B; COMMIT;");
	memory_put(&m, "3_c.up.sql", "C");
	memory_read(&m, &convention_golang_migrate);
	assert_non_null(
	    strstr(dirty(&m, "1", memory_get(&m, "1")), "the up of 1, or the down of 2 has begun"));
	assert_non_null(
	    strstr(dirty(&m, "1", memory_get(&m, "1")), "one implicit transaction without COMMIT"));
	assert_non_null(strstr(dirty(&m, "2", memory_get(&m, "2")), "It has a COMMIT of its own"));
	assert_non_null(strstr(dirty(&m, "3", memory_get(&m, "3")), "the up of 3 has begun"));
	assert_non_null(strstr(dirty(&m, "-1", NULL), "the down of the first migration has failed"));
	assert_non_null(strstr(dirty(&m, "7", NULL), "which is not in the folder"));
}

static void
fits_by_pairs(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "x.sql", "");
	assert_int_equal(memory_fit(&m, &convention_golang_migrate, NULL), 0);
	memory_put(&m, "1_a.up.sql", "");
	assert_int_equal(memory_fit(&m, &convention_golang_migrate, &why), 2);
	assert_string_equal(why, "1 files .up.sql and 0 .down.sql");
	memory_put(&m, "1_a.down.sql", "");
	(void)memory_fit(&m, &convention_golang_migrate, &why);
	assert_string_equal(why, "1 pairs of .up.sql and .down.sql");
}

static void
creates_a_pair(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "Add x", .now = 0 }, d = c;

	(void)state;
	convention_golang_migrate.create(&m.found, &m.arena, &c);
	assert_string_equal(c.files[0].path, "19700101000000_add_x.up.sql");
	assert_string_equal(c.files[1].path, "19700101000000_add_x.down.sql");
	memory_put(&m, "000041_a.up.sql", "A");
	memory_read(&m, &convention_golang_migrate);
	convention_golang_migrate.create(&m.found, &m.arena, &d);
	assert_string_equal(d.files[0].path, "000042_add_x.up.sql");
	assert_int_equal(d.n, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_by_number_in_numeric_order),
		cmocka_unit_test(a_missing_half_is_empty_and_said),
		cmocka_unit_test(one_version_twice_stops_the_folder),
		cmocka_unit_test(another_ending_is_read_too),
		cmocka_unit_test(a_number_must_fit),
		cmocka_unit_test(a_byte_order_mark_is_a_problem),
		cmocka_unit_test(multi_statement_cuts_behind_every_semicolon),
		cmocka_unit_test(takes_both_of_the_tools_locks),
		cmocka_unit_test(explains_dirty),
		cmocka_unit_test(fits_by_pairs),
		cmocka_unit_test(creates_a_pair),
	};

	return cmocka_run_group_tests_name("migration/convention_golang_migrate", tests, NULL, NULL);
}
