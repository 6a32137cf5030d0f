#include "base/ban.h"
#include "migration/convention.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct convention_migration *
one(struct memory_folder *m, const char *text)
{
	memory_put(m, "1-x.sql", text);
	memory_read(m, &convention_sql_migrate);
	return memory_get(m, "1-x.sql");
}

static void
is_piece(const struct convention_side *s, size_t i, const char *text)
{
	assert_true(i < s->n_pieces);
	if (s->pieces[i].len != strlen(text) || memcmp(s->sql + s->pieces[i].offset, text, strlen(text)) != 0)
		fail_msg("piece %zu is \"%.*s\"", i, (int)s->pieces[i].len, s->sql + s->pieces[i].offset);
}

static void
splits_into_statements(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	u = one(
	    &m, "ignored;\n-- +migrate Up\nA\n-- dropped\n--kept\n x; y; -- z\nB;\n-- +migrate Down\nC;\n");
	assert_string_equal(u->problem, "");
	assert_int_equal(u->up.n_pieces, 2);
	is_piece(&u->up, 0, "A\n\n--kept\n x; y;");
	is_piece(&u->up, 1, "B;");
	assert_int_equal(u->up.first_line, 3);
	is_piece(&u->down, 0, "C;");
	assert_int_equal(u->down.first_line, 9);
	assert_int_equal(u->up.mode, CONVENTION_WRAPPED);
	assert_string_equal(u->version, "1");
	assert_string_equal(u->name, "x");
}

static void
a_block_is_one_statement_without_its_comments(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	u = one(&m,
	    "-- +migrate Up\n-- +migrate StatementBegin\nF $$\n-- gone\n a;\n$$;\n"
	    "-- +migrate StatementEnd\n-- +migrate Down\n-- nothing to take back\n");
	assert_string_equal(u->problem, "");
	assert_int_equal(u->up.n_pieces, 1);
	is_piece(&u->up, 0, "F $$\n\n a;\n$$;");
	assert_true(u->down.present && u->down.n_pieces == 0 && u->down.may_be_empty);
}

static void
notransaction_is_for_one_direction(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	u = one(&m, "-- +migrate Up notransaction\nA;\n-- +migrate Down\nB;\n");
	assert_true(u->up.mode == CONVENTION_EACH && u->up.row_outside);
	assert_true(u->down.mode == CONVENTION_WRAPPED && !u->down.row_outside);
	assert_int_equal(one(&m, "-- +migrate Up notransactions\nA;\n")->up.mode, CONVENTION_WRAPPED);
}

static void
sections_may_come_again(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *u;

	(void)state;
	u = one(&m, "-- +migrate Up\nA;\n-- +migrate Down\nB;\n-- +migrate Up\nC;\n");
	assert_string_equal(u->problem, "");
	assert_int_equal(u->up.n_pieces, 2);
	is_piece(&u->up, 1, "C;");
	assert_string_equal(u->up.sql, "A;\n\n\n\nC;");
}

static void
has_problem(const char *text, const char *problem)
{
	MEMORY_FOLDER m = { 0 };
	const char *why = one(&m, text)->problem;

	if (strstr(why, problem) == NULL)
		fail_msg("%s: %s", text, why);
	assert_non_null(strstr(m.found.problem, "sql-migrate reads nothing of this folder: "));
}

static void
refuses_what_the_tool_refuses(void **state)
{
	(void)state;
	has_problem("A;\n", "neither -- +migrate Up nor");
	has_problem("--+migrate Up\nA;\n", "neither -- +migrate Up nor");
	has_problem("-- +migrate Up\nA\n", "1-x.sql:2:1: the last statement has no end");
	has_problem("-- +migrate Up\nA\n-- +migrate Down\n", "1-x.sql:3:1: the statement above has no end");
	has_problem("-- +migrate \nA;\n", "without a command");
	has_problem("-- +migrate Up\n-- +migrate StatementBegin\nA;\n", "without -- +migrate StatementEnd");
	has_problem("-- +migrate Up\nA; B\n", "the last statement has no end");
}

static void
numbers_come_first_then_names(void **state)
{
	MEMORY_FOLDER m = { 0 };
	static const char text[] = "-- +migrate Up\nA;\n";

	(void)state;
	memory_put(&m, "b.sql", text);
	memory_put(&m, "10_x.sql", text);
	memory_put(&m, "9_x.sql", text);
	memory_put(&m, "09_a.sql", text);
	memory_put(&m, "a.sql", text);
	memory_put(&m, "notes.txt", text);
	memory_read(&m, &convention_sql_migrate);
	assert_string_equal(memory_keys(&m), "09_a.sql 9_x.sql 10_x.sql a.sql b.sql");
	memory_put(&m, "9223372036854775808_x.sql", text);
	memory_read(&m, &convention_sql_migrate);
	assert_non_null(strstr(m.found.problem, "greater than sql-migrate can read"));
}

static void
fits_by_its_annotations(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "a.sql", "A;");
	assert_int_equal(memory_fit(&m, &convention_sql_migrate, NULL), 0);
	memory_put(&m, "b.sql", "-- +migrate Up\n");
	assert_int_equal(memory_fit(&m, &convention_sql_migrate, &why), 3);
	assert_string_equal(why, "1 of 2 .sql files hold -- +migrate annotations");
}

static void
creates_what_it_reads(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "Add x", .now = 0 };

	(void)state;
	convention_sql_migrate.create(&m.found, &m.arena, &c);
	assert_string_equal(c.files[0].path, "19700101000000-add_x.sql");
	memory_put(&m, c.files[0].path, c.files[0].text);
	memory_read(&m, &convention_sql_migrate);
	assert_string_equal(memory_get(&m, "19700101000000-add_x.sql")->problem, "");
	assert_string_equal(m.found.problem, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_into_statements),
		cmocka_unit_test(a_block_is_one_statement_without_its_comments),
		cmocka_unit_test(notransaction_is_for_one_direction),
		cmocka_unit_test(sections_may_come_again),
		cmocka_unit_test(refuses_what_the_tool_refuses),
		cmocka_unit_test(numbers_come_first_then_names),
		cmocka_unit_test(fits_by_its_annotations),
		cmocka_unit_test(creates_what_it_reads),
	};

	return cmocka_run_group_tests_name("migration/convention_sql_migrate", tests, NULL, NULL);
}
