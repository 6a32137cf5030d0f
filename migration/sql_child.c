#include "base/ban.h"
#include "migration/sql_child.h"
#include "migration/sql_wire.h"
#include "base/clock.h"
#include "base/io.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* u32 length and a question; u32 length and its answer (migration/sql_wire.h). */

#define CHILD_FD      3
#define CHILD_STACK   ((rlim_t)64 << 20)
#define CHILD_MEMORY  ((rlim_t)3 << 30)
#define CHILD_CPU     60 /* seconds */
#define ANSWER_US     (180 * GH_SECOND)
#define REPLACE_AFTER 2000 /* questions, or this many bytes: its CPU time is counted from its start */
#define REPLACE_BYTES ((size_t)16 << 20)

static bool
read_exactly(int fd, void *to, size_t len)
{
	char *at = to;
	ssize_t n;

	while (len > 0) {
		n = read(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static void
put_length(struct gh_text *t)
{
	size_t i, len = t->len - 4;

	for (i = 0; i < 4; i++)
		t->data[i] = (char)(len >> (24 - 8 * i));
}

static void
limit(int what, rlim_t most)
{
	struct rlimit r;

	if (getrlimit((__rlimit_resource_t)what, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max != RLIM_INFINITY && r.rlim_max < most ? r.rlim_max : most;
	(void)setrlimit((__rlimit_resource_t)what, &r);
}

/* The child: nothing of the job is left to it but one socket. */
__attribute__((noreturn)) static void
child(int fd)
{
	unsigned char head[4];

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)signal(SIGXCPU, SIG_DFL);
	if (dup2(fd, CHILD_FD) != CHILD_FD || close_range(CHILD_FD + 1, ~0U, 0) != 0)
		_exit(1);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_STACK, CHILD_STACK);
	limit(RLIMIT_CPU, CHILD_CPU);
#ifndef GH_ARENA_MALLOC /* with sanitizers address space is no measure */
	limit(RLIMIT_AS, CHILD_MEMORY);
#endif
	while (read_exactly(CHILD_FD, head, sizeof(head))) {
		struct wire_in in = { .at = head, .end = head + sizeof(head) };
		GH_TEXT answer = { 0 };
		struct wire_out out = { .text = &answer };
		struct gh_err err = { 0 };
		size_t len = wire_u32(&in);
		unsigned char *question = malloc(len + 1);

		if (question == NULL || !read_exactly(CHILD_FD, question, len))
			_exit(1);
		in = (struct wire_in){ .at = question, .end = question + len };
		wire_put_u32(&out, 0);
		sql_wire_answer(&in, &out);
		free(question);
		if (out.bad != NULL)
			_exit(1);
		put_length(&answer);
		if (gh_write_all(CHILD_FD, answer.data, answer.len, &err) != GH_OK)
			_exit(1);
	}
	_exit(0);
}

static enum gh_code
start(struct sql_child *p, struct gh_err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make a socket for the parser");
	p->fd = pair[0];
	p->asked = p->bytes = 0;
	p->pid = fork();
	if (p->pid == 0)
		child(pair[1]);
	(void)close(pair[1]);
	if (p->pid > 0)
		return GH_OK;
	p->pid = 0;
	gh_fd_done(&p->fd);
	return gh_fail_errno(err, GH_UNAVAILABLE, "cannot start the parser");
}

/* Ends the child; gives how it ended. */
static int
end(struct sql_child *p)
{
	int status = 0;

	if (p->pid > 0) {
		gh_fd_done(&p->fd);
		while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
			continue;
	}
	p->pid = 0;
	return status;
}

void
sql_child_done(struct sql_child *p)
{
	if (p->pid > 0)
		(void)kill(p->pid, SIGKILL);
	(void)end(p);
}

/* One piece of the question out.  False when the child is gone. */
static bool
send_some(const struct sql_child *p, const struct gh_text *question, size_t *sent)
{
	ssize_t n = send(p->fd, question->data + *sent, question->len - *sent, MSG_NOSIGNAL | MSG_DONTWAIT);

	*sent += n > 0 ? (size_t)n : 0;
	return n >= 0 || errno == EAGAIN || errno == EINTR;
}

/* One piece of the answer in; *want becomes its length once that is known. */
static bool
recv_some(const struct sql_child *p, struct gh_text *ret, size_t *want)
{
	char buf[65536];
	ssize_t n = recv(p->fd, buf, ret->len < 4 ? 4 - ret->len : sizeof(buf), MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		return false;
	gh_text_put_n(ret, buf, n > 0 ? (size_t)n : 0);
	if (*want == 4 && ret->len == 4) {
		struct wire_in in = { .at = (const unsigned char *)ret->data };

		in.end = in.at + 4;
		*want += wire_u32(&in);
	}
	return !ret->full && *want <= GH_TEXT_LIMIT;
}

static bool
stopped(const struct sql_child *p)
{
	return p->stopped != NULL && p->stopped(p->stopped_to);
}

static int
wait_for(const struct sql_child *p, struct pollfd *fd)
{
	return p->wait != NULL ? p->wait(fd, 1, 1000) : poll(fd, 1, 1000);
}

/* Sends all and reads the answer into ret.  False when the child died or took too long, or the job shall
 * stop. */
static bool
ask(const struct sql_child *p, const struct gh_text *question, struct gh_text *ret)
{
	int64_t deadline = gh_clock_mono() + ANSWER_US;
	size_t sent = 0, want = 4;
	bool good = true;

	while (good && (sent < question->len || ret->len < want)) {
		struct pollfd fd = { .fd = p->fd,
			.events = sent < question->len ? POLLOUT | POLLIN : POLLIN };

		if (stopped(p) || gh_clock_mono() > deadline)
			return false;
		if (wait_for(p, &fd) <= 0)
			continue;
		if (sent < question->len && (fd.revents & POLLOUT) != 0)
			good = send_some(p, question, &sent);
		else
			good = recv_some(p, ret, &want);
	}
	return good && ret->len == want;
}

static const char *
why_died(int status)
{
	if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
		return "takes too long to analyse";
	return "too deeply nested to analyse";
}

/* Asks a child and takes its answer. */
static bool
try_once(struct sql_child *p, const struct gh_text *question, size_t len, struct gh_arena *a,
    struct sql_script *ret)
{
	struct gh_err nonsense = { 0 };
	GH_TEXT answer = { 0 };
	struct wire_in in;

	p->asked++;
	p->bytes += len;
	if (!ask(p, question, &answer))
		return false;
	in.at = (const unsigned char *)answer.data + 4;
	in.end = (const unsigned char *)answer.data + answer.len;
	in.bad = NULL;
	return sql_wire_take(&in, len, a, ret, &nonsense) == GH_OK;
}

enum gh_code
sql_child_read(struct sql_child *p, const struct sql_text *t, struct gh_arena *a, struct sql_script *ret,
    struct gh_err *err)
{
	GH_TEXT question = { 0 };
	struct wire_out out = { .text = &question };
	bool fresh;
	int status;

	wire_put_u32(&out, 0);
	sql_wire_put_question(&out, t);
	if (out.bad != NULL || question.full)
		return gh_fail(err, GH_INTERNAL, "%s: %s", t->file, out.bad != NULL ? out.bad : "too large");
	put_length(&question);
	do {
		if (p->asked >= REPLACE_AFTER || p->bytes >= REPLACE_BYTES)
			(void)end(p);
		if (p->pid == 0)
			GH_TRY(start(p, err));
		/* One that has worked before may have died of what came before: a new one gets a try. */
		fresh = p->asked == 0;
		if (try_once(p, &question, t->len, a, ret))
			return GH_OK;
		(void)kill(p->pid, SIGKILL);
		status = end(p);
		if (stopped(p))
			return gh_fail(err, GH_UNAVAILABLE, "stopped while %s was analysed", t->file);
	} while (!fresh);
	*ret = (struct sql_script){ .note = "" };
	ret->problem = gh_printf(a, "%s:%" PRId64 ":1: %s", t->file, t->first_line, why_died(status));
	return GH_OK;
}
