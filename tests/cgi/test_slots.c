#include "base/ban.h"
#include "cgi/slots.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* A process that takes a slot and keeps it until it is killed; *ret_got says whether there was one. */
static pid_t
holder(const struct slots *s, bool *ret_got)
{
	int ends[2], slot;
	char got = 0;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		got = slots_take(s, 10, &slot) ? 'y' : 'n';
		if (write(ends[1], &got, 1) == 1)
			(void)pause();
		_exit(0);
	}
	assert_int_equal(read(ends[0], &got, 1), 1);
	(void)close(ends[0]);
	(void)close(ends[1]);
	*ret_got = got == 'y';
	return pid;
}

static void
end(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
all_but_one_may_wait(void **state)
{
	struct gh_err err = { 0 };
	struct slots s;
	bool got;
	pid_t a, b, c;

	(void)state;
	assert_int_equal(slots_open(3, &s, &err), GH_OK);
	a = holder(&s, &got);
	assert_true(got);
	b = holder(&s, &got);
	assert_true(got);
	c = holder(&s, &got);
	assert_false(got);
	end(c);
	end(a);
	c = holder(&s, &got);
	assert_true(got);
	end(b);
	end(c);
	(void)close(s.fd);
}

static void
one_alone_may_wait(void **state)
{
	const struct slots none = { 0 };
	struct gh_err err = { 0 };
	struct slots s;
	bool got;
	pid_t a;
	int slot;

	(void)state;
	assert_int_equal(slots_open(1, &s, &err), GH_OK);
	assert_true(slots_take(&s, 10, &slot));
	a = holder(&s, &got);
	assert_false(got);
	end(a);
	slots_give(&s, slot);
	a = holder(&s, &got);
	assert_true(got);
	end(a);
	(void)close(s.fd);
	assert_true(slots_take(&none, 10, &slot));
	slots_give(&none, slot);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_but_one_may_wait),
		cmocka_unit_test(one_alone_may_wait),
	};

	return cmocka_run_group_tests_name("cgi/slots", tests, NULL, NULL);
}
