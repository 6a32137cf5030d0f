#include "base/ban.h"
#include "cli/lint.h"
#include "base/clock.h"
#include "base/io.h"
#include "wire/frame.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

/*
 * A child has all texts from us, reads one after the other and writes an answer to each: u32 length | text
 * problem | text note | bool not analysed | u32 n | n findings.  When it ends too early, the text it was at
 * is to blame and a new child goes on behind it.
 */

#define CHILD_STACK  ((rlim_t)64 << 20)
#define CHILD_MEMORY ((rlim_t)3 << 30)
#define ANSWER_US    (120 * GH_SECOND) /* for one text */

struct child {
	pid_t pid;
	int fd;
	size_t at;          /* the next side that it answers for */
	struct gh_text got; /* bytes that are no whole answer yet */
};

static void
limit(int what, rlim_t most)
{
	struct rlimit r;

	if (getrlimit((__rlimit_resource_t)what, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max != RLIM_INFINITY && r.rlim_max < most ? r.rlim_max : most;
	(void)setrlimit((__rlimit_resource_t)what, &r);
}

static void
put_finding(struct wire_out *out, const struct lint_finding *f)
{
	wire_put_text(out, f->rule);
	wire_put_u8(out, (uint8_t)f->level);
	wire_put_i64(out, f->line);
	wire_put_i64(out, f->column);
	wire_put_text(out, f->table);
	wire_put_text(out, f->message);
	wire_put_text(out, f->rewrite);
	wire_put_bool(out, f->ignored != NULL);
	wire_put_text(out, f->ignored);
}

static void
put_length(struct gh_text *t)
{
	size_t i, len = t->len - 4;

	for (i = 0; i < 4; i++)
		t->data[i] = (char)(len >> (24 - 8 * i));
}

__attribute__((noreturn)) static void
child(const struct cli_lint *l, size_t from, int fd)
{
	GH_TEXT answer = { 0 };
	size_t i, k;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_DUMPABLE, 0);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_STACK, CHILD_STACK);
#ifndef GH_ARENA_MALLOC /* with sanitizers address space is no measure */
	limit(RLIMIT_AS, CHILD_MEMORY);
#endif
	for (i = from; i < l->n_sides; i++) {
		GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
		struct wire_out out = { .text = &answer };
		struct sql_script s;

		if (*l->sides[i].problem != '\0')
			continue;
		sql_read(&l->sides[i].sql, &a, &s);
		gh_text_clear(&answer);
		wire_put_u32(&out, 0);
		wire_put_text(&out, s.problem);
		wire_put_text(&out, s.note);
		wire_put_bool(&out, s.not_analysed);
		wire_put_u32(&out, (uint32_t)s.findings.n);
		for (k = 0; k < s.findings.n; k++)
			put_finding(&out, &s.findings.items[k]);
		put_length(&answer);
		if (out.bad != NULL || gh_write_all(fd, answer.data, answer.len, NULL) != GH_OK)
			_exit(1);
	}
	_exit(0);
}

