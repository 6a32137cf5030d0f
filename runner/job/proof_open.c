#include "base/ban.h"
#include "base/io.h"
#include "runner/job/proof_source.h"

/* Opening the file, once: what is wrong with its name, its kind, its size, and whether it can be read at all.
 */

static bool
is_folder(const struct proof *p)
{
	return strcmp(p->format, "directory") == 0;
}

static bool
is_name(const char *file)
{
	return file[0] != '\0' && strcmp(file, ".") != 0 && strcmp(file, "..") != 0 &&
	    strchr(file, '/') == NULL;
}

/* errno says whether it is the backup that is amiss, or this machine. */
static enum gh_code
cannot_open(struct proof *p, struct gh_err *err)
{
	if (errno == ENOENT)
		return proof_bad(p, "%s is not there any more", p->file);
	if (errno == ELOOP)
		return proof_bad(p, "%s is a symbolic link, which no backup is", p->file);
	if (errno == ENXIO)
		return proof_bad(p, "%s is not a regular file", p->file);
	if (errno == ENOTDIR)
		return proof_bad(p, "%s is not a folder", p->file);
	if (errno == EIO)
		return proof_bad(p, "%s cannot be opened: the disk gives an error", p->file);
	return gh_fail_errno(err, GH_UNAVAILABLE, "cannot open the backup %s/%s", p->folder, p->file);
}

static enum gh_code
look(struct proof *p, int fd, int64_t *ret_size, struct gh_err *err)
{
	struct stat st;

	*ret_size = 0;
	if (fstat(fd, &st) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot look at the backup %s", p->file);
	if (is_folder(p))
		return GH_OK;
	if (!S_ISREG(st.st_mode))
		return proof_bad(p, "%s is not a regular file", p->file);
	*ret_size = st.st_size;
	if (st.st_size == 0)
		return proof_bad(p, "%s is empty", p->file);
	if (p->size >= 0 && st.st_size != p->size)
		return proof_bad(p, "%s has %" PRId64 " bytes, and %" PRId64 " were written", p->file,
		    (int64_t)st.st_size, p->size);
	return GH_OK;
}

/* Of an encrypted one; another key than it was sealed to is as good as none. */
static enum gh_code
key_read(struct proof *p, struct gh_err *err)
{
	struct proof_source *s = p->source;
	char text[GH_SEAL_TEXT_LEN];

	if (p->encrypted_to[0] == '\0' || !p->job->spec.has_key)
		return GH_OK;
	GH_TRY(gh_seal_key_read(WIRE_KEY_FD, &s->key, err));
	gh_seal_key_text(s->key.public_key, text);
	s->has_key = strcmp(text, p->encrypted_to) == 0;
	return GH_OK;
}

enum gh_code
proof_file_open(struct proof *p, struct gh_err *err)
{
	GH_FD int folder = -1;
	GH_FD int fd = -1;
	int64_t size;

	if (p->source != NULL)
		return GH_OK;
	if (!is_name(p->file))
		return gh_fail(err, GH_BAD_INPUT, "\"%s\" is not the name of a backup", p->file);
	folder = open(p->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return gh_fail_errno(
		    err, GH_UNAVAILABLE, "cannot open the folder of the backups, %s", p->folder);
	/* A FIFO in its place must not make us wait. */
	fd = openat(folder, p->file,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (is_folder(p) ? O_DIRECTORY : 0));
	if (fd < 0)
		return cannot_open(p, err);
	GH_TRY(look(p, fd, &size, err));
	if (p->bad != NULL)
		return GH_OK;
	/* From the disk, not from memory, as far as the kernel lets us. */
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	p->source = gh_alloc(p->job->arena, sizeof(*p->source));
	p->source->p = p;
	p->source->size = size;
	p->source->folder = is_folder(p);
	p->source->zstd = ZSTD_createDCtx();
	if (p->source->zstd == NULL)
		gh_bug("out of memory");
	p->source->fd = gh_fd_take(&fd);
	return key_read(p, err);
}

void
proof_file_close(struct proof *p)
{
	struct proof_source *s = p->source;

	if (s == NULL)
		return;
	gh_sha256_done(&s->sha);
	gh_unseal_done(&s->unseal);
	gh_seal_key_done(&s->key);
	(void)ZSTD_freeDCtx(s->zstd);
	gh_fd_done(&s->fd);
	p->source = NULL;
}

bool
proof_file_legible(const struct proof *p, const char **ret_why)
{
	*ret_why = "";
	if (p->encrypted_to[0] == '\0' || (p->source != NULL && p->source->has_key))
		return true;
	*ret_why = p->job->spec.has_key ? "it is encrypted to another key than the one that is configured"
					: "it is encrypted, and no key is configured that opens it";
	return false;
}

const char *
proof_file_argument(const struct proof *p)
{
	return is_folder(p) ? gh_printf(p->job->arena, "%s/%s", p->folder, p->file) : NULL;
}
