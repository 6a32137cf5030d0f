#include "base/ban.h"
#include "cli/backup.h"
#include "tests/cli/call.h"

static char w_list[] = "list", w_show[] = "show", w_take[] = "take", w_prove[] = "prove",
	    w_expire[] = "expire", w_look[] = "look", w_seven[] = "7", w_other[] = "burn";

static void
args(struct call *c, char **list)
{
	c->cli.args = list;
	for (c->cli.n_args = 0; list[c->cli.n_args] != NULL; c->cli.n_args++)
		continue;
}
#define ARGS(c, ...) args((c), (char *[]){ __VA_ARGS__, NULL })

/* A table of one row that holds these texts; "" is nothing. */
static void
answer_row(struct call *c, size_t n, const char *const *columns, const char *const *cells)
{
	struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };
	struct wire_table_out t;
	size_t i;

	wire_table_start(&t, &out, columns, n);
	for (i = 0; i < n; i++) {
		if (cells[i][0] >= '0' && cells[i][0] <= '9')
			wire_table_int(&t, strtoll(cells[i], NULL, 10));
		else
			wire_table_text(&t, cells[i]);
	}
	wire_table_end(&t, "");
}

static void
answer_task(struct call *c, const char *task_state, const char *backup)
{
	static const char *const columns[] = { "task", "state", "backup", "activity", "note", "done", "total",
		"text", "kind", "target", "person", "level", "queued_at", "ended_at", "took" };
	const char *const cells[] = { "4", task_state, backup, "dump", "public.orders", "40", "100", "",
		"take", "shop", "lead", "", "", "", "" };

	answer_row(c, 15, columns, cells);
}

static void
answer_backup(struct call *c, const char *broken)
{
	static const char *const columns[] = { "backup", "level", "broken" };
	const char *const cells[] = { "7", "counted", broken };

	answer_row(c, 3, columns, cells);
}

static void
answer_id(struct call *c, int64_t id)
{
	struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };

	wire_put_i64(&out, id);
}

static void
names_its_commands(void **state)
{
	struct call *c = *state;

	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_non_null(strstr(c->err.msg, "backup what? list, show, take, prove, expire"));
	c->err = (struct gh_err){ 0 };
	ARGS(c, w_other);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_non_null(strstr(c->err.msg, "\"burn\""));
}

static void
list_asks_for_a_page(void **state)
{
	struct call *c = *state;
	GH_ARENA a = { 0 };
	unsigned op;

	c->cli.target = "shop_production";
	c->cli.cursor = "12";
	answer_backup(c, "");
	ARGS(c, w_list);
	assert_int_equal(run(c, &cli_command_backup, 0, &op), GH_OK);
	assert_int_equal(op, WIRE_READ_BACKUPS);
	assert_string_equal(wire_text(&c->in, &a), "shop_production");
	assert_string_equal(wire_text(&c->in, &a), "12");
	assert_int_equal(wire_i64(&c->in), 50);
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
	assert_int_equal(c->ret, CLI_OK);
}

static void
list_shows_some_columns_on_a_terminal(void **state)
{
	static const char *const columns[] = { "backup", "target", "ended_at", "kind", "level", "state",
		"bytes", "took", "keep_until", "broken", "sidecar_wrong", "digest" };
	const char *const cells[] = { "7", "shop", "x", "hand", "listed", "kept", "100", "x", "x", "", "",
		"abc" };
	struct call *c = *state;
	unsigned op;

	c->cli.json = false;
	answer_row(c, 12, columns, cells);
	ARGS(c, w_list);
	assert_int_equal(run(c, &cli_command_backup, 0, &op), GH_OK);
	/* A runner of another version. */
	c->runner = (struct fake_runner){ 0 };
	answer_row(c, 9, columns, cells);
	ARGS(c, w_list);
	assert_int_equal(run(c, &cli_command_backup, 0, &op), GH_INTERNAL);
	assert_non_null(strstr(c->err.msg, "\"broken\""));
}

