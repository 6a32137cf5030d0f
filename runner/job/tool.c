#include "base/ban.h"
#include "runner/job/tool.h"
#include "base/io.h"
#include "base/spawn.h"
#include "runner/job/control.h"
#include "runner/job/target.h"

#include <poll.h>
#include <sys/wait.h>

#define PIECE       ((size_t)256 << 10)
#define PIPE        ((size_t)1 << 20)
#define STDERR_KEEP 4096

struct pipes {
	int in, out, err; /* our ends; -1 closed */
	struct gh_text said;
	const char *piece; /* not written yet */
	size_t piece_len;
};

static enum gh_code
pipe_make(int ends[2], struct gh_err *err)
{
	if (pipe2(ends, O_CLOEXEC) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create a pipe");
	return GH_OK;
}

/* Feeds the child; a closed pipe means that it has read enough. */
static enum gh_code
feed(const struct tool *t, struct pipes *p, struct gh_err *err)
{
	const void *next = NULL;
	ssize_t n;

	if (p->piece_len == 0 && t->give != NULL) {
		GH_TRY(t->give(t->arg, &next, &p->piece_len, err));
		p->piece = next;
		if (p->piece_len == 0 && t->give != NULL) {
			gh_fd_done(&p->in);
			return GH_OK;
		}
	}
	n = write(p->in, p->piece, p->piece_len);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		gh_fd_done(&p->in);
		p->piece_len = 0;
	}
	if (n > 0) {
		p->piece += n;
		p->piece_len -= (size_t)n;
	}
	return GH_OK;
}

static enum gh_code
drain(const struct tool *t, struct pipes *p, int *fd, struct gh_err *err)
{
	static char buf[PIECE];
	ssize_t n = read(*fd, buf, sizeof(buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return GH_OK;
	if (n <= 0) {
		gh_fd_done(fd);
		return GH_OK;
	}
	if (fd == &p->err) {
		if (t->hear != NULL)
			t->hear(t->arg, buf, (size_t)n);
		else
			gh_text_put_n(&p->said, buf, (size_t)n);
		return GH_OK;
	}
	return t->take(t->arg, buf, (size_t)n, err);
}

static enum gh_code
converse(const struct tool *t, struct pipes *p, struct gh_err *err)
{
	while (p->out >= 0 || p->err >= 0) {
		struct pollfd fds[] = { { .fd = p->out, .events = POLLIN },
			{ .fd = p->err, .events = POLLIN }, { .fd = p->in, .events = POLLOUT },
			{ .fd = t->beside == NULL ? -1 : t->beside->fd, .events = POLLIN } };

		if (job_stopped(t->job))
			return gh_fail(err, GH_CONFLICT, "%s", control_why(t->job));
		if (job_poll(fds, 4, -1) < 0)
			continue;
		if (fds[0].revents != 0)
			GH_TRY(drain(t, p, &p->out, err));
		if (fds[1].revents != 0)
			GH_TRY(drain(t, p, &p->err, err));
		if (fds[2].revents != 0 && p->in >= 0)
			GH_TRY(feed(t, p, err));
		if (t->beside != NULL && fds[3].revents != 0)
			GH_TRY(t->beside->ready(t->beside->arg, err));
		/* After what it said meanwhile, for who was not scheduled for a while. */
		if (t->look != NULL)
			GH_TRY(t->look(t->arg, err));
	}
	return GH_OK;
}

/* The last line of what a tool said, without its name in front. */
static const char *
last_words(const struct tool *t, struct gh_text *said)
{
	char *line;

	while (said->len > 0 && said->data[said->len - 1] == '\n')
		said->data[--said->len] = '\0';
	if (said->len == 0)
		return "it said nothing";
	line = strrchr(said->data, '\n');
	(void)t;
	return line == NULL ? said->data : line + 1;
}

static enum gh_code
finish(const struct tool *t, struct pipes *p, pid_t pid, enum gh_code code, struct gh_err *err)
{
	const char *name = strrchr(t->path, '/');
	char words[512];
	int status = 0;

	name = name == NULL ? t->path : name + 1;
	if (code != GH_OK)
		(void)kill(pid, SIGKILL);
	gh_fd_done(&p->in);
	GH_TRY(gh_spawn_wait(pid, &status, code == GH_OK ? err : NULL));
	if (code != GH_OK)
		return code;
	if (t->status != NULL)
		*t->status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || t->status != NULL))
		return GH_OK;
	say_clean(words, sizeof(words), last_words(t, &p->said));
	if (WIFSIGNALED(status))
		return gh_fail(err, GH_INTERNAL, "%s was ended by signal %d", name, WTERMSIG(status));
	return gh_fail(err, GH_INTERNAL, "%s failed: %s", name, words);
}

