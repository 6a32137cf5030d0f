#include "base/ban.h"
#include "base/folder.h"
#include "base/io.h"

#include <dirent.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#define ENTRIES ((size_t)GH_FOLDER_ENTRIES)
/* Growing by doubling leaves the smaller pieces behind; every path ends in a NUL. */
#define ARENA_NEED (ENTRIES * 2 * sizeof(struct gh_folder_entry) + GH_FOLDER_PATHS + ENTRIES + PATH_MAX)

struct walk {
	struct gh_folder *folder;
	struct gh_arena *arena;
	const char *root; /* for messages */
	size_t cap, paths;
};

static int
by_path(const void *a, const void *b)
{
	const struct gh_folder_entry *x = a, *y = b;

	return strcmp(x->path, y->path);
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

		gh_sha256_add(&s, f->entries[i].path, strlen(f->entries[i].path) + 1);
		/* What a folder holds are entries of their own, or not ours. */
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

/* Beneath the folder and through no link; a pipe put there in between must not make us wait. */
static int
open_beneath(const struct gh_folder *f, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned)(O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };

	return (int)syscall(SYS_openat2, f->fd, path, &how, sizeof(how));
}

static enum gh_code
add(struct walk *w, const char *parent, const char *name, const struct stat *st, struct gh_err *err)
{
	struct gh_folder *f = w->folder;

	if (f->n == GH_FOLDER_ENTRIES)
		return gh_fail(err, GH_BAD_INPUT,
		    "%s has more than %d entries: name the folder that holds the migrations alone", w->root,
		    GH_FOLDER_ENTRIES);
	w->paths += strlen(parent) + strlen(name) + 1;
	if (w->paths > GH_FOLDER_PATHS)
		return gh_fail(err, GH_BAD_INPUT,
		    "the names of all files in %s are longer than %zu MiB together", w->root,
		    GH_FOLDER_PATHS >> 20);
	if (f->n == w->cap) {
		struct gh_folder_entry *old = f->entries;

		w->cap = w->cap == 0 ? 64 : w->cap * 2 > GH_FOLDER_ENTRIES ? GH_FOLDER_ENTRIES : w->cap * 2;
		f->entries = gh_alloc_n(w->arena, w->cap, sizeof(*f->entries));
		if (f->n > 0)
			memcpy(f->entries, old, f->n * sizeof(*old));
	}
	f->entries[f->n++] = (struct gh_folder_entry){
		.path =
		    *parent == '\0' ? gh_strdup(w->arena, name) : gh_printf(w->arena, "%s/%s", parent, name),
		.st = *st,
		.closed = "",
	};
	return GH_OK;
}

/* One folder's own entries; fd is taken over. */
static enum gh_code
list(struct walk *w, const char *parent, int fd, struct gh_err *err)
{
	__attribute__((cleanup(dir_done))) DIR *d = fdopendir(fd);
	const struct dirent *e;

	if (d == NULL) {
		gh_fd_done(&fd);
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot list %s/%s", w->root, parent);
	}
	/* One stream, one thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	for (errno = 0; (e = readdir(d)) != NULL; errno = 0) {
		struct stat st;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue; /* gone in between */
		GH_TRY(add(w, parent, e->d_name, &st, err));
	}
	if (errno != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot list %s/%s", w->root, parent);
	return GH_OK;
}

static const char *
why_closed(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
	size_t depth = 1;

	for (; *path != '\0'; path++)
		depth += *path == '/';
	if (*name == '.')
		return "a hidden folder: not looked into";
	if (strcmp(name, "node_modules") == 0)
		return "packages of npm: not looked into";
	return depth >= GH_FOLDER_DEPTH ? "folders are too deep within each other: not looked into" : "";
}

static enum gh_code
look_into(struct walk *w, size_t i, struct gh_err *err)
{
	struct gh_folder *f = w->folder;
	const char *path = f->entries[i].path;
	struct gh_err why = { 0 };
	int fd;

	f->entries[i].closed = why_closed(path);
	if (f->entries[i].closed[0] != '\0')
		return GH_OK;
	fd = open_beneath(f, path, O_DIRECTORY);
	if (fd >= 0)
		return list(w, path, fd, err);
	if (errno == ENOENT || errno == ENOTDIR) {
		f->entries[i].path = NULL; /* gone in between */
		return GH_OK;
	}
	(void)gh_fail_errno(&why, GH_FORBIDDEN, "a folder that cannot be read");
	f->entries[i].closed = gh_strdup(w->arena, why.msg);
	return GH_OK;
}

/* Each folder that is found is looked into later: no recursion, one descriptor at a time. */
static enum gh_code
walk(struct walk *w, struct gh_err *err)
{
	struct gh_folder *f = w->folder;
	int fd = open_beneath(f, ".", O_DIRECTORY);
	size_t i, kept = 0;

	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot list %s", w->root);
	GH_TRY(list(w, "", fd, err));
	for (i = 0; i < f->n; i++) {
		if (S_ISDIR(f->entries[i].st.st_mode))
			GH_TRY(look_into(w, i, err));
	}
	for (i = 0; i < f->n; i++) {
		if (f->entries[i].path != NULL)
			f->entries[kept++] = f->entries[i];
	}
	f->n = kept;
	return GH_OK;
}

enum gh_code
gh_folder_open(const char *path, struct gh_arena *a, struct gh_folder *ret, struct gh_err *err)
{
	size_t limit = a->limit == 0 ? GH_ARENA_LIMIT : a->limit;
	struct walk w = { .folder = ret, .arena = a, .root = path };

	if (limit < a->used || limit - a->used < ARENA_NEED)
		a->limit = a->used + ARENA_NEED;
	ret->entries = NULL;
	ret->n = 0;
	ret->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ret->fd < 0)
		return gh_fail_errno(err, errno == ENOENT || errno == ENOTDIR ? GH_NOT_FOUND : GH_UNAVAILABLE,
		    "cannot open folder %s", path);
	GH_TRY(walk(&w, err));
	if (ret->n > 0)
		qsort(ret->entries, ret->n, sizeof(*ret->entries), by_path);
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
gh_folder_file(const struct gh_folder *f, const char *path, int *ret_fd, struct gh_err *err)
{
	GH_FD int fd = -1;
	struct stat st;

	if (fstatat(f->fd, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return gh_fail_errno(err, GH_FORBIDDEN, "cannot be read");
	GH_TRY(gh_folder_plain(&st, err));
	fd = open_beneath(f, path, 0);
	if (fd < 0 || fstat(fd, &st) != 0)
		return gh_fail_errno(err, GH_FORBIDDEN, "cannot be read");
	GH_TRY(gh_folder_plain(&st, err));
	*ret_fd = gh_fd_take(&fd);
	return GH_OK;
}