static void
show_reads_all_parts(void **state)
{
	struct call *c = *state;
	unsigned op, part;

	for (part = 0; part < 5; part++)
		answer_backup(c, "");
	ARGS(c, w_show, w_seven);
	assert_int_equal(run(c, &cli_command_backup, 4, &op), GH_OK);
	assert_int_equal(op, WIRE_READ_BACKUP);
	assert_int_equal(wire_i64(&c->in), 7);
	assert_int_equal(wire_u8(&c->in), 5); /* 4 is the folder */
	assert_int_equal(wire_i64(&c->in), 0);
	ARGS(c, w_show);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
}

static void
take_is_queued(void **state)
{
	struct call *c = *state;
	GH_ARENA a = { 0 };
	unsigned op;

	c->cli.target = "shop_production";
	c->cli.reason = "before the move";
	answer_id(c, 4);
	ARGS(c, w_take);
	assert_int_equal(run(c, &cli_command_backup, 0, &op), GH_OK);
	assert_int_equal(op, WIRE_BACKUP_TAKE);
	assert_int_equal(strlen(wire_text(&c->in, &a)), 32);
	assert_string_equal(wire_text(&c->in, &a), "");
	assert_string_equal(wire_text(&c->in, &a), "shop_production");
	assert_string_equal(wire_text(&c->in, &a), "before the move");
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
	assert_int_equal(c->ret, CLI_WAITING);
	ARGS(c, w_take, w_seven);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
}

static void
prove_says_how_far(void **state)
{
	struct call *c = *state;
	GH_ARENA a = { 0 };
	unsigned op;

	c->cli.level = "restored";
	answer_id(c, 4);
	ARGS(c, w_prove, w_seven);
	assert_int_equal(run(c, &cli_command_backup, 0, &op), GH_OK);
	assert_int_equal(op, WIRE_BACKUP_PROVE);
	(void)wire_text(&c->in, &a);
	(void)wire_text(&c->in, &a);
	assert_int_equal(wire_i64(&c->in), 7);
	assert_string_equal(wire_text(&c->in, &a), "restored");
	assert_string_equal(wire_text(&c->in, &a), "");
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
}

/* The task ends with a state, its backup is broken or not: what the exit code says. */
static void
wait_ends_with_the_task(void **state)
{
	static const struct {
		const char *state, *broken;
		enum cli_exit exit;
	} rows[] = {
		{ "done", "", CLI_OK },
		{ "done", "the counts differ", CLI_FAILED },
		{ "failed", "", CLI_FAILED },
	};
	struct call *c = *state;
	unsigned op;
	size_t i;

	c->cli.wait = true;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		c->cli.json = i == 0;
		c->runner = (struct fake_runner){ 0 };
		gh_text_clear(&c->asked);
		answer_id(c, 4);
		answer_task(c, "running", "");
		answer_task(c, rows[i].state, "7");
		answer_task(c, rows[i].state, "7");
		answer_backup(c, rows[i].broken);
		ARGS(c, w_prove, w_seven);
		assert_int_equal(run(c, &cli_command_backup, 4, &op), GH_OK);
		assert_int_equal(op, WIRE_READ_BACKUP);
		assert_int_equal(wire_i64(&c->in), 7);
		assert_int_equal(c->ret, rows[i].exit);
	}
	/* Nothing came of it. */
	c->runner = (struct fake_runner){ 0 };
	gh_text_clear(&c->asked);
	answer_id(c, 4);
	answer_task(c, "failed", "");
	answer_task(c, "failed", "");
	c->cli.target = "shop_production";
	ARGS(c, w_take);
	assert_int_equal(run(c, &cli_command_backup, 2, &op), GH_OK);
	assert_int_equal(op, WIRE_READ_TASK);
	assert_int_equal(c->ret, CLI_FAILED);
}

