#include "base/ban.h"
#include "base/scratch.h"
#include "base/clock.h"

#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Folders thrown away with what is in them, and with the server that works there. */

static char folder[64];

static const char *
in(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s%s", folder, name);
	return path;
}

static void
file(const char *name)
{
	int fd = open(in(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	(void)close(fd);
}

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/gatehouse-scratch.XXXXXX");
	if (mkdtemp(folder) == NULL || mkdir(in("/gone"), 0700) != 0 || mkdir(in("/gone/data"), 0700) != 0 ||
	    mkdir(in("/stays"), 0700) != 0)
		return -1;
	file("/gone/data/a");
	file("/stays/b");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return gh_scratch_remove(folder, NULL) == GH_OK ? 0 : -1;
}

static enum gh_code
removed(const char *name)
{
	struct gh_err err = { 0 };

	return gh_scratch_remove(in(name), &err);
}

static void
links_are_removed_and_not_followed(void **state)
{
	char to[128];

	(void)state;
	(void)snprintf(to, sizeof(to), "%s", in("/stays"));
	assert_int_equal(symlink(to, in("/gone/data/link")), 0);
	assert_int_equal(removed("/gone"), GH_OK);
	assert_int_equal(access(in("/gone"), F_OK), -1);
	assert_int_equal(access(in("/stays/b"), F_OK), 0);
}

static void
what_is_not_there_is_fine_and_what_is_no_folder_is_not(void **state)
{
	(void)state;
	assert_int_equal(removed("/never"), GH_OK);
	assert_int_equal(removed("/stays/b"), GH_CONFLICT);
	assert_int_equal(symlink("stays", in("/link")), 0);
	assert_int_equal(removed("/link"), GH_CONFLICT);
	assert_int_equal(access(in("/stays/b"), F_OK), 0);
}

/* Whether that process is of a program of that name by now. */
static bool
is_of(pid_t pid, const char *path)
{
	char link[64], to[256];
	const char *name;
	ssize_t len;

	(void)snprintf(link, sizeof(link), "/proc/%ld/exe", (long)pid);
	len = readlink(link, to, sizeof(to) - 1);
	to[len < 0 ? 0 : len] = '\0';
	name = strrchr(to, '/');
	return name != NULL && strcmp(name, strrchr(path, '/')) == 0;
}

/* A process that works there: of a program of that name, which does nothing. */
static pid_t
works(const char *program, const char *where)
{
	char path[128], to[128];
	int status = 0, i;
	pid_t copy, pid;

	(void)snprintf(path, sizeof(path), "%s", in(program));
	(void)snprintf(to, sizeof(to), "%s", in(where));
	copy = fork();
	if (copy == 0) {
		(void)execl("/bin/cp", "cp", "/bin/sleep", path, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(copy, &status, 0), copy);
	assert_int_equal(status, 0);
	pid = fork();
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (chdir(to) == 0)
			(void)execl(path, path, "600", (char *)NULL);
		_exit(127);
	}
	for (i = 0; i < 6000 && !is_of(pid, path); i++)
		(void)usleep(10000);
	assert_true(i < 6000);
	return pid;
}

static void
a_server_that_works_there_is_ended_and_nobody_else(void **state)
{
	int status = 0;
	pid_t server, other, outside;

	(void)state;
	server = works("/stays/postgres", "/gone/data");
	other = works("/stays/editor", "/gone/data");
	outside = works("/stays/postgres2", "/stays");
	assert_int_equal(removed("/gone"), GH_OK);
	assert_int_equal(waitpid(server, &status, 0), server);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(waitpid(other, &status, WNOHANG), 0);
	assert_int_equal(waitpid(outside, &status, WNOHANG), 0);
	(void)kill(other, SIGKILL);
	(void)kill(outside, SIGKILL);
	assert_int_equal(waitpid(other, &status, 0), other);
	assert_int_equal(waitpid(outside, &status, 0), outside);
}

static void
what_was_dropped_goes_entry_by_entry(void **state)
{
	bool yes = false;
	int i;

	(void)state;
	assert_int_equal(gh_scratch_drop(in("/never"), &yes, NULL), GH_OK);
	assert_false(yes);
	assert_int_equal(gh_scratch_drop(in("/gone"), &yes, NULL), GH_OK);
	assert_true(yes);
	assert_int_equal(access(in("/gone"), F_OK), -1);
	/* The file, its folder, the folder of both. */
	for (i = 0; i < 3; i++) {
		assert_int_equal(gh_scratch_clear(folder, 0, &yes, NULL), GH_OK);
		assert_int_equal(yes, i < 2);
	}
	assert_int_equal(access(in("/stays/b"), F_OK), 0);
	assert_int_equal(unlink(in("/stays/b")), 0);
	assert_int_equal(rmdir(in("/stays")), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
}

static void
a_server_of_what_was_dropped_is_ended(void **state)
{
	int status = 0;
	bool yes = true;
	pid_t server;

	(void)state;
	server = works("/stays/postgres", "/gone/data");
	assert_int_equal(gh_scratch_drop(in("/gone"), &yes, NULL), GH_OK);
	assert_int_equal(waitpid(server, &status, 0), server);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	/* One that had not come up yet. */
	assert_int_equal(mkdir(in("/.gone.late"), 0700), 0);
	server = works("/stays/postgres", "/.gone.late");
	while (yes)
		assert_int_equal(gh_scratch_clear(folder, GH_SECOND, &yes, NULL), GH_OK);
	assert_int_equal(waitpid(server, &status, 0), server);
	assert_int_equal(access(in("/.gone.late"), F_OK), -1);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(links_are_removed_and_not_followed),
		T(what_is_not_there_is_fine_and_what_is_no_folder_is_not),
		T(a_server_that_works_there_is_ended_and_nobody_else),
		T(what_was_dropped_goes_entry_by_entry),
		T(a_server_of_what_was_dropped_is_ended),
	};

	return cmocka_run_group_tests_name("base/scratch", tests, NULL, NULL);
}
