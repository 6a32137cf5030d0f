#include "base/ban.h"
#include "runner/job/elsewhere.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/stamp.h"

#include <dirent.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

/*
 * A folder of files: those whose name fits the pattern.  A file's time is the one in its name, else when it
 * was written to the last time.  What is no plain file, and what may still be written, is left out and said.
 */

#define ENTRIES_MAX 200000
#define SAID_MAX    20 /* LOG frames about what was left out */

struct look {
	struct job *job;
	struct elsewhere_list *list;
	DIR *dir;
	int64_t now;
	bool timed; /* the pattern has a time */
};

static void
leave_out(struct look *l, const char *name, const char *why)
{
	if (l->list->left_out++ < SAID_MAX)
		say_log(l->job, "outside \"%s\": %s is left out: %s", l->list->source->name, name, why);
}

/* Why it is no backup, or not yet; NULL it is one. */
static const char *
no_backup(const struct look *l, const char *name, const struct stat *st)
{
	struct gh_err err = { 0 };
	int64_t age = l->now - ((int64_t)st->st_mtim.tv_sec * GH_SECOND + st->st_mtim.tv_nsec / 1000);

	if (S_ISLNK(st->st_mode))
		return "it is a symbolic link, which could lead anywhere";
	if (!S_ISREG(st->st_mode))
		return "it is not a plain file";
	if (!gh_utf8_valid(name, strlen(name), NULL) || elsewhere_label(name, 0, &err) != GH_OK)
		return "its name has control characters, or is not UTF-8";
	if (age >= 0 && age < ELSEWHERE_QUIET)
		return "it changed less than a minute ago and may still be written";
	return NULL;
}

static enum gh_code
one(struct look *l, const char *name, struct gh_err *err)
{
	struct elsewhere_backup b = { .server_version = "",
		.client_version = "",
		.database_bytes = -1,
		.level = WIRE_WRITTEN,
		.broken = "" };
	const char *why;
	struct stat st;
	int64_t at;

	if (!gh_stamp_match(l->list->source->pattern, name, &at))
		return GH_OK;
	/* Gone since: as if we had come a moment later. */
	if (fstatat(dirfd(l->dir), name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? GH_OK : gh_fail_errno(err, GH_CONFLICT, "cannot look at %s", name);
	why = no_backup(l, name, &st);
	if (why != NULL) {
		leave_out(l, name, why);
		return GH_OK;
	}
	b.label = gh_strdup(l->list->arena, name);
	b.size = st.st_size;
	b.ended_at = l->timed ? at : (int64_t)st.st_mtim.tv_sec * GH_SECOND;
	if (b.ended_at < 0)
		b.ended_at = 0;
	b.started_at = b.ended_at;
	if (st.st_size == 0)
		b.broken = "the file is empty";
	return elsewhere_add(l->list, &b, err);
}

static enum gh_code
walk(struct look *l, struct gh_err *err)
{
	const struct dirent *e;
	size_t n = 0;

	for (;;) {
		errno = 0;
		e = readdir(l->dir); /* NOLINT(concurrency-mt-unsafe): one thread reads folders */
		if (e == NULL && errno != 0)
			return gh_fail_errno(
			    err, GH_CONFLICT, "cannot read the folder %s", l->list->source->folder);
		if (e == NULL)
			return GH_OK;
		if (++n > ENTRIES_MAX)
			return gh_fail(err, GH_CONFLICT, "%s has more than %d entries",
			    l->list->source->folder, ENTRIES_MAX);
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			GH_TRY(one(l, e->d_name, err));
	}
}

/* Through no link, wherever on the path. */
static int
folder_open(const char *path)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_DIRECTORY,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

enum gh_code
elsewhere_folder(struct job *j, struct elsewhere_list *ret, struct gh_err *err)
{
	struct look l = { .job = j, .list = ret, .now = gh_clock_now() };
	const char *path = ret->source->folder;
	GH_FD int fd = -1;
	enum gh_code code;

	GH_TRY(gh_stamp_check(ret->source->pattern, &l.timed, err));
	fd = folder_open(path);
	if (fd < 0 && errno == ELOOP)
		return gh_fail(err, GH_CONFLICT,
		    "%s is a symbolic link, or has one on its way: name the folder itself", path);
	if (fd < 0)
		return gh_fail_errno(err, GH_CONFLICT, "cannot open the folder %s", path);
	l.dir = fdopendir(fd);
	if (l.dir == NULL)
		return gh_fail_errno(err, GH_CONFLICT, "cannot read the folder %s", path);
	(void)gh_fd_take(&fd);
	code = walk(&l, err);
	(void)closedir(l.dir);
	return code;
}
