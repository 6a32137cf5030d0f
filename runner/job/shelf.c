#include "base/ban.h"
#include "runner/job/backup.h"

#include <dirent.h>

/* The folder of backups. */

#define SUFFIX ".dump.zst"

static bool
ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), n = strlen(end);

	return len >= n && strcmp(s + len - n, end) == 0;
}

/* "TARGET-" followed by a time: shop is not shop-eu. */
static bool
of_target(const char *file, const char *target)
{
	size_t len = strlen(target);

	return strncmp(file, target, len) == 0 && file[len] == '-' &&
	    strspn(file + len + 1, "0123456789") == 8 && file[len + 9] == 'T';
}

bool
shelf_is_part(const char *file, const char *target)
{
	return file[0] == '.' && of_target(file + 1, target) && ends_with(file, SUFFIX ".part");
}

/* A sidecar says that a dump is proved: not without the dump. */
static bool
is_orphan(int folder, const char *file, const char *target)
{
	char dump[NAME_MAX + 1];

	if (!of_target(file, target) || !ends_with(file, SUFFIX ".json"))
		return false;
	(void)snprintf(dump, sizeof(dump), "%.*s", (int)(strlen(file) - strlen(".json")), file);
	return faccessat(folder, dump, F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
}

bool
shelf_is_backup(const char *file, const char *target)
{
	return of_target(file, target) && ends_with(file, SUFFIX);
}

enum gh_code
shelf_last(const char *folder, const char *target, int64_t *ret_size, struct gh_err *err)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	char newest[NAME_MAX + 1] = "";
	struct stat st;

	*ret_size = 0;
	if (d == NULL)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot read the backup folder %s", folder);
	while ((e = readdir(d)) != NULL) { /* NOLINT(concurrency-mt-unsafe): one thread reads folders */
		if (shelf_is_part(e->d_name, target) || is_orphan(dirfd(d), e->d_name, target))
			(void)unlinkat(dirfd(d), e->d_name, 0);
		/* The time in the name sorts as text. */
		if (shelf_is_backup(e->d_name, target) && strcmp(e->d_name, newest) > 0)
			(void)snprintf(newest, sizeof(newest), "%s", e->d_name);
	}
	if (newest[0] != '\0' && fstatat(dirfd(d), newest, &st, AT_SYMLINK_NOFOLLOW) == 0)
		*ret_size = st.st_size;
	(void)closedir(d);
	return GH_OK;
}
