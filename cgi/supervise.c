#include "base/ban.h"
#include "cgi/supervise.h"
#include "base/clock.h"
#include "base/log.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#define PAUSE (1 * GH_SECOND)       /* before a dead worker is started again */
#define GRACE (500 * INT64_C(1000)) /* after SIGTERM, before SIGKILL */

struct child {
	pid_t pid;          /* 0: not running */
	int64_t not_before; /* monotonic */
};

static void
child_start(const struct supervise *s, struct child *c, const sigset_t *before)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0) {
		gh_log_warn("worker.fork", "errno=%d", errno);
		c->not_before = gh_clock_mono() + PAUSE;
		return;
	}
	if (pid > 0) {
		c->pid = pid;
		return;
	}
	/* A worker whose supervisor was killed would hold the socket for ever. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	(void)sigprocmask(SIG_SETMASK, before, NULL);
	_exit(s->work(s->ctx));
}

static void
reap(const struct supervise *s, struct child *children, bool stopping)
{
	int status;
	pid_t pid;
	size_t i;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < s->n; i++) {
			if (children[i].pid != pid)
				continue;
			children[i] = (struct child){ .not_before = gh_clock_mono() + PAUSE };
			if (!stopping)
				gh_log_warn("worker.died", "pid=%d status=%d signal=%d", (int)pid,
				    WIFEXITED(status) ? WEXITSTATUS(status) : -1,
				    WIFSIGNALED(status) ? WTERMSIG(status) : 0);
		}
	}
}

/* Microseconds until the next child is due, -1 when all run. */
static int64_t
start_due(const struct supervise *s, struct child *children, const sigset_t *before)
{
	int64_t now = gh_clock_mono(), wait = -1;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (children[i].pid == 0 && children[i].not_before <= now)
			child_start(s, &children[i], before);
		if (children[i].pid == 0) {
			int64_t left = children[i].not_before - now;

			left = left < 1000 ? 1000 : left;
			wait = wait < 0 || left < wait ? left : wait;
		}
	}
	return wait;
}

static bool
any(const struct supervise *s, const struct child *children)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (children[i].pid != 0)
			return true;
	}
	return false;
}

static void
signal_all(const struct supervise *s, const struct child *children, int signal)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (children[i].pid != 0)
			(void)kill(children[i].pid, signal);
	}
}

/* The next signal of set, 0 when wait_us passed; negative waits for ever. */
static int
next_signal(const sigset_t *set, int64_t wait_us)
{
	struct timespec ts = { .tv_sec = (time_t)(wait_us / GH_SECOND),
		.tv_nsec = (long)(wait_us % GH_SECOND) * 1000 };
	int got = wait_us < 0 ? sigwaitinfo(set, NULL) : sigtimedwait(set, NULL, &ts);

	return got < 0 ? 0 : got;
}

static void
stop_all(const struct supervise *s, struct child *children, const sigset_t *set)
{
	int64_t deadline = gh_clock_mono() + GRACE, left;

	signal_all(s, children, SIGTERM);
	while (any(s, children)) {
		left = deadline - gh_clock_mono();
		if (left <= 0) {
			signal_all(s, children, SIGKILL);
			left = GH_SECOND;
		}
		(void)next_signal(set, left);
		reap(s, children, true);
	}
}

int
supervise_run(const struct supervise *s)
{
	struct child children[SUPERVISE_MAX] = { 0 };
	sigset_t set, before;
	int got = 0;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGCHLD);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	(void)sigprocmask(SIG_BLOCK, &set, &before);
	while (got != SIGTERM && got != SIGINT) {
		got = next_signal(&set, start_due(s, children, &before));
		reap(s, children, false);
	}
	stop_all(s, children, &set);
	return 0;
}
