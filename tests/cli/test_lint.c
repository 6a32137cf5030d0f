#include "base/ban.h"
#include "cli/lint_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static struct gh_arena arena;
static struct cli_lint lint;
static struct gh_text out;

static int
setup(void **state)
{
	(void)state;
	arena.limit = (size_t)1 << 30;
	lint = (struct cli_lint){ .arena = &arena };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	cli_lint_done(&lint);
	gh_arena_done(&arena);
	gh_text_done(&out);
	return 0;
}

static size_t
add_file(const char *path, const char *text)
{
	const struct cli_lint_file f = { .path = path,
		.convention = "numbered",
		.as = CONVENTION_UP,
		.reason = "",
		.text = text,
		.len = text == NULL ? 0 : strlen(text) };

	return cli_lint_file_add(&lint, &f);
}

static const struct lint_finding *
problem(size_t file, const char *text)
{
	cli_lint_problem(&lint, file, "up", "cannot-run", text);
	return &lint.findings[lint.n_findings - 1].is;
}

static void
takes_the_place_out_of_a_problem(void **state)
{
	size_t file = add_file("db/m/001_a.sql", NULL);
	const struct lint_finding *f;

	(void)state;
	f = problem(file, "001_a.sql:12:3: it is wrong");
	assert_int_equal(f->line, 12);
	assert_int_equal(f->column, 3);
	assert_string_equal(f->message, "it is wrong");
	f = problem(file, "m/001_a.sql: it is wrong");
	assert_int_equal(f->line, 1);
	assert_string_equal(f->message, "it is wrong");
	f = problem(file, "002_b.sql:1:2: that is another file");
	assert_string_equal(f->message, "002_b.sql:1:2: that is another file");
	f = problem(file, "001_a.sql:99999999999999999999:1: far away");
	assert_true(f->line > 0);
	assert_int_equal(lint.counts[LINT_ERROR], 4);
}

static const char *
line_of(const char *text, int64_t line)
{
	const struct cli_lint_file f = { .text = text, .len = text == NULL ? 0 : strlen(text) };
	size_t len = 0;
	const char *ret = cli_lint_line(&f, line, &len);

	return ret == NULL ? NULL : gh_strndup(&arena, ret, len);
}

static void
finds_lines(void **state)
{
	(void)state;
	assert_string_equal(line_of("a\r\nb\nc", 1), "a");
	assert_string_equal(line_of("a\r\nb\nc", 3), "c");
	assert_string_equal(line_of("a\n", 2), "");
	assert_null(line_of("a\n", 3));
	assert_null(line_of(NULL, 1));
}

static struct cli_lint_finding
finding(size_t file, const char *ignored)
{
	return (struct cli_lint_finding){ .file = file,
		.side = "up",
		.is = { .rule = "drop-table",
		    .level = LINT_ERROR,
		    .line = 2,
		    .column = 3,
		    .table = "t",
		    .message = "bad \x1b[31m \"thing\"",
		    .rewrite = "ONE;\n\nTWO;",
		    .ignored = ignored } };
}

static void
prints_text_without_escapes(void **state)
{
	struct cli_lint_finding f = finding(add_file("a.sql", "x\n\t\xc3\xa9z\x07\n"), NULL);

	(void)state;
	cli_lint_finding_add(&lint, &f);
	f.is.ignored = "a reason";
	cli_lint_finding_add(&lint, &f);
	cli_lint_text(&lint, &out);
	assert_string_equal(gh_text_str(&out),
	    "a.sql:2:3: error drop-table: bad  [31m \"thing\"\n"
	    "     2 |  \xc3\xa9z \n"
	    "       |   ^\n"
	    "       safe:\n"
	    "         ONE;\n\n"
	    "         TWO;\n"
	    "1 error, 0 warnings, 0 notices in 1 file; 1 ignored with a reason\n");
}

