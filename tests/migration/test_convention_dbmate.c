#include "base/ban.h"
#include "migration/convention.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct convention_migration *
one(struct memory_folder *m, const char *text)
{
	memory_put(m, "1_x.sql", text);
	memory_read(m, &convention_dbmate);
	return memory_get(m, "1");
}

static void
splits_at_its_markers(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	u = one(&m, "-- header\n\n-- migrate:up\nA;\n--migrate:down\nB;\n");
	assert_string_equal(u->up.sql, "-- migrate:up\nA;\n");
	assert_int_equal(u->up.first_line, 3);
	assert_string_equal(u->down.sql, "--migrate:down\nB;\n");
	assert_int_equal(u->down.first_line, 5);
	assert_int_equal(u->up.mode, CONVENTION_WRAPPED);
	assert_false(u->up.row_outside);
	assert_string_equal(u->name, "x");
	assert_int_equal(memory_file(&m, "1_x.sql")->as, CONVENTION_BOTH);
	u = one(&m, "-- migrate:up\r\nA;\r\n-- migrate:down\r\n");
	assert_string_equal(u->up.problem, "");
	assert_string_equal(u->up.sql, "-- migrate:up\r\nA;\r\n");
	assert_true(u->down.present && u->down.may_be_empty);
}

static void
only_the_beginning_of_a_line_marks(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	assert_non_null(strstr(one(&m, " -- migrate:up\nA;\n-- migrate:down\n")->up.problem,
	    "1_x.sql:1:1: no -- migrate:up at the beginning"));
	assert_non_null(
	    strstr(one(&m, "-- migrate:upgrade\n-- migrate:down\n")->up.problem, "no -- migrate:up"));
	assert_non_null(strstr(one(&m, "-- Migrate:up\n-- migrate:down\n")->up.problem, "no -- migrate:up"));
	assert_string_equal(one(&m, "--migrate:up x\nA;\n--\tmigrate:down\n")->up.problem, "");
}

static void
wants_both_blocks_up_first(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	assert_non_null(strstr(one(&m, "-- migrate:up\nA;\n")->up.problem, "no -- migrate:down"));
	assert_non_null(strstr(one(&m, "-- migrate:down\nA;\n")->up.problem, "no -- migrate:up"));
	assert_non_null(strstr(one(&m, "-- migrate:down\nA;\n-- migrate:up\nB;\n")->up.problem,
	    "1_x.sql:1:1: -- migrate:down stands above"));
	assert_non_null(strstr(one(&m, "")->up.problem, "no -- migrate:up"));
}

static void
wants_nothing_but_comments_above(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	assert_string_equal(one(&m, "  -- c\n \n-- migrate:up\n-- migrate:down\n")->up.problem, "");
	assert_string_equal(one(&m, "-- c\nSET x = 1;\n-- migrate:up\n-- migrate:down\n")->up.problem,
	    "1_x.sql:2:1: SQL above -- migrate:up");
	assert_string_equal(one(&m, "/* c */\n-- migrate:up\n-- migrate:down\n")->up.problem,
	    "1_x.sql:1:1: SQL above -- migrate:up");
}

static void
a_byte_order_mark_hides_the_marker(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	assert_string_equal(one(&m, "\xef\xbb\xbf-- migrate:up\nA;\n-- migrate:down\n")->up.problem,
	    "1_x.sql:1:1: no -- migrate:up: the byte order mark (BOM) hides it, save the file without one");
	assert_non_null(
	    strstr(one(&m, "\xef\xbb\xbf-- c\n-- migrate:up\nA;\n-- migrate:down\n")->up.problem, "(BOM)"));
}

static void
a_second_pair_is_an_error(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	assert_non_null(
	    strstr(one(&m, "-- migrate:up\nA;\n-- migrate:down\nB;\n-- migrate:up\nC;\n-- migrate:down\n")
		       ->up.problem,
		"1_x.sql:5:1: a second -- migrate:up"));
}

