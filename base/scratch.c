#include "base/ban.h"
#include "base/scratch.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/io.h"

#include <dirent.h>
#include <fts.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS  50       /* of 20 ms: until what was killed is gone */
#define DROPPED ".gone." /* before the names of what is being removed */

static bool
beneath(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

/* Where /proc/PID/NAME leads to; "" when that is not for us to know. */
static const char *
leads_to(int64_t pid, const char *name, char ret[PATH_MAX])
{
	char link[64];
	ssize_t len;

	(void)snprintf(link, sizeof(link), "/proc/%" PRId64 "/%s", pid, name);
	len = readlink(link, ret, PATH_MAX - 1);
	ret[len < 0 ? 0 : len] = '\0';
	return ret;
}

/* A server's own process in that folder, of this account. */
static bool
is_server(int64_t pid, const char *folder)
{
	char link[64], path[PATH_MAX];
	const char *name;
	struct stat st;

	if (!beneath(leads_to(pid, "cwd", path), folder))
		return false;
	name = strrchr(leads_to(pid, "exe", path), '/');
	if (name == NULL || strncmp(name, "/postgres", 9) != 0)
		return false;
	(void)snprintf(link, sizeof(link), "/proc/%" PRId64, pid);
	return stat(link, &st) == 0 && st.st_uid == geteuid();
}

/* Kills what works in the folder; returns how many there were. */
static int
end_processes(const char *folder)
{
	DIR *proc = opendir("/proc");
	const struct dirent *e;
	int n = 0;

	if (proc == NULL)
		return 0;
	while ((e = readdir(proc)) != NULL) { /* NOLINT(concurrency-mt-unsafe): our own stream */
		int64_t pid;

		if (!gh_parse_i64(e->d_name, 2, INT32_MAX, &pid) || !is_server(pid, folder))
			continue;
		n += kill((pid_t)pid, SIGKILL) == 0 ? 1 : 0;
	}
	(void)closedir(proc);
	return n;
}

/* Removes the folder; *ret_left when there was no time for all of it (until is 0: there is). */
static enum gh_code
remove_tree(const char *folder, int64_t until, bool *ret_left, struct gh_err *err)
{
	char path[PATH_MAX];
	char *roots[] = { path, NULL };
	enum gh_code code = GH_OK;
	FTSENT *e;
	FTS *tree;

	(void)snprintf(path, sizeof(path), "%s", folder);
	*ret_left = false;
	tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (tree == NULL)
		return gh_fail_errno(err, GH_INTERNAL, "cannot look at %s", folder);
	while (code == GH_OK && !*ret_left && (e = fts_read(tree)) != NULL) {
		if (e->fts_info == FTS_D)
			continue;
		if (remove(e->fts_accpath) != 0 && errno != ENOENT)
			code = gh_fail_errno(err, GH_INTERNAL, "cannot remove %s", e->fts_path);
		*ret_left = e->fts_level > FTS_ROOTLEVEL && until != 0 && gh_clock_mono() >= until;
	}
	(void)fts_close(tree);
	return code;
}

/* *ret is where the folder really is, or "" when it is not there: /proc tells without symbolic links. */
static enum gh_code
real_path(const char *folder, char ret[PATH_MAX], struct gh_err *err)
{
	struct stat st;

	ret[0] = '\0';
	if (lstat(folder, &st) != 0)
		return errno == ENOENT ? GH_OK : gh_fail_errno(err, GH_INTERNAL, "cannot look at %s", folder);
	if (!S_ISDIR(st.st_mode))
		return gh_fail(err, GH_CONFLICT, "%s is no folder", folder);
	if (realpath(folder, ret) == NULL)
		return gh_fail_errno(err, GH_INTERNAL, "cannot look at %s", folder);
	return GH_OK;
}

enum gh_code
gh_scratch_remove(const char *folder, struct gh_err *err)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	char real[PATH_MAX];
	bool left;
	int i;

	GH_TRY(real_path(folder, real, err));
	if (real[0] == '\0')
		return GH_OK;
	for (i = 0; i < ROUNDS; i++) {
		if (end_processes(real) == 0)
			break;
		(void)nanosleep(&pause, NULL);
	}
	return remove_tree(real, 0, &left, err);
}

enum gh_code
gh_scratch_drop(const char *folder, bool *ret_dropped, struct gh_err *err)
{
	char real[PATH_MAX], to[PATH_MAX + 64];
	const char *name;

	*ret_dropped = false;
	GH_TRY(real_path(folder, real, err));
	name = strrchr(real, '/');
	if (name == NULL)
		return GH_OK;
	(void)snprintf(to, sizeof(to), "%.*s/" DROPPED "%s.%" PRId64, (int)(name - real), real, name + 1,
	    gh_clock_mono());
	if (rename(real, to) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot rename %s", folder);
	*ret_dropped = true;
	(void)end_processes(to);
	return GH_OK;
}

enum gh_code
gh_scratch_clear(const char *where, int64_t budget_us, bool *ret_left, struct gh_err *err)
{
	int64_t until = gh_clock_mono() + budget_us;
	enum gh_code code = GH_OK;
	DIR *dir = opendir(where);
	const struct dirent *e;

	*ret_left = false;
	if (dir == NULL)
		return gh_fail_errno(err, GH_INTERNAL, "cannot read %s", where);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): our own stream */
	while (code == GH_OK && !*ret_left && (e = readdir(dir)) != NULL) {
		GH_ARENA a = { 0 };
		const char *path = gh_printf(&a, "%s/%s", where, e->d_name);
		char real[PATH_MAX];

		if (strncmp(e->d_name, DROPPED, sizeof(DROPPED) - 1) != 0)
			continue;
		code = real_path(path, real, err);
		if (code != GH_OK || real[0] == '\0')
			continue;
		if (end_processes(real) > 0)
			*ret_left = true;
		else
			code = remove_tree(real, until, ret_left, err);
	}
	(void)closedir(dir);
	return code;
}
