#include "base/ban.h"
#include "base/io.h"
#include "base/spawn.h"

#include <setjmp.h>
#include <cmocka.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* What is said where the walls cannot be built. */

static int
code_of(void (*first)(void))
{
	struct gh_confine c = { .n = 0 };
	struct gh_err err = { 0 };
	int status = -1, fd = -1;
	pid_t pid = fork();

	if (pid == 0) {
		gh_confine_add(&c, "/usr/lib", GH_MAY_READ);
		if (first != NULL)
			first();
		_exit((gh_confine_can() ? 100 : 0) + (int)gh_confine_open(&c, &fd, NULL));
	}
	assert_int_equal(gh_spawn_wait(pid, &status, &err), GH_OK);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Room for the rules, and for no path. */
static void
one_descriptor_left(void)
{
	int next = dup(0);
	struct rlimit l = { .rlim_cur = (rlim_t)next + 1, .rlim_max = (rlim_t)next + 1 };

	if (next < 0 || close(next) != 0 || setrlimit(RLIMIT_NOFILE, &l) != 0)
		_exit(98);
}

static void
an_old_kernel(void)
{
	struct sock_filter code[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_create_ruleset, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog prog = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) != 0)
		_exit(98);
}

/* Only a kernel that cannot is said to be one; whatever else fails is no reason to go without. */
static void
fails_rather_than_not_to_confine(void **state)
{
	(void)state;
	assert_int_equal(code_of(NULL), 100 + (int)GH_OK);
	assert_int_equal(code_of(one_descriptor_left), 100 + (int)GH_UNAVAILABLE);
	assert_int_equal(code_of(an_old_kernel), (int)GH_UNAVAILABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fails_rather_than_not_to_confine),
	};

	return cmocka_run_group_tests_name("base/confine where it cannot", tests, NULL, NULL);
}
