#include "base/ban.h"
#include "base/folder.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

static char folder[] = "/tmp/gatehouse-folder-XXXXXX";
static char path[PATH_MAX];

static const char *
in(const char *name)
{
	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void
put(const char *name, const char *text)
{
	GH_FD int fd = open(in(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(folder + strlen(folder) - 6, 7, "XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	GH_ARENA a = { 0 };
	GH_FOLDER f = { .fd = -1 };
	size_t i;

	(void)state;
	if (gh_folder_open(folder, &a, &f, NULL) != GH_OK)
		return -1;
	for (i = 0; i < f.n; i++)
		(void)unlinkat(f.fd, f.entries[i].name, S_ISDIR(f.entries[i].st.st_mode) ? AT_REMOVEDIR : 0);
	return rmdir(folder);
}

static void
lists_in_order(void **state)
{
	GH_ARENA a = { 0 };
	GH_FOLDER f = { .fd = -1 };
	struct gh_err err = { 0 };

	(void)state;
	put("b", "2");
	put("a", "1");
	put("B", "3");
	assert_int_equal(mkdir(in("sub"), 0755), 0);
	assert_int_equal(gh_folder_open(folder, &a, &f, &err), GH_OK);
	assert_int_equal(f.n, 4);
	assert_string_equal(f.entries[0].name, "B");
	assert_string_equal(f.entries[1].name, "a");
	assert_string_equal(f.entries[2].name, "b");
	assert_true(S_ISDIR(f.entries[3].st.st_mode));
}

static void
changed(char last[GH_SHA256_HEX_LEN])
{
	char now[GH_SHA256_HEX_LEN];
	struct gh_err err = { 0 };

	assert_int_equal(gh_folder_signature(folder, now, &err), GH_OK);
	assert_string_not_equal(now, last);
	memcpy(last, now, sizeof(now));
	assert_int_equal(gh_folder_signature(folder, now, &err), GH_OK);
	assert_string_equal(now, last);
}

static void
the_signature_changes_with_each_change(void **state)
{
	char last[GH_SHA256_HEX_LEN] = "", from[PATH_MAX];
	struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };

	(void)state;
	changed(last);
	put("a", "1");
	changed(last);
	put("a", "12");
	changed(last);
	(void)snprintf(from, sizeof(from), "%s", in("a"));
	assert_int_equal(rename(from, in("b")), 0);
	changed(last);
	assert_int_equal(utimensat(AT_FDCWD, in("b"), old, 0), 0);
	changed(last);
	/* same name, size and mtime: the inode's own time still tells */
	(void)unlink(in("b"));
	put("b", "34");
	assert_int_equal(utimensat(AT_FDCWD, in("b"), old, 0), 0);
	changed(last);
	assert_int_equal(chmod(in("b"), 0600), 0);
	changed(last);
	(void)unlink(in("b"));
	changed(last);
}

static void
what_happens_in_a_sub_folder_is_not_a_change(void **state)
{
	char before[GH_SHA256_HEX_LEN], after[GH_SHA256_HEX_LEN];

	(void)state;
	assert_int_equal(mkdir(in("sub"), 0755), 0);
	assert_int_equal(gh_folder_signature(folder, before, NULL), GH_OK);
	put("sub/x", "1");
	assert_int_equal(gh_folder_signature(folder, after, NULL), GH_OK);
	assert_string_equal(before, after);
	(void)unlink(in("sub/x"));
}

/* GH_OK or why the file is not opened. */
static enum gh_code
try_file(const char *name, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	GH_FOLDER f = { .fd = -1 };
	GH_FD int fd = -1;

	assert_int_equal(gh_folder_open(folder, &a, &f, err), GH_OK);
	return gh_folder_file(&f, name, &fd, err);
}

static void
refuses(const char *name, const char *why)
{
	struct gh_err err = { 0 };

	assert_int_equal(try_file(name, &err), GH_FORBIDDEN);
	assert_string_equal(err.msg, why);
}

static void
opens_plain_files_only(void **state)
{
	struct gh_err err = { 0 };
	char other[PATH_MAX];

	(void)state;
	put("plain.sql", "SELECT 1;");
	assert_int_equal(try_file("plain.sql", &err), GH_OK);
	assert_int_equal(symlink("/etc/passwd", in("out.sql")), 0);
	refuses("out.sql", "not a file but a symbolic link");
	assert_int_equal(symlink("plain.sql", in("within.sql")), 0);
	refuses("within.sql", "not a file but a symbolic link");
	assert_int_equal(mkfifo(in("pipe.sql"), 0600), 0);
	refuses("pipe.sql", "not a file but a named pipe");
	assert_int_equal(mkdir(in("sub.sql"), 0700), 0);
	refuses("sub.sql", "not a file but a folder");
	refuses("none.sql", "cannot be read: No such file or directory");
	(void)snprintf(other, sizeof(other), "%s", in("plain.sql"));
	assert_int_equal(link(other, in("hard.sql")), 0);
	refuses("hard.sql", "the file has 2 names (hard links): copy it instead");
	refuses("plain.sql", "the file has 2 names (hard links): copy it instead");
}

static void
never_leaves_the_folder(void **state)
{
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(try_file("../../etc/passwd", &err), GH_FORBIDDEN);
	err = (struct gh_err){ 0 };
	assert_int_equal(try_file("/etc/passwd", &err), GH_FORBIDDEN);
}

static void
refuses_what_is_too_large(void **state)
{
	(void)state;
	put("large.sql", "");
	assert_int_equal(truncate(in("large.sql"), (off_t)GH_FOLDER_FILE_SIZE + 1), 0);
	refuses("large.sql", "larger than 64 MiB");
}

static void
refuses_what_it_may_not_read(void **state)
{
	(void)state;
	put("secret.sql", "SELECT 1;");
	assert_int_equal(chmod(in("secret.sql"), 0), 0);
	if (geteuid() == 0) {
		assert_int_equal(chmod(folder, 0755), 0);
		if (seteuid(65534) != 0)
			skip(); /* a root that may not change its user reads everything */
	}
	refuses("secret.sql", "cannot be read: Permission denied");
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}

static void
says_when_there_is_no_folder(void **state)
{
	char signature[GH_SHA256_HEX_LEN];
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(gh_folder_signature("/nowhere/migrations", signature, &err), GH_NOT_FOUND);
	assert_string_equal(err.msg, "cannot open folder /nowhere/migrations: No such file or directory");
	assert_int_equal(gh_folder_signature("/etc/passwd", signature, NULL), GH_NOT_FOUND);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(lists_in_order),
		T(the_signature_changes_with_each_change),
		T(what_happens_in_a_sub_folder_is_not_a_change),
		T(opens_plain_files_only),
		T(never_leaves_the_folder),
		T(refuses_what_is_too_large),
		T(refuses_what_it_may_not_read),
		T(says_when_there_is_no_folder),
	};

	return cmocka_run_group_tests_name("base/folder", tests, NULL, NULL);
}