static void
transaction_false_is_one_simple_query(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	u = one(&m, "-- migrate:up foo:bar transaction:false\nA;\n-- migrate:down\nB;\n");
	assert_int_equal(u->up.mode, CONVENTION_IMPLICIT);
	assert_true(u->up.row_outside);
	assert_int_equal(u->down.mode, CONVENTION_WRAPPED);
	u = one(&m, "-- migrate:up transaction:true\nA;\n-- migrate:down transaction:false\r\nB;\n");
	assert_int_equal(u->up.mode, CONVENTION_WRAPPED);
	assert_int_equal(u->down.mode, CONVENTION_IMPLICIT);
	/* no option: the next line, another value, two colons */
	assert_int_equal(
	    one(&m, "-- migrate:up\n-- transaction:false\n-- migrate:down\n")->up.mode, CONVENTION_WRAPPED);
	assert_int_equal(
	    one(&m, "-- migrate:up transaction:falsely\n-- migrate:down\n")->up.mode, CONVENTION_WRAPPED);
	assert_int_equal(
	    one(&m, "-- migrate:up transaction:false:x\n-- migrate:down\n")->up.mode, CONVENTION_WRAPPED);
}

static void
goes_by_file_names_as_text(void **state)
{
	MEMORY_FOLDER m = { 0 };
	static const char text[] = "-- migrate:up\n-- migrate:down\n";

	(void)state;
	memory_put(&m, "9_x.sql", text);
	memory_put(&m, "10_x.sql", text);
	memory_put(&m, "010_y.sql", text);
	memory_put(&m, "10x.sql", text);
	memory_put(&m, "x.sql", text);
	memory_put(&m, "11_x.SQL", text);
	memory_put(&m, "sub/1_x.sql", text);
	memory_read(&m, &convention_dbmate);
	assert_string_equal(memory_keys(&m), "010 10 10 9");
	assert_string_equal(
	    m.found.migrations[2].problem, "10x.sql: 10 is also that of 10_x.sql: give one of them another");
	assert_int_equal(memory_file(&m, "x.sql")->as, CONVENTION_IGNORED);
	assert_int_equal(memory_file(&m, "11_x.SQL")->as, CONVENTION_REFUSED);
	assert_non_null(strstr(m.found.notes[0], "10_x.sql comes behind 010_y.sql"));
	assert_non_null(strstr(m.found.notes[1], "9_x.sql comes behind"));
}

static void
strict_lets_an_older_one_block(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_read(&m, &convention_dbmate);
	assert_null(m.found.older);
	assert_int_equal(convention_dbmate.older, CONVENTION_OLDER_RUNS);
	memory_option(&m, "strict", "true");
	memory_read(&m, &convention_dbmate);
	assert_int_equal(*m.found.older, CONVENTION_OLDER_BLOCKS);
}

static void
fits_by_its_markers(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "1_x.sql", "A;");
	assert_int_equal(memory_fit(&m, &convention_dbmate, NULL), 0);
	memory_put(&m, "2_x.sql", "-- migrate:up\n");
	assert_int_equal(memory_fit(&m, &convention_dbmate, &why), 3);
	assert_string_equal(why, "1 of 2 files NUMBER_name.sql hold -- migrate:up");
}

static void
creates_what_it_reads(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "Add x", .now = 0 };

	(void)state;
	convention_dbmate.create(&m.found, &m.arena, &c);
	assert_int_equal(c.n, 1);
	assert_string_equal(c.files[0].path, "19700101000000_add_x.sql");
	memory_put(&m, c.files[0].path, c.files[0].text);
	memory_read(&m, &convention_dbmate);
	assert_string_equal(memory_get(&m, "19700101000000")->up.problem, "");
	assert_string_equal(memory_get(&m, "19700101000000")->up.sql, "-- migrate:up\n\n\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_at_its_markers),
		cmocka_unit_test(only_the_beginning_of_a_line_marks),
		cmocka_unit_test(wants_both_blocks_up_first),
		cmocka_unit_test(wants_nothing_but_comments_above),
		cmocka_unit_test(a_byte_order_mark_hides_the_marker),
		cmocka_unit_test(a_second_pair_is_an_error),
		cmocka_unit_test(transaction_false_is_one_simple_query),
		cmocka_unit_test(goes_by_file_names_as_text),
		cmocka_unit_test(strict_lets_an_older_one_block),
		cmocka_unit_test(fits_by_its_markers),
		cmocka_unit_test(creates_what_it_reads),
	};

	return cmocka_run_group_tests_name("migration/convention_dbmate", tests, NULL, NULL);
}
