#include "base/ban.h"
#include "runner/job/analyse.h"
#include "runner/job/say.h"
#include "base/clock.h"
#include "base/io.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

/*
 * Question: u32 length | text file | i64 first line | bytes SQL.  Answer: u32 length | bool transactional |
 * bool stripped | text problem | text note | u32 n | n times i64 offset, i64 length, i64 line, bool alone,
 * text kind, text object, text object kind.
 */

#define CHILD_FD      3
#define CHILD_STACK   ((rlim_t)64 << 20)
#define CHILD_MEMORY  ((rlim_t)3 << 30)
#define CHILD_CPU     60 /* seconds */
#define ANSWER_US     (180 * GH_SECOND)
#define REPLACE_AFTER 500 /* questions, or this many bytes: its CPU time is counted from its start */
#define REPLACE_BYTES ((size_t)16 << 20)

void
analyse_parser_answer(struct wire_in *in, struct wire_out *out)
{
	GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
	struct sql_place place = { .file = wire_text(in, &a) };
	struct sql_script s = { .problem = "the question was malformed", .note = "" };
	const char *sql;
	size_t len, i;

	place.first_line = wire_i64(in);
	sql = wire_bytes(in, &len);
	if (in->bad == NULL && gh_utf8_valid(sql, len, NULL)) {
		sql = gh_strndup(&a, sql, len);
		sql_read(sql, len, place, &a, &s);
	}
	wire_put_bool(out, s.transactional);
	wire_put_bool(out, s.stripped);
	say_put(out, s.problem);
	say_put(out, s.note);
	wire_put_u32(out, (uint32_t)s.n);
	for (i = 0; i < s.n; i++) {
		wire_put_i64(out, s.statements[i].offset);
		wire_put_i64(out, s.statements[i].length);
		wire_put_i64(out, s.statements[i].line);
		wire_put_bool(out, s.statements[i].alone);
		say_put(out, s.statements[i].kind);
		say_put(out, s.statements[i].object);
		say_put(out, s.statements[i].object_kind);
	}
}

enum gh_code
analyse_parser_take(
    struct wire_in *in, size_t len, struct gh_arena *a, struct sql_script *ret, struct gh_err *err)
{
	int64_t from = 0;
	size_t i;

	*ret = (struct sql_script){ .transactional = wire_bool(in), .stripped = wire_bool(in) };
	ret->problem = wire_text(in, a);
	ret->note = wire_text(in, a);
	ret->n = wire_u32(in);
	if (ret->n > SQL_STATEMENTS_MAX)
		return gh_fail(err, GH_BAD_INPUT, "too many statements");
	ret->statements = gh_alloc_n(a, ret->n, sizeof(*ret->statements));
	for (i = 0; i < ret->n && in->bad == NULL; i++) {
		struct sql_statement *s = &ret->statements[i];

		s->offset = wire_i64(in);
		s->length = wire_i64(in);
		s->line = wire_i64(in);
		s->alone = wire_bool(in);
		s->kind = wire_text(in, a);
		s->object = wire_text(in, a);
		s->object_kind = wire_text(in, a);
		if (s->offset < from || s->length < 1 || s->offset > (int64_t)len ||
		    s->length > (int64_t)len - s->offset || s->line < 1 || (s->alone && ret->transactional))
			in->bad = "a statement lies outside of its text";
		else if (in->bad == NULL)
			from = s->offset + s->length;
	}
	return wire_end(in, err);
}

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
		analyse_parser_answer(&in, &out);
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
start(struct analyse_parser *p, struct gh_err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make a socket for the parser");
	*p = (struct analyse_parser){ .job = p->job, .fd = pair[0] };
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
end(struct analyse_parser *p)
{
	int status = 0;

	gh_fd_done(&p->fd);
	if (p->pid > 0) {
		while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
			continue;
	}
	p->pid = 0;
	return status;
}

void
analyse_parser_done(struct analyse_parser *p)
{
	if (p->pid > 0)
		(void)kill(p->pid, SIGKILL);
	(void)end(p);
}

/* One piece of the question out.  False when the child is gone. */
static bool
send_some(const struct analyse_parser *p, const struct gh_text *question, size_t *sent)
{
	ssize_t n = send(p->fd, question->data + *sent, question->len - *sent, MSG_NOSIGNAL | MSG_DONTWAIT);

	*sent += n > 0 ? (size_t)n : 0;
	return n >= 0 || errno == EAGAIN || errno == EINTR;
}

/* One piece of the answer in; *want becomes its length once that is known. */
static bool
recv_some(const struct analyse_parser *p, struct gh_text *ret, size_t *want)
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

/* Sends all and reads the answer into ret.  False when the child died or took too long, or the job shall
 * stop. */
static bool
ask(const struct analyse_parser *p, const struct gh_text *question, struct gh_text *ret)
{
	int64_t deadline = gh_clock_mono() + ANSWER_US;
	size_t sent = 0, want = 4;
	bool good = true;

	while (good && (sent < question->len || ret->len < want)) {
		struct pollfd fd = { .fd = p->fd,
			.events = sent < question->len ? POLLOUT | POLLIN : POLLIN };

		if (job_stopped(p->job) || gh_clock_mono() > deadline)
			return false;
		if (job_poll(&fd, 1, 1000) <= 0)
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
try_once(struct analyse_parser *p, const struct gh_text *question, size_t len, struct gh_arena *a,
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
	return analyse_parser_take(&in, len, a, ret, &nonsense) == GH_OK;
}

enum gh_code
analyse_parser_read(struct analyse_parser *p, const char *text, size_t len, struct sql_place place,
    struct gh_arena *a, struct sql_script *ret, struct gh_err *err)
{
	GH_TEXT question = { 0 };
	struct wire_out out = { .text = &question };
	bool fresh;
	int status;

	wire_put_u32(&out, 0);
	wire_put_text(&out, place.file);
	wire_put_i64(&out, place.first_line);
	wire_put_bytes(&out, text, len);
	if (out.bad != NULL)
		return gh_fail(err, GH_INTERNAL, "%s: %s", place.file, out.bad);
	put_length(&question);
	do {
		if (p->asked >= REPLACE_AFTER || p->bytes >= REPLACE_BYTES)
			(void)end(p);
		if (p->pid == 0)
			GH_TRY(start(p, err));
		/* One that has worked before may have died of what came before: a new one gets a try. */
		fresh = p->asked == 0;
		if (try_once(p, &question, len, a, ret))
			return GH_OK;
		(void)kill(p->pid, SIGKILL);
		status = end(p);
		if (job_stopped(p->job))
			return gh_fail(err, GH_UNAVAILABLE, "stopped while %s was analysed", place.file);
	} while (!fresh);
	*ret = (struct sql_script){ .transactional = true, .note = "" };
	ret->problem = gh_printf(a, "%s:%" PRId64 ":1: %s", place.file, place.first_line, why_died(status));
	return GH_OK;
}
