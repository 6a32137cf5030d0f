#include "base/ban.h"
#include "base/err.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

static char folder[] = "/tmp/gatehouse-io-XXXXXX";

static int
folder_make(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
folder_drop(void **state)
{
	(void)state;
	return rmdir(folder);
}

static void
replaces_a_file_and_reads_it_back(void **state)
{
	char path[64];
	GH_TEXT text = { 0 };
	struct gh_err err = { 0 };
	struct stat st;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/f", folder);
	assert_int_equal(gh_file_replace(path, "one", 3, 0600, &err), GH_OK);
	assert_int_equal(gh_file_replace(path, "two", 3, 0600, &err), GH_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(gh_file_read(path, 3, &text, &err), GH_OK);
	assert_string_equal(text.data, "two");
	gh_text_clear(&text);
	assert_int_equal(gh_file_read(path, 2, &text, &err), GH_BAD_INPUT);
	assert_int_equal(unlink(path), 0);
}

static void
names_what_it_cannot_open(void **state)
{
	GH_TEXT text = { 0 };
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(gh_file_read("/nonexistent/file", 10, &text, &err), GH_NOT_FOUND);
	assert_string_equal(err.msg, "cannot open /nonexistent/file: No such file or directory");
	assert_int_equal(gh_fail(&err, GH_INTERNAL, "a second failure"), GH_NOT_FOUND);
	assert_non_null(strstr(err.msg, "/nonexistent/file"));
	err = (struct gh_err){ 0 };
	assert_int_equal(gh_file_read("/", 10, &text, &err), GH_INTERNAL);
	assert_string_equal(err.msg, "/ is a folder");
}

static void
locks_once(void **state)
{
	char path[64];
	GH_FD int a = -1;
	GH_FD int b = -1;
	bool got = false;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/lock", folder);
	a = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	b = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(gh_lock_try(a, &got, NULL), GH_OK);
	assert_true(got);
	assert_int_equal(gh_lock_try(b, &got, NULL), GH_OK);
	assert_false(got);
	gh_fd_done(&a);
	assert_int_equal(gh_lock_try(b, &got, NULL), GH_OK);
	assert_true(got);
	assert_int_equal(unlink(path), 0);
}

static void
holds_bytes_in_a_memfd(void **state)
{
	GH_FD int fd = -1;
	GH_TEXT text = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(gh_memfd("test", "secret", 6, &fd, NULL), GH_OK);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(gh_read_all(fd, 100, &text, NULL), GH_OK);
	assert_string_equal(text.data, "secret");
}

static void
tells_utf8_from_other_bytes(void **state)
{
	static const struct {
		const char *s;
		size_t len, bad_at;
	} bad[] = {
		{ "a\xff", 2, 1 },
		{ "\xc0\xaf", 2, 0 },         /* overlong */
		{ "ab\xe2\x82", 4, 2 },       /* cut */
		{ "\xed\xa0\x80", 3, 0 },     /* surrogate */
		{ "\xf4\x90\x80\x80", 4, 0 }, /* past U+10FFFF */
		{ "a\0b", 3, 1 },
		{ "\x80", 1, 0 },
	};
	size_t i, at;

	(void)state;
	assert_int_equal(gh_utf8_cut("a\xc3\xa9z", 4, 4), 4);
	assert_int_equal(gh_utf8_cut("a\xc3\xa9z", 4, 3), 3);
	assert_int_equal(gh_utf8_cut("a\xc3\xa9z", 4, 2), 1);
	assert_int_equal(gh_utf8_cut("\xe2\x82\xac", 3, 2), 0);
	assert_true(gh_utf8_valid("", 0, NULL));
	assert_true(gh_utf8_valid("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x98", 10, NULL));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(gh_utf8_valid(bad[i].s, bad[i].len, &at));
		assert_int_equal(at, bad[i].bad_at);
	}
}

static void
parses_whole_numbers_only(void **state)
{
	int64_t v = 0;

	(void)state;
	assert_true(gh_parse_i64("-7", -10, 10, &v));
	assert_int_equal(v, -7);
	assert_false(gh_parse_i64("11", -10, 10, &v));
	assert_false(gh_parse_i64("", 0, 10, &v));
	assert_false(gh_parse_i64(" 1", 0, 10, &v));
	assert_false(gh_parse_i64("1x", 0, 10, &v));
	assert_false(gh_parse_i64("+1", 0, 10, &v));
	assert_false(gh_parse_i64("-", -10, 10, &v));
	assert_false(gh_parse_i64("9223372036854775808", 0, INT64_MAX, &v));
}

static void
gives_every_code_a_status_and_a_word(void **state)
{
	static const int http[] = { 200, 400, 401, 403, 404, 409, 503, 500 };
	int c;

	(void)state;
	for (c = GH_OK; c <= GH_INTERNAL; c++) {
		assert_int_equal(gh_code_http((enum gh_code)c), http[c]);
		assert_true(strlen(gh_code_name((enum gh_code)c)) > 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaces_a_file_and_reads_it_back),
		cmocka_unit_test(names_what_it_cannot_open),
		cmocka_unit_test(locks_once),
		cmocka_unit_test(holds_bytes_in_a_memfd),
		cmocka_unit_test(tells_utf8_from_other_bytes),
		cmocka_unit_test(parses_whole_numbers_only),
		cmocka_unit_test(gives_every_code_a_status_and_a_word),
	};

	return cmocka_run_group_tests_name("base/io", tests, folder_make, folder_drop);
}
