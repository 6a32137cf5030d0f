#include "base/ban.h"
#include "cli/options.h"

#include <setjmp.h>
#include <cmocka.h>

static enum gh_code
parse(struct cli *c, enum cli_ask *ask, struct gh_err *err, char **argv)
{
	int argc = 0;

	while (argv[argc] != NULL)
		argc++;
	return cli_options(c, argc, argv, ask, err);
}

#define PARSE(c, ...) parse((c), &ask, &err, (char *[]){ arg0, __VA_ARGS__, NULL })

static char arg0[] = "gatehouse", a_up[] = "up", a_to[] = "--to", a_12[] = "0012", a_wait[] = "--wait",
	    a_target[] = "--target=shop", a_steps[] = "--steps", a_zero[] = "0", a_x[] = "--nonsense",
	    a_json[] = "--json", a_help[] = "--help";

static void
takes_options_before_and_after_the_command(void **state)
{
	struct cli c = { 0 };
	enum cli_ask ask;
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(PARSE(&c, a_json, a_target, a_up, a_to, a_12, a_wait), GH_OK);
	assert_true(c.json);
	assert_true(c.wait);
	assert_string_equal(c.target, "shop");
	assert_string_equal(c.to, "0012");
	assert_int_equal(c.n_args, 1);
	assert_string_equal(c.args[0], "up");
	assert_int_equal(ask, CLI_ASK_NOTHING);
}

static void
names_what_it_does_not_know(void **state)
{
	struct cli c = { 0 };
	enum cli_ask ask;
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(PARSE(&c, a_up, a_x), GH_BAD_INPUT);
	assert_non_null(strstr(err.msg, "--nonsense"));
	err = (struct gh_err){ 0 };
	assert_int_equal(PARSE(&c, a_up, a_to), GH_BAD_INPUT);
	assert_string_equal(err.msg, "--to needs a value");
	err = (struct gh_err){ 0 };
	assert_int_equal(PARSE(&c, a_up, a_steps, a_zero), GH_BAD_INPUT);
	assert_string_equal(err.msg, "--steps takes a number from 1 to 1000, not \"0\"");
}

static void
asks_for_help(void **state)
{
	struct cli c = { 0 };
	enum cli_ask ask;
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(PARSE(&c, a_help), GH_OK);
	assert_int_equal(ask, CLI_ASK_HELP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_options_before_and_after_the_command),
		cmocka_unit_test(names_what_it_does_not_know),
		cmocka_unit_test(asks_for_help),
	};

	return cmocka_run_group_tests_name("cli/options", tests, NULL, NULL);
}
