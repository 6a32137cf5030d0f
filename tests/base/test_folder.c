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
	for (i = f.n; i-- > 0;)
		(void)unlinkat(f.fd, f.entries[i].path, S_ISDIR(f.entries[i].st.st_mode) ? AT_REMOVEDIR : 0);
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
	assert_string_equal(f.entries[0].path, "B");
	assert_string_equal(f.entries[1].path, "a");
	assert_string_equal(f.entries[2].path, "b");
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
what_happens_beneath_is_a_change(void **state)
{
	char last[GH_SHA256_HEX_LEN] = "";

	(void)state;
	assert_int_equal(mkdir(in("sub"), 0755), 0);
	changed(last);
	put("sub/x", "1");
	changed(last);
	put("sub/x", "12");
	changed(last);
	(void)unlink(in("sub/x"));
	changed(last);
}

/* The paths of all entries, one a line, with why a folder is closed. */
static void
lists(const char *wanted)
{
	GH_ARENA a = { 0 };
	GH_FOLDER f = { .fd = -1 };
	struct gh_err err = { 0 };
	GH_TEXT t = { 0 };
	size_t i;

	assert_int_equal(gh_folder_open(folder, &a, &f, &err), GH_OK);
	for (i = 0; i < f.n; i++)
		gh_text_putf(&t, "%s%s%s\n", f.entries[i].path, *f.entries[i].closed == '\0' ? "" : ": ",
		    f.entries[i].closed);
	assert_string_equal(gh_text_str(&t), wanted);
}

static void
goes_down_in_byte_order_of_the_paths(void **state)
{
	(void)state;
	assert_int_equal(mkdir(in("a"), 0755), 0);
	assert_int_equal(mkdir(in("a/b"), 0755), 0);
	put("a/b/2.sql", "");
	put("a/1.sql", "");
	put("a.sql", ""); /* "." comes before "/" */
	put("a0.sql", "");
	lists("a\na.sql\na/1.sql\na/b\na/b/2.sql\na0.sql\n");
}

static void
does_not_look_into_what_is_not_the_teams(void **state)
{
	(void)state;
	assert_int_equal(mkdir(in(".git"), 0755), 0);
	assert_int_equal(mkdir(in("lib"), 0755), 0);
	assert_int_equal(mkdir(in("lib/node_modules"), 0755), 0);
	assert_int_equal(symlink("/etc", in("out")), 0);
	lists(".git: a hidden folder: not looked into\nlib\n"
	      "lib/node_modules: packages of npm: not looked into\nout\n");
	put(".git/1.sql", "");
	put("lib/node_modules/1.sql", "");
	lists(".git: a hidden folder: not looked into\nlib\n"
	      "lib/node_modules: packages of npm: not looked into\nout\n");
	(void)unlink(in(".git/1.sql"));
	(void)unlink(in("lib/node_modules/1.sql"));
}

static void
stops_at_a_depth(void **state)
{
	char name[PATH_MAX] = "";
	GH_ARENA a = { 0 };
	GH_FOLDER f = { .fd = -1 };
	size_t i;

	(void)state;
	for (i = 0; i < GH_FOLDER_DEPTH + 2; i++) {
		(void)snprintf(name + strlen(name), sizeof(name) - strlen(name), "%sd", i == 0 ? "" : "/");
		assert_int_equal(mkdir(in(name), 0755), 0);
	}
	assert_int_equal(gh_folder_open(folder, &a, &f, NULL), GH_OK);
	assert_int_equal(f.n, GH_FOLDER_DEPTH);
	assert_string_equal(f.entries[f.n - 2].closed, "");
	assert_string_equal(
	    f.entries[f.n - 1].closed, "folders are too deep within each other: not looked into");
	for (i = 0; i < 2; i++) {
		assert_int_equal(rmdir(in(name)), 0);
		name[strlen(name) - 2] = '\0';
	}
}

static void
refuses_more_entries_than_it_can_hold(void **state)
{
	GH_ARENA a = { 0 };
	GH_FOLDER f = { .fd = -1 };
	struct gh_err err = { 0 };
	GH_FD int fd = -1;
	char name[32];
	int i;

	(void)state;
	assert_int_equal(mkdir(in("many"), 0755), 0);
	fd = open(in("many"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (i = 0; i < GH_FOLDER_ENTRIES; i++) {
		(void)snprintf(name, sizeof(name), "%06d.sql", i);
		assert_int_equal(mknodat(fd, name, S_IFREG | 0600, 0), 0);
	}
	assert_int_equal(gh_folder_open(folder, &a, &f, &err), GH_BAD_INPUT);
	assert_non_null(strstr(
	    err.msg, " has more than 100000 entries: name the folder that holds the migrations alone"));
	gh_folder_done(&f);
	err = (struct gh_err){ 0 };
	assert_int_equal(unlinkat(fd, "000007.sql", 0), 0);
	assert_int_equal(gh_folder_open(folder, &a, &f, &err), GH_OK);
	assert_int_equal(f.n, GH_FOLDER_ENTRIES);
	assert_string_equal(f.entries[8].path, "many/000008.sql");
	for (i = 0; i < GH_FOLDER_ENTRIES; i++) {
		(void)snprintf(name, sizeof(name), "%06d.sql", i);
		(void)unlinkat(fd, name, 0);
	}
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
opens_beneath_and_never_leaves_the_folder(void **state)
{
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(mkdir(in("sub"), 0755), 0);
	put("sub/x.sql", "1");
	assert_int_equal(try_file("sub/x.sql", &err), GH_OK);
	assert_int_equal(symlink("sub", in("link")), 0);
	refuses("link/x.sql", "cannot be read: Too many levels of symbolic links");
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
		T(what_happens_beneath_is_a_change),
		T(goes_down_in_byte_order_of_the_paths),
		T(does_not_look_into_what_is_not_the_teams),
		T(stops_at_a_depth),
		T(refuses_more_entries_than_it_can_hold),
		T(opens_plain_files_only),
		T(opens_beneath_and_never_leaves_the_folder),
		T(refuses_what_is_too_large),
		T(refuses_what_it_may_not_read),
		T(says_when_there_is_no_folder),
	};

	return cmocka_run_group_tests_name("base/folder", tests, NULL, NULL);
}
