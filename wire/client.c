#include "base/ban.h"
#include "wire/client.h"
#include "base/clock.h"
#include "base/io.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

void
wire_reply_done(struct wire_reply *r)
{
	gh_text_done(&r->body);
	r->fields = (struct wire_in){ 0 };
}

static enum gh_code
dial(const char *path, int *ret, struct gh_err *err)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	GH_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create a socket");
	if (strlen(path) >= sizeof(addr.sun_path))
		return gh_fail(err, GH_BAD_INPUT, "socket path is longer than %zu bytes: %s",
		    sizeof(addr.sun_path) - 1, path);
	memcpy(addr.sun_path, path, strlen(path) + 1);
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0) {
		if (errno == EACCES)
			return gh_fail(
			    err, GH_FORBIDDEN, "this account may not use the runner's socket %s", path);
		return gh_fail_errno(err, GH_UNAVAILABLE, "the runner does not answer on %s", path);
	}
	*ret = gh_fd_take(&fd);
	return GH_OK;
}

static enum gh_code
wait_for(int fd, short events, int64_t deadline, struct gh_err *err)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left;
	int n;

	do {
		left = (deadline - gh_clock_mono()) / 1000;
		n = left <= 0 ? 0 : poll(&p, 1, (int)left);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot wait for the runner");
	if (n == 0)
		return gh_fail(err, GH_UNAVAILABLE, "the runner did not answer in time");
	return GH_OK;
}

static enum gh_code
send_all(int fd, const char *data, size_t len, int64_t deadline, struct gh_err *err)
{
	ssize_t n;

	while (len > 0) {
		GH_TRY(wait_for(fd, POLLOUT, deadline, err));
		n = send(fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0 && errno == EPIPE)
			return GH_OK; /* refused early: its reply says why */
		if (n < 0)
			return gh_fail_errno(err, GH_UNAVAILABLE, "the runner closed the connection");
		data += n;
		len -= (size_t)n;
	}
	return GH_OK;
}

static enum gh_code
receive(int fd, struct gh_text *body, int64_t deadline, struct gh_err *err)
{
	char buf[8192];
	ssize_t n;

	for (;;) {
		GH_TRY(wait_for(fd, POLLIN, deadline, err));
		n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return gh_fail_errno(err, GH_UNAVAILABLE, "the runner closed the connection");
		if (n == 0)
			return GH_OK;
		gh_text_put_n(body, buf, (size_t)n);
		if (body->full || body->len > WIRE_FRAME_MAX + 4)
			return gh_fail(err, GH_INTERNAL, "the runner's reply is too long");
	}
}

enum gh_code
wire_call(const char *socket_path, enum wire_op op, const unsigned char *token, const struct gh_text *fields,
    struct wire_reply *ret, struct gh_err *err)
{
	static const unsigned char no_token[GH_TOKEN_LEN];
	int64_t deadline = gh_clock_mono() + WIRE_CLIENT_TIMEOUT_MS * INT64_C(1000);
	size_t fields_len = fields == NULL ? 0 : fields->len, total = 2 + GH_TOKEN_LEN + fields_len;
	GH_TEXT call = { 0 };
	struct wire_out out = { .text = &call };
	GH_FD int fd = -1;
	enum gh_code code;

	if (total > WIRE_FRAME_MAX)
		return gh_fail(err, GH_BAD_INPUT, "the message is longer than %zu bytes", WIRE_FRAME_MAX);
	wire_put_u32(&out, (uint32_t)total);
	wire_put_u16(&out, (uint16_t)op);
	gh_text_put_n(&call, token == NULL ? no_token : token, GH_TOKEN_LEN);
	if (fields_len > 0)
		gh_text_put_n(&call, fields->data, fields_len);
	GH_TRY(dial(socket_path, &fd, err));
	code = send_all(fd, call.data, call.len, deadline, err);
	explicit_bzero(call.data, call.len);
	GH_TRY(code);
	GH_TRY(receive(fd, &ret->body, deadline, err));
	ret->fields = (struct wire_in){ .at = (const unsigned char *)gh_text_str(&ret->body) };
	ret->fields.end = ret->fields.at + ret->body.len;
	if (wire_u32(&ret->fields) != ret->body.len - 4 || ret->fields.bad != NULL)
		return gh_fail(err, GH_UNAVAILABLE, "the runner stopped in the middle of its reply");
	code = (enum gh_code)wire_u16(&ret->fields);
	if (code != GH_OK) {
		GH_ARENA a = { 0 };
		const char *msg = wire_text(&ret->fields, &a);

		return gh_fail(err, code > GH_INTERNAL ? GH_INTERNAL : code, "%s", msg);
	}
	return GH_OK;
}
