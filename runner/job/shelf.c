#include "base/ban.h"
#include "runner/job/backup.h"
#include "base/backup_name.h"
#include "base/scratch.h"

#include <dirent.h>

/* The folder of backups. */

static bool
is_there(int folder, const char *file)
{
	return faccessat(folder, file, F_OK, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

/*
 * A sidecar that a killed job has written before its dump got its name: what there is of the dump lies beside
 * it.  One that lies there alone describes a backup that is only missing, and may come back.
 */
static bool
is_orphan(int folder, const char *file, const char *target)
{
	char dump[NAME_MAX + 1], part[NAME_MAX + 1];
	int len = (int)(strlen(file) - strlen(GH_BACKUP_SIDECAR));

	if (gh_backup_name(file, target) != GH_BACKUP_NAME_SIDECAR)
		return false;
	(void)snprintf(dump, sizeof(dump), "%.*s", len, file);
	if ((size_t)snprintf(part, sizeof(part), ".%s%s", dump, GH_BACKUP_PART) >= sizeof(part))
		return false;
	return !is_there(folder, dump) && faccessat(folder, part, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

void
shelf_drop(struct job *j, const char *path)
{
	struct gh_err why = { 0 };
	struct stat st;

	if (lstat(path, &st) != 0)
		return;
	if (!S_ISDIR(st.st_mode))
		(void)unlink(path);
	else if (gh_scratch_remove(path, &why) != GH_OK)
		say_log(j, "%s", why.msg);
}

/* Of a folder what its files have. */
static int64_t
size_of(int folder, const char *file)
{
	struct stat st;
	const struct dirent *e;
	int64_t ret = 0;
	DIR *d;
	int fd;

	if (fstatat(folder, file, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return 0;
	if (!S_ISDIR(st.st_mode))
		return st.st_size;
	fd = openat(folder, file, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	d = fd < 0 ? NULL : fdopendir(fd);
	while (d != NULL && (e = readdir(d)) != NULL) { /* NOLINT(concurrency-mt-unsafe): one thread */
		if (e->d_name[0] != '.' && fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			ret += st.st_size;
	}
	if (d != NULL)
		(void)closedir(d);
	return ret;
}

int64_t
shelf_size(const char *path)
{
	return size_of(AT_FDCWD, path);
}

/* Sidecars before the parts that tell which of them go: a kill in between leaves none behind. */
static void
clear_away(struct job *j, DIR *d)
{
	const char *folder = j->spec.backup_folder, *target = j->spec.target;
	const struct dirent *e;
	int pass;

	for (pass = 0; pass < 2; pass++) {
		rewinddir(d);
		while (
		    (e = readdir(d)) != NULL) { /* NOLINT(concurrency-mt-unsafe): one thread reads folders */
			if (pass == 0 ? is_orphan(dirfd(d), e->d_name, target)
				      : gh_backup_name(e->d_name, target) == GH_BACKUP_NAME_PART)
				shelf_drop(j, gh_printf(j->arena, "%s/%s", folder, e->d_name));
		}
	}
	rewinddir(d);
}

enum gh_code
shelf_last(struct job *j, int64_t *ret_size, struct gh_err *err)
{
	const char *folder = j->spec.backup_folder, *target = j->spec.target;
	DIR *d = opendir(folder);
	const struct dirent *e;
	char newest[NAME_MAX + 1] = "";

	*ret_size = 0;
	if (d == NULL)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot read the backup folder %s", folder);
	clear_away(j, d);
	while ((e = readdir(d)) != NULL) { /* NOLINT(concurrency-mt-unsafe): one thread reads folders */
		/* The time in the name sorts as text. */
		if (gh_backup_name(e->d_name, target) == GH_BACKUP_NAME_WHOLE &&
		    strcmp(e->d_name, newest) > 0)
			(void)snprintf(newest, sizeof(newest), "%s", e->d_name);
	}
	if (newest[0] != '\0')
		*ret_size = size_of(dirfd(d), newest);
	(void)closedir(d);
	return GH_OK;
}
