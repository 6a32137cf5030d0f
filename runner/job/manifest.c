#include "base/ban.h"
#include "runner/job/manifest.h"
#include "base/io.h"
#include "runner/job/control.h"

#include <dirent.h>
#include <stdlib.h>

#define PIECE ((size_t)128 << 10)

struct reading {
	struct job *job;
	const struct manifest_how *how;
	const char *bad;
	int64_t seen;
	char piece[PIECE];
};

static int
by_name(const void *x, const void *y)
{
	const struct manifest_file *p = x, *q = y;

	return strcmp(p->name, q->name);
}

/* The names first: what comes while it is read does not count, and makes another digest the next time. */
static enum gh_code
names(struct job *j, int folder, struct manifest *ret, struct gh_err *err)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	size_t room = 0;

	if (d == NULL) {
		gh_fd_done(&fd);
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot read the folder of a backup");
	}
	while ((e = readdir(d)) != NULL) { /* NOLINT(concurrency-mt-unsafe): one thread reads folders */
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (ret->n == room) {
			struct manifest_file *more =
			    gh_alloc_n(j->arena, room = room * 2 + 16, sizeof(*more));

			if (ret->n > 0)
				memcpy(more, ret->files, ret->n * sizeof(*more));
			ret->files = more;
		}
		ret->files[ret->n++] = (struct manifest_file){ .name = gh_strdup(j->arena, e->d_name) };
	}
	(void)closedir(d);
	if (ret->n > 0)
		qsort(ret->files, ret->n, sizeof(*ret->files), by_name);
	return GH_OK;
}

static enum gh_code
hash(struct reading *g, int fd, struct manifest_file *f, struct gh_err *err)
{
	unsigned char sum[GH_SHA256_LEN];
	GH_SHA256 sha = { 0 };
	ssize_t n = 1;

	gh_sha256_start(&sha);
	while (n > 0) {
		if (job_stopped(g->job))
			return gh_fail(err, GH_CONFLICT, "%s", control_why(g->job));
		n = read(fd, g->piece, sizeof(g->piece));
		if (n < 0 && errno == EINTR) {
			n = 1;
			continue;
		}
		if (n < 0 && errno == EIO)
			g->bad =
			    gh_printf(g->job->arena, "%s cannot be read: the disk gives an error", f->name);
		if (n < 0)
			return g->bad != NULL
			    ? GH_OK
			    : gh_fail_errno(err, GH_UNAVAILABLE, "cannot read %s of a backup", f->name);
		gh_sha256_add(&sha, g->piece, (size_t)n);
		f->size += n;
		g->seen += n;
		if (g->how->saw != NULL)
			g->how->saw(g->how->arg, g->seen);
	}
	gh_sha256_end(&sha, sum);
	gh_hex(sum, sizeof(sum), f->digest);
	if (g->how->durable && fsync(fd) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make the backup durable");
	return GH_OK;
}

static enum gh_code
one(struct reading *g, int folder, struct manifest_file *f, struct gh_err *err)
{
	/* A FIFO must not make us wait. */
	GH_FD int fd = openat(folder, f->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 && errno != ELOOP && errno != ENXIO)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot open %s of a backup", f->name);
	if (fd >= 0 && fstat(fd, &st) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot look at %s of a backup", f->name);
	if (fd < 0 || !S_ISREG(st.st_mode)) {
		g->bad = gh_printf(g->job->arena, "%s is not a regular file", f->name);
		return GH_OK;
	}
	if (!g->how->durable)
		/* From the disk, not from memory, as far as the kernel lets us. */
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	return hash(g, fd, f, err);
}

enum gh_code
manifest_read(struct job *j, int folder, const struct manifest_how *how, struct manifest *ret,
    const char **ret_bad, struct gh_err *err)
{
	struct reading *g = gh_alloc(j->arena, sizeof(*g));
	unsigned char sum[GH_SHA256_LEN];
	GH_SHA256 sha = { 0 };
	size_t i;

	*ret = (struct manifest){ 0 };
	g->job = j;
	g->how = how;
	GH_TRY(names(j, folder, ret, err));
	gh_sha256_start(&sha);
	for (i = 0; i < ret->n && g->bad == NULL; i++) {
		const char *line;

		GH_TRY(one(g, folder, &ret->files[i], err));
		ret->size += ret->files[i].size;
		line = gh_printf(j->arena, "%s %" PRId64 " %s\n", ret->files[i].digest, ret->files[i].size,
		    ret->files[i].name);
		gh_sha256_add(&sha, line, strlen(line));
	}
	gh_sha256_end(&sha, sum);
	gh_hex(sum, sizeof(sum), ret->digest);
	if (how->durable && g->bad == NULL && fsync(folder) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make the folder of the backup durable");
	*ret_bad = g->bad;
	return GH_OK;
}
