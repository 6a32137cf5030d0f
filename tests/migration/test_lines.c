#include "base/ban.h"
#include "migration/lines.h"

#include <setjmp.h>
#include <cmocka.h>

static struct convention_text
text_of(const char *s)
{
	return (struct convention_text){ .sql = s, .len = strlen(s), .problem = "" };
}

static bool
ends(const char *s)
{
	struct line l = { .at = s, .len = strlen(s) };

	return line_ends_statement(&l);
}

static void
reads_lines_without_their_ends(void **state)
{
	struct convention_text t = text_of("a\r\n\n b\rc\n-- d");
	struct lines l = lines_of(&t);
	struct line line;

	(void)state;
	assert_true(lines_next(&l, &line) && line.len == 1 && line.at[0] == 'a');
	assert_true(lines_next(&l, &line) && line.len == 0 && line_blank(&line));
	assert_true(lines_next(&l, &line) && line.len == 4 && line_begins(&line, " b"));
	assert_false(line_comment(&line));
	assert_true(lines_next(&l, &line) && line_comment(&line));
	assert_int_equal(l.number, 4);
	assert_false(lines_next(&l, &line));
}

static void
knows_the_end_of_a_statement(void **state)
{
	(void)state;
	assert_true(ends("A;"));
	assert_true(ends("A ; -- x"));
	assert_true(ends("\tA;  "));
	assert_true(ends(";"));
	assert_false(ends(""));
	assert_false(ends("A; B"));
	assert_false(ends("-- A;"));
	assert_false(ends("A;--x"));
	assert_false(ends("A --;"));
}

static void
builds_sql_that_keeps_its_line_numbers(void **state)
{
	GH_ARENA a = { 0 };
	LINES_SQL s = { .present = true };
	struct convention_text t = text_of("");
	struct convention_file e = { .shown = "x.sql" };
	struct convention_side side = { .present = false };

	(void)state;
	lines_put(&s, 3, "A", 1);
	lines_put(&s, 5, "B; -- x", 7);
	assert_true(lines_unfinished(&s));
	lines_end(&s, &a, &side);
	assert_false(lines_unfinished(&s));
	lines_put(&s, 9, "C", 1);
	lines_end(&s, &a, &side);
	lines_put(&s, 10, "  ", 2);
	assert_false(lines_unfinished(&s));
	lines_side(&s, &a, &e, &t, &side);
	assert_true(side.present);
	assert_string_equal(side.sql, "A\n\nB; -- x\n\n\n\nC\n  ");
	assert_int_equal(side.first_line, 3);
	assert_int_equal(side.n_pieces, 2);
	assert_true(side.pieces[0].offset == 0 && side.pieces[0].len == 5);
	assert_true(side.pieces[1].offset == 14 && side.pieces[1].len == 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_lines_without_their_ends),
		cmocka_unit_test(knows_the_end_of_a_statement),
		cmocka_unit_test(builds_sql_that_keeps_its_line_numbers),
	};

	return cmocka_run_group_tests_name("migration/lines", tests, NULL, NULL);
}
