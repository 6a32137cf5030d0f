#include "base/ban.h"
#include "runner/control.h"
#include "base/io.h"
#include "store/control_write.h"
#include "tests/support/fixture_control.h"
#include "wire/control.h"

/* The records of runs: made from the store, whatever became of the last one. */

struct scene {
	struct fixture_runner *f;
	struct config config;
	struct config *before;
	char folder[48];
	int64_t run;
};

static void
begin(struct scene *s, struct fixture_runner *f)
{
	*s = (struct scene){ .f = f, .run = fixture_batched(f) };
	(void)snprintf(s->folder, sizeof(s->folder), "/tmp/gh-test-control-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	s->before = f->runner->config;
	s->config = *s->before;
	s->config.jobs = s->folder;
	f->runner->config = &s->config;
}

static const char *
path(struct scene *s)
{
	return control_path(&s->config, &s->f->arena, s->run);
}

static void
end(struct scene *s)
{
	(void)unlink(path(s));
	assert_int_equal(rmdir(s->folder), 0);
	s->f->runner->config = s->before;
}

static struct wire_control
record(struct scene *s)
{
	GH_FD int fd = open(path(s), O_RDONLY | O_CLOEXEC);
	struct wire_control c = { .serial = -1 };

	if (fd >= 0)
		assert_int_equal(wire_control_read(fd, &c, &s->f->err), GH_OK);
	return c;
}

static void
the_job_gets_what_the_store_wants(void **state)
{
	struct scene s;
	GH_FD int fd = -1;
	struct wire_control c;
	struct stat st;

	begin(&s, *state);
	assert_int_equal(store_control_window(s.f->runner->store, s.run, 77, &s.f->err), GH_OK);
	assert_int_equal(control_open(s.f->runner, s.run, &fd, &s.f->err), GH_OK);
	assert_int_equal(wire_control_read(fd, &c, &s.f->err), GH_OK);
	assert_int_equal(c.serial, 0);
	assert_int_equal(c.window_end_us, 77);
	/* It only reads, and nobody else does. */
	assert_int_equal(wire_control_write(fd, &c, &s.f->err), GH_UNAVAILABLE);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	end(&s);
}

static void
each_wish_comes_into_the_record(void **state)
{
	struct scene s;
	GH_FD int fd = -1;

	begin(&s, *state);
	assert_int_equal(control_open(s.f->runner, s.run, &fd, &s.f->err), GH_OK);
	fixture_ok(s.f, fixture_tell(s.f, "viewer", WIRE_RUN_PAUSE, s.run, "lunch", 0));
	/* At once, by the command itself. */
	assert_int_equal(record(&s).serial, 1);
	assert_true(record(&s).pause);
	assert_int_equal(
	    store_control_answer(s.f->runner->store, s.run, "pausing", "paused", &s.f->err), GH_OK);
	fixture_ok(
	    s.f, fixture_tell(s.f, "viewer", WIRE_RUN_SPEED, s.run, "slow", 2, INT64_C(10), INT64_C(20)));
	control_kick(s.f->runner);
	assert_true(record(&s).pause);
	assert_int_equal(record(&s).batch_size, 10);
	assert_int_equal(record(&s).batch_pause_ms, 20);
	fixture_ok(s.f, fixture_tell(s.f, "viewer", WIRE_RUN_RESUME, s.run, "go", 0));
	control_kick(s.f->runner);
	assert_false(record(&s).pause);
	fixture_ok(s.f, fixture_tell(s.f, "viewer", WIRE_RUN_CANCEL, s.run, "stop", 0));
	control_kick(s.f->runner);
	assert_true(record(&s).cancel);
	assert_int_equal(record(&s).serial, 4);
	end(&s);
}

/* A runner that was killed while it wrote, or before. */
static void
a_record_that_was_damaged_is_made_again(void **state)
{
	struct scene s;
	GH_FD int fd = -1;

	begin(&s, *state);
	assert_int_equal(control_open(s.f->runner, s.run, &fd, &s.f->err), GH_OK);
	fixture_ok(s.f, fixture_tell(s.f, "viewer", WIRE_RUN_PAUSE, s.run, "lunch", 0));
	assert_int_equal(truncate(path(&s), 20), 0);
	control_kick(s.f->runner);
	assert_int_equal(record(&s).serial, 1);
	assert_true(record(&s).pause);
	end(&s);
}

/* The job finds it by its name, so it is there again as soon as something is wanted. */
static void
a_record_that_was_deleted_is_made_again(void **state)
{
	struct scene s;
	GH_FD int fd = -1;

	begin(&s, *state);
	assert_int_equal(store_control_window(s.f->runner->store, s.run, 77, &s.f->err), GH_OK);
	assert_int_equal(control_open(s.f->runner, s.run, &fd, &s.f->err), GH_OK);
	assert_int_equal(unlink(path(&s)), 0);
	control_kick(s.f->runner);
	assert_int_equal(access(path(&s), F_OK), -1);
	fixture_ok(s.f, fixture_tell(s.f, "viewer", WIRE_RUN_CANCEL, s.run, "stop", 0));
	assert_true(record(&s).cancel);
	assert_int_equal(record(&s).window_end_us, 77);
	end(&s);
}

static void
it_goes_with_its_run(void **state)
{
	struct scene s;
	GH_FD int fd = -1;

	begin(&s, *state);
	assert_int_equal(control_open(s.f->runner, s.run, &fd, &s.f->err), GH_OK);
	control_sweep(s.f->runner);
	assert_int_equal(access(path(&s), F_OK), 0);
	control_remove(s.f->runner, s.run);
	assert_int_equal(access(path(&s), F_OK), -1);
	/* One of a runner that was killed before it removed it. */
	gh_fd_done(&fd);
	assert_int_equal(control_open(s.f->runner, s.run, &fd, &s.f->err), GH_OK);
	assert_int_equal(
	    store_run_move(s.f->runner->store, s.run, "running", "succeeded", "Done.", 2, &s.f->err), GH_OK);
	control_sweep(s.f->runner);
	assert_int_equal(access(path(&s), F_OK), -1);
	control_kick(s.f->runner);
	assert_int_equal(access(path(&s), F_OK), -1);
	end(&s);
}

static void
the_sentence_says_who_cancelled_and_why(void **state)
{
	struct fixture_runner *f = *state;
	const struct store_run_detail no = { .control = "", .control_text = "" },
				      yes = { .control = "cancelling", .control_text = "lead: too slow" };

	assert_string_equal(control_sentence(&yes, "Cancelled: 001_a failed. Rolled back.", &f->arena),
	    "Cancelled by lead: too slow. 001_a failed. Rolled back.");
	assert_string_equal(control_sentence(&yes, "Cancelled in backup: x.", &f->arena),
	    "Cancelled by lead: too slow. Stopped in backup: x.");
	assert_string_equal(control_sentence(&yes, "Applied to shop.", &f->arena), "Applied to shop.");
	assert_string_equal(control_sentence(&no, "Cancelled: x.", &f->arena), "Cancelled: x.");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(the_job_gets_what_the_store_wants),
		FIXTURE_TEST(each_wish_comes_into_the_record),
		FIXTURE_TEST(a_record_that_was_damaged_is_made_again),
		FIXTURE_TEST(a_record_that_was_deleted_is_made_again),
		FIXTURE_TEST(it_goes_with_its_run),
		FIXTURE_TEST(the_sentence_says_who_cancelled_and_why),
	};

	return cmocka_run_group_tests_name("runner/control", tests, NULL, NULL);
}