static void
expire_says_whether_it_is_meant(void **state)
{
	struct call *c = *state;
	GH_ARENA a = { 0 };
	unsigned op;
	int dry;

	c->cli.target = "shop_production";
	for (dry = 0; dry < 2; dry++) {
		c->runner = (struct fake_runner){ 0 };
		gh_text_clear(&c->asked);
		c->cli.dry_run = dry == 1;
		answer_backup(c, "");
		ARGS(c, w_expire);
		assert_int_equal(run(c, &cli_command_backup, 0, &op), GH_OK);
		assert_int_equal(op, WIRE_BACKUP_EXPIRE);
		(void)wire_text(&c->in, &a);
		(void)wire_text(&c->in, &a);
		assert_string_equal(wire_text(&c->in, &a), "shop_production");
		assert_int_equal(wire_u8(&c->in), dry);
		assert_int_equal(wire_end(&c->in, NULL), GH_OK);
	}
	ARGS(c, w_expire, w_seven);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
}

static void
look_asks_for_a_look(void **state)
{
	struct call *c = *state;
	unsigned op;

	answer_backup(c, "");
	ARGS(c, w_look);
	assert_int_equal(run(c, &cli_command_backup, 0, &op), GH_OK);
	assert_int_equal(op, WIRE_BACKUP_LOOK);
	ARGS(c, w_look, w_seven);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
}

static void
folder_asks_for_the_folder(void **state)
{
	static char w_folder[] = "folder";
	struct call *c = *state;
	unsigned op;

	answer_backup(c, "");
	ARGS(c, w_folder);
	assert_int_equal(run(c, &cli_command_backup, 0, &op), GH_OK);
	assert_int_equal(op, WIRE_READ_BACKUP);
	assert_int_equal(wire_i64(&c->in), 0);
	assert_int_equal(wire_u8(&c->in), 4);
	ARGS(c, w_folder, w_seven);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
}

/* On a terminal its lines stay lines, and nothing else that a terminal would obey. */
static void
show_prints_what_is_beside_the_file(void **state)
{
	GH_TEXT out = { 0 };

	(void)state;
	cli_print_lines("{\n  \"a\": \"\x1b[2J\xc3\xa9\x7f\"\n}\n", &out);
	assert_string_equal(gh_text_str(&out), "{\n  \"a\": \" [2J\xc3\xa9 \"\n}\n");
}

/* An answer holds only so much: all pages are asked for and stand in one list. */
static void
show_prints_every_list_to_its_end(void **state)
{
	static const char *const columns[] = { "table" };
	struct call *c = *state;
	const struct cli_part p = { .op = WIRE_READ_BACKUP, .id = 7, .part = 1 };
	struct wire_table got;
	int page;

	for (page = 0; page < 3; page++) {
		struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };
		struct wire_table_out t;

		wire_table_start(&t, &out, columns, 1);
		wire_table_text(&t, page == 0 ? "a" : page == 1 ? "b" : "c");
		wire_table_end(&t, page == 0 ? "1" : page == 1 ? "2" : "");
	}
	fake_runner_start(&c->runner);
	assert_int_equal(cli_part_read(&c->cli, &p, &got, &c->err), GH_OK);
	fake_runner_stop(&c->runner, &c->asked);
	assert_int_equal(got.n_rows, 3);
	assert_string_equal(got.cells[2].text, "c");
	assert_string_equal(got.next, "");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(names_its_commands),
		T(list_asks_for_a_page),
		T(list_shows_some_columns_on_a_terminal),
		T(show_reads_all_parts),
		T(take_is_queued),
		T(prove_says_how_far),
		T(wait_ends_with_the_task),
		T(expire_says_whether_it_is_meant),
		T(look_asks_for_a_look),
		T(folder_asks_for_the_folder),
		T(show_prints_what_is_beside_the_file),
		T(show_prints_every_list_to_its_end),
	};

	return cmocka_run_group_tests_name("cli/command_backup", tests, NULL, NULL);
}
