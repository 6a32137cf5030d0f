#include "base/ban.h"
#include "migration/reading.h"
#include "tests/support/disk_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static struct convention_file *
at(struct reading *r, const char *path)
{
	struct convention_file *e = convention_path(&r->folder, path);

	assert_non_null(e);
	return e;
}

static const struct convention_text *
text(struct reading *r, const char *path)
{
	return r->folder.read(&r->folder, at(r, path));
}

static void
reads_a_file_once_and_keeps_it(void **state)
{
	GH_ARENA a = { 0 };
	READING r = { .disk = { .fd = -1 } };
	struct gh_err err = { 0 };
	const struct convention_text *t;

	(void)state;
	disk_put("a/up.sql", "SELECT 1;\n");
	disk_put("b.sql", "");
	assert_int_equal(reading_open(&r, disk_folder(), &a, &err), GH_OK);
	assert_int_equal(r.folder.n, 3);
	assert_true(at(&r, "a")->folder);
	assert_false(at(&r, "a/up.sql")->folder);
	assert_int_equal(at(&r, "a/up.sql")->size, 10);
	assert_string_equal(reading_digest(&r, at(&r, "a/up.sql")), "");
	t = text(&r, "a/up.sql");
	assert_string_equal(t->sql, "SELECT 1;\n");
	assert_ptr_equal(t->raw, t->sql);
	assert_int_equal(t->len, 10);
	assert_int_equal(t->raw_len, 10);
	assert_false(t->bom);
	assert_string_equal(t->problem, "");
	assert_string_equal(reading_digest(&r, at(&r, "a/up.sql")),
	    "b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd");
	disk_put("a/up.sql", "SELECT 2;\n");
	assert_ptr_equal(text(&r, "a/up.sql"), t);
	assert_string_equal(t->sql, "SELECT 1;\n");
	assert_string_equal(text(&r, "b.sql")->sql, "");
	assert_null(text(&r, "a"));
	assert_int_equal(at(&r, "a")->as, 0);
	assert_string_equal(r.folder.root, disk_folder());
}

static void
names_what_is_no_text_with_its_place(void **state)
{
	static const struct {
		const char *raw;
		size_t len;
		bool bom;
		const char *sql, *problem;
	} cases[] = {
		{ "\xef\xbb\xbfSELECT 1;", 12, true, "SELECT 1;", "" },
		{ "\xef\xbb\xbf", 3, true, "", "" },
		{ "a\n\xc3\xa9\xff\xc3\xa9", 7, false, "a\n\xc3\xa9?\xc3\xa9",
		    "x.sql:2:2: byte 0xff is not UTF-8: save the file as UTF-8" },
		{ "\xef\xbb\xbf\xe9\xe9", 5, true, "??",
		    "x.sql:1:1: byte 0xe9 is not UTF-8: save the file as UTF-8" },
		{ "a;\n\0", 4, false, "a;\n?",
		    "x.sql:2:1: a NUL byte: this is not text (UTF-16?), save it as UTF-8" },
		{ "\xff\xfeS\0E\0", 6, false, "??S?E?", "x.sql:1:1: this is UTF-16: save the file as UTF-8" },
		{ "S\0E\0", 4, false, "S?E?",
		    "x.sql:1:2: a NUL byte: this is not text (UTF-16?), save it as UTF-8" },
		{ "a\xc3", 2, false, "a?", "x.sql:1:2: byte 0xc3 is not UTF-8: save the file as UTF-8" },
	};
	GH_ARENA a = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct convention_text t;

		reading_text(&a, "x.sql", gh_strndup(&a, cases[i].raw, cases[i].len), cases[i].len, &t);
		assert_string_equal(t.problem, cases[i].problem);
		assert_string_equal(t.sql, cases[i].sql);
		assert_int_equal(t.len, strlen(cases[i].sql));
		assert_int_equal(t.bom, cases[i].bom);
		assert_int_equal(t.raw_len, cases[i].len);
	}
}

static void
odd(struct reading *r, const char *path, const char *why)
{
	struct convention_file *e = at(r, path);
	char reason[256];

	assert_string_equal(e->odd, why);
	assert_null(text(r, path));
	assert_int_equal(e->as, CONVENTION_REFUSED);
	(void)snprintf(reason, sizeof(reason), "not read: %s", why);
	assert_string_equal(e->reason, reason);
}

