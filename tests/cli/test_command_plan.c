#include "base/ban.h"
#include "tests/cli/call.h"

static void
answer_part(struct call *c, const char *document, int64_t total, const char *part)
{
	struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };

	wire_put_text(&out, document);
	wire_put_i64(&out, total);
	wire_put_bytes(&out, part, strlen(part));
}

/* What call number n asked for. */
static void
assert_asked(
    struct call *c, uint8_t direction, const char *goal, int64_t steps, const char *document, int64_t offset)
{
	GH_ARENA a = { 0 };

	assert_string_equal(wire_text(&c->in, &a), "shop_production");
	assert_int_equal(wire_u8(&c->in), direction);
	assert_string_equal(wire_text(&c->in, &a), goal);
	assert_int_equal(wire_i64(&c->in), steps);
	assert_true(wire_bool(&c->in));
	assert_string_equal(wire_text(&c->in, &a), document);
	assert_int_equal(wire_i64(&c->in), offset);
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
}

static void
a_plan_is_fetched_part_by_part(void **state)
{
	struct call *c = *state;
	unsigned op;

	c->cli.target = "shop_production";
	answer_part(c, "d1", 5, "{\"a");
	answer_part(c, "d1", 5, "}\n");
	assert_int_equal(run(c, &cli_command_plan, 1, &op), GH_OK);
	assert_int_equal(op, WIRE_READ_PLAN);
	assert_asked(c, 1, "", 0, "d1", 3);
	assert_int_equal(c->ret, CLI_OK);
}

static void
each_goal_is_sent_as_it_was_asked(void **state)
{
	static const struct {
		const char *to, *only, *down_to;
		int64_t down;
		uint8_t direction;
		const char *goal;
	} cases[] = {
		{ "0012", NULL, NULL, 0, 1, "0012" },
		{ NULL, "0012", NULL, 0, 3, "0012" },
		{ NULL, NULL, "0007", 0, 2, "0007" },
		{ NULL, NULL, NULL, 3, 2, "" },
	};
	struct call *c = *state;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned op;

		c->runner = (struct fake_runner){ 0 };
		gh_text_clear(&c->asked);
		c->cli.target = "shop_production";
		c->cli.to = cases[i].to;
		c->cli.only = cases[i].only;
		c->cli.down_to = cases[i].down_to;
		c->cli.down = cases[i].down;
		answer_part(c, "d1", 3, "{}\n");
		assert_int_equal(run(c, &cli_command_plan, 0, &op), GH_OK);
		assert_asked(c, cases[i].direction, cases[i].goal, cases[i].down, "", 0);
	}
}

static void
a_plan_has_one_goal(void **state)
{
	struct call *c = *state;

	c->cli.target = "shop_production";
	c->cli.to = "1";
	c->cli.down = 2;
	assert_int_equal(cli_command_plan.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_string_equal(c->err.msg, "plan takes one of --to, --only, --down and --down-to, not 2");
	c->cli.down = 0;
	c->cli.steps = 2;
	c->err = (struct gh_err){ 0 };
	assert_int_equal(cli_command_plan.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_string_equal(c->err.msg, "plan takes --down N, not --steps");
}

static void
a_plan_that_does_not_go_on_is_an_error(void **state)
{
	struct call *c = *state;
	unsigned op;

	c->cli.target = "shop_production";
	answer_part(c, "d1", 5, "{");
	answer_part(c, "d1", 5, "");
	assert_int_equal(run(c, &cli_command_plan, 0, &op), GH_INTERNAL);
	assert_non_null(strstr(c->err.msg, "no more of the plan than 1 bytes"));
}

static void
up_by_one_alone_is_its_own_direction(void **state)
{
	struct call *c = *state;
	GH_ARENA a = { 0 };
	unsigned op;

	c->cli.target = "shop_production";
	c->cli.only = "0012";
	{
		struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };

		wire_put_i64(&out, 12);
		wire_put_i64(&out, 0);
	}
	assert_int_equal(run(c, &cli_command_up, 0, &op), GH_OK);
	(void)wire_text(&c->in, &a);
	(void)wire_text(&c->in, &a);
	(void)wire_text(&c->in, &a);
	assert_int_equal(wire_u8(&c->in), 3);
	assert_string_equal(wire_text(&c->in, &a), "0012");
	c->cli.to = "0013";
	assert_int_equal(cli_command_up.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_non_null(strstr(c->err.msg, "not both"));
	c->cli.to = NULL;
	c->err = (struct gh_err){ 0 };
	assert_int_equal(cli_command_down.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
}

static void
the_files_of_a_targets_project_are_listed(void **state)
{
	static const char *const columns[] = { "target", "project" }, *const files[] = { "file", "taken_as" };
	struct call *c = *state;
	struct wire_table_out t;
	GH_ARENA a = { 0 };
	unsigned op;

	c->cli.target = "shop_production";
	c->cli.files = true;
	c->cli.state = "refused";
	{
		struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };

		wire_table_start(&t, &out, columns, 2);
		wire_table_text(&t, "shop_production");
		wire_table_text(&t, "shop");
		wire_table_end(&t, "");
	}
	{
		struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };

		wire_table_start(&t, &out, files, 2);
		wire_table_text(&t, "x.sql");
		wire_table_text(&t, "refused");
		wire_table_end(&t, "");
	}
	assert_int_equal(run(c, &cli_command_list, 1, &op), GH_OK);
	assert_int_equal(op, WIRE_READ_FILES);
	assert_string_equal(wire_text(&c->in, &a), "shop");
	assert_string_equal(wire_text(&c->in, &a), "refused");
	assert_string_equal(wire_text(&c->in, &a), "");
	assert_int_equal(wire_i64(&c->in), 50);
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_plan_is_fetched_part_by_part),
		T(each_goal_is_sent_as_it_was_asked),
		T(a_plan_has_one_goal),
		T(a_plan_that_does_not_go_on_is_an_error),
		T(up_by_one_alone_is_its_own_direction),
		T(the_files_of_a_targets_project_are_listed),
	};

	gh_hash_start();
	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("cli/command_plan", tests, NULL, NULL);
}
