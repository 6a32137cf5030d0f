#include "base/ban.h"
#include "cli/cli.h"

#include <setjmp.h>
#include <cmocka.h>

static const char *columns[] = { "target", "pending", "at", "took", "held" };

static struct wire_cell cells[] = {
	{ .kind = 't', .text = "shop_d\xc3\xa9v" },
	{ .kind = 'i', .number = 3 },
	{ .kind = 'T', .number = 1000000 },
	{ .kind = 'd', .number = 4200000 },
	{ .kind = 'b', .number = 1 },
	{ .kind = 't', .text = "x\x1b[31m" },
	{ .kind = 'i', .number = 12 },
	{ .kind = 'n' },
	{ .kind = 'n' },
	{ .kind = 'b', .number = 0 },
};

static const struct wire_table table = {
	.n_columns = 5, .n_rows = 2, .columns = columns, .cells = cells, .next = "17"
};

static void
aligns_columns_and_drops_terminal_escapes(void **state)
{
	GH_ARENA a = { 0 };
	struct cli c = { .arena = &a };
	GH_TEXT out = { 0 };

	(void)state;
	cli_print(&c, &table, &out);
	assert_string_equal(out.data,
	    "target    pending  at                       took   held\n"
	    "shop_d\xc3\xa9v        3  1970-01-01 00:00:01 UTC  4.2 s  yes\n"
	    "x [31m         12  -                        -      no\n"
	    "more: --cursor 17\n");
}

static void
prints_one_row_as_lines_without_what_is_empty(void **state)
{
	static const struct wire_table second = {
		.n_columns = 5, .n_rows = 1, .columns = columns, .cells = cells + 5, .next = ""
	};
	GH_ARENA a = { 0 };
	struct cli c = { .arena = &a };
	GH_TEXT out = { 0 };

	(void)state;
	cli_print_row(&c, &second, &out);
	assert_string_equal(out.data,
	    "target   x [31m\n"
	    "pending  12\n"
	    "held     no\n");
}

static void
prints_typed_json(void **state)
{
	GH_ARENA a = { 0 };
	struct cli c = { .arena = &a, .json = true };
	GH_TEXT out = { 0 };

	(void)state;
	cli_print(&c, &table, &out);
	assert_string_equal(out.data,
	    "{\"rows\": [\n"
	    "  {\"target\": \"shop_d\xc3\xa9v\", \"pending\": 3, \"at\": \"1970-01-01T00:00:01Z\", \"took\": "
	    "4.200, "
	    "\"held\": true},\n"
	    "  {\"target\": \"x\\u001b[31m\", \"pending\": 12, \"at\": null, \"took\": null, \"held\": "
	    "false}\n"
	    "], \"next\": \"17\"}\n");
}

static void
prints_an_empty_table(void **state)
{
	static const struct wire_table empty = { .n_columns = 5, .columns = columns, .next = "" };
	GH_ARENA a = { 0 };
	struct cli c = { .arena = &a, .json = true };
	GH_TEXT out = { 0 };

	(void)state;
	cli_print(&c, &empty, &out);
	assert_string_equal(out.data, "{\"rows\": [], \"next\": null}\n");
}

static void
maps_ends_of_runs_to_exit_codes(void **state)
{
	(void)state;
	assert_int_equal(cli_exit_of_state("succeeded"), CLI_OK);
	assert_int_equal(cli_exit_of_state("failed-clean"), CLI_FAILED);
	assert_int_equal(cli_exit_of_state("failed-partly"), CLI_PERSON);
	assert_int_equal(cli_exit_of_state("unknown"), CLI_PERSON);
	assert_int_equal(cli_exit_of_state("needs-person"), CLI_PERSON);
	assert_int_equal(cli_exit_of_state("queued"), CLI_WAITING);
	assert_int_equal(cli_exit_of_code(GH_BAD_INPUT), CLI_USAGE);
	assert_int_equal(cli_exit_of_code(GH_FORBIDDEN), CLI_REFUSED);
	assert_int_equal(cli_exit_of_code(GH_CONFLICT), CLI_REFUSED);
	assert_int_equal(cli_exit_of_code(GH_UNAVAILABLE), CLI_FAILED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aligns_columns_and_drops_terminal_escapes),
		cmocka_unit_test(prints_one_row_as_lines_without_what_is_empty),
		cmocka_unit_test(prints_typed_json),
		cmocka_unit_test(prints_an_empty_table),
		cmocka_unit_test(maps_ends_of_runs_to_exit_codes),
	};

	return cmocka_run_group_tests_name("cli/print", tests, NULL, NULL);
}
