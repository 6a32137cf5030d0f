#include "base/ban.h"
#include "runner/job/control.h"
#include "base/clock.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

/* The record of what people want, without a server. */

static char folder[] = "/tmp/gh-test-control-XXXXXX", path[64];

static int
make(const struct wire_control *c)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	if (c != NULL)
		assert_int_equal(wire_control_write(fd, c, NULL), GH_OK);
	return fd;
}

/* As if the last look was long ago. */
static void
look(struct control *c)
{
	c->looked = 0;
	control_look(c);
}

static void
speed_is_passed_on(void **state)
{
	const struct wire_control c = { .serial = 4, .batch_size = 9000, .batch_pause_ms = 20 };
	int64_t size = -1, pause_ms = -1;
	struct job j = { .outcome = 0 };
	struct control control;
	GH_FD int fd = make(&c);

	(void)state;
	control_speed(&j, &size, &pause_ms);
	assert_int_equal(size, 0);
	control_start(&j, &control, fd);
	control_speed(&j, &size, &pause_ms);
	assert_int_equal(size, 9000);
	assert_int_equal(pause_ms, 20);
	assert_int_equal(unlink(path), 0);
}

/* A record that nobody can read opens no window. */
static void
a_bad_record_leaves_the_window(void **state)
{
	struct job j = { .spec = { .window_end_us = 1000 } };
	struct gh_err err = { 0 };
	struct control control;
	GH_FD int fd = make(NULL);

	(void)state;
	assert_int_equal(pwrite(fd, "garbage", 7, 0), 7);
	control_start(&j, &control, fd);
	assert_int_equal(control_gate(&j, "001_one", &err), GH_CONFLICT);
	assert_non_null(strstr(err.msg, "the window has ended"));
	assert_int_equal(unlink(path), 0);
}

/* What was wanted stays until there is a new one; that is found by its name. */
static void
a_record_that_was_deleted_is_found_again(void **state)
{
	const struct wire_control first = { .serial = 1, .window_end_us = 77 },
				  then = { .serial = 2, .window_end_us = 77, .cancel = true };
	struct job j = { .outcome = 0 };
	struct control control;
	int fd;

	(void)state;
	control_start(&j, &control, make(&first));
	assert_int_equal(unlink(path), 0);
	look(&control);
	assert_int_equal(control.now.window_end_us, 77);
	fd = make(NULL);
	look(&control);
	assert_int_equal(control.now.window_end_us, 77);
	assert_int_equal(wire_control_write(fd, &then, NULL), GH_OK);
	look(&control);
	assert_true(control_cancelled(&j));
	assert_int_equal(control.now.window_end_us, 77);
	gh_fd_done(&fd);
	gh_fd_done(&control.fd);
	assert_int_equal(unlink(path), 0);
}

static int
folder_make(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/7.control", folder);
	gh_hash_start();
	return 0;
}

static int
folder_drop(void **state)
{
	(void)state;
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(speed_is_passed_on),
		cmocka_unit_test(a_bad_record_leaves_the_window),
		cmocka_unit_test(a_record_that_was_deleted_is_found_again),
	};

	return cmocka_run_group_tests_name("runner/job/control", tests, folder_make, folder_drop);
}
