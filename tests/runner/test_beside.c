#include "base/ban.h"
#include "runner/beside.h"
#include "base/clock.h"
#include "tests/support/fake_job.h"

#include <sys/wait.h>

/* A job beside runs by itself: what it says, when it is ended, what is left of it. */

/* ---- as the job ---- */

static void
say(struct fake_job *j, const char *text)
{
	struct wire_out out;

	wire_journal_start(&j->journal, WIRE_J_LOG, &out);
	wire_put_text(&out, text);
	if (wire_journal_end(&j->journal, &out, NULL) != GH_OK)
		_exit(3);
}

static int
job(void)
{
	struct fake_job j;
	int code = fake_job_open(&j), i, n;

	if (code != 0)
		return code;
	fake_job_say_start(&j);
	if (strcmp(j.spec.reason, "deaf") == 0)
		(void)signal(SIGTERM, SIG_IGN);
	n = strcmp(j.spec.reason, "much") == 0    ? 3 * BESIDE_BATCH
	    : strcmp(j.spec.reason, "stays") == 0 ? 2
						  : 1;
	for (i = 0; i < n; i++)
		say(&j, "x");
	fake_job_wait(gh_printf(&j.arena, "%s/go", j.spec.backup_folder));
	say(&j, "y");
	fake_job_end(&j, WIRE_SUCCEEDED, "Done.");
	return n == 2 ? (int)sleep(90) : 0;
}

/* ---- as the test ---- */

static struct {
	int frames, kept, freed, ends;
	enum wire_outcome outcome;
	char sentence[256];
	enum gh_code refuse; /* what the next frame is answered with */
} seen;

static enum gh_code
frame(struct beside *b, const struct wire_event *e, struct gh_arena *a, struct gh_err *err)
{
	enum gh_code refuse = seen.refuse;

	(void)b;
	(void)a;
	if (e->kind != WIRE_J_LOG)
		return GH_OK;
	if (refuse != GH_OK)
		return gh_fail(err, refuse, "refused by the test");
	seen.frames++;
	return GH_OK;
}

static enum gh_code
keep(struct beside *b, struct gh_err *err)
{
	(void)b;
	(void)err;
	seen.kept++;
	return GH_OK;
}

static enum gh_code
settle(struct beside *b, enum wire_outcome outcome, const char *sentence, struct gh_err *err)
{
	(void)b;
	(void)err;
	seen.ends++;
	seen.outcome = outcome;
	(void)snprintf(seen.sentence, sizeof(seen.sentence), "%s", sentence);
	return GH_OK;
}

static void
freed(struct runner *r)
{
	(void)r;
	seen.freed++;
}

static const struct beside_kind kind = {
	.name = "beside", .frame = frame, .keep = keep, .settle = settle, .freed = freed
};

static void
begin(struct fixture_runner *f, struct beside *b)
{
	memset(&seen, 0, sizeof(seen));
	f->runner->config->jobs = fake_job_folder;
	f->runner->config->job = fake_job_self;
	beside_name(b, f->runner, &kind, 7);
}

static void
start(struct fixture_runner *f, struct beside *b, const char *does, int64_t limit_us)
{
	const struct wire_spec spec = {
		.id = 7, .backup_folder = fake_job_folder, .reason = does, .plan_digest = "", .intent_xid = ""
	};
	struct job_order o = { .kind = "beside", .id = 7, .spec = &spec, .passfile = -1 };

	begin(f, b);
	assert_int_equal(beside_start(b, &o, limit_us, &f->err), GH_OK);
}

static void
until(struct fixture_runner *f, const int *what, int least)
{
	int i;

	for (i = 0; *what < least; i++) {
		assert_true(i < 1200);
		assert_int_equal(loop_turn(f->runner->loop, GH_SECOND / 20, &f->err), GH_OK);
	}
}

static void
nothing_is_left(const struct beside *b)
{
	assert_int_equal(b->id, 0);
	assert_int_not_equal(access(fake_job_file("beside.7.journal"), F_OK), 0);
	assert_int_not_equal(access(fake_job_file("beside.7"), F_OK), 0);
	(void)unlink(fake_job_file("go"));
}

static void
each_frame_is_read_once(void **state)
{
	struct fixture_runner *f = *state;
	struct beside b;

	start(f, &b, "much", GH_HOUR);
	until(f, &seen.frames, 3 * BESIDE_BATCH);
	assert_int_equal(seen.freed, 0);
	fake_job_put("go", "");
	until(f, &seen.freed, 1);
	assert_int_equal(seen.frames, 3 * BESIDE_BATCH + 1);
	assert_true(seen.kept >= 4);
	assert_int_equal(seen.outcome, WIRE_SUCCEEDED);
	assert_string_equal(seen.sentence, "Done.");
	nothing_is_left(&b);
}

