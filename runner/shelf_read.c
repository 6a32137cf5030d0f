#include "base/ban.h"
#include "runner/shelf.h"
#include "base/io.h"

#include <dirent.h>
#include <sys/statvfs.h>

static int
by_name(const void *a, const void *b)
{
	const struct shelf_file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool
is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* What the files of a backup in the directory format have together; folders in it are not looked into. */
static int64_t
folder_size(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	int64_t sum = 0;
	struct stat st;

	if (dir == NULL) {
		gh_fd_done(&fd);
		return 0;
	}
	while ((e = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe): the runner has one thread */
		if (!is_dots(e->d_name) && fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode))
			sum += st.st_size;
	}
	(void)closedir(dir);
	return sum;
}

static void
add(DIR *dir, const char *name, struct gh_arena *a, size_t *room, struct shelf_files *ret)
{
	struct shelf_file f = { .name = gh_strdup(a, name) };

	/* What vanishes meanwhile is not there. */
	if (fstatat(dirfd(dir), name, &f.st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	f.size = S_ISDIR(f.st.st_mode) ? folder_size(dirfd(dir), name) : f.st.st_size;
	if (ret->n == *room) {
		struct shelf_file *more;

		*room = *room == 0 ? 64 : *room * 2;
		more = gh_alloc_n(a, *room, sizeof(*more));
		if (ret->n > 0)
			memcpy(more, ret->rows, ret->n * sizeof(*more));
		ret->rows = more;
	}
	ret->rows[ret->n++] = f;
}

enum gh_code
shelf_read(const char *folder, struct gh_arena *a, struct shelf_files *ret, struct gh_err *err)
{
	const struct dirent *e;
	struct statvfs fs;
	size_t room = 0;
	DIR *dir = opendir(folder);

	*ret = (struct shelf_files){ .total = -1, .free_size = -1 };
	if (dir == NULL)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot read the backup folder %s", folder);
	if (fstatvfs(dirfd(dir), &fs) == 0) {
		ret->total = (int64_t)(fs.f_blocks * fs.f_frsize);
		ret->free_size = (int64_t)(fs.f_bavail * fs.f_frsize);
	}
	errno = 0;
	while (ret->n <= SHELF_MOST &&
	    (e = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe): the runner has one thread */
		if (!is_dots(e->d_name))
			add(dir, e->d_name, a, &room, ret);
		errno = 0;
	}
	if (errno != 0) {
		(void)gh_fail_errno(err, GH_UNAVAILABLE, "cannot read the backup folder %s", folder);
		(void)closedir(dir);
		return GH_UNAVAILABLE;
	}
	(void)closedir(dir);
	if (ret->n > SHELF_MOST)
		return gh_fail(
		    err, GH_BAD_INPUT, "the backup folder %s has more than %d entries", folder, SHELF_MOST);
	if (ret->n > 0)
		qsort(ret->rows, ret->n, sizeof(*ret->rows), by_name);
	return GH_OK;
}

const struct shelf_file *
shelf_find(const struct shelf_files *files, const char *name)
{
	const struct shelf_file key = { .name = name };

	return files->n == 0 ? NULL : bsearch(&key, files->rows, files->n, sizeof(*files->rows), by_name);
}
