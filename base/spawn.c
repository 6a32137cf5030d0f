#include "base/ban.h"
#include "base/spawn.h"
#include "base/io.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define FD_SAFE 64 /* our copies live at and above this number while the child sorts its own */

static bool
limit_set(int what, int64_t value)
{
	struct rlimit r = { .rlim_cur = (rlim_t)value, .rlim_max = (rlim_t)value };

	return value == 0 || setrlimit((__rlimit_resource_t)what, &r) == 0;
}

/* In the child: moves the descriptors to their numbers.  report_fd ends at *report_fd, above all others. */
static bool
fds_move(const struct gh_spawn *s, int *report_fd)
{
	int copy[GH_SPAWN_FDS], null, moved, i;
	size_t k;

	moved = fcntl(*report_fd, F_DUPFD_CLOEXEC, FD_SAFE);
	if (moved < 0)
		return false;
	*report_fd = moved;
	for (k = 0; k < s->n_fds; k++) {
		copy[k] = fcntl(s->fds[k].from, F_DUPFD_CLOEXEC, FD_SAFE);
		if (copy[k] < 0)
			return false;
	}
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0)
		return false;
	for (i = 0; i < 2; i++) {
		if (null != i && dup2(null, i) < 0)
			return false;
	}
	for (k = 0; k < s->n_fds; k++) {
		if (dup2(copy[k], s->fds[k].to) < 0)
			return false;
	}
	/* Close all that is not wanted: between the mapped ones and above. */
	for (i = 3; i < FD_SAFE; i++) {
		bool keep = false;

		for (k = 0; k < s->n_fds; k++)
			keep = keep || s->fds[k].to == i;
		if (!keep)
			(void)close(i);
	}
	return close_range((unsigned)*report_fd + 1, ~0U, 0) == 0 || errno == ENOSYS;
}

static bool
walls_up(const struct gh_spawn *s, int walls, pid_t above)
{
	return walls < 0 || gh_confine_enter(walls, s->confine->may_connect, above);
}

__attribute__((noreturn)) static void
child(const struct gh_spawn *s, int report_fd, int walls, pid_t above)
{
	struct rlimit none = { 0 };
	sigset_t empty;
	int sig, saved;
	union {
		const char *const *is;
		char *const *as;
	} argv = { .is = s->argv }, env = { .is = s->env }; /* execve does not write: the type is history */

	for (sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL); /* NOLINT(concurrency-mt-unsafe): a child has one thread */
	(void)sigemptyset(&empty);
	(void)sigprocmask(SIG_SETMASK, &empty, NULL); /* NOLINT(concurrency-mt-unsafe): as above */
	if ((!s->own_session || setsid() >= 0) &&
	    (!s->die_with_parent || prctl(PR_SET_PDEATHSIG, SIGKILL) == 0) &&
	    setrlimit(RLIMIT_CORE, &none) == 0 && limit_set(RLIMIT_STACK, s->stack_bytes) &&
	    limit_set(RLIMIT_AS, s->memory_bytes) && limit_set(RLIMIT_CPU, s->cpu_seconds) &&
	    walls_up(s, walls, above) && fds_move(s, &report_fd)) {
		(void)execve(s->path, argv.as, env.as);
	}
	saved = errno;
	while (write(report_fd, &saved, sizeof(saved)) < 0 && errno == EINTR)
		;
	_exit(127);
}

enum gh_code
gh_spawn_start(const struct gh_spawn *s, pid_t *ret_pid, struct gh_err *err)
{
	int report[2], failed = 0, status = 0;
	GH_FD int read_end = -1;
	GH_FD int write_end = -1;
	GH_FD int walls = -1;
	ssize_t n;
	pid_t pid, above = getppid();

	if (s->confine != NULL)
		GH_TRY(gh_confine_open(s->confine, &walls, err));
	if (pipe2(report, O_CLOEXEC) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create a pipe");
	read_end = report[0];
	write_end = report[1];
	pid = fork();
	if (pid < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot fork");
	if (pid == 0)
		child(s, write_end, walls, above);
	gh_fd_done(&write_end);
	do {
		n = read(read_end, &failed, sizeof(failed));
	} while (n < 0 && errno == EINTR);
	if (n == (ssize_t)sizeof(failed)) {
		(void)waitpid(pid, &status, 0);
		errno = failed;
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot start %s", s->path);
	}
	*ret_pid = pid;
	return GH_OK;
}

enum gh_code
gh_spawn_wait(pid_t pid, int *ret_status, struct gh_err *err)
{
	while (waitpid(pid, ret_status, 0) < 0) {
		if (errno != EINTR)
			return gh_fail_errno(err, GH_INTERNAL, "cannot wait for process %ld", (long)pid);
	}
	return GH_OK;
}
