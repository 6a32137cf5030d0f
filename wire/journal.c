#include "base/ban.h"
#include "wire/journal.h"
#include "base/clock.h"
#include "base/io.h"

#define SUM_LEN 8
#define HEAD    14 /* length, kind, time */

enum gh_code
wire_journal_open(struct wire_journal *j, int fd, struct gh_err *err)
{
	bool got = false;

	*j = (struct wire_journal){ .fd = fd };
	GH_TRY(gh_lock_try(fd, &got, err));
	if (!got)
		return gh_fail(err, GH_CONFLICT, "another job holds this journal");
	if (lseek(fd, 0, SEEK_END) != 0)
		return gh_fail(err, GH_CONFLICT, "the journal is not empty: this job has run before");
	return GH_OK;
}

void
wire_journal_start(struct wire_journal *j, enum wire_journal_kind kind, struct wire_out *ret)
{
	gh_text_clear(&j->buf);
	*ret = (struct wire_out){ .text = &j->buf };
	wire_put_u32(ret, 0);
	wire_put_u16(ret, (uint16_t)kind);
	wire_put_i64(ret, gh_clock_now());
}

static void
sum_next(unsigned char sum[GH_SHA256_LEN], const void *frame, size_t len)
{
	GH_SHA256 s = { 0 };

	gh_sha256_start(&s);
	gh_sha256_add(&s, sum, GH_SHA256_LEN);
	gh_sha256_add(&s, frame, len);
	gh_sha256_end(&s, sum);
}

enum gh_code
wire_journal_end(struct wire_journal *j, struct wire_out *out, struct gh_err *err)
{
	size_t len = j->buf.len;
	int i;

	if (out->bad != NULL || len > UINT32_MAX - SUM_LEN)
		return gh_fail(
		    err, GH_INTERNAL, "journal frame: %s", out->bad == NULL ? "too long" : out->bad);
	for (i = 0; i < 4; i++)
		j->buf.data[i] = (char)((len - 4 + SUM_LEN) >> (24 - 8 * i));
	sum_next(j->sum, j->buf.data, len);
	gh_text_put_n(&j->buf, j->sum, SUM_LEN);
	return gh_write_all(j->fd, j->buf.data, j->buf.len, err);
}

enum gh_code
wire_journal_flush(struct wire_journal *j, struct gh_err *err)
{
	if (fdatasync(j->fd) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot flush the journal");
	return GH_OK;
}

void
wire_journal_done(struct wire_journal *j)
{
	gh_text_done(&j->buf);
	gh_fd_done(&j->fd);
}

static enum gh_code
read_at(int fd, void *buf, size_t len, int64_t at, size_t *ret_n, struct gh_err *err)
{
	char *p = buf;
	ssize_t n;

	for (*ret_n = 0; *ret_n < len; *ret_n += (size_t)n) {
		n = pread(fd, p + *ret_n, len - *ret_n, (off_t)at + (off_t)*ret_n);
		if (n < 0 && errno == EINTR) {
			n = 0;
			continue;
		}
		if (n < 0)
			return gh_fail_errno(err, GH_INTERNAL, "cannot read the journal");
		if (n == 0)
			break;
	}
	return GH_OK;
}

enum gh_code
wire_follow_next(struct wire_follow *f, int fd, struct gh_text *buf, struct wire_event *ret, bool *ret_got,
    struct gh_err *err)
{
	unsigned char head[HEAD], sum[GH_SHA256_LEN];
	struct wire_in in = { .at = head, .end = head + sizeof(head) };
	struct stat st;
	size_t n, len;

	*ret_got = false;
	GH_TRY(read_at(fd, head, sizeof(head), f->offset, &n, err));
	if (n < sizeof(head))
		return GH_OK;
	len = (size_t)wire_u32(&in) + 4;
	if (len < HEAD + SUM_LEN || len > GH_TEXT_LIMIT)
		return gh_fail(err, GH_INTERNAL, "the journal is corrupt at byte %" PRId64, f->offset);
	if (fstat(fd, &st) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot look at the journal");
	if (f->offset + (int64_t)len > (int64_t)st.st_size)
		return GH_OK;
	gh_text_clear(buf);
	while (buf->len < len) {
		char piece[16384];
		size_t want = len - buf->len < sizeof(piece) ? len - buf->len : sizeof(piece);

		GH_TRY(read_at(fd, piece, want, f->offset + (int64_t)buf->len, &n, err));
		if (n < want)
			return GH_OK;
		gh_text_put_n(buf, piece, n);
	}
	memcpy(sum, f->sum, sizeof(sum));
	sum_next(sum, buf->data, len - SUM_LEN);
	if (!gh_equal(sum, buf->data + len - SUM_LEN, SUM_LEN))
		return gh_fail(err, GH_INTERNAL, "the journal is corrupt at byte %" PRId64, f->offset);
	memcpy(f->sum, sum, sizeof(sum));
	f->offset += (int64_t)len;
	ret->kind = (enum wire_journal_kind)wire_u16(&in);
	ret->at_us = wire_i64(&in);
	ret->fields = (struct wire_in){ .at = (const unsigned char *)buf->data + HEAD };
	ret->fields.end = (const unsigned char *)buf->data + len - SUM_LEN;
	*ret_got = true;
	return GH_OK;
}
