#include "base/ban.h"
#include "base/folder.h"
#include "base/io.h"

#include <dirent.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#define ENTRIES ((size_t)GH_FOLDER_ENTRIES)
/* Growing by doubling leaves the smaller pieces behind. */
#define ARENA_NEED (ENTRIES * 2 * sizeof(struct gh_folder_entry) + ENTRIES * (NAME_MAX + 1))

static int
by_name(const void *a, const void *b)
{
	const struct gh_folder_entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
sign(struct gh_folder *f)
{
	unsigned char sum[GH_SHA256_LEN];
	GH_SHA256 s = { 0 };
	size_t i;

	gh_sha256_start(&s);
	for (i = 0; i < f->n; i++) {
		const struct stat *st = &f->entries[i].st;
		int64_t facts[] = { (int64_t)st->st_mode, (int64_t)st->st_nlink, (int64_t)st->st_size,
			st->st_mtim.tv_sec, st->st_mtim.tv_nsec, st->st_ctim.tv_sec, st->st_ctim.tv_nsec };

		gh_sha256_add(&s, f->entries[i].name, strlen(f->entries[i].name) + 1);
		/* Of a sub-folder only the name counts: what happens in it is not ours. */
		gh_sha256_add(&s, facts, S_ISDIR(st->st_mode) ? sizeof(facts[0]) : sizeof(facts));
	}
	gh_sha256_end(&s, sum);
	gh_hex(sum, sizeof(sum), f->signature);
}

static void
dir_done(DIR **d)
{
	if (*d != NULL)
		(void)closedir(*d);
}

static enum gh_code
list(const char *path, struct gh_arena *a, struct gh_folder *f, struct gh_err *err)
{
	__attribute__((cleanup(dir_done))) DIR *d = NULL;
	GH_FD int fd = fcntl(f->fd, F_DUPFD_CLOEXEC, 3);
	const struct dirent *e;
	size_t cap = 0;

	if (fd < 0 || (d = fdopendir(fd)) == NULL)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot list %s", path);
	(void)gh_fd_take(&fd);
	/* One stream, one thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	for (errno = 0; (e = readdir(d)) != NULL; errno = 0) {
		struct gh_folder_entry *to;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (f->n == GH_FOLDER_ENTRIES)
			return gh_fail(
			    err, GH_BAD_INPUT, "%s has more than %d entries", path, GH_FOLDER_ENTRIES);
		if (f->n == cap) {
			struct gh_folder_entry *old = f->entries;

			cap = cap == 0 ? 64 : cap * 2 > GH_FOLDER_ENTRIES ? GH_FOLDER_ENTRIES : cap * 2;
			f->entries = gh_alloc_n(a, cap, sizeof(*f->entries));
			if (f->n > 0)
				memcpy(f->entries, old, f->n * sizeof(*old));
		}
		to = &f->entries[f->n];
		if (fstatat(f->fd, e->d_name, &to->st, AT_SYMLINK_NOFOLLOW) != 0)
			continue; /* gone in between */
		to->name = gh_strdup(a, e->d_name);
		f->n++;
	}
	if (errno != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot list %s", path);
	return GH_OK;
}

enum gh_code
gh_folder_open(const char *path, struct gh_arena *a, struct gh_folder *ret, struct gh_err *err)
{
	size_t limit = a->limit == 0 ? GH_ARENA_LIMIT : a->limit;

	if (limit - a->used < ARENA_NEED)
		a->limit = a->used + ARENA_NEED;
	ret->entries = NULL;
	ret->n = 0;
	ret->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ret->fd < 0)
		return gh_fail_errno(err, errno == ENOENT || errno == ENOTDIR ? GH_NOT_FOUND : GH_UNAVAILABLE,
		    "cannot open folder %s", path);
	GH_TRY(list(path, a, ret, err));
	if (ret->n > 0)
		qsort(ret->entries, ret->n, sizeof(*ret->entries), by_name);
	sign(ret);
	return GH_OK;
}

void
gh_folder_done(struct gh_folder *f)
{
	gh_fd_done(&f->fd);
}

enum gh_code
gh_folder_signature(const char *path, char ret[GH_SHA256_HEX_LEN], struct gh_err *err)
{
	GH_ARENA a = { 0 };
	GH_FOLDER f = { .fd = -1 };

	GH_TRY(gh_folder_open(path, &a, &f, err));
	memcpy(ret, f.signature, sizeof(f.signature));
	return GH_OK;
}

static const char *
kind_name(mode_t mode)
{
	if (S_ISLNK(mode))
		return "a symbolic link";
	if (S_ISDIR(mode))
		return "a folder";
	if (S_ISFIFO(mode))
		return "a named pipe";
	if (S_ISSOCK(mode))
		return "a socket";
	return "a device";
}

enum gh_code
gh_folder_plain(const struct stat *st, struct gh_err *err)
{
	if (!S_ISREG(st->st_mode))
		return gh_fail(err, GH_FORBIDDEN, "not a file but %s", kind_name(st->st_mode));
	if (st->st_nlink != 1)
		return gh_fail(err, GH_FORBIDDEN, "the file has %ju names (hard links): copy it instead",
		    (uintmax_t)st->st_nlink);
	if (st->st_size > (off_t)GH_FOLDER_FILE_SIZE)
		return gh_fail(err, GH_FORBIDDEN, "larger than %zu MiB", GH_FOLDER_FILE_SIZE >> 20);
	return GH_OK;
}

enum gh_code
gh_folder_file(const struct gh_folder *f, const char *name, int *ret_fd, struct gh_err *err)
{
	/* A pipe put there in between must not make us wait. */
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };
	GH_FD int fd = -1;
	struct stat st;

	if (fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return gh_fail_errno(err, GH_FORBIDDEN, "cannot be read");
	GH_TRY(gh_folder_plain(&st, err));
	fd = (int)syscall(SYS_openat2, f->fd, name, &how, sizeof(how));
	if (fd < 0 || fstat(fd, &st) != 0)
		return gh_fail_errno(err, GH_FORBIDDEN, "cannot be read");
	GH_TRY(gh_folder_plain(&st, err));
	*ret_fd = gh_fd_take(&fd);
	return GH_OK;
}
