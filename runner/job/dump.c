#include "base/ban.h"
#include "runner/job/backup.h"
#include "base/fault.h"
#include "base/io.h"
#include "runner/job/progress.h"
#include "runner/job/tool.h"

#include <zstd.h>

#define LEVEL 3
#define OUT   ((size_t)128 << 10)

/* pg_dump's output on its way to the disk. */
struct sink {
	int fd;
	ZSTD_CCtx *zstd;
	struct gh_sha256 sha;
	int64_t plain, size, last; /* last: of the newest backup of this target, 0 none */
	const struct backup *b;
	char buf[OUT];
};

static void
say_written(const struct sink *s)
{
	struct progress p = { .at = { .migration = -1, .statement = -1 },
		.activity = "backup",
		.text = "",
		.done = s->size,
		.total = s->last,
		.unit = "bytes",
		.since_us = s->b->started_at };

	progress_say(s->b->job, &p);
}

static enum gh_code
sink_write(struct sink *s, const void *data, size_t len, struct gh_err *err)
{
	if (len == 0)
		return GH_OK;
	if (gh_fault("job.backup.write")) {
		errno = ENOSPC;
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot write the backup");
	}
	GH_TRY(gh_write_all(s->fd, data, len, err));
	gh_sha256_add(&s->sha, data, len);
	s->size += (int64_t)len;
	say_written(s);
	return GH_OK;
}

static enum gh_code
sink_put(struct sink *s, const void *data, size_t len, ZSTD_EndDirective end, struct gh_err *err)
{
	ZSTD_inBuffer in = { .src = data, .size = len };
	size_t left;

	do {
		ZSTD_outBuffer out = { .dst = s->buf, .size = sizeof(s->buf) };

		left = ZSTD_compressStream2(s->zstd, &out, &in, end);
		if (ZSTD_isError(left))
			return gh_fail(err, GH_INTERNAL, "cannot compress: %s", ZSTD_getErrorName(left));
		GH_TRY(sink_write(s, s->buf, out.pos, err));
	} while (in.pos < in.size || (end == ZSTD_e_end && left > 0));
	return GH_OK;
}

static enum gh_code
take(void *arg, const void *data, size_t len, struct gh_err *err)
{
	struct sink *s = arg;

	s->plain += (int64_t)len;
	return sink_put(s, data, len, ZSTD_e_continue, err);
}

static enum gh_code
stream(struct backup *b, struct sink *s, struct gh_err *err)
{
	const struct wire_spec *spec = &b->job->spec;
	struct gh_arena *a = b->job->arena;
	const char *const argv[] = { "pg_dump", "--format=custom", "--compress=0", "--no-password",
		gh_printf(a, "--snapshot=%s", b->snapshot), gh_printf(a, "--dbname=%s", spec->connection),
		NULL };
	struct tool t = {
		.path = spec->pg_dump, .argv = argv, .job = b->job, .take = take, .arg = s, .passfile = true
	};
	unsigned char sum[GH_SHA256_LEN];

	GH_TRY(tool_run(&t, err));
	GH_TRY(sink_put(s, "", 0, ZSTD_e_end, err));
	if (fsync(s->fd) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make the backup durable");
	gh_sha256_end(&s->sha, sum);
	gh_hex(sum, sizeof(sum), b->digest);
	b->size = s->size;
	b->plain_size = s->plain;
	return GH_OK;
}

enum gh_code
dump_write(struct backup *b, struct gh_err *err)
{
	struct sink *s = gh_alloc(b->job->arena, sizeof(*s));
	GH_FD int fd = -1;
	enum gh_code code;

	/* First, because it clears away what an earlier one has left unfinished. */
	GH_TRY(shelf_last(b->job->spec.backup_folder, b->job->spec.target, &s->last, err));
	fd = open(b->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create %s", b->part);
	s->fd = fd;
	s->b = b;
	s->zstd = ZSTD_createCCtx();
	if (s->zstd == NULL)
		gh_bug("out of memory");
	(void)ZSTD_CCtx_setParameter(s->zstd, ZSTD_c_compressionLevel, LEVEL);
	(void)ZSTD_CCtx_setParameter(s->zstd, ZSTD_c_checksumFlag, 1);
	gh_sha256_start(&s->sha);
	code = stream(b, s, err);
	gh_sha256_done(&s->sha);
	(void)ZSTD_freeCCtx(s->zstd);
	return code;
}
