#include "base/ban.h"
#include "migration/sql_shape_child.h"
#include "base/clock.h"
#include "base/io.h"
#include "wire/frame.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define CHILD_FD     3
#define CHILD_CPU    10 /* seconds */
#define CHILD_MEMORY ((rlim_t)1 << 30)
#define ANSWER_US    (30 * GH_SECOND)
#define ANSWER_MAX   ((size_t)16 << 20)
#define COUNT_MAX    100000

struct question {
	void (*answer)(const struct question *q, struct gh_arena *a, struct wire_out *out);
	const char *statement, *constraint;
	const struct sql_shape_table *table;
};

static void
put_texts(struct wire_out *out, const char *const *texts, size_t n)
{
	size_t i;

	wire_put_u32(out, (uint32_t)n);
	for (i = 0; i < n; i++)
		wire_put_text(out, texts[i]);
}

static const char **
take_texts(struct wire_in *in, struct gh_arena *a, size_t *ret_n)
{
	uint32_t n = wire_u32(in), i;
	const char **ret;

	if (n > COUNT_MAX && in->bad == NULL)
		in->bad = "too many";
	n = in->bad == NULL ? n : 0;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	ret = gh_alloc_n(a, n + 1, sizeof(*ret));
	for (i = 0; i < n; i++)
		ret[i] = wire_text(in, a);
	*ret_n = n;
	return ret;
}

/* ---- the child ------------------------------------------------------------------------------------------
 */

static void
limit(int what, rlim_t most)
{
	struct rlimit r;

	if (getrlimit((__rlimit_resource_t)what, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max != RLIM_INFINITY && r.rlim_max < most ? r.rlim_max : most;
	(void)setrlimit((__rlimit_resource_t)what, &r);
}

/* Nothing of the job is left to it but the end of one pipe: no connection, no journal. */
__attribute__((noreturn)) static void
child(const struct question *q, int fd)
{
	GH_ARENA a = { .limit = CHILD_MEMORY };
	GH_TEXT answer = { .limit = ANSWER_MAX };
	struct wire_out out = { .text = &answer };
	struct gh_err err = { 0 };

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)signal(SIGXCPU, SIG_DFL);
	if (dup2(fd, CHILD_FD) != CHILD_FD || close_range(CHILD_FD + 1, ~0U, 0) != 0)
		_exit(1);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, CHILD_CPU);
#ifndef GH_ARENA_MALLOC /* with sanitizers address space is no measure */
	limit(RLIMIT_AS, CHILD_MEMORY);
#endif
	q->answer(q, &a, &out);
	if (out.bad != NULL || answer.full || gh_write_all(CHILD_FD, answer.data, answer.len, &err) != GH_OK)
		_exit(1);
	_exit(0);
}

/* ---- whoever asks ---------------------------------------------------------------------------------------
 */

/* All that comes until the end; false when it takes too long. */
static bool
read_answer(int fd, struct gh_text *ret)
{
	int64_t deadline = gh_clock_mono() + ANSWER_US;
	char buf[65536];
	ssize_t n;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		if (gh_clock_mono() > deadline || ret->full)
			return false;
		if (poll(&p, 1, 1000) <= 0)
			continue;
		n = read(fd, buf, sizeof(buf));
		if (n == 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		gh_text_put_n(ret, buf, n > 0 ? (size_t)n : 0);
	}
}

/* False when there is no answer.  *in points into ret. */
static bool
ask(const struct question *q, struct gh_text *ret, struct wire_in *in)
{
	int fds[2], status = 0;
	bool good;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) != 0)
		return false;
	pid = fork();
	if (pid == 0)
		child(q, fds[1]);
	(void)close(fds[1]);
	good = pid > 0 && read_answer(fds[0], ret);
	(void)close(fds[0]);
	if (pid <= 0)
		return false;
	if (!good)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	*in = (struct wire_in){ .at = (const unsigned char *)gh_text_str(ret) };
	in->end = in->at + ret->len;
	return good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- the questions --------------------------------------------------------------------------------------
 */

static void
answer_check(const struct question *q, struct gh_arena *a, struct wire_out *out)
{
	wire_put_text(out, sql_shape_check(q->statement, q->constraint, q->table, a));
}

