#include "base/ban.h"
#include "base/scratch.h"
#include "base/io.h"

#include <dirent.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS  50 /* of 20 ms: until what was killed is gone */
#define FOLDERS 32 /* open at once */

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

static int
forget(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	(void)st;
	(void)flag;
	(void)at;
	return remove(path) != 0 && errno != ENOENT ? -1 : 0;
}

enum gh_code
gh_scratch_remove(const char *folder, struct gh_err *err)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	char real[PATH_MAX];
	struct stat st;
	int i;

	if (lstat(folder, &st) != 0)
		return errno == ENOENT ? GH_OK : gh_fail_errno(err, GH_INTERNAL, "cannot look at %s", folder);
	if (!S_ISDIR(st.st_mode))
		return gh_fail(err, GH_CONFLICT, "%s is no folder", folder);
	/* /proc tells where a process works without symbolic links. */
	if (realpath(folder, real) == NULL)
		return gh_fail_errno(err, GH_INTERNAL, "cannot look at %s", folder);
	for (i = 0; i < ROUNDS; i++) {
		if (end_processes(real) == 0)
			break;
		(void)nanosleep(&pause, NULL);
	}
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): what it holds of its own is a descriptor a level */
	if (nftw(folder, forget, FOLDERS, FTW_DEPTH | FTW_PHYS) != 0)
		return gh_fail_errno(err, GH_INTERNAL, "cannot remove %s", folder);
	return GH_OK;
}
