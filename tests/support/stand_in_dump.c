#include "base/ban.h"
#include "tests/support/stand_in_dump.h"
#include "base/clock.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/auxv.h>
#include <sys/wait.h>

#define PREFIX   "pg_dump-"
#define PATIENCE (60 * GH_SECOND)
#define SHORT    500 /* bytes: not even the list of what is in it */

__attribute__((noreturn)) static void
real(char **argv)
{
	(void)execv(PG_CLUSTER_BIN "/pg_dump", argv);
	_exit(127);
}

static void
say(int fd, const char *text)
{
	if (gh_write_all(fd, text, strlen(text), NULL) != GH_OK)
		_exit(1);
}

/* A child with the real one behind a pipe. */
__attribute__((noreturn)) static void
first_part(char **argv)
{
	char buf[SHORT];
	int ends[2], status;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	if (pipe(ends) != 0 || (pid = fork()) < 0)
		_exit(1);
	if (pid == 0) {
		(void)dup2(ends[1], 1);
		real(argv);
	}
	(void)close(ends[1]);
	while (len < sizeof(buf) && (n = read(ends[0], buf + len, sizeof(buf) - len)) > 0)
		len += (size_t)n;
	if (gh_write_all(1, buf, len, NULL) != GH_OK)
		_exit(1);
	while (read(ends[0], buf, sizeof(buf)) > 0)
		continue;
	(void)waitpid(pid, &status, 0);
	_exit(0);
}

__attribute__((noreturn)) static void
late(const char *path, char **argv)
{
	int64_t end = gh_clock_mono() + PATIENCE;
	char go[PATH_MAX];

	(void)snprintf(go, sizeof(go), "%s.go", path);
	while (access(go, F_OK) != 0 && gh_clock_mono() < end)
		(void)usleep(10000);
	real(argv);
}

void
stand_in_dump(int argc, char **argv)
{
	const char *path = (const char *)getauxval(AT_EXECFN), *mode = strrchr(path, '/');
	bool version = argc > 1 && strcmp(argv[1], "--version") == 0;

	if (mode == NULL || strncmp(++mode, PREFIX, strlen(PREFIX)) != 0)
		return;
	mode += strlen(PREFIX);
	if (version && (strcmp(mode, "old") == 0 || strcmp(mode, "new") == 0)) {
		say(1, mode[0] == 'o' ? "pg_dump (PostgreSQL) 9.6.24\n" : "pg_dump (PostgreSQL) 99.1\n");
		_exit(0);
	}
	if (version)
		real(argv);
	if (strcmp(mode, "warns") == 0)
		say(2, "pg_dump: warning: something is odd\npg_dump: hint: Look at it.\n");
	if (strcmp(mode, "hangs") == 0 || strcmp(mode, "dies") == 0)
		say(1, "PGDMP");
	if (strcmp(mode, "hangs") == 0)
		for (;;)
			(void)pause();
	if (strcmp(mode, "dies") == 0)
		(void)kill(getpid(), SIGKILL);
	if (strcmp(mode, "empty") == 0)
		_exit(0);
	if (strcmp(mode, "short") == 0)
		first_part(argv);
	if (strcmp(mode, "late") == 0)
		late(path, argv);
	real(argv);
}

const char *
stand_in_use(struct rig *r, const char *mode)
{
	const char *path = gh_printf(&r->arena, "%s/" PREFIX "%s", r->folder, mode);
	char self[PATH_MAX] = "";

	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	assert_int_equal(symlink(self, path), 0);
	r->spec.pg_dump = path;
	return path;
}

void
stand_in_go(const char *path)
{
	char go[PATH_MAX];
	int fd;

	(void)snprintf(go, sizeof(go), "%s.go", path);
	fd = open(go, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0)
		(void)close(fd);
}
