#include "base/ban.h"
#include "tests/cli/call.h"

static void
answer_request(struct call *c, const char *state_text, int64_t run_id)
{
	static const char *const columns[] = { "request", "state", "target", "digest", "run" };
	struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };
	struct wire_table_out t;

	wire_table_start(&t, &out, columns, 5);
	wire_table_int(&t, 12);
	wire_table_text(&t, state_text);
	wire_table_text(&t, "shop_production");
	wire_table_text(&t, "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789");
	wire_table_int(&t, run_id);
	wire_table_end(&t, "");
}

static void
answer_two(struct call *c, int64_t one, int64_t two)
{
	struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };

	wire_put_i64(&out, one);
	wire_put_i64(&out, two);
}

static void
up_sends_what_was_asked(void **state)
{
	struct call *c = *state;
	GH_ARENA a = { 0 };
	unsigned op;

	c->cli.target = "shop_production";
	c->cli.to = "0012";
	c->cli.reason = "release";
	answer_two(c, 12, 0);
	assert_int_equal(run(c, &cli_command_up, 0, &op), GH_OK);
	assert_int_equal(op, WIRE_REQUEST_ADD);
	assert_int_equal(strlen(wire_text(&c->in, &a)), 32); /* a fresh key */
	assert_string_equal(wire_text(&c->in, &a), "");
	assert_string_equal(wire_text(&c->in, &a), "shop_production");
	assert_int_equal(wire_u8(&c->in), 1);
	assert_string_equal(wire_text(&c->in, &a), "0012");
	assert_int_equal(wire_i64(&c->in), 0);
	assert_string_equal(wire_text(&c->in, &a), "release");
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
	assert_int_equal(c->ret, CLI_WAITING);
}

static void
down_takes_one_step_unless_told(void **state)
{
	struct call *c = *state;
	GH_ARENA a = { 0 };
	unsigned op;

	c->cli.target = "shop_staging";
	answer_two(c, 13, 4);
	assert_int_equal(run(c, &cli_command_down, 0, &op), GH_OK);
	(void)wire_text(&c->in, &a);
	(void)wire_text(&c->in, &a);
	(void)wire_text(&c->in, &a);
	assert_int_equal(wire_u8(&c->in), 2);
	assert_string_equal(wire_text(&c->in, &a), "");
	assert_int_equal(wire_i64(&c->in), 1);
}

static void
down_refuses_steps_with_a_version(void **state)
{
	struct call *c = *state;

	c->cli.target = "shop_staging";
	c->cli.to = "0003";
	c->cli.steps = 2;
	assert_int_equal(cli_command_down.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_non_null(strstr(c->err.msg, "not both"));
}

static void
approve_sends_the_digest_that_was_named(void **state)
{
	struct call *c = *state;
	char *args[] = { (char[]){ "12" }, NULL };
	GH_ARENA a = { 0 };
	unsigned op;

	c->cli.args = args;
	c->cli.n_args = 1;
	c->cli.digest = "abcdef012345";
	answer_request(c, "waiting", 0);
	{
		struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };

		wire_put_i64(&out, 7);
	}
	assert_int_equal(run(c, &cli_command_approve, 1, &op), GH_OK);
	assert_int_equal(op, WIRE_REQUEST_APPROVE);
	(void)wire_text(&c->in, &a);
	(void)wire_text(&c->in, &a);
	assert_int_equal(wire_i64(&c->in), 12);
	assert_int_equal(strlen(wire_text(&c->in, &a)), 64);
}

static void
approve_refuses_another_digest_and_a_short_one(void **state)
{
	static const char *const digests[] = { "abcdef012346", "abc", "" };
	struct call *c = *state;
	char *args[] = { (char[]){ "12" }, NULL };
	size_t i;

	c->cli.args = args;
	c->cli.n_args = 1;
	for (i = 0; i < 3; i++) {
		unsigned op;

		c->cli.digest = digests[i];
		c->err = (struct gh_err){ 0 };
		c->runner = (struct fake_runner){ 0 };
		gh_text_clear(&c->asked);
		answer_request(c, "waiting", 0);
		assert_int_equal(run(c, &cli_command_approve, 0, &op), GH_CONFLICT);
		assert_non_null(strstr(c->err.msg, "nothing was approved"));
	}
}

