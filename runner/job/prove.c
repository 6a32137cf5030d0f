#include "base/ban.h"
#include "runner/job/backup.h"
#include "base/io.h"
#include "runner/job/manifest.h"
#include "runner/job/tool.h"

#include <zstd.h>

#define PIECE ((size_t)128 << 10)
#define LIST  ((size_t)64 << 20) /* bytes of pg_restore --list */

/* The file read back from the disk: hashed, decompressed, given to pg_restore. */
struct source {
	int fd;
	ZSTD_DCtx *zstd;
	struct gh_sha256 sha;
	ZSTD_inBuffer in;
	size_t frame_left; /* what zstd still wants; 0 at the end of a whole frame */
	bool eof;
	struct gh_text list;
	char packed[PIECE], plain[PIECE];
};

static enum gh_code
more(struct source *s, struct gh_err *err)
{
	ssize_t n;

	do {
		n = read(s->fd, s->packed, sizeof(s->packed));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot read the backup back");
	s->eof = n == 0;
	gh_sha256_add(&s->sha, s->packed, (size_t)n);
	s->in = (ZSTD_inBuffer){ .src = s->packed, .size = (size_t)n };
	return GH_OK;
}

static enum gh_code
give(void *arg, const void **ret, size_t *ret_len, struct gh_err *err)
{
	struct source *s = arg;
	ZSTD_outBuffer out = { .dst = s->plain, .size = sizeof(s->plain) };

	while (out.pos == 0 && !s->eof) {
		if (s->in.pos == s->in.size)
			GH_TRY(more(s, err));
		if (s->eof)
			break;
		s->frame_left = ZSTD_decompressStream(s->zstd, &out, &s->in);
		if (ZSTD_isError(s->frame_left))
			return gh_fail(
			    err, GH_INTERNAL, "the backup is damaged: %s", ZSTD_getErrorName(s->frame_left));
	}
	*ret = s->plain;
	*ret_len = out.pos;
	return GH_OK;
}

static enum gh_code
take(void *arg, const void *data, size_t len, struct gh_err *err)
{
	struct source *s = arg;

	gh_text_put_n(&s->list, data, len);
	return s->list.full ? gh_fail(err, GH_INTERNAL, "the backup's list is too long") : GH_OK;
}

size_t
prove_count(const char *list)
{
	size_t n = 0;

	while (list != NULL && *list != '\0') {
		const char *end = strchr(list, '\n'), *at;
		size_t len = end == NULL ? strlen(list) : (size_t)(end - list);

		/* "3412; 0 16390 TABLE DATA public orders shop"; lines that begin with ; are comments */
		at = memmem(list, len, " TABLE DATA ", 12);
		if (list[0] != ';' && at != NULL && (size_t)(at - list) + 1 == strspn(list, "0123456789; "))
			n++;
		list = end == NULL ? NULL : end + 1;
	}
	return n;
}

static enum gh_code
prove_stream(struct backup *b, struct source *s, struct gh_err *err)
{
	const struct wire_spec *spec = &b->job->spec;
	const char *const argv[] = { "pg_restore", "--list", NULL };
	struct tool t = {
		.path = spec->pg_restore, .argv = argv, .job = b->job, .take = take, .give = give, .arg = s
	};
	unsigned char sum[GH_SHA256_LEN];
	char digest[GH_SHA256_HEX_LEN];
	const void *rest = NULL;
	size_t len = 0, listed;

	GH_TRY(tool_run(&t, err));
	do { /* the list is at the front: pg_restore stops reading, we do not */
		GH_TRY(give(s, &rest, &len, err));
	} while (len > 0);
	gh_sha256_end(&s->sha, sum);
	gh_hex(sum, sizeof(sum), digest);
	if (strcmp(digest, b->digest) != 0 || s->frame_left != 0)
		return gh_fail(err, GH_INTERNAL, "the backup on disk is not what was written");
	b->level = WIRE_CHECKSUMMED;
	listed = prove_count(gh_text_str(&s->list));
	if (listed != b->n_tables)
		return gh_fail(err, GH_INTERNAL,
		    "the backup lists the rows of %zu tables, the database has %zu", listed, b->n_tables);
	b->level = WIRE_LISTED;
	return GH_OK;
}

static enum gh_code
prove_folder(struct backup *b, struct gh_err *err)
{
	const char *const argv[] = { "pg_restore", "--list", b->part, NULL };
	struct manifest_how how = { 0 };
	struct manifest m;
	static struct source s;
	struct tool t = {
		.path = b->job->spec.pg_restore, .argv = argv, .job = b->job, .take = take, .arg = &s
	};
	const char *bad = NULL;
	GH_FD int fd = open(b->part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	enum gh_code code;

	s.list = (struct gh_text){ .limit = LIST };
	if (fd < 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot open the backup again");
	GH_TRY(manifest_read(b->job, fd, &how, &m, &bad, err));
	if (bad != NULL || strcmp(m.digest, b->digest) != 0)
		return gh_fail(err, GH_INTERNAL, "the backup on disk is not what was written");
	b->level = WIRE_CHECKSUMMED;
	code = tool_run(&t, err);
	if (code == GH_OK && prove_count(gh_text_str(&s.list)) == b->n_tables)
		b->level = WIRE_LISTED;
	else if (code == GH_OK)
		code =
		    gh_fail(err, GH_INTERNAL, "the backup does not list the rows of %zu tables", b->n_tables);
	gh_text_done(&s.list);
	return code;
}

/* Without a key nothing but its bytes can be looked at. */
static enum gh_code
prove_sealed(struct backup *b, struct source *s, struct gh_err *err)
{
	unsigned char sum[GH_SHA256_LEN];
	char digest[GH_SHA256_HEX_LEN];

	while (!s->eof)
		GH_TRY(more(s, err));
	gh_sha256_end(&s->sha, sum);
	gh_hex(sum, sizeof(sum), digest);
	if (strcmp(digest, b->digest) != 0)
		return gh_fail(err, GH_INTERNAL, "the backup on disk is not what was written");
	b->level = WIRE_CHECKSUMMED;
	return GH_OK;
}

enum gh_code
prove_backup(struct backup *b, struct gh_err *err)
{
	GH_FD int fd = open(b->part, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct source *s;
	enum gh_code code;

	if (strcmp(b->format, "directory") == 0)
		return prove_folder(b, err);
	if (fd < 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot open the backup again");
	/* From the disk, not from memory, as far as the kernel lets us. */
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	s = gh_alloc(b->job->arena, sizeof(*s));
	s->fd = fd;
	s->list.limit = LIST;
	s->frame_left = 1;
	s->zstd = ZSTD_createDCtx();
	if (s->zstd == NULL)
		gh_bug("out of memory");
	gh_sha256_start(&s->sha);
	code = b->encrypted_to[0] == '\0' ? prove_stream(b, s, err) : prove_sealed(b, s, err);
	gh_sha256_done(&s->sha);
	gh_text_done(&s->list);
	(void)ZSTD_freeDCtx(s->zstd);
	return code;
}
