#include "base/ban.h"
#include "base/clock.h"
#include "tests/cli/call.h"

/* cancel, pause, resume, speed, extend: what they send, and what they do not send. */

static char run_id[] = "17";
static char *args[] = { run_id, NULL };

/* Leaves c->in at the numbers behind the reason. */
static enum gh_code
tell(struct call *c, const struct cli_command *command, enum wire_op want)
{
	GH_ARENA a = { 0 };
	enum gh_code code;
	unsigned op;

	c->cli.args = args;
	c->cli.n_args = 1;
	c->cli.reason = "too slow";
	(void)fake_runner_answer(&c->runner, GH_OK);
	code = run(c, command, 0, &op);
	if (code != GH_OK)
		return code;
	assert_int_equal(op, want);
	assert_int_equal(strlen(wire_text(&c->in, &a)), 32);
	assert_string_equal(wire_text(&c->in, &a), "");
	assert_int_equal(wire_i64(&c->in), 17);
	assert_string_equal(wire_text(&c->in, &a), "too slow");
	return GH_OK;
}

static void
cancels(void **state)
{
	struct call *c = *state;

	assert_int_equal(tell(c, &cli_command_cancel, WIRE_RUN_CANCEL), GH_OK);
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
}

static void
pauses(void **state)
{
	struct call *c = *state;

	assert_int_equal(tell(c, &cli_command_pause, WIRE_RUN_PAUSE), GH_OK);
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
}

static void
resumes(void **state)
{
	struct call *c = *state;

	assert_int_equal(tell(c, &cli_command_resume, WIRE_RUN_RESUME), GH_OK);
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
}

static void
changes_speed(void **state)
{
	struct call *c = *state;

	c->cli.size = "9000";
	c->cli.pause = "2s";
	assert_int_equal(tell(c, &cli_command_speed, WIRE_RUN_SPEED), GH_OK);
	assert_int_equal(wire_i64(&c->in), 9000);
	assert_int_equal(wire_i64(&c->in), 2000);
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
}

/* What is left out stays as it is now. */
static void
changes_one_of_both(void **state)
{
	struct call *c = *state;

	c->cli.pause = "0s";
	assert_int_equal(tell(c, &cli_command_speed, WIRE_RUN_SPEED), GH_OK);
	assert_int_equal(wire_i64(&c->in), -1);
	assert_int_equal(wire_i64(&c->in), 0);
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
}

static void
extends(void **state)
{
	struct call *c = *state;
	int64_t now = gh_clock_now(), until;

	c->cli.until = "+30m";
	assert_int_equal(tell(c, &cli_command_extend, WIRE_RUN_EXTEND), GH_OK);
	until = wire_i64(&c->in);
	assert_int_equal(wire_end(&c->in, NULL), GH_OK);
	assert_true(until >= now + 30 * GH_MINUTE && until < now + 31 * GH_MINUTE);
}

/* Nothing is sent. */
static void
refused(struct call *c, const struct cli_command *command, const char *part)
{
	c->cli.args = args;
	c->cli.n_args = 1;
	c->err = (struct gh_err){ 0 };
	assert_int_equal(command->run(&c->cli, &c->ret, &c->err), GH_BAD_INPUT);
	if (strstr(c->err.msg, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, c->err.msg);
}

static void
refuse_what_is_missing(void **state)
{
	struct call *c = *state;

	refused(c, &cli_command_cancel, "--reason");
	refused(c, &cli_command_pause, "--reason");
	refused(c, &cli_command_resume, "--reason");
	refused(c, &cli_command_speed, "--size");
	refused(c, &cli_command_extend, "--until");
	c->cli.reason = "";
	refused(c, &cli_command_cancel, "--reason");
	c->cli.reason = "why";
	c->cli.size = "many";
	refused(c, &cli_command_speed, "many");
	c->cli.size = "100";
	c->cli.pause = "100";
	refused(c, &cli_command_speed, "100ms");
	c->cli.until = "tomorrow";
	refused(c, &cli_command_extend, "tomorrow");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(cancels),
		T(pauses),
		T(resumes),
		T(changes_speed),
		T(changes_one_of_both),
		T(extends),
		T(refuse_what_is_missing),
	};

	return cmocka_run_group_tests_name("cli/command_control", tests, NULL, NULL);
}
