#include "base/ban.h"
#include "runner/job/sink.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/seal.h"

#include <stdlib.h>
#include <zstd.h>

#define OUT ((size_t)128 << 10)

struct sink {
	int fd;
	bool sealed;
	ZSTD_CCtx *zstd;
	struct gh_seal seal;
	struct gh_sha256 sha;
	int64_t plain, size;
	char buf[OUT];
};

static enum gh_code
sink_write(void *arg, const void *data, size_t len, struct gh_err *err)
{
	struct sink *s = arg;

	if (len == 0)
		return GH_OK;
	if (gh_fault("job.backup.write")) {
		errno = ENOSPC;
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot write the backup");
	}
	if (gh_write_all(s->fd, data, len, NULL) != GH_OK)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot write the backup");
	gh_sha256_add(&s->sha, data, len);
	s->size += (int64_t)len;
	return GH_OK;
}

static void
set(struct sink *s, ZSTD_cParameter what, int64_t value)
{
	/* A library without threads refuses to have some: then it has none. */
	(void)ZSTD_CCtx_setParameter(s->zstd, what, (int)value);
}

enum gh_code
sink_open(const struct wire_spec *spec, int fd, struct sink **ret, struct gh_err *err)
{
	struct sink *s = *ret = calloc(1, sizeof(*s));

	if (s == NULL)
		gh_bug("out of memory");
	s->fd = fd;
	gh_sha256_start(&s->sha);
	s->zstd = ZSTD_createCCtx();
	if (s->zstd == NULL)
		gh_bug("out of memory");
	set(s, ZSTD_c_compressionLevel, spec->compression > 0 ? spec->compression : ZSTD_CLEVEL_DEFAULT);
	set(s, ZSTD_c_checksumFlag, 1);
	set(s, ZSTD_c_nbWorkers, spec->threads);
	if (spec->encrypt_to == NULL || spec->encrypt_to[0] == '\0')
		return GH_OK;
	s->sealed = true;
	s->seal = (struct gh_seal){ .put = sink_write, .arg = s };
	return gh_seal_start(&s->seal, spec->encrypt_to, err);
}

static enum gh_code
compress(struct sink *s, const void *data, size_t len, ZSTD_EndDirective end, struct gh_err *err)
{
	ZSTD_inBuffer in = { .src = data, .size = len };
	size_t left;

	do {
		ZSTD_outBuffer out = { .dst = s->buf, .size = sizeof(s->buf) };

		left = ZSTD_compressStream2(s->zstd, &out, &in, end);
		if (ZSTD_isError(left))
			return gh_fail(err, GH_INTERNAL, "cannot compress: %s", ZSTD_getErrorName(left));
		if (s->sealed)
			GH_TRY(gh_seal_put(&s->seal, s->buf, out.pos, err));
		else
			GH_TRY(sink_write(s, s->buf, out.pos, err));
	} while (in.pos < in.size || (end == ZSTD_e_end && left > 0));
	return GH_OK;
}

enum gh_code
sink_put(struct sink *s, const void *data, size_t len, struct gh_err *err)
{
	s->plain += (int64_t)len;
	return compress(s, data, len, ZSTD_e_continue, err);
}

enum gh_code
sink_end(struct sink *s, char ret_digest[GH_SHA256_HEX_LEN], struct gh_err *err)
{
	unsigned char sum[GH_SHA256_LEN];

	GH_TRY(compress(s, "", 0, ZSTD_e_end, err));
	if (s->sealed)
		GH_TRY(gh_seal_end(&s->seal, err));
	if (gh_fault("job.backup.fsync")) {
		errno = ENOSPC;
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make the backup durable");
	}
	if (fsync(s->fd) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make the backup durable");
	gh_sha256_end(&s->sha, sum);
	gh_hex(sum, sizeof(sum), ret_digest);
	return GH_OK;
}

int64_t
sink_plain(const struct sink *s)
{
	return s->plain;
}

int64_t
sink_size(const struct sink *s)
{
	return s->size;
}

void
sink_done(struct sink **s)
{
	if (*s == NULL)
		return;
	gh_seal_done(&(*s)->seal);
	gh_sha256_done(&(*s)->sha);
	(void)ZSTD_freeCCtx((*s)->zstd);
	free(*s);
	*s = NULL;
}
