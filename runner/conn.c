#include "base/ban.h"
#include "runner/conn.h"
#include "base/io.h"
#include "base/log.h"
#include "runner/peer.h"

#include <poll.h>
#include <sys/socket.h>

#define FRAME_MIN (2 + GH_TOKEN_LEN)
#define LAST_MS   1000 /* for a reply under way when we stop */

enum conn_state { CONN_READING, CONN_DEFERRED, CONN_WRITING };

struct conn {
	struct conn *next;
	struct runner *runner;
	int fd;
	enum conn_state state;
	enum cmd_way way;
	uid_t uid;
	int64_t timer;
	int64_t arrived, deferred_at; /* wall; monotonic */
	unsigned char head[4];
	unsigned char *frame; /* after the length; holds passwords: wiped */
	size_t got, len;      /* got counts the head too */
	struct gh_text reply;
	size_t sent;
};

struct conns {
	struct conn *first;
	int n;
	struct listen_fds fds;
	int64_t resume; /* timer, 0 none */
};

static void
conn_free(struct conn *c)
{
	struct conns *cs = c->runner->conns;
	struct conn **at = &cs->first;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	if (cs->n-- == CONN_MAX) {
		if (cs->fds.web >= 0)
			loop_fd_events(c->runner->loop, cs->fds.web, POLLIN);
		if (cs->fds.admin >= 0)
			loop_fd_events(c->runner->loop, cs->fds.admin, POLLIN);
	}
	loop_timer_remove(c->runner->loop, c->timer);
	loop_fd_remove(c->runner->loop, c->fd);
	gh_fd_done(&c->fd);
	if (c->frame != NULL)
		explicit_bzero(c->frame, c->len);
	free(c->frame);
	if (c->reply.data != NULL)
		explicit_bzero(c->reply.data, c->reply.cap);
	gh_text_done(&c->reply);
	free(c);
}

static void
too_late(void *data)
{
	struct conn *c = data;

	c->timer = 0;
	conn_free(c);
}

static void
timer_set(struct conn *c, int64_t after_us, loop_timer_fn *fn)
{
	loop_timer_remove(c->runner->loop, c->timer);
	c->timer = loop_timer_add(c->runner->loop, after_us, 0, fn, c);
}

