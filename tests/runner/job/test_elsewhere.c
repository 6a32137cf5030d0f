#include "base/ban.h"
#include "tests/support/elsewhere_rig.h"
#include "base/clock.h"
#include "base/io.h"

/* A look at a source: the program that is asked, the order, folders. */

static enum gh_code
look(struct elsewhere_rig *f, const char *script)
{
	const char *path = elsewhere_rig_in(f, "program");
	static const char *args[2];

	args[0] = path;
	f->source.args = args;
	f->source.n_args = 1;
	if (script != NULL)
		assert_int_equal(gh_file_replace(path, script, strlen(script), 0700, NULL), GH_OK);
	f->err = (struct gh_err){ 0 };
	return elsewhere_look(&f->job, &f->source, &f->list, &f->err);
}

static void
a_look_is_newest_first(void **state)
{
	struct elsewhere_rig *f = *state;

	assert_int_equal(
	    look(f,
		"#!/bin/sh\necho noise >&2\n"
		"echo '[{\"label\":\"a\",\"ended\":5},{\"label\":\"c\",\"ended\":7,\"error\":\"x\"},"
		"{\"label\":\"b\",\"ended\":6}]'\n"),
	    GH_OK);
	assert_int_equal(f->list.n, 3);
	assert_string_equal(f->list.rows[0].label, "c");
	assert_string_equal(f->list.rows[2].label, "a");
	assert_string_equal(elsewhere_newest(&f->list)->label, "b");
}

static void
it_is_told_whose_backups(void **state)
{
	struct elsewhere_rig *f = *state;

	assert_int_equal(look(f,
			     "#!/bin/sh\necho '[{\"label\":\"'$GATEHOUSE_TARGET/$GATEHOUSE_SOURCE/$HOME'\","
			     "\"ended\":5}]'\n"),
	    GH_OK);
	assert_string_equal(f->list.rows[0].label, "shop/nightly/");
}

static void
a_backup_of_the_future_is_broken(void **state)
{
	struct elsewhere_rig *f = *state;

	assert_int_equal(
	    look(f, "#!/bin/sh\necho '[{\"label\":\"a\",\"ended\":\"2999-01-01T00:00:00Z\"}]'\n"), GH_OK);
	assert_string_equal(f->list.rows[0].broken, "its end, 2999-01-01 00:00:00 UTC, is in the future");
	assert_null(elsewhere_newest(&f->list));
}

static void
two_of_one_label_are_no_list(void **state)
{
	struct elsewhere_rig *f = *state;

	assert_int_equal(look(f,
			     "#!/bin/sh\necho '[{\"label\":\"a\",\"ended\":5},{\"label\":\"b\",\"ended\":5},"
			     "{\"label\":\"a\",\"ended\":6}]'\n"),
	    GH_CONFLICT);
	elsewhere_rig_says(f, "command \"nightly\" tells no list of backups: it lists two backups called a");
}

static void
a_program_that_fails_says_why(void **state)
{
	struct elsewhere_rig *f = *state;

	assert_int_equal(look(f, "#!/bin/sh\necho '[]'\necho first >&2\necho 'no credentials' >&2\nexit 3\n"),
	    GH_CONFLICT);
	elsewhere_rig_says(f, "its exit status is 3; no credentials");
	assert_int_equal(look(f, "#!/bin/sh\nkill -9 $$\n"), GH_CONFLICT);
	elsewhere_rig_says(f, "ended by signal 9");
	assert_int_equal(look(f, "#!/bin/sh\nexec cat /dev/zero\n"), GH_CONFLICT);
	elsewhere_rig_says(f, "it answered more than 4194304 bytes");
	f->source.timeout_ms = 200;
	assert_int_equal(look(f, "#!/bin/sh\nexec sleep 600\n"), GH_CONFLICT);
	elsewhere_rig_says(f, "it did not end within 200 ms");
	assert_int_equal(unlink(elsewhere_rig_in(f, "program")), 0);
	assert_int_equal(look(f, NULL), GH_CONFLICT);
	elsewhere_rig_says(f, "command \"nightly\" tells no list of backups: ");
}

/* ---- folders ------------------------------------------------------------------------------------------- */

static void
put(struct elsewhere_rig *f, const char *name, const char *text, int64_t mtime)
{
	const struct timespec times[2] = { { .tv_sec = mtime }, { .tv_sec = mtime } };

	assert_int_equal(gh_file_replace(elsewhere_rig_in(f, name), text, strlen(text), 0600, NULL), GH_OK);
	if (mtime != 0)
		assert_int_equal(utimensat(AT_FDCWD, elsewhere_rig_in(f, name), times, 0), 0);
}

