#include "base/ban.h"
#ifndef GH_FAULTS
#define GH_FAULTS 1
#endif
#define gh_fault    test_fault
#define gh_fault_of test_fault_of
#include "base/arena.h"
#include "base/fault.c" /* NOLINT(bugprone-suspicious-include): with the points in, whatever this build has */
#undef gh_fault
#undef gh_fault_of

#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

static char path[64], traced[80];

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(path, sizeof(path), "/tmp/gatehouse-fault-%ld", (long)getpid());
	(void)snprintf(traced, sizeof(traced), "%s.trace", path);
	return setenv("GATEHOUSE_FAULT", path, 1); /* NOLINT(concurrency-mt-unsafe) */
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(path);
	(void)unlink(traced);
	return 0;
}

static void
say(const char *file, const char *text)
{
	assert_int_equal(gh_file_replace(file, text, strlen(text), 0600, NULL), GH_OK);
}

static const char *
said(const char *file)
{
	static struct gh_text text;

	gh_text_done(&text);
	text = (struct gh_text){ 0 };
	return gh_file_read(file, LIMIT, &text, NULL) == GH_OK ? gh_text_str(&text) : "(no file)";
}

static void
nothing_happens_without_the_file_or_elsewhere(void **state)
{
	(void)state;
	assert_false(test_fault("a.b"));
	say(path, "");
	assert_false(test_fault("a.b"));
	say(path, "a.bc fail\n");
	assert_false(test_fault("a.b"));
	assert_false(test_fault("a.bc.d"));
	assert_string_equal(said(path), "a.bc fail\n");
}

static void
acts_once_and_goes_on_to_the_next_line(void **state)
{
	(void)state;
	say(path, "a.b fail\nc.d enospc\ne.f delay-1");
	assert_false(test_fault("c.d"));
	assert_true(test_fault("a.b"));
	assert_false(test_fault("a.b"));
	assert_true(test_fault("c.d"));
	assert_string_equal(said(path), "e.f delay-1");
	assert_false(test_fault("e.f"));
	assert_string_equal(said(path), "(no file)");
}

static void
counts_the_passes_of_its_line_only(void **state)
{
	(void)state;
	say(path, "a.b fail 3\n");
	assert_false(test_fault("a.b"));
	assert_false(test_fault("a.b"));
	/* Another line begins anew. */
	say(path, "a.b fail 2\n");
	assert_false(test_fault("a.b"));
	assert_true(test_fault("a.b"));
	assert_string_equal(said(path), "(no file)");
}

static void
kills_itself_and_spares_a_parent_that_is_no_runner(void **state)
{
	static const char *const actions[] = { "kill", "kill-both" };
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		GH_ARENA a = { 0 };
		int status = 0;
		pid_t pid;

		say(path, gh_printf(&a, "a.b %s\n", actions[i]));
		pid = fork();
		if (pid == 0) {
			(void)test_fault("a.b");
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	say(path, "a.b kill-runner\n");
	assert_false(test_fault("a.b"));
}

static void
traces_each_pass(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	say(traced, "");
	(void)test_fault("a.b");
	(void)test_fault_of("a.", "c", "b c");
	assert_string_equal(said(traced),
	    gh_printf(&a, "a.b %s %ld\na.c %s %ld\n", program_invocation_short_name, (long)getpid(),
		program_invocation_short_name, (long)getpid()));
}

static void
a_family_knows_its_members(void **state)
{
	int status = 0;
	pid_t pid;

	(void)state;
	say(path, "a.bc fail\n");
	assert_false(test_fault_of("a.", "b", "b bc"));
	assert_true(test_fault_of("a.", "bc", "b bc"));
	pid = fork();
	if (pid == 0) {
		(void)close(2);
		(void)test_fault_of("a.", "c", "b bc");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* A sanitizer may turn the abort into an exit. */
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(nothing_happens_without_the_file_or_elsewhere),
		T(acts_once_and_goes_on_to_the_next_line),
		T(counts_the_passes_of_its_line_only),
		T(kills_itself_and_spares_a_parent_that_is_no_runner),
		T(traces_each_pass),
		T(a_family_knows_its_members),
	};

	return cmocka_run_group_tests_name("base/fault", tests, NULL, NULL);
}