static void
an_id_must_be_one_number(void **state)
{
	static char word[] = "twelve", zero[] = "0";
	struct call *c = *state;
	char *bad[][2] = { { word, NULL }, { zero, NULL }, { NULL, NULL } };
	size_t i;

	for (i = 0; i < 3; i++) {
		c->cli.args = bad[i];
		c->cli.n_args = bad[i][0] == NULL ? 0 : 1;
		c->err = (struct gh_err){ 0 };
		assert_int_equal(cli_command_run.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
		assert_int_equal(cli_command_refuse.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
		assert_int_equal(cli_command_withdraw.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	}
}

static void
people_needs_roles(void **state)
{
	struct call *c = *state;
	char *args[] = { (char[]){ "add" }, (char[]){ "viewer" }, NULL };

	c->cli.args = args;
	c->cli.n_args = 2;
	assert_int_equal(cli_command_people.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_non_null(strstr(c->err.msg, "--roles"));
}

static void
incidents_close_says_which_and_why(void **state)
{
	struct call *c = *state;
	char *args[] = { (char[]){ "close" }, (char[]){ "3" }, NULL };
	GH_ARENA a = { 0 };
	unsigned op;

	c->cli.args = args;
	c->cli.n_args = 2;
	assert_int_equal(cli_command_incidents.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_string_equal(c->err.msg, "say it with --comment TEXT");
	c->err = (struct gh_err){ 0 };
	c->cli.comment = "index dropped by hand";
	(void)fake_runner_answer(&c->runner, GH_OK);
	assert_int_equal(run(c, &cli_command_incidents, 0, &op), GH_OK);
	assert_int_equal(op, WIRE_INCIDENT_CLOSE);
	(void)wire_text(&c->in, &a);
	(void)wire_text(&c->in, &a);
	assert_int_equal(wire_i64(&c->in), 3);
	assert_string_equal(wire_text(&c->in, &a), "index dropped by hand");
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
}

static void
deliveries_asks_for_a_list_or_another_try(void **state)
{
	static const char *const columns[] = { "delivery" };
	struct call *c = *state;
	char *args[] = { (char[]){ "retry" }, (char[]){ "x" }, NULL };
	char seven[] = "7";
	struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };
	struct wire_table_out t;
	GH_ARENA a = { 0 };
	unsigned op;

	wire_table_start(&t, &out, columns, 1);
	wire_table_end(&t, "");
	c->cli.state = "failed";
	c->cli.channel = "ops";
	assert_int_equal(run(c, &cli_command_deliveries, 0, &op), GH_OK);
	assert_int_equal(op, WIRE_READ_DELIVERIES);
	assert_string_equal(wire_text(&c->in, &a), "failed");
	assert_string_equal(wire_text(&c->in, &a), "ops");
	c->cli.args = args;
	c->cli.n_args = 2;
	assert_int_equal(cli_command_deliveries.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	assert_string_equal(c->err.msg, "\"x\" is not the number of a delivery");
	c->cli.n_args = 1;
	c->err = (struct gh_err){ 0 };
	assert_int_equal(cli_command_deliveries.run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	args[1] = seven;
	c->cli.args = args;
	c->cli.n_args = 2;
	c->err = (struct gh_err){ 0 };
	c->runner = (struct fake_runner){ 0 };
	gh_text_clear(&c->asked);
	(void)fake_runner_answer(&c->runner, GH_OK);
	assert_int_equal(run(c, &cli_command_deliveries, 0, &op), GH_OK);
	assert_int_equal(op, WIRE_DELIVERY_RETRY);
	(void)wire_text(&c->in, &a);
	(void)wire_text(&c->in, &a);
	assert_int_equal(wire_i64(&c->in), 7);
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
}

static void
status_says_pending_by_its_exit_code(void **state)
{
	static const char *const columns[] = { "target", "pending" };
	struct call *c = *state;
	struct wire_out out = { .text = fake_runner_answer(&c->runner, GH_OK) };
	struct wire_table_out t;
	unsigned op;

	wire_table_start(&t, &out, columns, 2);
	wire_table_text(&t, "shop_production");
	wire_table_int(&t, 4);
	wire_table_end(&t, "");
	assert_int_equal(run(c, &cli_command_status, 0, &op), GH_OK);
	assert_int_equal(op, WIRE_READ_STATUS);
	assert_int_equal(c->ret, CLI_WAITING);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(up_sends_what_was_asked),
		T(down_takes_one_step_unless_told),
		T(down_refuses_steps_with_a_version),
		T(approve_sends_the_digest_that_was_named),
		T(approve_refuses_another_digest_and_a_short_one),
		T(an_id_must_be_one_number),
		T(people_needs_roles),
		T(incidents_close_says_which_and_why),
		T(deliveries_asks_for_a_list_or_another_try),
		T(status_says_pending_by_its_exit_code),
	};

	gh_hash_start();
	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("cli/command", tests, NULL, NULL);
}