static enum gh_code
start(const struct tool *t, struct pipes *p, pid_t *ret_pid, struct gh_err *err)
{
	static const char *const env[] = { "PGPASSFILE=" TARGET_PASSFILE, "LC_ALL=C.UTF-8",
		"PATH=/usr/bin:/bin", NULL };
	struct gh_spawn s = {
		.path = t->path, .argv = t->argv, .env = env, .confine = t->confine, .die_with_parent = true
	};
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, say[2] = { -1, -1 };
	enum gh_code code;

	code = pipe_make(out, err);
	if (code == GH_OK)
		code = pipe_make(say, err);
	if (code == GH_OK && t->give != NULL)
		code = pipe_make(in, err);
	if (code == GH_OK) {
		s.fds[s.n_fds++] = (struct gh_spawn_fd){ .from = out[1], .to = 1 };
		s.fds[s.n_fds++] = (struct gh_spawn_fd){ .from = say[1], .to = 2 };
		if (t->give != NULL)
			s.fds[s.n_fds++] = (struct gh_spawn_fd){ .from = in[0], .to = 0 };
		if (t->passfile)
			s.fds[s.n_fds++] =
			    (struct gh_spawn_fd){ .from = WIRE_PASSFILE_FD, .to = WIRE_PASSFILE_FD };
		code = gh_spawn_start(&s, ret_pid, err);
	}
	gh_fd_done(&in[0]);
	gh_fd_done(&out[1]);
	gh_fd_done(&say[1]);
	p->in = in[1];
	p->out = out[0];
	p->err = say[0];
	/* Fewer turns; without the right to it, it stays as it is. */
	if (p->out >= 0)
		(void)fcntl(p->out, F_SETPIPE_SZ, (int)PIPE);
	if (p->in >= 0)
		(void)fcntl(p->in, F_SETFL, O_NONBLOCK);
	return code;
}

enum gh_code
tool_run(const struct tool *t, struct gh_err *err)
{
	struct pipes p = { .in = -1, .out = -1, .err = -1, .said = { .limit = STDERR_KEEP } };
	pid_t pid = -1;
	enum gh_code code = start(t, &p, &pid, err);

	if (code == GH_OK)
		code = finish(t, &p, pid, converse(t, &p, err), err);
	gh_fd_done(&p.in);
	gh_fd_done(&p.out);
	gh_fd_done(&p.err);
	gh_text_done(&p.said);
	return code;
}

static enum gh_code
take_text(void *arg, const void *data, size_t len, struct gh_err *err)
{
	struct gh_text *t = arg;

	gh_text_put_n(t, data, len);
	return t->full ? gh_fail(err, GH_INTERNAL, "a tool said too much") : GH_OK;
}

enum gh_code
tool_version(struct job *j, const char *path, const char **ret, int64_t *ret_major, struct gh_err *err)
{
	const char *const argv[] = { path, "--version", NULL };
	GH_TEXT said = { .limit = 4096 };
	struct tool t = { .path = path, .argv = argv, .job = j, .take = take_text, .arg = &said };
	const char *at;

	GH_TRY(tool_run(&t, err));
	/* "pg_dump (PostgreSQL) 15.20 (Debian 15.20-1)" */
	at = strstr(gh_text_str(&said), ") ");
	if (at == NULL || !isdigit((unsigned char)at[2]))
		return gh_fail(err, GH_INTERNAL, "%s does not say its version", path);
	*ret = gh_strndup(j->arena, at + 2, strspn(at + 2, "0123456789."));
	*ret_major = strtoll(at + 2, NULL, 10);
	return GH_OK;
}
