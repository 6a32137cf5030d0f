#include "base/ban.h"
#include "runner/job/analyse.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct sql_text text = {
	.sql = "SELECT 1; VACUUM", .len = 16, .file = "f.sql", .first_line = 5
};

static void
reads_in_a_child(void **state)
{
	static const struct job j;
	ANALYSE_PARSER p = { .job = &j };
	GH_ARENA a = { 0 };
	struct sql_script s;
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(analyse_parser_read(&p, &text, &a, &s, &err), GH_OK);
	assert_int_equal(s.n, 2);
	assert_true(p.child.pid > 0);
}

/* The job was told to end before it came to the parser. */
static void
stops_with_its_job(void **state)
{
	static const struct job j;
	ANALYSE_PARSER p = { .job = &j };
	GH_ARENA a = { 0 };
	struct sql_script s;
	struct gh_err err = { 0 };
	sigset_t set;

	(void)state;
	assert_int_equal(sigemptyset(&set), 0);
	assert_int_equal(sigaddset(&set, SIGTERM), 0);
	assert_int_equal(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(analyse_parser_read(&p, &text, &a, &s, &err), GH_UNAVAILABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_in_a_child),
		cmocka_unit_test(stops_with_its_job),
	};

	return cmocka_run_group_tests_name("runner/job/analyse_parser", tests, NULL, NULL);
}
