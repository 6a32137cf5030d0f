#include "base/ban.h"
#include "runner/loop.h"
#include "base/clock.h"
#include "base/io.h"

#include <poll.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#define MAX_FDS    256
#define MAX_TIMERS 256

struct watch {
	int fd; /* -1: free */
	short events;
	int64_t serial; /* tells a new watch of a reused number from the one that was polled */
	loop_fd_fn *fn;
	void *data;
};

struct timer {
	int64_t id; /* 0: free */
	int64_t due, every;
	loop_timer_fn *fn;
	void *data;
};

struct child {
	struct child *next;
	struct loop *loop;
	pid_t pid;
	int pidfd;
	loop_child_fn *fn;
	void *data;
};

struct loop {
	struct watch watches[MAX_FDS];
	struct timer timers[MAX_TIMERS];
	struct child *children;
	int64_t serial;
	int signal_fd;
	loop_signal_fn *signal_fn;
	void *signal_data;
	bool stop;
};

enum gh_code
loop_new(struct loop **ret, struct gh_err *err)
{
	struct loop *l = calloc(1, sizeof(*l));
	size_t i;

	if (l == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	for (i = 0; i < MAX_FDS; i++)
		l->watches[i].fd = -1;
	l->signal_fd = -1;
	*ret = l;
	return GH_OK;
}

static void
child_free(struct child *c)
{
	struct child **at = &c->loop->children;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	loop_fd_remove(c->loop, c->pidfd);
	gh_fd_done(&c->pidfd);
	free(c);
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	while (l->children != NULL)
		child_free(l->children);
	gh_fd_done(&l->signal_fd);
	free(l);
}

static struct watch *
watch_find(struct loop *l, int fd)
{
	size_t i;

	for (i = 0; i < MAX_FDS; i++) {
		if (l->watches[i].fd == fd)
			return &l->watches[i];
	}
	return NULL;
}

void
loop_fd_add(struct loop *l, int fd, short events, loop_fd_fn *fn, void *data)
{
	struct watch *w = watch_find(l, -1);

	if (w == NULL || fd < 0)
		gh_bug("descriptor %d cannot be watched", fd);
	*w = (struct watch){ .fd = fd, .events = events, .serial = ++l->serial, .fn = fn, .data = data };
}

void
loop_fd_events(struct loop *l, int fd, short events)
{
	struct watch *w = watch_find(l, fd);

	if (fd < 0 || w == NULL)
		gh_bug("descriptor %d is not watched", fd);
	w->events = events;
}

void
loop_fd_remove(struct loop *l, int fd)
{
	struct watch *w = fd < 0 ? NULL : watch_find(l, fd);

	if (w != NULL)
		*w = (struct watch){ .fd = -1 };
}

int64_t
loop_timer_add(struct loop *l, int64_t after_us, int64_t every_us, loop_timer_fn *fn, void *data)
{
	size_t i;

	for (i = 0; i < MAX_TIMERS; i++) {
		if (l->timers[i].id == 0) {
			l->timers[i] = (struct timer){ .id = ++l->serial,
				.due = gh_clock_mono() + after_us,
				.every = every_us,
				.fn = fn,
				.data = data };
			return l->serial;
		}
	}
	gh_bug("more than %d timers", MAX_TIMERS);
}

void
loop_timer_remove(struct loop *l, int64_t timer)
{
	size_t i;

	for (i = 0; timer != 0 && i < MAX_TIMERS; i++) {
		if (l->timers[i].id == timer)
			l->timers[i] = (struct timer){ 0 };
	}
}

static void
child_ready(void *data, int fd, short revents)
{
	struct child *c = data, copy = *c;
	int status = 0;

	(void)fd;
	(void)revents;
	if (waitpid(c->pid, &status, WNOHANG) == 0)
		return;
	child_free(c);
	copy.fn(copy.data, copy.pid, status);
}

enum gh_code
loop_child_add(struct loop *l, pid_t pid, loop_child_fn *fn, void *data, struct gh_err *err)
{
	struct child *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	*c = (struct child){ .next = l->children, .loop = l, .pid = pid, .fn = fn, .data = data };
	c->pidfd = pidfd_open(pid, 0);
	if (c->pidfd < 0) {
		free(c);
		return gh_fail_errno(err, GH_INTERNAL, "cannot watch process %ld", (long)pid);
	}
	(void)fcntl(c->pidfd, F_SETFD, FD_CLOEXEC);
	l->children = c;
	loop_fd_add(l, c->pidfd, POLLIN, child_ready, c);
	return GH_OK;
}

void
loop_child_remove(struct loop *l, pid_t pid)
{
	struct child *c;

	for (c = l->children; c != NULL; c = c->next) {
		if (c->pid == pid) {
			child_free(c);
			return;
		}
	}
}

static void
signal_ready(void *data, int fd, short revents)
{
	struct loop *l = data;
	struct signalfd_siginfo info;

	(void)revents;
	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		l->signal_fn(l->signal_data, (int)info.ssi_signo);
}

enum gh_code
loop_signals(struct loop *l, loop_signal_fn *fn, void *data, struct gh_err *err)
{
	sigset_t set;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot block signals");
	l->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (l->signal_fd < 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot take signals");
	l->signal_fn = fn;
	l->signal_data = data;
	loop_fd_add(l, l->signal_fd, POLLIN, signal_ready, l);
	return GH_OK;
}

/* Until the next timer, at most max_us (-1: no limit); milliseconds for poll, rounded up. */
static int
patience(const struct loop *l, int64_t max_us)
{
	int64_t now = gh_clock_mono(), wait = max_us, left;
	size_t i;

	for (i = 0; i < MAX_TIMERS; i++) {
		if (l->timers[i].id == 0)
			continue;
		left = l->timers[i].due > now ? l->timers[i].due - now : 0;
		if (wait < 0 || left < wait)
			wait = left;
	}
	if (wait < 0)
		return -1;
	return wait > GH_HOUR ? 3600000 : (int)((wait + 999) / 1000);
}

/* Those due when the events were looked at: who was busy meanwhile has made nobody else late. */
static void
timers_run(struct loop *l, int64_t now)
{
	int64_t newest = l->serial;
	size_t i;

	for (i = 0; i < MAX_TIMERS; i++) {
		struct timer *t = &l->timers[i], copy = *t;

		/* One that a callback has just added waits for the next turn. */
		if (copy.id == 0 || copy.id > newest || copy.due > now)
			continue;
		if (copy.every > 0)
			t->due = now + copy.every;
		else
			*t = (struct timer){ 0 };
		copy.fn(copy.data);
	}
}

enum gh_code
loop_turn(struct loop *l, int64_t max_us, struct gh_err *err)
{
	struct pollfd polled[MAX_FDS];
	int64_t serials[MAX_FDS];
	size_t slots[MAX_FDS];
	nfds_t n = 0, i;
	int64_t now;
	size_t k;

	for (k = 0; k < MAX_FDS; k++) {
		const struct watch *w = &l->watches[k];

		if (w->fd < 0)
			continue;
		polled[n] = (struct pollfd){ .fd = w->fd, .events = w->events };
		serials[n] = w->serial;
		slots[n++] = k;
	}
	if (poll(polled, n, patience(l, max_us)) < 0) {
		if (errno == EINTR)
			return GH_OK;
		return gh_fail_errno(err, GH_INTERNAL, "cannot wait for events");
	}
	now = gh_clock_mono();
	for (i = 0; i < n; i++) {
		const struct watch *w = &l->watches[slots[i]];

		if (polled[i].revents != 0 && w->fd >= 0 && w->serial == serials[i])
			w->fn(w->data, w->fd, polled[i].revents);
	}
	timers_run(l, now);
	return GH_OK;
}

enum gh_code
loop_run(struct loop *l, struct gh_err *err)
{
	while (!l->stop)
		GH_TRY(loop_turn(l, -1, err));
	return GH_OK;
}

void
loop_stop(struct loop *l)
{
	l->stop = true;
}