static void
age(struct elsewhere_rig *f, const char *name)
{
	const struct timespec times[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };

	assert_int_equal(utimensat(AT_FDCWD, elsewhere_rig_in(f, name), times, AT_SYMLINK_NOFOLLOW), 0);
}

static enum gh_code
folder(struct elsewhere_rig *f, const char *pattern)
{
	f->source.kind = "folder";
	f->source.pattern = pattern;
	f->err = (struct gh_err){ 0 };
	return elsewhere_look(&f->job, &f->source, &f->list, &f->err);
}

static void
files_by_the_time_they_were_written(void **state)
{
	struct elsewhere_rig *f = *state;

	put(f, "a.dump", "12345", 1000);
	put(f, "b.dump", "1", 2000);
	put(f, "other.txt", "1", 3000);
	assert_int_equal(folder(f, "*.dump"), GH_OK);
	assert_int_equal(f->list.n, 2);
	assert_string_equal(f->list.rows[0].label, "b.dump");
	assert_int_equal(f->list.rows[1].ended_at, 1000 * GH_SECOND);
	assert_int_equal(f->list.rows[1].started_at, 1000 * GH_SECOND);
	assert_int_equal(f->list.rows[1].size, 5);
	assert_int_equal(f->list.rows[1].level, WIRE_WRITTEN);
	assert_int_equal(f->list.left_out, 0);
}

static void
files_by_the_time_in_their_name(void **state)
{
	struct elsewhere_rig *f = *state;

	put(f, "shop-20261121.dump", "1", 1000);
	put(f, "shop-20991121.dump", "1", 1000);
	put(f, "a.dump", "1", 1000);
	assert_int_equal(folder(f, "shop-%Y%m%d.dump"), GH_OK);
	assert_int_equal(f->list.n, 2);
	assert_non_null(strstr(f->list.rows[0].broken, "in the future"));
	assert_int_equal(f->list.rows[1].ended_at, 1795219200 * GH_SECOND);
}

static void
what_is_no_file_is_left_out(void **state)
{
	struct elsewhere_rig *f = *state;

	put(f, "a.dump", "1", 1000);
	put(f, "b.dump", "1", 0); /* just now */
	put(f, "x\ny.dump", "1", 1000);
	put(f, "empty.dump", "", 1000);
	assert_int_equal(symlink("/etc/passwd", elsewhere_rig_in(f, "link.dump")), 0);
	assert_int_equal(mkdir(elsewhere_rig_in(f, "folder.dump"), 0700), 0);
	assert_int_equal(mkfifo(elsewhere_rig_in(f, "pipe.dump"), 0600), 0);
	/* What they are is enough, however old they are. */
	age(f, "link.dump");
	age(f, "folder.dump");
	age(f, "pipe.dump");
	assert_int_equal(folder(f, "*.dump"), GH_OK);
	assert_int_equal(f->list.n, 2);
	assert_int_equal(f->list.left_out, 5);
	assert_string_equal(elsewhere_newest(&f->list)->label, "a.dump");
	assert_string_equal(f->list.rows[0].broken, "the file is empty");
}

static void
a_folder_that_cannot_be_read_is_no_list(void **state)
{
	struct elsewhere_rig *f = *state;

	f->source.folder = elsewhere_rig_in(f, "none");
	assert_int_equal(folder(f, "*"), GH_CONFLICT);
	elsewhere_rig_says(f, "folder \"nightly\" tells no list of backups: cannot open the folder");
	assert_int_equal(symlink(f->folder, elsewhere_rig_in(f, "link")), 0);
	f->source.folder = elsewhere_rig_in(f, "link");
	assert_int_equal(folder(f, "*"), GH_CONFLICT);
	elsewhere_rig_says(f, "is a symbolic link, or has one on its way");
	put(f, "a.dump", "1", 1000);
	f->source.folder = elsewhere_rig_in(f, "a.dump");
	assert_int_equal(folder(f, "*"), GH_CONFLICT);
	elsewhere_rig_says(f, "cannot open the folder");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, elsewhere_rig_setup, elsewhere_rig_teardown)
	const struct CMUnitTest tests[] = {
		T(a_look_is_newest_first),
		T(it_is_told_whose_backups),
		T(a_backup_of_the_future_is_broken),
		T(two_of_one_label_are_no_list),
		T(a_program_that_fails_says_why),
		T(files_by_the_time_they_were_written),
		T(files_by_the_time_in_their_name),
		T(what_is_no_file_is_left_out),
		T(a_folder_that_cannot_be_read_is_no_list),
	};

	return cmocka_run_group_tests_name("runner/job/elsewhere", tests, NULL, NULL);
}
