#include "base/ban.h"
#include "migration/goose.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static struct goose_file
split(struct memory_folder *m, const char *text)
{
	struct goose_file ret;

	memory_put(m, "1_x.sql", text);
	goose_split(&m->folder, convention_path(&m->folder, "1_x.sql"),
	    m->folder.read(&m->folder, convention_path(&m->folder, "1_x.sql")), &ret);
	return ret;
}

static void
is_piece(const struct convention_side *s, size_t i, const char *text)
{
	assert_true(i < s->n_pieces);
	if (s->pieces[i].len != strlen(text) || memcmp(s->sql + s->pieces[i].offset, text, strlen(text)) != 0)
		fail_msg("piece %zu is \"%.*s\"", i, (int)s->pieces[i].len, s->sql + s->pieces[i].offset);
}

static void
has_problem(const char *text, const char *problem)
{
	MEMORY_FOLDER m = { 0 };
	struct goose_file g = split(&m, text);

	if (g.up.problem == NULL || strstr(g.up.problem, problem) == NULL)
		fail_msg("%s: %s", text, g.up.problem == NULL ? "(none)" : g.up.problem);
	assert_string_equal(g.up.problem, g.down.problem);
}

static void
statements_end_with_the_last_word_of_a_line(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct goose_file g;

	(void)state;
	g = split(&m,
	    "-- a header\n\n-- +goose Up\n-- dropped\nA\n  -- kept\n  x; y; -- z\nB;\n"
	    "-- +goose Down\nC;\n");
	assert_null(g.up.problem);
	assert_int_equal(g.up.n_pieces, 2);
	is_piece(&g.up, 0, "A\n  -- kept\n  x; y;");
	is_piece(&g.up, 1, "B;");
	assert_int_equal(g.up.first_line, 5);
	assert_int_equal(g.up.mode, CONVENTION_WRAPPED);
	is_piece(&g.down, 0, "C;");
	assert_int_equal(g.down.first_line, 10);
	assert_false(g.no_down);
}

static void
a_block_is_one_statement(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct goose_file g;

	(void)state;
	g = split(&m,
	    "-- +goose Up\n-- +goose StatementBegin\nF $$\n a;\n\n b;\n$$ x; -- y\n-- +goose "
	    "StatementEnd\nB;\n");
	assert_null(g.up.problem);
	assert_int_equal(g.up.n_pieces, 2);
	is_piece(&g.up, 0, "F $$\n a;\n\n b;\n$$ x;");
	is_piece(&g.up, 1, "B;");
	assert_true(g.no_down && g.down.present && g.down.may_be_empty);
	assert_int_equal(g.down.n_pieces, 0);
	assert_string_equal(g.down.sql, "");
}

static void
annotations_know_no_case_but_a_form(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	assert_null(split(&m, "--+goose up\nA;\n--  +goose  DOWN \nB;\n").up.problem);
	assert_null(split(&m, "-- +goose Up\r\nA;\r\n-- +goose Down\r\nB;\r\n").up.problem);
	has_problem(" -- +goose Up\nA;\n", "1_x.sql:1:1: a +goose annotation must begin its line");
	has_problem("-- +goose Upp\nA;\n", "goose has no annotation \"-- +goose Upp\"");
	has_problem("-- +goose Up\n-- see +goose docs\nA;\n", "1_x.sql:2:1: goose has no annotation");
	has_problem("-- +goose Up +goose Down\n", "goose has no annotation");
	has_problem("-- +goose\n", "goose has no annotation");
	has_problem("-- +GOOSE Up\nA;\n", "SQL above +goose Up");
}

static void
refuses_what_goose_refuses(void **state)
{
	(void)state;
	has_problem("", "no +goose Up");
	has_problem("A;\n", "1_x.sql:1:1: SQL above +goose Up");
	has_problem("-- +goose Up\nA;\n-- +goose Up\n", "a second +goose Up");
	has_problem("-- +goose Down\nA;\n", "+goose Down without +goose Up");
	has_problem("-- +goose Up\nA;\n-- +goose Down\n-- +goose Down\n", "+goose Down in the wrong place");
	has_problem(
	    "-- +goose Up\nA\n-- +goose Down\n", "1_x.sql:3:1: the statement above +goose Down has no end");
	has_problem("-- +goose Up\nA; B\n", "the last statement has no end: a semicolon is missing");
	has_problem("-- +goose Up\nA;--x\n", "the last statement has no end");
	has_problem(
	    "-- +goose Up\n-- +goose StatementBegin\nA;\n", "StatementBegin without +goose StatementEnd");
	has_problem("-- +goose Up\n-- +goose StatementEnd\n", "+goose StatementEnd without");
	has_problem("-- +goose StatementBegin\n", "+goose StatementBegin in the wrong place");
	has_problem(
	    "-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementEnd\nA;\n", "nothing between");
	has_problem("\xef\xbb\xbf-- +goose Up\nA;\n", "byte order mark");
}

static void
no_transaction_is_for_both_directions(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct goose_file g;

	(void)state;
	g = split(&m, "-- +goose Up\nA;\n-- +goose Down\nB;\n-- +goose no transaction\n");
	assert_true(g.no_transaction && g.up.mode == CONVENTION_EACH && g.down.mode == CONVENTION_EACH);
	assert_true(g.up.row_outside && g.down.row_outside);
}

static void
environment_comes_from_options_only(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct goose_file g;

	(void)state;
	has_problem("-- +goose Up\n-- +goose ENVSUB ON\nA ${HOME};\n",
	    "1_x.sql:3:1: ${HOME} comes from goose's environment");
	has_problem("-- +goose ENVSUB ON\n-- +goose Up\nDO $$ x $$;\n", "only ${NAME} is expanded");
	has_problem("-- +goose ENVSUB ON\n-- +goose Up\nA ${HOME:-x};\n", "only ${NAME} is expanded");
	memory_option(&m, "OWNER", "app");
	g = split(
	    &m, "-- +goose Up\n-- +goose ENVSUB ON\nA ${OWNER} $OWNER;\n-- +goose ENVSUB OFF\nB ${OWNER};\n");
	assert_null(g.up.problem);
	is_piece(&g.up, 0, "A app app;");
	is_piece(&g.up, 1, "B ${OWNER};");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements_end_with_the_last_word_of_a_line),
		cmocka_unit_test(a_block_is_one_statement),
		cmocka_unit_test(annotations_know_no_case_but_a_form),
		cmocka_unit_test(refuses_what_goose_refuses),
		cmocka_unit_test(no_transaction_is_for_both_directions),
		cmocka_unit_test(environment_comes_from_options_only),
	};

	return cmocka_run_group_tests_name("migration/goose", tests, NULL, NULL);
}
