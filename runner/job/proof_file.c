#include "base/ban.h"
#include "base/fault.h"
#include "runner/job/control.h"
#include "runner/job/manifest.h"
#include "runner/job/proof_source.h"

/*
 * The file, opened once: what was hashed is what is listed and restored, whatever the name leads to by then.
 * What is restored is hashed once more, because the bytes behind a descriptor may change as well.
 */

/* Bytes of the file, hashed; 0 at its end. */
static enum gh_code
raw(void *arg, void *buf, size_t len, size_t *ret_len, struct gh_err *err)
{
	struct proof_source *s = arg;
	struct proof *p = s->p;
	ssize_t n;

	if (job_stopped(p->job))
		return gh_fail(err, GH_CONFLICT, "%s", control_why(p->job));
	do {
		n = read(s->fd, buf, len);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EIO)
		s->wrong = gh_printf(
		    p->job->arena, "cannot be read: the disk gives an error at byte %" PRId64, s->done);
	if (n < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot read the backup back");
	s->raw_eof = n == 0;
	s->done += n;
	gh_sha256_add(&s->sha, buf, (size_t)n);
	*ret_len = (size_t)n;
	proof_progress(p, s->activity, p->file, s->done, s->size, "bytes");
	return GH_OK;
}

/* The next piece of compressed data. */
static enum gh_code
more(struct proof_source *s, struct gh_err *err)
{
	const void *piece = s->packed;
	size_t len = 0;
	enum gh_code code;

	if (s->has_key)
		code = gh_unseal_next(&s->unseal, &piece, &len, err);
	else
		code = raw(s, s->packed, sizeof(s->packed), &len, err);
	if (code == GH_BAD_INPUT && s->wrong == NULL)
		s->wrong = gh_printf(s->p->job->arena, "is damaged: %s", err->msg);
	GH_TRY(code);
	s->eof = len == 0;
	s->in = (ZSTD_inBuffer){ .src = piece, .size = len };
	return GH_OK;
}

static enum gh_code
unseal(struct proof_source *s, struct gh_err *err)
{
	enum gh_code code;

	gh_unseal_done(&s->unseal);
	s->unseal = (struct gh_unseal){ .get = raw, .arg = s };
	code = gh_unseal_start(&s->unseal, &s->key, err);
	if ((code == GH_BAD_INPUT || code == GH_CONFLICT) && s->wrong == NULL && !job_stopped(s->p->job))
		s->wrong = gh_printf(s->p->job->arena, "cannot be opened: %s", err->msg);
	return code;
}

static enum gh_code
start_over(struct proof *p, const char *activity, struct gh_err *err)
{
	struct proof_source *s = p->source;

	proof_progress(p, activity, p->file, 0, s->size, "bytes");
	s->activity = activity;
	s->wrong = NULL;
	s->done = 0;
	if (s->folder)
		return GH_OK;
	if (lseek(s->fd, 0, SEEK_SET) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot read the backup from its start");
	(void)ZSTD_DCtx_reset(s->zstd, ZSTD_reset_session_only);
	gh_sha256_done(&s->sha);
	gh_sha256_start(&s->sha);
	s->in = (ZSTD_inBuffer){ 0 };
	s->frame_left = 1;
	s->eof = s->raw_eof = false;
	return s->has_key ? unseal(s, err) : GH_OK;
}

enum gh_code
proof_file_give(void *arg, const void **ret, size_t *ret_len, struct gh_err *err)
{
	struct proof_source *s = arg;
	ZSTD_outBuffer out = { .dst = s->plain, .size = sizeof(s->plain) };

	while (out.pos == 0 && !s->eof) {
		if (s->in.pos == s->in.size)
			GH_TRY(more(s, err));
		if (s->eof)
			break;
		s->frame_left = ZSTD_decompressStream(s->zstd, &out, &s->in);
		if (ZSTD_isError(s->frame_left)) {
			s->wrong = gh_printf(s->p->job->arena, "is damaged: %s near byte %" PRId64,
			    ZSTD_getErrorName(s->frame_left), s->done);
			return gh_fail(err, GH_INTERNAL, "the backup %s", s->wrong);
		}
	}
	*ret = s->plain;
	*ret_len = out.pos;
	return GH_OK;
}

/* What is left of the file: only its digest matters. */
static enum gh_code
hash_rest(struct proof_source *s, struct gh_err *err)
{
	size_t n;

	while (!s->raw_eof)
		GH_TRY(raw(s, s->packed, sizeof(s->packed), &n, err));
	return GH_OK;
}

static enum gh_code
compare(struct proof *p)
{
	struct proof_source *s = p->source;
	unsigned char sum[GH_SHA256_LEN];
	char digest[GH_SHA256_HEX_LEN];

	gh_sha256_end(&s->sha, sum);
	gh_hex(sum, sizeof(sum), digest);
	if (strcmp(digest, p->digest) != 0)
		return proof_bad(p, "%s is not the file that was written: its SHA-256 is %.12s, not %.12s",
		    p->file, digest, p->digest);
	if (s->wrong != NULL)
		return proof_bad(p, "%s %s", p->file, s->wrong);
	return GH_OK;
}

static void
saw(void *arg, int64_t bytes)
{
	struct proof_source *s = arg;

	proof_progress(s->p, s->activity, s->p->file, bytes, s->p->size < 0 ? 0 : s->p->size, "bytes");
}

/* p->bad when it failed because of what is in the file; else code. */
static enum gh_code
blame(struct proof *p, enum gh_code code, struct gh_err *err)
{
	if (code == GH_OK || p->source == NULL || p->source->wrong == NULL)
		return code;
	if (err != NULL)
		*err = (struct gh_err){ 0 };
	return proof_bad(p, "%s %s", p->file, p->source->wrong);
}

/* Every file in the folder, and that it is still this folder to which the name leads. */
static enum gh_code
folder_check(struct proof *p, struct gh_err *err)
{
	struct proof_source *s = p->source;
	const struct manifest_how how = { .saw = saw, .arg = s };
	struct manifest m;
	const char *bad = NULL;
	struct stat is, named;

	GH_TRY(manifest_read(p->job, s->fd, &how, &m, &bad, err));
	s->size = m.size;
	if (bad != NULL)
		return proof_bad(p, "%s: %s", p->file, bad);
	if (strcmp(m.digest, p->digest) != 0)
		return proof_bad(p, "what is in %s is not what was written: its SHA-256 is %.12s, not %.12s",
		    p->file, m.digest, p->digest);
	if (fstat(s->fd, &is) != 0 || lstat(proof_file_argument(p), &named) != 0 ||
	    is.st_ino != named.st_ino || is.st_dev != named.st_dev)
		return proof_bad(p, "%s was put in the place of another folder while it was read", p->file);
	return GH_OK;
}

enum gh_code
proof_file_finish(struct proof *p, struct gh_err *err)
{
	if (p->source->folder)
		return folder_check(p, err);
	GH_TRY(blame(p, hash_rest(p->source, err), err));
	if (p->bad != NULL)
		return GH_OK;
	return compare(p);
}

enum gh_code
proof_file_run(struct proof *p, const char *activity, const struct tool *t, struct gh_err *err)
{
	enum gh_code code = start_over(p, activity, err);

	if (code == GH_OK)
		code = tool_run(t, err);
	return blame(p, code, err);
}

/* Opened up as far as it goes: what is wrong with it is remembered. */
static enum gh_code
unpack(struct proof *p, struct gh_err *err)
{
	struct proof_source *s = p->source;
	struct gh_err why = { 0 };
	const void *piece;
	size_t len = 1;
	enum gh_code code = start_over(p, "checksum", &why);

	while (code == GH_OK && !s->folder && len > 0)
		code = proof_file_give(s, &piece, &len, &why);
	if (code == GH_OK || s->wrong != NULL)
		return GH_OK;
	*err = why;
	return code;
}

enum gh_code
proof_file_check(struct proof *p, struct gh_err *err)
{
	struct proof_source *s;
	const char *why;
	bool legible;

	GH_TRY(proof_file_open(p, err));
	if (p->bad != NULL)
		return GH_OK;
	s = p->source;
	legible = proof_file_legible(p, &why);
	if (legible)
		GH_TRY(unpack(p, err));
	else
		GH_TRY(start_over(p, "checksum", err));
	(void)gh_fault("job.proof.checked");
	/* Another digest explains the damage: that is said first. */
	GH_TRY(proof_file_finish(p, err));
	if (p->bad == NULL && legible && !s->folder && s->frame_left != 0)
		return proof_bad(p, "%s ends in the middle of its compressed data", p->file);
	p->evidence = gh_printf(p->job->arena, "%" PRId64 " bytes read back, SHA-256 %.12s.%s%s%s", s->size,
	    p->digest, legible ? "" : " What is in it was not looked at: ", why, legible ? "" : ".");
	return GH_OK;
}