static void
says_by_whose_rules_a_folder_was_read(void **state)
{
	struct cli_lint_folder other = { .path = "beside", .why = "not asked for" };
	struct cli_lint_folder plain = {
		.next = &other, .path = "x\033y", .whole = true, .why = "nothing fits"
	};
	struct cli_lint_folder known = { .next = &plain,
		.path = "db",
		.whole = true,
		.why = "Prisma: 2 folders",
		.c = &convention_prisma };

	(void)state;
	lint.folders = &known;
	cli_lint_text(&lint, &out);
	lint.folders = NULL;
	assert_string_equal(gh_text_str(&out),
	    "db: read as Prisma: 2 folders\nx y: read as plain SQL: nothing fits\n"
	    "0 errors, 0 warnings, 0 notices in 0 files\n");
}

static void
cuts_long_lines_around_the_place(void **state)
{
	char *text = gh_alloc(&arena, 10001);
	struct cli_lint_finding f;

	(void)state;
	memset(text, 'a', 10000);
	text[4999] = 'X';
	f = finding(add_file("a.sql", text), NULL);
	f.is.line = 1;
	f.is.column = 5000;
	cli_lint_finding_add(&lint, &f);
	cli_lint_text(&lint, &out);
	assert_true(out.len < 1000);
	assert_non_null(strchr(gh_text_str(&out), 'X'));
	assert_int_equal(strchr(gh_text_str(&out), 'X') - strstr(gh_text_str(&out), "1 | "),
	    strchr(gh_text_str(&out), '^') - strstr(gh_text_str(&out), "       | ") - 5);
}

static void
prints_json_and_sarif(void **state)
{
	struct cli_lint_finding f = finding(add_file("./a b.sql", "x"), "why");

	(void)state;
	cli_lint_finding_add(&lint, &f);
	cli_lint_json(&lint, &out);
	assert_non_null(strstr(gh_text_str(&out), "\"ignored\": \"why\""));
	assert_non_null(strstr(gh_text_str(&out), "\\u001b"));
	assert_non_null(strstr(
	    gh_text_str(&out), "\"counts\": {\"error\": 0, \"warning\": 0, \"notice\": 0, \"ignored\": 1}"));
	gh_text_clear(&out);
	cli_lint_sarif(&lint, &out);
	assert_non_null(strstr(gh_text_str(&out), "\"uri\": \"a%20b.sql\""));
	assert_non_null(strstr(gh_text_str(&out), "\"justification\": \"why\""));
}

static void
add_side(const char *sql)
{
	struct cli_lint_side s = { .file = add_file("a.sql", sql), .name = "up", .problem = "" };

	s.sql = (struct sql_text){
		.sql = sql, .len = strlen(sql), .file = "a.sql", .first_line = 1, .one_way = true
	};
	cli_lint_side_add(&lint, &s);
}

static void
goes_on_behind_a_text_that_the_parser_died_of(void **state)
{
	size_t n = 300000;
	char *deep = gh_alloc(&arena, 2 * n + 10);
	struct gh_err err = { 0 };

	(void)state;
	memcpy(deep, "SELECT ", 7);
	memset(deep + 7, '(', n);
	deep[7 + n] = '1';
	memset(deep + 8 + n, ')', n);
	add_side(deep);
	add_side("DROP TABLE t;");
	add_side(deep);
	add_side("DROP TABLE u;");
	assert_int_equal(cli_lint_run(&lint, &err), GH_OK);
	assert_true(lint.n_findings >= 4);
	assert_string_equal(lint.findings[0].is.rule, "cannot-run");
	assert_int_equal(lint.findings[lint.n_findings - 1].file, 3);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(takes_the_place_out_of_a_problem),
		T(finds_lines),
		T(prints_text_without_escapes),
		T(says_by_whose_rules_a_folder_was_read),
		T(cuts_long_lines_around_the_place),
		T(prints_json_and_sarif),
		T(goes_on_behind_a_text_that_the_parser_died_of),
	};

	return cmocka_run_group_tests_name("cli/lint", tests, NULL, NULL);
}
