#include "base/ban.h"
#include "cli/backup.h"
#include "tests/cli/call.h"

/* What waits or is under way beside runs, and its end; how one is taken, proved and waited for is in
 * test_command_backup.c. */

static char w_seven[] = "7";

static void
args(struct call *c, char **list)
{
	c->cli.args = list;
	for (c->cli.n_args = 0; list[c->cli.n_args] != NULL; c->cli.n_args++)
		continue;
}
#define ARGS(c, ...) args((c), (char *[]){ __VA_ARGS__, NULL })

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
tasks_are_those_that_have_not_ended(void **state)
{
	static const char *const columns[] = { "task", "kind", "target", "backup", "person", "state",
		"queued_at", "started_at", "activity", "note", "reason", "cancelled", "more" };
	const char *const cells[] = { "4", "take", "shop", "", "lead", "running", "x", "x", "dump", "a", "b",
		"lead: no", "z" };
	static char w_tasks[] = "tasks";
	struct call *c = *state;
	unsigned op;
	int i;

	for (i = 0; i < 3; i++) {
		c->runner = (struct fake_runner){ 0 };
		gh_text_clear(&c->asked);
		c->cli.json = i == 0;
		if (i < 2) {
			answer_row(c, 13, columns, cells);
		} else {
			struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };
			struct wire_table_out t;

			wire_table_start(&t, &out, columns, 13);
			wire_table_end(&t, "");
		}
		ARGS(c, w_tasks);
		assert_int_equal(run(c, &cli_command_backup, 0, &op), GH_OK);
		assert_int_equal(op, WIRE_READ_TASK);
		assert_int_equal(wire_i64(&c->in), 0);
		assert_int_equal(wire_end(&c->in, NULL), GH_OK);
		assert_int_equal(c->ret, CLI_OK);
	}
	ARGS(c, w_tasks, w_seven);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
}

static void
cancel_says_why_and_what_became_of_it(void **state)
{
	static char w_cancel[] = "cancel";
	struct call *c = *state;
	GH_ARENA a = { 0 };
	unsigned op;
	int i;

	for (i = 0; i < 3; i++) {
		struct wire_out out = { .text = NULL };

		c->runner = (struct fake_runner){ 0 };
		gh_text_clear(&c->asked);
		c->cli.json = i == 2;
		c->cli.reason = "not today";
		out.text = fake_runner_answer(&c->runner, GH_OK);
		wire_put_text(&out, i == 0 ? "failed" : "running");
		ARGS(c, w_cancel, w_seven);
		assert_int_equal(run(c, &cli_command_backup, 0, &op), GH_OK);
		assert_int_equal(op, WIRE_BACKUP_CANCEL);
		(void)wire_text(&c->in, &a);
		(void)wire_text(&c->in, &a);
		assert_int_equal(wire_i64(&c->in), 7);
		assert_string_equal(wire_text(&c->in, &a), "not today");
		assert_int_equal(wire_end(&c->in, NULL), GH_OK);
		assert_int_equal(c->ret, CLI_OK);
	}
	ARGS(c, w_cancel);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	c->err = (struct gh_err){ 0 };
	c->cli.reason = "";
	ARGS(c, w_cancel, w_seven);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_string_equal(c->err.msg, "say why: --reason TEXT");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(tasks_are_those_that_have_not_ended),
		T(cancel_says_why_and_what_became_of_it),
	};

	return cmocka_run_group_tests_name("cli/command_backup_task", tests, NULL, NULL);
}
