#include "base/ban.h"
#include "tests/support/disk_folder.h"
#include "base/io.h"

#include <ftw.h>
#include <setjmp.h>
#include <cmocka.h>

static char root[64];

const char *
disk_folder(void)
{
	return root;
}

const char *
disk_in(const char *path)
{
	static char ret[PATH_MAX];

	(void)snprintf(ret, sizeof(ret), "%s/%s", root, path);
	return ret;
}

int
disk_setup(void **state)
{
	(void)snprintf(root, sizeof(root), "/tmp/gatehouse-folder-XXXXXX");
	*state = root;
	return mkdtemp(root) == NULL ? -1 : 0;
}

static int
take_away(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int
disk_teardown(void **state)
{
	(void)state;
	return nftw(root, take_away, 16, FTW_DEPTH | FTW_PHYS);
}

static void
make_folders(const char *path)
{
	const char *slash;
	char part[PATH_MAX];

	for (slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		(void)snprintf(part, sizeof(part), "%s/%.*s", root, (int)(slash - path), path);
		assert_true(mkdir(part, 0755) == 0 || errno == EEXIST);
	}
}

void
disk_put_n(const char *path, const void *bytes, size_t len)
{
	GH_FD int fd = -1;

	make_folders(path);
	fd = open(disk_in(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
}

void
disk_put(const char *path, const char *text)
{
	disk_put_n(path, text, strlen(text));
}

void
disk_link(const char *to, const char *path)
{
	make_folders(path);
	assert_int_equal(symlink(to, disk_in(path)), 0);
}

void
disk_pipe(const char *path)
{
	make_folders(path);
	assert_int_equal(mkfifo(disk_in(path), 0600), 0);
}