/* True when nothing is left to do with it. */
static bool
write_some(struct conn *c)
{
	ssize_t n;

	while (c->sent < c->reply.len) {
		n = send(c->fd, c->reply.data + c->sent, c->reply.len - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno != EAGAIN;
		c->sent += (size_t)n;
	}
	return true;
}

static void
reply_put(struct conn *c, enum gh_code code, const struct gh_text *fields, const struct gh_err *err)
{
	struct wire_out out = { .text = &c->reply };
	GH_TEXT body = { 0 };
	struct wire_out body_out = { .text = &body };

	if (code != GH_OK) {
		if (code == GH_INTERNAL || code == GH_UNAVAILABLE)
			gh_log_err("command.failed", err);
		wire_put_text(&body_out,
		    code == GH_INTERNAL ? "something went wrong in the runner: see its log" : err->msg);
		fields = &body;
	}
	if (fields == NULL)
		fields = &body;
	wire_put_u32(&out, (uint32_t)(2 + fields->len));
	wire_put_u16(&out, (uint16_t)code);
	gh_text_put_n(&c->reply, gh_text_str(fields), fields->len);
	c->state = CONN_WRITING;
}

/* The reply is there: sends it now or when the peer takes it. */
static void
reply_send(struct conn *c)
{
	if (write_some(c)) {
		conn_free(c);
		return;
	}
	loop_fd_events(c->runner->loop, c->fd, POLLOUT);
	timer_set(c, CONN_SEND_US, too_late);
}

static void
refuse(struct conn *c, const struct gh_err *err)
{
	char rest[4096];
	int i;

	/* Closing with bytes unread would reset the connection, and the peer might never see why. */
	for (i = 0; i < 32 && recv(c->fd, rest, sizeof(rest), MSG_DONTWAIT) > 0; i++)
		;
	explicit_bzero(rest, sizeof(rest));
	reply_put(c, err->code, NULL, err);
	reply_send(c);
}

static void dispatch(struct conn *c);

static void
defer_over(void *data)
{
	struct conn *c = data;

	c->timer = 0;
	dispatch(c);
}

static void
dispatch(struct conn *c)
{
	bool first = c->state == CONN_READING, deferred = false;
	struct cmd_frame f = {
		.data = c->frame, .len = c->len, .way = c->way, .uid = c->uid, .arrived = c->arrived
	};
	GH_TEXT fields = { .limit = WIRE_FRAME_MAX - 2 };
	struct gh_err err = { 0 };
	enum gh_code code;

	f.last = !first && gh_clock_mono() - c->deferred_at >= CMD_DEFER_US;
	code = cmd_dispatch(c->runner, &f, &fields, &deferred, &err);
	if (deferred) {
		if (first) {
			c->state = CONN_DEFERRED;
			c->deferred_at = gh_clock_mono();
			timer_set(c, CMD_DEFER_US, defer_over);
		}
		return;
	}
	if (code == GH_OK && fields.full)
		code = gh_fail(
		    &err, GH_BAD_INPUT, "the answer is longer than %zu bytes: ask for less", WIRE_FRAME_MAX);
	reply_put(c, code, &fields, &err);
	if (fields.data != NULL)
		explicit_bzero(fields.data, fields.cap);
	reply_send(c);
}

/* The length is known now. */
static enum gh_code
frame_start(struct conn *c, struct gh_err *err)
{
	struct wire_in in = { .at = c->head, .end = c->head + sizeof(c->head) };
	uint32_t len = wire_u32(&in);

	if (len < FRAME_MIN || len > WIRE_FRAME_MAX)
		return gh_fail(err, GH_BAD_INPUT, "a message has %d to %zu bytes, not %u", FRAME_MIN,
		    WIRE_FRAME_MAX, (unsigned)len);
	c->frame = malloc(len);
	if (c->frame == NULL)
		return gh_fail(err, GH_UNAVAILABLE, "out of memory");
	c->len = len;
	return GH_OK;
}

/* One recv; *ret_whole when the frame is.  False: the peer is gone, or nothing more is there now. */
static bool
read_some(struct conn *c, bool *ret_gone)
{
	bool head = c->got < sizeof(c->head);
	unsigned char *to = head ? c->head + c->got : c->frame + (c->got - sizeof(c->head));
	size_t want = head ? sizeof(c->head) - c->got : c->len + sizeof(c->head) - c->got;
	ssize_t n;

	do {
		n = recv(c->fd, to, want, MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	*ret_gone = n == 0 || (n < 0 && errno != EAGAIN);
	if (n <= 0)
		return false;
	c->got += (size_t)n;
	return true;
}

static void
reading(struct conn *c)
{
	struct gh_err err = { 0 };
	bool gone = false;
	char more;

	while (read_some(c, &gone)) {
		if (c->got == sizeof(c->head) && frame_start(c, &err) != GH_OK) {
			refuse(c, &err);
			return;
		}
		if (c->got < sizeof(c->head) || c->got < sizeof(c->head) + c->len)
			continue;
		if (recv(c->fd, &more, 1, MSG_DONTWAIT | MSG_PEEK) > 0) {
			(void)gh_fail(&err, GH_BAD_INPUT, "one message a connection: something follows it");
			refuse(c, &err);
			return;
		}
		c->arrived = gh_clock_now();
		loop_timer_remove(c->runner->loop, c->timer);
		c->timer = 0;
		loop_fd_events(c->runner->loop, c->fd, 0); /* a peer that goes away is still reported */
		dispatch(c);
		return;
	}
	if (gone)
		conn_free(c);
}

static void
ready(void *data, int fd, short revents)
{
	struct conn *c = data;

	(void)fd;
	if (c->state == CONN_READING) {
		reading(c);
	} else if (c->state == CONN_WRITING) {
		if (write_some(c))
			conn_free(c);
	} else if ((revents & (POLLHUP | POLLERR)) != 0) {
		/* Nobody waits for the answer: the act is not begun. */
		conn_free(c);
	}
}

void
conn_add(struct runner *r, int fd, enum cmd_way way)
{
	struct conn *c = calloc(1, sizeof(*c));
	struct gh_err err = { 0 };

	if (c == NULL) {
		(void)close(fd);
		return;
	}
	*c = (struct conn){ .next = r->conns->first, .runner = r, .fd = fd, .way = way };
	r->conns->first = c;
	if (++r->conns->n == CONN_MAX) {
		if (r->conns->fds.web >= 0)
			loop_fd_events(r->loop, r->conns->fds.web, 0);
		if (r->conns->fds.admin >= 0)
			loop_fd_events(r->loop, r->conns->fds.admin, 0);
	}
	loop_fd_add(r->loop, fd, POLLIN, ready, c);
	timer_set(c, CONN_SEND_US, too_late);
	if (peer_uid(fd, &c->uid, &err) != GH_OK || peer_check(r->config, way, c->uid, &err) != GH_OK) {
		gh_log_err("peer.refused", &err);
		refuse(c, &err);
	}
}

static void
accept_ready(void *data, int fd, short revents)
{
	struct runner *r = data;
	int peer;

	(void)revents;
	while (r->conns->n < CONN_MAX) {
		peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (peer < 0)
			return;
		conn_add(r, peer, fd == r->conns->fds.web ? CMD_WEB : CMD_CLI);
	}
}

enum gh_code
conn_start(struct runner *r, struct listen_fds fds, struct gh_err *err)
{
	r->conns = calloc(1, sizeof(*r->conns));
	if (r->conns == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	r->conns->fds = fds;
	if (fds.web >= 0)
		loop_fd_add(r->loop, fds.web, POLLIN, accept_ready, r);
	if (fds.admin >= 0)
		loop_fd_add(r->loop, fds.admin, POLLIN, accept_ready, r);
	return GH_OK;
}

/* What can still be said in a second is said. */
static void
last_words(struct conn *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLOUT };
	struct gh_err err = { 0 };

	if (c->state == CONN_DEFERRED) {
		(void)gh_fail(&err, GH_UNAVAILABLE, "the runner is being stopped: try again");
		reply_put(c, err.code, NULL, &err);
	}
	if (c->state == CONN_WRITING && !write_some(c) && poll(&p, 1, LAST_MS) > 0)
		(void)write_some(c);
	conn_free(c);
}

void
conn_stop(struct runner *r)
{
	if (r->conns == NULL)
		return;
	loop_timer_remove(r->loop, r->conns->resume);
	loop_fd_remove(r->loop, r->conns->fds.web);
	loop_fd_remove(r->loop, r->conns->fds.admin);
	gh_fd_done(&r->conns->fds.web);
	gh_fd_done(&r->conns->fds.admin);
	while (r->conns->first != NULL)
		last_words(r->conns->first);
	free(r->conns);
	r->conns = NULL;
}

static void
resume(void *data)
{
	struct runner *r = data;
	struct conn *c, *next;

	r->conns->resume = 0;
	for (c = r->conns->first; c != NULL; c = next) {
		next = c->next;
		if (c->state == CONN_DEFERRED)
			dispatch(c);
	}
}

void
conn_resume_deferred(struct runner *r)
{
	/* Not now: the caller may be within a command. */
	if (r->conns != NULL && r->conns->resume == 0)
		r->conns->resume = loop_timer_add(r->loop, 0, 0, resume, r);
}
