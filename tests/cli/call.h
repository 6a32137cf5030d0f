/*
 * A command of `gatehouse` in a test: the runner's answers are prepared, what it was asked is looked at.
 */
#ifndef GH_TESTS_CLI_CALL_H
#define GH_TESTS_CLI_CALL_H

#include "cli/cli.h"
#include "tests/support/fake_runner.h"

#include <setjmp.h>
#include <cmocka.h>

struct call {
	struct gh_arena arena;
	struct cli cli;
	struct fake_runner runner;
	struct gh_text asked;
	struct wire_in in; /* the last call's fields */
	struct gh_err err;
	enum cli_exit ret;
};

static int
setup(void **state)
{
	struct call *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return -1;
	c->cli = (struct cli){ .arena = &c->arena, .socket = c->runner.socket, .json = true };
	*state = c;
	return 0;
}

static int
teardown(void **state)
{
	struct call *c = *state;

	gh_arena_done(&c->arena);
	gh_text_done(&c->asked);
	free(c);
	return 0;
}

/* Runs the command against the answers prepared and leaves `in` at the fields of its call number n. */
static enum gh_code
run(struct call *c, const struct cli_command *command, size_t n, unsigned *ret_op)
{
	enum gh_code code;
	struct wire_in in;
	uint32_t len = 0;
	size_t i;

	fake_runner_start(&c->runner);
	code = command->run(&c->cli, &c->ret, &c->err);
	fake_runner_stop(&c->runner, &c->asked);
	in = (struct wire_in){ .at = (const unsigned char *)gh_text_str(&c->asked) };
	in.end = in.at + c->asked.len;
	for (i = 0; i <= n; i++) {
		in.at += len;
		len = wire_u32(&in);
	}
	c->in = (struct wire_in){ .at = in.at, .end = in.at + len };
	*ret_op = wire_u16(&c->in);
	c->in.at += GH_TOKEN_LEN;
	return code;
}

#endif