static void
what_the_store_cannot_take_now_is_read_again(void **state)
{
	struct fixture_runner *f = *state;
	struct beside b;
	int i;

	start(f, &b, "", GH_HOUR);
	seen.refuse = GH_UNAVAILABLE;
	fake_job_put("go", "");
	for (i = 0; i < 1200 && access(fake_job_file("beside.7.journal"), F_OK) == 0 && b.pid != 0; i++)
		assert_int_equal(loop_turn(f->runner->loop, GH_SECOND / 20, &f->err), GH_OK);
	assert_int_equal(seen.frames, 0);
	seen.refuse = GH_OK;
	until(f, &seen.freed, 1);
	assert_int_equal(seen.frames, 2);
	assert_int_equal(seen.outcome, WIRE_SUCCEEDED);
	nothing_is_left(&b);
}

static void
one_that_takes_too_long_is_asked_and_then_ended(void **state)
{
	struct fixture_runner *f = *state;
	struct beside b;
	int i;

	start(f, &b, "", 0);
	until(f, &seen.freed, 1);
	assert_int_equal(seen.outcome, 0);
	assert_string_equal(seen.sentence, "it took too long and was ended");
	nothing_is_left(&b);
	start(f, &b, "deaf", GH_HOUR);
	until(f, &seen.frames, 1);
	b.until = 0;
	for (i = 0; i < 1200 && !b.asked; i++)
		assert_int_equal(loop_turn(f->runner->loop, GH_SECOND / 20, &f->err), GH_OK);
	assert_true(b.asked);
	assert_int_equal(seen.freed, 0);
	assert_int_not_equal(b.pid, 0);
	b.until = 0;
	until(f, &seen.freed, 1);
	assert_string_equal(seen.sentence, "it took too long and was ended");
	nothing_is_left(&b);
}

/* As when its time is over, by other words. */
static void
one_that_nobody_wants_is_asked_and_then_ended(void **state)
{
	struct fixture_runner *f = *state;
	struct beside b;

	start(f, &b, "", GH_HOUR);
	until(f, &seen.frames, 1);
	beside_cancel(&b, "nobody wants it");
	assert_true(b.asked);
	/* Who is late changes nothing. */
	beside_cancel(&b, "me neither");
	until(f, &seen.freed, 1);
	assert_int_equal(seen.outcome, 0);
	assert_string_equal(seen.sentence, "nobody wants it");
	nothing_is_left(&b);
	start(f, &b, "deaf", GH_HOUR);
	until(f, &seen.frames, 1);
	beside_cancel(&b, "nobody wants it");
	assert_int_not_equal(b.pid, 0);
	assert_true(b.until > gh_clock_mono() && b.until <= gh_clock_mono() + BESIDE_GRACE_US);
	b.until = 0;
	until(f, &seen.freed, 1);
	assert_string_equal(seen.sentence, "nobody wants it");
	nothing_is_left(&b);
}

static void
what_succeeded_all_the_same_has(void **state)
{
	struct fixture_runner *f = *state;
	struct beside b;

	start(f, &b, "deaf", GH_HOUR);
	until(f, &seen.frames, 1);
	beside_cancel(&b, "nobody wants it");
	fake_job_put("go", "");
	until(f, &seen.freed, 1);
	assert_int_equal(seen.outcome, WIRE_SUCCEEDED);
	assert_string_equal(seen.sentence, "Done.");
	nothing_is_left(&b);
	start(f, &b, "stays", GH_HOUR); /* though all is said */
	fake_job_put("go", "");
	until(f, &seen.ends, 1);
	assert_true(b.pid != 0 && b.until <= gh_clock_mono() + BESIDE_GRACE_US);
	b.until = 0;
	until(f, &seen.freed, 1);
	assert_int_equal(seen.outcome, WIRE_SUCCEEDED);
	nothing_is_left(&b);
}

/* Whether it lives is only found out by looking. */
static void
another_runners_can_be_cancelled(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_follow at;
	struct beside b;
	pid_t pid;

	start(f, &b, "", GH_HOUR);
	until(f, &seen.frames, 1);
	at = b.at;
	pid = b.pid;
	beside_stop(&b);
	begin(f, &b);
	b.at = at;
	b.said = pid;
	beside_adopt(&b, GH_HOUR);
	beside_cancel(&b, "nobody wants it");
	assert_false(b.asked);
	until(f, &seen.freed, 1);
	assert_string_equal(seen.sentence, "nobody wants it");
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	nothing_is_left(&b);
}

