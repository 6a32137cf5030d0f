#include "base/ban.h"
#include "base/io.h"
#include "base/spawn.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

static const char *const no_env[] = { NULL };

/* Runs path with argv and gives what it wrote to descriptor `to`. */
static int
run(const char *const *argv, const char *const *env, int to, struct gh_text *out)
{
	int ends[2], status = -1;
	struct gh_err err = { 0 };
	struct gh_spawn s = { .path = argv[0], .argv = argv, .env = env, .n_fds = 1 };
	pid_t pid = 0;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	s.fds[0] = (struct gh_spawn_fd){ .from = ends[1], .to = to };
	assert_int_equal(gh_spawn_start(&s, &pid, &err), GH_OK);
	(void)close(ends[1]);
	assert_int_equal(gh_read_all(ends[0], 65536, out, &err), GH_OK);
	(void)close(ends[0]);
	assert_int_equal(gh_spawn_wait(pid, &status, &err), GH_OK);
	return status;
}

static void
passes_argv_and_environment_and_nothing_else(void **state)
{
	static const char *const argv[] = { "/usr/bin/env", NULL };
	static const char *const env[] = { "ONE=1", NULL };
	GH_TEXT out = { 0 };

	(void)state;
	assert_int_equal(setenv("LEAK", "x", 1), 0);
	assert_int_equal(run(argv, env, 1, &out), 0);
	assert_string_equal(gh_text_str(&out), "ONE=1\n");
}

static void
gives_only_the_descriptors_that_were_mapped(void **state)
{
	static const char *const argv[] = { "/bin/ls", "/proc/self/fd", NULL };
	GH_FD int leak = open("/dev/null", O_RDONLY); /* without close-on-exec: must be closed all the same */
	GH_TEXT out = { 0 };

	(void)state;
	assert_true(leak >= 3);
	assert_int_equal(run(argv, no_env, 1, &out), 0);
	/* 0 1 2 and the folder that ls itself has open */
	assert_string_equal(gh_text_str(&out), "0\n1\n2\n3\n");
}

static void
reports_a_program_that_cannot_start(void **state)
{
	static const char *const argv[] = { "/nonexistent/program", NULL };
	struct gh_spawn s = { .path = argv[0], .argv = argv, .env = no_env };
	struct gh_err err = { 0 };
	pid_t pid = 0;

	(void)state;
	assert_int_equal(gh_spawn_start(&s, &pid, &err), GH_UNAVAILABLE);
	assert_string_equal(err.msg, "cannot start /nonexistent/program: No such file or directory");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void
limits_what_the_child_may_use(void **state)
{
	static const char *const argv[] = { "/bin/cat", "/proc/self/limits", NULL };
	int ends[2], status = -1;
	struct gh_spawn s = { .path = argv[0],
		.argv = argv,
		.env = no_env,
		.n_fds = 1,
		.stack_bytes = 64 << 20,
		.cpu_seconds = 7,
		.own_session = true };
	GH_TEXT out = { 0 };
	pid_t pid = 0;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	s.fds[0] = (struct gh_spawn_fd){ .from = ends[1], .to = 1 };
	assert_int_equal(gh_spawn_start(&s, &pid, NULL), GH_OK);
	(void)close(ends[1]);
	assert_int_equal(gh_read_all(ends[0], 65536, &out, NULL), GH_OK);
	(void)close(ends[0]);
	assert_int_equal(gh_spawn_wait(pid, &status, NULL), GH_OK);
	assert_non_null(strstr(gh_text_str(&out), "67108864"));
	assert_non_null(strstr(gh_text_str(&out), "Max core file size        0"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_argv_and_environment_and_nothing_else),
		cmocka_unit_test(gives_only_the_descriptors_that_were_mapped),
		cmocka_unit_test(reports_a_program_that_cannot_start),
		cmocka_unit_test(limits_what_the_child_may_use),
	};

	return cmocka_run_group_tests_name("base/spawn", tests, NULL, NULL);
}