const char *
sql_shape_child_check(
    const char *statement, const char *constraint, const struct sql_shape_table *t, struct gh_arena *a)
{
	const struct question q = { answer_check, statement, constraint, t };
	GH_TEXT answer = { .limit = ANSWER_MAX };
	struct wire_in in;
	const char *ret;

	if (!ask(&q, &answer, &in))
		return NULL;
	ret = wire_text(&in, a);
	return ret[0] == '\0' ? NULL : ret;
}

static void
answer_unique(const struct question *q, struct gh_arena *a, struct wire_out *out)
{
	const char *keys;

	wire_put_text(out, sql_shape_unique(q->statement, q->constraint, q->table, a, &keys));
	wire_put_text(out, keys);
}

const char *
sql_shape_child_unique(const char *statement, const char *constraint, const struct sql_shape_table *t,
    struct gh_arena *a, const char **ret_keys)
{
	const struct question q = { answer_unique, statement, constraint, t };
	GH_TEXT answer = { .limit = ANSWER_MAX };
	struct wire_in in;
	const char *ret;

	*ret_keys = "";
	if (!ask(&q, &answer, &in))
		return NULL;
	ret = wire_text(&in, a);
	*ret_keys = wire_text(&in, a);
	return ret[0] == '\0' ? NULL : ret;
}

static void
answer_foreign(const struct question *q, struct gh_arena *a, struct wire_out *out)
{
	struct sql_shape_key key;

	wire_put_bool(out, sql_shape_foreign(q->statement, q->constraint, a, &key));
	put_texts(out, key.columns, key.n);
	put_texts(out, key.parent_columns, key.n_parent);
	wire_put_text(out, key.parent_schema);
	wire_put_text(out, key.parent);
}

bool
sql_shape_child_foreign(
    const char *statement, const char *constraint, struct gh_arena *a, struct sql_shape_key *ret)
{
	const struct question q = { answer_foreign, statement, constraint, NULL };
	GH_TEXT answer = { .limit = ANSWER_MAX };
	struct wire_in in;
	bool found;

	*ret = (struct sql_shape_key){ 0 };
	if (!ask(&q, &answer, &in))
		return false;
	found = wire_bool(&in);
	ret->columns = take_texts(&in, a, &ret->n);
	ret->parent_columns = take_texts(&in, a, &ret->n_parent);
	ret->parent_schema = wire_text(&in, a);
	ret->parent = wire_text(&in, a);
	return found && in.bad == NULL;
}

static void
answer_read(const struct question *q, struct gh_arena *a, struct wire_out *out)
{
	struct sql_shape shape;
	size_t i;

	sql_shape_read(q->statement, a, &shape);
	put_texts(out, shape.tables, shape.n_tables);
	wire_put_u32(out, (uint32_t)shape.n_items);
	for (i = 0; i < shape.n_items; i++) {
		/* "constraint" is the other. */
		wire_put_bool(out, strcmp(shape.items[i].kind, "column") == 0);
		wire_put_text(out, shape.items[i].table);
		wire_put_text(out, shape.items[i].name);
	}
}

void
sql_shape_child_read(const char *statement, struct gh_arena *a, struct sql_shape *ret)
{
	const struct question q = { answer_read, statement, NULL, NULL };
	GH_TEXT answer = { .limit = ANSWER_MAX };
	struct wire_in in;
	uint32_t n, i;

	*ret = (struct sql_shape){ 0 };
	if (!ask(&q, &answer, &in))
		return;
	ret->tables = take_texts(&in, a, &ret->n_tables);
	n = wire_u32(&in);
	n = in.bad == NULL && n <= COUNT_MAX ? n : 0;
	ret->items = gh_alloc_n(a, n + 1, sizeof(*ret->items));
	for (i = 0; i < n; i++) {
		ret->items[i].kind = wire_bool(&in) ? "column" : "constraint";
		ret->items[i].table = wire_text(&in, a);
		ret->items[i].name = wire_text(&in, a);
	}
	ret->n_items = n;
	if (in.bad != NULL)
		*ret = (struct sql_shape){ 0 };
}
