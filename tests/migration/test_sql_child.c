#include "base/ban.h"
#include "migration/sql_child.h"

#include <setjmp.h>
#include <cmocka.h>

static void
read_in_child(struct sql_child *p, const char *text, struct gh_arena *a, struct sql_script *ret)
{
	struct sql_text t = { .sql = text, .len = strlen(text), .file = "f.sql", .first_line = 5 };
	struct gh_err err = { 0 };

	assert_int_equal(sql_child_read(p, &t, a, ret, &err), GH_OK);
}

static void
one_child_answers_many_questions(void **state)
{
	SQL_CHILD p = { 0 };
	GH_ARENA a = { 0 };
	struct sql_script s;
	pid_t first;
	int i;

	(void)state;
	read_in_child(&p, "SELECT 1", &a, &s);
	first = p.pid;
	for (i = 0; i < 20; i++) {
		read_in_child(&p, "SELECT 1; SELECT 2", &a, &s);
		assert_int_equal(s.n, 2);
		assert_int_equal(s.statements[0].line, 5);
		assert_int_equal(p.pid, first);
	}
}

static void
a_killed_child_is_replaced(void **state)
{
	SQL_CHILD p = { 0 };
	GH_ARENA a = { 0 };
	struct sql_script s;
	pid_t first;

	(void)state;
	read_in_child(&p, "SELECT 1", &a, &s);
	first = p.pid;
	assert_int_equal(kill(first, SIGKILL), 0);
	read_in_child(&p, "SELECT 1; SELECT 2", &a, &s);
	assert_string_equal(s.problem, "");
	assert_int_equal(s.n, 2);
	assert_int_not_equal(p.pid, first);
}

#define DEEP 3000000

static void
deep_text_is_reported(void **state)
{
	char *text = malloc(DEEP + 20);
	SQL_CHILD p = { 0 };
	GH_ARENA a = { 0 };
	struct sql_script s;

	(void)state;
	assert_non_null(text);
	memset(text, '(', DEEP);
	(void)snprintf(text + DEEP, 20, "1");
	memcpy(text, "SELECT ", 7);
	read_in_child(&p, text, &a, &s);
	assert_int_equal(s.n, 0);
	assert_int_equal(strncmp(s.problem, "f.sql:5:", 8), 0);
	/* The next text gets its answer. */
	read_in_child(&p, "SELECT 1", &a, &s);
	assert_string_equal(s.problem, "");
	free(text);
}

static bool
at_once(const void *to)
{
	(void)to;
	return true;
}

static void
stops_when_told(void **state)
{
	SQL_CHILD p = { .stopped = at_once };
	struct sql_text t = { .sql = "SELECT 1", .len = 8, .file = "f.sql", .first_line = 1 };
	GH_ARENA a = { 0 };
	struct sql_script s;
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(sql_child_read(&p, &t, &a, &s, &err), GH_UNAVAILABLE);
	assert_string_equal(err.msg, "stopped while f.sql was analysed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_child_answers_many_questions),
		cmocka_unit_test(a_killed_child_is_replaced),
		cmocka_unit_test(deep_text_is_reported),
		cmocka_unit_test(stops_when_told),
	};

	return cmocka_run_group_tests_name("migration/sql_child", tests, NULL, NULL);
}
