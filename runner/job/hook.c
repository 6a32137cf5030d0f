#include "base/ban.h"
#include "runner/job/hook.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/spawn.h"
#include "runner/job/control.h"

#include <poll.h>
#include <sys/pidfd.h>
#include <sys/wait.h>

#define PIECE   ((size_t)64 << 10)
#define PIECES  64  /* read at once, before we look around again */
#define LEFT_MS 500 /* for what a hook has left running, between TERM and KILL */

struct running {
	struct job *job;
	const struct policy_hook *hook;
	pid_t pid;
	int pidfd;
	int out, said;        /* what it answers, what it says; -1 at their end */
	struct gh_text *take; /* the answer; NULL: both outputs are one */
	int64_t end;          /* monotonic: TERM; then KILL */
	const char *why;      /* we end it; NULL not yet */
	struct hook_output kept;
};

/* Takes what is there. */
static void
drain_one(struct running *h, int *fd)
{
	static char buf[PIECE];
	size_t i;

	for (i = 0; *fd >= 0 && i < PIECES; i++) {
		ssize_t n = read(*fd, buf, sizeof(buf));

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			gh_fd_done(fd);
			return;
		}
		if (fd == &h->out && h->take != NULL)
			gh_text_put_n(h->take, buf, (size_t)n);
		else
			hook_output_add(&h->kept, buf, (size_t)n);
	}
}

static void
drain(struct running *h)
{
	drain_one(h, &h->out);
	drain_one(h, &h->said);
}

/* TERM for the whole group; KILL when that was some time ago. */
static void
end_it(struct running *h, const char *why)
{
	(void)kill(-h->pid, h->why == NULL ? SIGTERM : SIGKILL);
	h->end = gh_clock_mono() + HOOK_GRACE_MS * INT64_C(1000);
	if (h->why == NULL)
		h->why = why;
}

static void
look(struct running *h)
{
	int64_t now = gh_clock_mono();

	control_answer(h->job);
	if (h->why == NULL && job_stopped(h->job))
		end_it(h, control_why(h->job));
	else if (h->why == NULL && h->take != NULL && h->take->full)
		end_it(h, "too much");
	else if (now >= h->end)
		end_it(h, "time");
}

/* Until the hook itself has ended: whoever else holds its output does not keep us. */
static void
wait_for(struct running *h)
{
	for (;;) {
		struct pollfd fds[3] = { { .fd = h->pidfd, .events = POLLIN },
			{ .fd = h->out, .events = POLLIN }, { .fd = h->said, .events = POLLIN } };
		int64_t left = (h->end - gh_clock_mono()) / 1000 + 1;

		(void)job_poll(fds, 3, left < 1 ? 1 : left);
		drain(h);
		if (fds[0].revents != 0)
			return;
		look(h);
	}
}

/* The leader is not reaped yet, so its number, which is the group's, belongs to nobody else. */
static void
end_group(struct running *h)
{
	int64_t end = gh_clock_mono() + LEFT_MS * INT64_C(1000), left;

	drain(h);
	(void)kill(-h->pid, SIGTERM);
	while ((h->out >= 0 || h->said >= 0) && (left = (end - gh_clock_mono()) / 1000) > 0) {
		struct pollfd fds[2] = { { .fd = h->out, .events = POLLIN },
			{ .fd = h->said, .events = POLLIN } };

		(void)job_poll(fds, 2, left);
		drain(h);
	}
	(void)kill(-h->pid, SIGKILL);
	drain(h);
}

/* A pipe: our end, which is not waited for, and the child's. */
static enum gh_code
pipe_make(int *ret_ours, int *ret_its, struct gh_err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create a pipe");
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	*ret_ours = ends[0];
	*ret_its = ends[1];
	return GH_OK;
}

static enum gh_code
start(struct running *h, const char *const *env, struct gh_err *err)
{
	struct gh_spawn s = { .path = h->hook->args[0],
		.argv = h->hook->args,
		.env = env,
		.own_session = true,
		.die_with_parent = true };
	GH_FD int out = -1;
	GH_FD int said = -1;
	enum gh_code code;

	GH_TRY(pipe_make(&h->out, &out, err));
	if (h->take != NULL)
		GH_TRY(pipe_make(&h->said, &said, err));
	s.fds[s.n_fds++] = (struct gh_spawn_fd){ .from = out, .to = 1 };
	s.fds[s.n_fds++] = (struct gh_spawn_fd){ .from = h->take != NULL ? said : out, .to = 2 };
	GH_TRY(gh_spawn_start(&s, &h->pid, err));
	h->pidfd = pidfd_open(h->pid, 0);
	if (h->pidfd >= 0)
		return GH_OK;
	code = gh_fail_errno(err, GH_INTERNAL, "cannot watch process %ld", (long)h->pid);
	(void)kill(-h->pid, SIGKILL);
	return code;
}

static enum gh_code
verdict(const struct running *h, int status, struct hook_end *ret, struct gh_err *err)
{
	char span[GH_CLOCK_LEN];

	ret->exit_status = WIFSIGNALED(status) ? HOOK_KILLED + WTERMSIG(status) : WEXITSTATUS(status);
	if (h->why != NULL && strcmp(h->why, "time") == 0)
		return gh_fail(err, GH_CONFLICT, "it did not end within %s and was ended",
		    gh_clock_span(h->hook->timeout_ms * 1000, span));
	if (h->take != NULL && h->take->full)
		return gh_fail(err, GH_CONFLICT, "it answered more than %zu bytes", h->take->limit);
	if (h->why != NULL)
		return gh_fail(err, GH_CONFLICT, "it was ended because the run was %s", h->why);
	if (WIFSIGNALED(status))
		return gh_fail(err, GH_CONFLICT, "it was ended by signal %d", WTERMSIG(status));
	if (ret->exit_status != 0)
		return gh_fail(err, GH_CONFLICT, "its exit status is %" PRId64, ret->exit_status);
	return GH_OK;
}

enum gh_code
hook_ask(struct job *j, const struct policy_hook *hook, const char *const *env, struct gh_text *out,
    struct hook_end *ret, struct gh_err *err)
{
	struct running h = { .job = j, .hook = hook, .pidfd = -1, .out = -1, .said = -1, .take = out };
	struct gh_err why = { 0 };
	enum gh_code code;
	int status = 0;

	*ret = (struct hook_end){ .exit_status = -1, .output = { .limit = HOOK_OUTPUT + 256 } };
	(void)gh_fault("job.hook.before");
	code = start(&h, env, &why);
	if (code == GH_OK) {
		h.end = gh_clock_mono() + hook->timeout_ms * 1000;
		(void)gh_fault("job.hook.started");
		wait_for(&h);
		end_group(&h);
	}
	if (h.pid > 0)
		code = gh_spawn_wait(h.pid, &status, &why) != GH_OK || code != GH_OK
		    ? GH_CONFLICT
		    : verdict(&h, status, ret, &why);
	gh_fd_done(&h.out);
	gh_fd_done(&h.said);
	gh_fd_done(&h.pidfd);
	hook_output_text(&h.kept, &ret->output);
	(void)gh_fault("job.hook.ended");
	return code == GH_OK ? GH_OK : gh_fail(err, GH_CONFLICT, "%s", why.msg);
}

enum gh_code
hook_run(struct job *j, const struct policy_hook *hook, const char *const *env, struct hook_end *ret,
    struct gh_err *err)
{
	return hook_ask(j, hook, env, NULL, ret, err);
}