static void
never_opens_what_is_no_plain_file(void **state)
{
	GH_ARENA a = { 0 };
	READING r = { .disk = { .fd = -1 } };
	struct gh_err err = { 0 };
	char other[PATH_MAX];

	(void)state;
	disk_put("plain.sql", "SELECT 1;");
	(void)snprintf(other, sizeof(other), "%s", disk_in("plain.sql"));
	assert_int_equal(link(other, disk_in("second.sql")), 0);
	disk_link("/etc/passwd", "link.sql");
	disk_link("/etc", "folder");
	disk_pipe("pipe.sql");
	disk_put("large.sql", "");
	assert_int_equal(truncate(disk_in("large.sql"), (off_t)GH_FOLDER_FILE_SIZE + 1), 0);
	disk_put(".git/x.sql", "SELECT 1;");
	assert_int_equal(reading_open(&r, disk_folder(), &a, &err), GH_OK);
	odd(&r, "second.sql", "the file has 2 names (hard links): copy it instead");
	odd(&r, "link.sql", "a symbolic link");
	odd(&r, "folder", "a symbolic link");
	odd(&r, "pipe.sql", "a named pipe");
	odd(&r, "large.sql", "larger than 64 MiB");
	assert_string_equal(at(&r, ".git")->odd, "a hidden folder: not looked into");
	assert_null(convention_path(&r.folder, ".git/x.sql"));
}

static void
says_each_time_why_a_file_was_not_read(void **state)
{
	GH_ARENA a = { 0 };
	READING r = { .disk = { .fd = -1 } };
	struct gh_err err = { 0 };
	struct convention_file *e;
	int i;

	(void)state;
	disk_put("gone.sql", "SELECT 1;");
	disk_put("names\n\x1b[1m\xff.sql", "SELECT 1;");
	assert_int_equal(reading_open(&r, disk_folder(), &a, &err), GH_OK);
	assert_int_equal(unlink(disk_in("gone.sql")), 0);
	e = at(&r, "gone.sql");
	for (i = 0; i < 2; i++) {
		e->as = 0;
		e->reason = "";
		assert_null(text(&r, "gone.sql"));
		assert_int_equal(e->as, CONVENTION_REFUSED);
		assert_string_equal(e->reason, "cannot be read: No such file or directory");
	}
	assert_string_equal(reading_digest(&r, e), "");
	assert_string_equal(at(&r, "names\n\x1b[1m\xff.sql")->shown, "names\\x0a\\x1b[1m\\xff.sql");
	assert_non_null(text(&r, "names\n\x1b[1m\xff.sql"));
}

static void
refuses_more_than_it_keeps(void **state)
{
	GH_ARENA a = { 0 };
	READING r = { .disk = { .fd = -1 } };
	struct gh_err err = { 0 };

	(void)state;
	disk_put("a.sql", "SELECT 1;");
	disk_put("b.sql", "12345");
	disk_put("c.sql", "1234");
	assert_int_equal(reading_open(&r, disk_folder(), &a, &err), GH_OK);
	r.bytes = READING_TEXTS - 4; /* as if others were read */
	assert_null(text(&r, "b.sql"));
	assert_string_equal(
	    at(&r, "b.sql")->reason, "the files before it are almost 512 MiB together: no more is read");
	assert_non_null(text(&r, "c.sql"));
	assert_null(text(&r, "a.sql"));
}

static void
sees_which_tools_files_lie_above(void **state)
{
	GH_ARENA a = { 0 };
	READING r = { .disk = { .fd = -1 } };
	struct gh_err err = { 0 };

	(void)state;
	disk_put("app/db/migrations/1_a.sql", "");
	disk_put("app/Cargo.toml", "");
	disk_put("app/db/other.toml", "");
	disk_put("go.mod", "");
	assert_int_equal(reading_open(&r, disk_in("app/db/migrations"), &a, &err), GH_OK);
	assert_true(convention_beside(&r.folder, "Cargo.toml"));
	assert_false(convention_beside(&r.folder, "go.mod"));
	assert_false(convention_beside(&r.folder, "other.toml"));
}

static void
says_why_there_is_no_folder(void **state)
{
	GH_ARENA a = { 0 };
	READING r = { .disk = { .fd = -1 } };
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(reading_open(&r, "/nowhere/migrations", &a, &err), GH_NOT_FOUND);
	assert_string_equal(err.msg, "cannot open folder /nowhere/migrations: No such file or directory");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, disk_setup, disk_teardown)
	const struct CMUnitTest tests[] = {
		T(reads_a_file_once_and_keeps_it),
		T(names_what_is_no_text_with_its_place),
		T(never_opens_what_is_no_plain_file),
		T(says_each_time_why_a_file_was_not_read),
		T(refuses_more_than_it_keeps),
		T(sees_which_tools_files_lie_above),
		T(says_why_there_is_no_folder),
	};

	return cmocka_run_group_tests_name("migration/reading", tests, NULL, NULL);
}
