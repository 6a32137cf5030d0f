#include "base/ban.h"
#include "base/io.h"
#include "base/spawn.h"

#include <setjmp.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

/* Each deed is done in a child within the walls; its errno is the child's exit code. */

static char folder[64], loop[96];
static bool client;
static pid_t above; /* somebody else of the same account */

static int
within(int (*deed)(void))
{
	struct gh_confine c = { .n = 0 };
	struct gh_err err = { 0 };
	int fd = -1, status = -1;
	pid_t pid;

	gh_confine_add(&c, "/usr/lib", GH_MAY_READ | GH_MAY_RUN);
	gh_confine_add(&c, "/nonexistent/here", GH_MAY_READ);
	gh_confine_add(&c, loop, GH_MAY_READ);
	gh_confine_add(&c, "/dev/null", GH_MAY_READ | GH_MAY_WRITE);
	gh_confine_add(&c, folder, GH_MAY_READ | GH_MAY_WRITE);
	if (gh_confine_open(&c, &fd, &err) != GH_OK)
		fail_msg("%s", err.msg);
	pid = fork();
	if (pid == 0)
		_exit(gh_confine_enter(fd, client, above) ? deed() : 99);
	(void)close(fd);
	assert_int_equal(gh_spawn_wait(pid, &status, &err), GH_OK);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
opened(const char *path, int flags)
{
	return open(path, flags, 0600) < 0 ? errno : 0;
}
static int
reads_passwd(void)
{
	return opened("/etc/passwd", O_RDONLY);
}
static int
reads_environ(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/environ", (int)getppid());
	return opened(path, O_RDONLY);
}
static int
reads_library(void)
{
	return opened("/usr/lib", O_RDONLY | O_DIRECTORY);
}
static int
writes_library(void)
{
	return opened("/usr/lib/x", O_WRONLY | O_CREAT);
}
static int
writes_folder(void)
{
	char from[96], to[96];

	(void)snprintf(from, sizeof(from), "%s/a", folder);
	(void)snprintf(to, sizeof(to), "%s/sub", folder);
	if (opened(from, O_RDWR | O_CREAT | O_TRUNC) != 0 || mkdir(to, 0700) != 0)
		return errno;
	(void)snprintf(to, sizeof(to), "%s/sub/b", folder);
	return rename(from, to) != 0 ? errno : 0;
}
static int
runs_shell(void)
{
	static char sh[] = "/bin/sh", c[] = "-c", nothing[] = ":";
	char *const argv[] = { sh, c, nothing, NULL };

	(void)execv(sh, argv);
	return errno;
}
static int
speaks_tcp(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
}
static int
speaks_netlink(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0) < 0 ? errno : 0;
}
static int
connects(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "/nonexistent" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0)
		return 98;
	return connect(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 ? errno : 0;
}
static int
talks_to_itself(void)
{
	int both[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, both) == 0 && kill(getpid(), 0) == 0 ? 0 : errno;
}

static int
signals_parent(void)
{
	return kill(getppid(), 0) != 0 ? errno : 0;
}
static int
signals_above(void)
{
	return kill(above, 0) != 0 ? errno : 0;
}
static int
signals_group_above(void)
{
	return kill(-above, 0) != 0 ? errno : 0;
}
static int
signals_own_group(void)
{
	return kill(0, 0) != 0 ? errno : 0;
}
static int
signals_everybody(void)
{
	return kill(-1, 0) != 0 ? errno : 0;
}
static int
signals_thread_above(void)
{
	return syscall(SYS_tgkill, above, above, 0) != 0 ? errno : 0;
}
static int
signals_by_thread(void)
{
	return syscall(SYS_tkill, getpid(), 0) != 0 ? errno : 0;
}
static int
queues(void)
{
	siginfo_t info = { .si_code = SI_QUEUE };

	return syscall(SYS_rt_sigqueueinfo, above, SIGTERM, &info) != 0 ? errno : 0;
}
static int
signals_descriptor(void)
{
	return syscall(SYS_pidfd_send_signal, -1, 0, NULL, 0) != 0 ? errno : 0;
}
static int
one_of_two(void)
{
	int both[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, both) == 0 ? both[0] : -1;
}
/* The kernel would signal the owner when something comes. */
static int
owns_by_descriptor(void)
{
	return fcntl(one_of_two(), F_SETOWN, above) != 0 ? errno : 0;
}
static int
owns_by_more(void)
{
	struct f_owner_ex who = { .type = F_OWNER_PID, .pid = above };

	return fcntl(one_of_two(), F_SETOWN_EX, &who) != 0 ? errno : 0;
}
static int
chooses_signal(void)
{
	return fcntl(one_of_two(), F_SETSIG, SIGKILL) != 0 ? errno : 0;
}
static int
owns_socket(void)
{
	return ioctl(one_of_two(), FIOSETOWN, &above) != 0 ? errno : 0;
}
static int
owns_socket_group(void)
{
	return ioctl(one_of_two(), SIOCSPGRP, &above) != 0 ? errno : 0;
}
/* What else is done with these two calls. */
static int
asks_of_descriptors(void)
{
	int fd = one_of_two(), n = 0;

	return fcntl(fd, F_SETFL, O_NONBLOCK) != 0 || ioctl(fd, FIONREAD, &n) != 0 ? errno : 0;
}
static int
limits_above(void)
{
	struct rlimit l;

	return syscall(SYS_prlimit64, above, RLIMIT_CPU, NULL, &l) != 0 ? errno : 0;
}
static int
limits_itself(void)
{
	struct rlimit l;

	return getrlimit(RLIMIT_CPU, &l) != 0 ? errno : 0;
}
/* As a server does with its own. */
static int
signals_child(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		(void)setsid();
		for (;;)
			(void)pause();
	}
	/* Until it leads a group of its own. */
	while (getpgid(pid) != pid)
		(void)usleep(1000);
	if (kill(pid, 0) != 0 || kill(-pid, SIGTERM) != 0 || waitpid(pid, &status, 0) != pid)
		return errno;
	return WIFSIGNALED(status) ? 0 : 97;
}

