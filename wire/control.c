#include "base/ban.h"
#include "wire/control.h"
#include "base/hash.h"

/*
 *   8 bytes "gh-ctl 1" | i serial | u cancel | u pause | i window_end_us | i batch_size | i batch_pause_ms
 *   | SHA-256 of all that, cut to 8 bytes
 *
 * Always of the same length, so writing over it never leaves a tail of an older one.
 */
#define MAGIC   "gh-ctl 1"
#define SUM_LEN ((size_t)8)
#define BODY    ((size_t)(8 + 8 + 1 + 1 + 8 + 8 + 8))

static void
sum(const void *body, unsigned char ret[SUM_LEN])
{
	unsigned char whole[GH_SHA256_LEN];

	gh_sha256(body, BODY, whole);
	memcpy(ret, whole, SUM_LEN);
}

enum gh_code
wire_control_write(int fd, const struct wire_control *c, struct gh_err *err)
{
	GH_TEXT text = { 0 };
	struct wire_out out = { .text = &text };
	unsigned char mark[SUM_LEN];
	ssize_t n;

	gh_text_put(&text, MAGIC);
	wire_put_i64(&out, c->serial);
	wire_put_bool(&out, c->cancel);
	wire_put_bool(&out, c->pause);
	wire_put_i64(&out, c->window_end_us);
	wire_put_i64(&out, c->batch_size);
	wire_put_i64(&out, c->batch_pause_ms);
	if (text.len != BODY)
		gh_bug("a control record of %zu bytes", text.len);
	sum(text.data, mark);
	gh_text_put_n(&text, mark, sizeof(mark));
	do {
		n = pwrite(fd, text.data, text.len, 0);
	} while (n < 0 && errno == EINTR);
	if (n != (ssize_t)text.len)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot write what the run is told");
	if (fdatasync(fd) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make durable what the run is told");
	return GH_OK;
}

enum gh_code
wire_control_read(int fd, struct wire_control *ret, struct gh_err *err)
{
	unsigned char bytes[BODY + SUM_LEN + 1], mark[SUM_LEN];
	struct wire_in in = { .at = bytes + strlen(MAGIC), .end = bytes + BODY };
	struct wire_control c;
	ssize_t n;

	*ret = (struct wire_control){ 0 };
	do {
		n = pread(fd, bytes, sizeof(bytes), 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot read what the run is told");
	if (n == 0)
		return GH_OK;
	if ((size_t)n < BODY + SUM_LEN)
		return gh_fail(err, GH_UNAVAILABLE, "what the run is told is being written");
	sum(bytes, mark);
	if ((size_t)n > BODY + SUM_LEN || memcmp(bytes, MAGIC, strlen(MAGIC)) != 0 ||
	    memcmp(bytes + BODY, mark, SUM_LEN) != 0)
		return gh_fail(err, GH_UNAVAILABLE, "what the run is told is being written, or is damaged");
	c.serial = wire_i64(&in);
	c.cancel = wire_bool(&in);
	c.pause = wire_bool(&in);
	c.window_end_us = wire_i64(&in);
	c.batch_size = wire_i64(&in);
	c.batch_pause_ms = wire_i64(&in);
	GH_TRY(wire_end(&in, err));
	*ret = c;
	return GH_OK;
}
