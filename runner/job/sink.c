#include "base/ban.h"
#include "runner/job/sink.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/seal.h"

#include <stdlib.h>
#include <zstd.h>

#define OUT    ((size_t)128 << 10)
#define SAMPLE ((size_t)1 << 20)
#define FRAME  ((int64_t)32 << 20) /* plain bytes; then there is another sample */

/*
 * Rows of numbers, digests and names that count up have little in common with what is far away: a small table
 * of the last places finds more of what is worth it than zstd's own levels up to 3, in a third of their time.
 * Prose is the other way round.  So each frame begins with a sample that both are tried on.
 */
#define TUNED_TO   3
#define TUNED_HASH 12
#define TUNED_MIN  6

struct sink {
	int fd;
	bool sealed;
	ZSTD_CCtx *zstd, *trial;
	int64_t level, threads;
	struct gh_seal seal;
	struct gh_sha256 sha;
	int64_t plain, size;
	int64_t frame; /* plain bytes of this frame that zstd has */
	bool chosen;   /* how this frame is compressed */
	size_t n_sample;
	char *sample, *tried;
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
set(ZSTD_CCtx *z, ZSTD_cParameter what, int64_t value)
{
	/* A library without threads refuses to have some: then it has none. */
	(void)ZSTD_CCtx_setParameter(z, what, (int)value);
}

static void
settings(const struct sink *s, ZSTD_CCtx *z, bool tuned)
{
	(void)ZSTD_CCtx_reset(z, ZSTD_reset_session_and_parameters);
	set(z, ZSTD_c_compressionLevel, s->level);
	set(z, ZSTD_c_checksumFlag, 1);
	if (!tuned)
		return;
	set(z, ZSTD_c_compressionLevel, 1);
	set(z, ZSTD_c_strategy, ZSTD_fast);
	set(z, ZSTD_c_hashLog, TUNED_HASH);
	set(z, ZSTD_c_minMatch, TUNED_MIN);
}

static size_t
tried(struct sink *s, bool tuned)
{
	size_t n;

	settings(s, s->trial, tuned);
	n = ZSTD_compress2(s->trial, s->tried, ZSTD_compressBound(SAMPLE), s->sample, s->n_sample);
	return ZSTD_isError(n) ? SIZE_MAX : n;
}

/* How the frame that begins with the sample is compressed. */
static void
choose(struct sink *s)
{
	bool tuned = s->level <= TUNED_TO && tried(s, true) <= tried(s, false);

	settings(s, s->zstd, tuned);
	set(s->zstd, ZSTD_c_nbWorkers, s->threads);
	s->chosen = true;
	s->frame = 0;
}

static void *
memory(size_t size)
{
	void *ret = malloc(size);

	if (ret == NULL)
		gh_bug("out of memory");
	return ret;
}

enum gh_code
sink_open(const struct wire_spec *spec, int fd, struct sink **ret, struct gh_err *err)
{
	struct sink *s = *ret = calloc(1, sizeof(*s));

	if (s == NULL)
		gh_bug("out of memory");
	s->fd = fd;
	s->level = spec->compression > 0 ? spec->compression : ZSTD_CLEVEL_DEFAULT;
	s->threads = spec->threads;
	gh_sha256_start(&s->sha);
	s->zstd = ZSTD_createCCtx();
	s->trial = ZSTD_createCCtx();
	if (s->zstd == NULL || s->trial == NULL)
		gh_bug("out of memory");
	s->sample = memory(SAMPLE);
	s->tried = memory(ZSTD_compressBound(SAMPLE));
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

	s->frame += (int64_t)len;
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

/* What waits as a sample is what the frame begins with. */
static enum gh_code
begin(struct sink *s, ZSTD_EndDirective end, struct gh_err *err)
{
	size_t n = s->n_sample;

	choose(s);
	s->n_sample = 0;
	return compress(s, s->sample, n, end, err);
}

enum gh_code
sink_put(struct sink *s, const void *data, size_t len, struct gh_err *err)
{
	const char *from = data;

	s->plain += (int64_t)len;
	while (len > 0) {
		size_t room = SAMPLE - s->n_sample, n = len < room ? len : room;
		bool last;

		if (s->chosen) {
			last = s->frame + (int64_t)len >= FRAME;
			s->chosen = !last;
			return compress(s, from, len, last ? ZSTD_e_end : ZSTD_e_continue, err);
		}
		memcpy(s->sample + s->n_sample, from, n);
		s->n_sample += n;
		from += n;
		len -= n;
		if (s->n_sample == SAMPLE)
			GH_TRY(begin(s, ZSTD_e_continue, err));
	}
	return GH_OK;
}

enum gh_code
sink_end(struct sink *s, char ret_digest[GH_SHA256_HEX_LEN], struct gh_err *err)
{
	unsigned char sum[GH_SHA256_LEN];

	if (s->chosen)
		GH_TRY(compress(s, "", 0, ZSTD_e_end, err));
	else if (s->n_sample > 0 || s->plain == 0)
		GH_TRY(begin(s, ZSTD_e_end, err));
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
	(void)ZSTD_freeCCtx((*s)->trial);
	free((*s)->sample);
	free((*s)->tried);
	free(*s);
	*s = NULL;
}
