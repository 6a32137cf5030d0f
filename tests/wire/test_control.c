#include "base/ban.h"
#include "wire/control.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct wire_control all = { .serial = 7,
	.cancel = true,
	.pause = true,
	.window_end_us = INT64_C(1793000000000000),
	.batch_size = 5000,
	.batch_pause_ms = 100 };

static int
file(void)
{
	int fd = -1;

	assert_int_equal(gh_memfd("control", "", 0, &fd, NULL), GH_OK);
	return fd;
}

static void
gives_back_what_was_written(void **state)
{
	GH_FD int fd = file();
	struct wire_control got = { 0 };

	(void)state;
	assert_int_equal(wire_control_write(fd, &all, NULL), GH_OK);
	assert_int_equal(wire_control_read(fd, &got, NULL), GH_OK);
	assert_int_equal(got.serial, 7);
	assert_true(got.cancel);
	assert_true(got.pause);
	assert_int_equal(got.window_end_us, all.window_end_us);
	assert_int_equal(got.batch_size, 5000);
	assert_int_equal(got.batch_pause_ms, 100);
}

static void
reads_an_empty_file_as_nothing_wanted(void **state)
{
	GH_FD int fd = file();
	struct wire_control got = all;

	(void)state;
	assert_int_equal(wire_control_read(fd, &got, NULL), GH_OK);
	assert_int_equal(got.serial, 0);
	assert_false(got.cancel);
	assert_int_equal(got.window_end_us, 0);
}

static void
is_written_over(void **state)
{
	GH_FD int fd = file();
	struct wire_control next = { .serial = 8 }, got = { 0 };

	(void)state;
	assert_int_equal(wire_control_write(fd, &all, NULL), GH_OK);
	assert_int_equal(wire_control_write(fd, &next, NULL), GH_OK);
	assert_int_equal(wire_control_read(fd, &got, NULL), GH_OK);
	assert_int_equal(got.serial, 8);
	assert_false(got.cancel);
}

/* Each byte that is wrong, each length that is wrong: never half a record. */
static void
refuses_what_is_damaged(void **state)
{
	GH_FD int fd = file();
	struct wire_control got = { 0 };
	unsigned char bytes[128];
	ssize_t len, i;

	(void)state;
	assert_int_equal(wire_control_write(fd, &all, NULL), GH_OK);
	len = pread(fd, bytes, sizeof(bytes), 0);
	assert_true(len > 40);
	for (i = 0; i < len; i++) {
		unsigned char wrong = bytes[i] ^ 1;

		assert_int_equal(pwrite(fd, &wrong, 1, i), 1);
		assert_int_equal(wire_control_read(fd, &got, NULL), GH_UNAVAILABLE);
		assert_int_equal(got.serial, 0);
		assert_false(got.cancel);
		assert_int_equal(pwrite(fd, &bytes[i], 1, i), 1);
	}
	for (i = 1; i < len; i++) {
		GH_FD int cut = file();

		assert_int_equal(pwrite(cut, bytes, (size_t)i, 0), i);
		assert_int_equal(wire_control_read(cut, &got, NULL), GH_UNAVAILABLE);
	}
	assert_int_equal(pwrite(fd, "x", 1, len), 1);
	assert_int_equal(wire_control_read(fd, &got, NULL), GH_UNAVAILABLE);
	assert_int_equal(wire_control_read(-1, &got, NULL), GH_INTERNAL);
	assert_int_equal(wire_control_write(-1, &all, NULL), GH_UNAVAILABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_what_was_written),
		cmocka_unit_test(reads_an_empty_file_as_nothing_wanted),
		cmocka_unit_test(is_written_over),
		cmocka_unit_test(refuses_what_is_damaged),
	};

	return cmocka_run_group_tests_name("wire/control", tests, NULL, NULL);
}
