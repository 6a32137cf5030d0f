#include "base/ban.h"
#include "runner/job/control.h"
#include "base/clock.h"
#include "base/io.h"
#include "wire/journal.h"

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

/* A run that is told these records, each once it has seen the one before. */
struct told {
	struct job job;
	struct control control;
	int fd, journal;
	bool late; /* whatever it asks next, its record is due to be looked at */
	const struct wire_control *next, *end;
};

static void
tell(struct told *t, const struct wire_control *records, size_t n)
{
	t->fd = make(records);
	t->next = records + 1;
	t->end = records + n;
	assert_int_equal(gh_memfd("journal", "", 0, &t->journal, NULL), GH_OK);
	assert_int_equal(wire_journal_open(&t->job.journal, t->journal, NULL), GH_OK);
	control_start(&t->job, &t->control, dup(t->fd));
	assert_int_equal(unlink(path), 0);
}

/* The next one, once the run is as far. */
static enum gh_code
next(void *arg, struct gh_err *err)
{
	struct told *t = arg;

	if (t->next == t->end || t->control.now.serial != t->next[-1].serial)
		return GH_OK;
	GH_TRY(wire_control_write(t->fd, t->next++, err));
	if (t->late)
		(void)usleep(CONTROL_EVERY_US);
	return GH_OK;
}

/* How often it has answered so. */
static int
answers(struct told *t, const char *what, const char *text)
{
	GH_ARENA a = { 0 };
	GH_TEXT buf = { 0 };
	struct wire_follow at = { 0 };
	struct wire_event e;
	bool got = true;
	int n = 0;

	for (;;) {
		assert_int_equal(wire_follow_next(&at, t->journal, &buf, &e, &got, NULL), GH_OK);
		if (!got)
			return n;
		if (e.kind == WIRE_J_CONTROL && strcmp(wire_text(&e.fields, &a), what) == 0 &&
		    strcmp(wire_text(&e.fields, &a), text) == 0)
			n++;
	}
}

static void
told_done(struct told *t)
{
	wire_journal_done(&t->job.journal);
	gh_fd_done(&t->fd);
	gh_fd_done(&t->control.fd);
}

/* Resumed and paused again between two looks, it says that it is paused; not for another window. */
static void
pause_anew(bool late)
{
	static const struct wire_control records[] = { { .serial = 1, .pause = true },
		{ .serial = 3, .pause = true }, { .serial = 4, .pause = true, .batch_size = 7 },
		{ .serial = 5, .batch_size = 7 } };
	struct told t = { .fd = -1, .late = late };
	struct gh_err err = { 0 };

	tell(&t, records, 4);
	t.control.alive = next;
	t.control.alive_arg = &t;
	assert_int_equal(control_gate(&t.job, "001_one", &err), GH_OK);
	assert_ptr_equal(t.next, t.end);
	assert_int_equal(answers(&t, "pause", "Paused before 001_one."), 2);
	assert_int_equal(answers(&t, "resume", "It goes on."), 1);
	told_done(&t);
}

static void
a_pause_anew_is_answered_anew(void **state)
{
	(void)state;
	pause_anew(false);
}

/* The look that ends the pause is the one of who asks whether the run was stopped. */
static void
a_pause_that_ends_is_answered_whoever_looks(void **state)
{
	(void)state;
	pause_anew(true);
}

/* Only who was paused goes on. */
static void
what_else_is_wanted_resumes_nothing(void **state)
{
	static const struct wire_control records[] = { { .serial = 0 }, { .serial = 1, .batch_size = 7 },
		{ .serial = 2, .batch_size = 7, .window_end_us = INT64_MAX / 2 },
		{ .serial = 4, .batch_size = 7, .window_end_us = INT64_MAX / 2 } };
	struct told t = { .fd = -1 };
	struct gh_err err = { 0 };
	int i;

	(void)state;
	tell(&t, records, 4);
	for (i = 0; i < 2; i++) {
		assert_int_equal(next(&t, &err), GH_OK);
		(void)control_paused(&t.job);
	}
	assert_int_equal(t.control.told.serial, 2);
	assert_int_equal(answers(&t, "resume", "It goes on."), 0);
	/* A pause that was over before it was seen. */
	assert_int_equal(next(&t, &err), GH_OK);
	(void)control_paused(&t.job);
	assert_int_equal(answers(&t, "resume", "It goes on."), 1);
	told_done(&t);
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
		cmocka_unit_test(a_pause_anew_is_answered_anew),
		cmocka_unit_test(a_pause_that_ends_is_answered_whoever_looks),
		cmocka_unit_test(what_else_is_wanted_resumes_nothing),
	};

	return cmocka_run_group_tests_name("runner/job/control", tests, folder_make, folder_drop);
}
