#include "base/ban.h"
#include "cli/backup.h"
#include "tests/cli/call.h"

static char w_restore[] = "restore", w_seven[] = "7", w_file[] = "shop-20261120T023000Z-r7.dump.zst",
	    w_two[] = "7 x";

static void
args(struct call *c, char **list)
{
	c->cli.args = list;
	for (c->cli.n_args = 0; list[c->cli.n_args] != NULL; c->cli.n_args++)
		continue;
}
#define ARGS(c, ...) args((c), (char *[]){ __VA_ARGS__, NULL })

/* Request 9, which waits. */
static void
answer(struct call *c)
{
	struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };

	wire_put_i64(&out, 9);
	wire_put_i64(&out, 0);
}

static void
asked(struct call *c, unsigned direction, const char *target, const char *goal)
{
	GH_ARENA a = { 0 };
	unsigned op;

	answer(c);
	assert_int_equal(run(c, &cli_command_backup, 0, &op), GH_OK);
	assert_int_equal(op, WIRE_REQUEST_ADD);
	(void)wire_text(&c->in, &a);
	(void)wire_text(&c->in, &a);
	assert_string_equal(wire_text(&c->in, &a), target);
	assert_int_equal(wire_u8(&c->in), direction);
	assert_string_equal(wire_text(&c->in, &a), goal);
	assert_int_equal(wire_i64(&c->in), 0);
	assert_string_equal(wire_text(&c->in, &a), "the migration was wrong");
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
	assert_int_equal(c->ret, CLI_WAITING);
}

static void
asks_for_the_target_itself(void **state)
{
	struct call *c = *state;

	c->cli.reason = "the migration was wrong";
	ARGS(c, w_restore, w_seven);
	asked(c, 6, "", "7");
}

static void
asks_by_file_on_a_target_that_is_named(void **state)
{
	struct call *c = *state;

	c->cli.reason = "the migration was wrong";
	c->cli.target = "shop_staging";
	ARGS(c, w_restore, w_file);
	asked(c, 6, "shop_staging", w_file);
}

static void
asks_for_a_database_beside_it(void **state)
{
	struct call *c = *state;

	c->cli.reason = "the migration was wrong";
	c->cli.side = "shop_look";
	ARGS(c, w_restore, w_seven);
	asked(c, 7, "", "7 shop_look");
}

static void
wants_one_backup_and_a_reason(void **state)
{
	struct call *c = *state;

	ARGS(c, w_restore, w_seven);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_non_null(strstr(c->err.msg, "--reason"));
	c->cli.reason = "why";
	c->err = (struct gh_err){ 0 };
	ARGS(c, w_restore);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_non_null(strstr(c->err.msg, "which backup"));
	ARGS(c, w_restore, w_seven, w_seven);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, NULL), GH_BAD_INPUT);
	ARGS(c, w_restore, w_two);
	assert_int_equal(cli_command_backup.run(&c->cli, &c->ret, NULL), GH_BAD_INPUT);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(asks_for_the_target_itself),
		T(asks_by_file_on_a_target_that_is_named),
		T(asks_for_a_database_beside_it),
		T(wants_one_backup_and_a_reason),
	};

	return cmocka_run_group_tests_name("cli/command_backup_restore", tests, NULL, NULL);
}