static void
sees_only_what_is_named(void **state)
{
	(void)state;
	assert_int_equal(within(reads_passwd), EACCES);
	assert_int_not_equal(within(reads_environ), 0);
	assert_int_equal(within(reads_library), 0);
	assert_int_equal(within(writes_library), EACCES);
	assert_int_equal(within(writes_folder), 0);
}

static void
starts_nothing_and_connects_nowhere(void **state)
{
	(void)state;
	assert_int_equal(within(runs_shell), EACCES);
	assert_int_equal(within(speaks_tcp), EACCES);
	assert_int_equal(within(speaks_netlink), EACCES);
	assert_int_equal(within(connects), EACCES);
	assert_int_equal(within(talks_to_itself), 0);
}

/* EACCES is the filter's, which does not need the newest kernel: Landlock says EPERM. */
static void
reaches_no_process_above(void)
{
	int (*const refused[])(void) = { signals_parent, signals_above, signals_group_above,
		signals_own_group, signals_everybody, signals_thread_above, signals_by_thread, queues,
		signals_descriptor, owns_by_descriptor, owns_by_more, chooses_signal, owns_socket,
		owns_socket_group, limits_above };
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (within(refused[i]) != EACCES)
			fail_msg("deed %zu is not refused", i);
	}
	assert_int_equal(within(signals_child), 0);
	assert_int_equal(within(asks_of_descriptors), 0);
	assert_int_equal(within(limits_itself), 0);
	assert_int_equal(within(talks_to_itself), 0);
}

static void
signals_its_own_and_nobody_above(void **state)
{
	(void)state;
	above = getppid();
	reaches_no_process_above();
	client = true;
	reaches_no_process_above();
	client = false;
}

/* Files it sees as little as others; connections it makes. */
static void
a_client_may_connect(void **state)
{
	(void)state;
	client = true;
	assert_int_equal(within(connects), ENOENT);
	assert_int_equal(within(speaks_tcp), 0);
	assert_int_equal(within(reads_passwd), EACCES);
	assert_int_equal(within(writes_library), EACCES);
	assert_int_equal(within(runs_shell), EACCES);
	client = false;
}

static void
holds_for_a_program_that_is_started(void **state)
{
	static const char *const argv[] = { "/bin/true", NULL }, *const env[] = { NULL };
	struct gh_confine c = { .n = 0 };
	struct gh_spawn s = { .path = argv[0], .argv = argv, .env = env, .confine = &c };
	struct gh_err err = { 0 };
	int status = -1;
	pid_t pid;

	(void)state;
	assert_int_equal(gh_spawn_start(&s, &pid, &err), GH_UNAVAILABLE);
	assert_non_null(strstr(err.msg, "/bin/true"));
	err = (struct gh_err){ 0 };
	gh_confine_add(&c, "/", GH_MAY_READ | GH_MAY_RUN);
	gh_confine_add(&c, "/dev/null", GH_MAY_READ | GH_MAY_WRITE);
	if (gh_spawn_start(&s, &pid, &err) != GH_OK)
		fail_msg("%s", err.msg);
	assert_int_equal(gh_spawn_wait(pid, &status, &err), GH_OK);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sees_only_what_is_named),
		cmocka_unit_test(starts_nothing_and_connects_nowhere),
		cmocka_unit_test(signals_its_own_and_nobody_above),
		cmocka_unit_test(a_client_may_connect),
		cmocka_unit_test(holds_for_a_program_that_is_started),
	};
	int failed;
	char path[128];

	(void)snprintf(folder, sizeof(folder), "/tmp/gatehouse-confine-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return 1;
	(void)snprintf(loop, sizeof(loop), "%s/loop", folder);
	if (symlink(loop, loop) != 0)
		return 1;
	failed = cmocka_run_group_tests_name("base/confine", tests, NULL, NULL);
	(void)snprintf(path, sizeof(path), "%s/sub/b", folder);
	(void)unlink(path);
	(void)snprintf(path, sizeof(path), "%s/sub", folder);
	(void)rmdir(path);
	(void)unlink(loop);
	(void)rmdir(folder);
	return failed;
}