static enum gh_code
start(struct child *c, const struct cli_lint *l, struct gh_err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make a pipe for the parser");
	c->fd = ends[0];
	c->pid = fork();
	if (c->pid == 0)
		child(l, c->at, ends[1]);
	(void)close(ends[1]);
	if (c->pid < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot start the parser");
	return GH_OK;
}

static void
get_finding(struct cli_lint *l, const struct cli_lint_side *s, struct wire_in *in)
{
	struct cli_lint_finding f = { .file = s->file, .side = s->name };
	uint8_t level;
	bool ignored;

	f.is.rule = wire_text(in, l->arena);
	level = wire_u8(in);
	f.is.level = level < LINT_NOTICE || level > LINT_ERROR ? LINT_ERROR : (enum lint_level)level;
	f.is.line = wire_i64(in);
	f.is.column = wire_i64(in);
	f.is.table = wire_text(in, l->arena);
	f.is.message = wire_text(in, l->arena);
	f.is.rewrite = wire_text(in, l->arena);
	ignored = wire_bool(in);
	f.is.ignored = wire_text(in, l->arena);
	if (!ignored)
		f.is.ignored = NULL;
	if (in->bad == NULL)
		cli_lint_finding_add(l, &f);
}

/* A rule has said it already, at the same place and better. */
static bool
is_known(const struct cli_lint *l, size_t from, const struct cli_lint_finding *problem)
{
	size_t i;

	for (i = from; i < l->n_findings; i++) {
		const struct lint_finding *f = &l->findings[i].is;

		if (f->level == LINT_ERROR && f->line == problem->is.line && f->column == problem->is.column)
			return true;
	}
	return false;
}

static void
take(struct cli_lint *l, const struct cli_lint_side *s, struct wire_in *in)
{
	const char *problem = wire_text(in, l->arena), *note = wire_text(in, l->arena);
	bool not_analysed = wire_bool(in);
	uint32_t i, n = wire_u32(in);
	struct cli_lint_finding f = { .file = s->file, .side = s->name };
	size_t from = l->n_findings;

	for (i = 0; i < n && in->bad == NULL; i++)
		get_finding(l, s, in);
	if (*problem != '\0') {
		cli_lint_problem_read(l, &f, "cannot-run", problem);
		if (!is_known(l, from, &f))
			cli_lint_finding_add(l, &f);
	}
	if (not_analysed) {
		f.is = (struct lint_finding){ .rule = "not-analysed",
			.level = LINT_NOTICE,
			.line = s->sql.first_line,
			.column = 1,
			.table = "",
			.rewrite = "",
			.message = *note != '\0'
			    ? note
			    : "newer syntax than the parser's: no rule has looked at it" };
		cli_lint_finding_add(l, &f);
	}
}

/* Sides that are not asked for have no answer. */
static void
pass_over(const struct cli_lint *l, struct child *c)
{
	while (c->at < l->n_sides && *l->sides[c->at].problem != '\0')
		c->at++;
}

/* Takes the whole answers out of what has come. */
static void
take_all(struct cli_lint *l, struct child *c)
{
	struct wire_in in = { .at = (const unsigned char *)gh_text_str(&c->got) };
	const unsigned char *begin = in.at, *end = in.at + c->got.len;
	size_t rest;

	while (c->at < l->n_sides && end - begin >= 4) {
		uint32_t len;

		in = (struct wire_in){ .at = begin, .end = end };
		len = wire_u32(&in);
		if ((size_t)(end - in.at) < len)
			break;
		in.end = in.at + len;
		begin = in.end;
		take(l, &l->sides[c->at], &in);
		c->at++;
		pass_over(l, c);
	}
	rest = (size_t)(end - begin);
	if (rest > 0 && begin != (const unsigned char *)c->got.data)
		memmove(c->got.data, begin, rest);
	c->got.len = rest;
}

/* Reads until the child ends.  False when it took too long for one text. */
static bool
listen_to(struct cli_lint *l, struct child *c)
{
	int64_t deadline = gh_clock_mono() + ANSWER_US;
	char buf[65536];

	for (;;) {
		struct pollfd fd = { .fd = c->fd, .events = POLLIN };
		size_t before = c->at;
		ssize_t n;

		if (poll(&fd, 1, 1000) > 0) {
			n = read(c->fd, buf, sizeof(buf));
			if (n == 0 || (n < 0 && errno != EINTR))
				return true;
			gh_text_put_n(&c->got, buf, n > 0 ? (size_t)n : 0);
			take_all(l, c);
			if (c->at != before)
				deadline = gh_clock_mono() + ANSWER_US;
		}
		if (gh_clock_mono() > deadline)
			return false;
	}
}

static void
blame(struct cli_lint *l, const struct cli_lint_side *s, bool late)
{
	cli_lint_problem(l, s->file, s->name, "cannot-run",
	    gh_printf(l->arena, "%s:%" PRId64 ":1: too %s to analyse", s->sql.file, s->sql.first_line,
		late ? "large" : "deeply nested"));
}

enum gh_code
cli_lint_run(struct cli_lint *l, struct gh_err *err)
{
	struct child c = { .fd = -1 };
	enum gh_code code = GH_OK;
	bool in_time;

	pass_over(l, &c);
	while (code == GH_OK && c.at < l->n_sides) {
		code = start(&c, l, err);
		if (code != GH_OK)
			break;
		gh_text_clear(&c.got);
		in_time = listen_to(l, &c);
		if (!in_time)
			(void)kill(c.pid, SIGKILL);
		while (waitpid(c.pid, NULL, 0) < 0 && errno == EINTR)
			continue;
		gh_fd_done(&c.fd);
		if (c.at < l->n_sides) {
			blame(l, &l->sides[c.at++], !in_time);
			pass_over(l, &c);
		}
	}
	gh_fd_done(&c.fd);
	gh_text_done(&c.got);
	return code;
}