static void
its_own_words_are_said_of_one_whose_time_is_over(void **state)
{
	struct fixture_runner *f = *state;
	struct beside b;

	start(f, &b, "", GH_HOUR);
	until(f, &seen.frames, 1);
	(void)snprintf(b.late, sizeof(b.late), "an hour is over");
	b.until = 0;
	until(f, &seen.freed, 1);
	assert_string_equal(seen.sentence, "an hour is over");
	nothing_is_left(&b);
}

static void
what_nobody_can_read_ends_it(void **state)
{
	struct fixture_runner *f = *state;
	struct beside b;

	start(f, &b, "", GH_HOUR);
	seen.refuse = GH_BAD_INPUT;
	until(f, &seen.freed, 1);
	assert_int_equal(seen.outcome, 0);
	assert_string_equal(seen.sentence, "refused by the test");
	nothing_is_left(&b);
}

static void
another_runners_is_taken_up(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_follow at;
	struct beside b;
	pid_t pid;

	start(f, &b, "", GH_HOUR);
	until(f, &seen.frames, 1);
	at = b.at;
	pid = b.pid;
	beside_stop(&b);
	begin(f, &b);
	b.at = at;
	beside_adopt(&b, GH_HOUR);
	fake_job_put("go", "");
	until(f, &seen.freed, 1);
	assert_int_equal(seen.frames, 1);
	assert_int_equal(seen.outcome, WIRE_SUCCEEDED);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	nothing_is_left(&b);
}

static void
one_without_a_journal_is_over(void **state)
{
	struct fixture_runner *f = *state;
	struct beside b;

	begin(f, &b);
	beside_adopt(&b, GH_HOUR);
	until(f, &seen.freed, 1);
	assert_int_equal(seen.outcome, 0);
	assert_string_equal(seen.sentence, "it was never started: nothing was done");
	nothing_is_left(&b);
	/* Nobody has the lock of this one: it is fenced before it is given up. */
	begin(f, &b);
	fake_job_put("beside.7.journal", "");
	beside_adopt(&b, GH_HOUR);
	until(f, &seen.freed, 1);
	assert_int_equal(seen.outcome, WIRE_FAILED_CLEAN);
	assert_string_equal(seen.sentence, "it was never started: nothing was done");
	nothing_is_left(&b);
}

static void
only_what_belongs_to_nobody_is_swept(void **state)
{
	struct fixture_runner *f = *state;
	struct beside b;

	begin(f, &b);
	fake_job_put("beside.7.journal", "");
	fake_job_put("beside.8.journal", "");
	fake_job_put("besides.8.journal", "");
	assert_int_equal(mkdir(fake_job_file("beside.8"), 0700), 0);
	fake_job_put("beside.8/postmaster.pid", "");
	beside_sweep(f->runner, &kind, &b, 1);
	assert_int_equal(access(fake_job_file("beside.7.journal"), F_OK), 0);
	assert_int_not_equal(access(fake_job_file("beside.8.journal"), F_OK), 0);
	assert_int_not_equal(access(fake_job_file("beside.8"), F_OK), 0);
	fake_job_until_clear(f);
	assert_int_equal(unlink(fake_job_file("besides.8.journal")), 0);
	assert_int_equal(unlink(fake_job_file("beside.7.journal")), 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(each_frame_is_read_once),
		FIXTURE_TEST(what_the_store_cannot_take_now_is_read_again),
		FIXTURE_TEST(one_that_takes_too_long_is_asked_and_then_ended),
		FIXTURE_TEST(one_that_nobody_wants_is_asked_and_then_ended),
		FIXTURE_TEST(what_succeeded_all_the_same_has),
		FIXTURE_TEST(another_runners_can_be_cancelled),
		FIXTURE_TEST(its_own_words_are_said_of_one_whose_time_is_over),
		FIXTURE_TEST(what_nobody_can_read_ends_it),
		FIXTURE_TEST(another_runners_is_taken_up),
		FIXTURE_TEST(one_without_a_journal_is_over),
		FIXTURE_TEST(only_what_belongs_to_nobody_is_swept),
	};

	if (argc == 3 && strcmp(argv[1], "beside") == 0)
		return job();
	return cmocka_run_group_tests_name("runner/beside", tests, fake_job_group_start, fake_job_group_stop);
}
