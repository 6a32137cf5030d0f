#include "base/ban.h"
#include "base/io.h"
#include "runner/job.h"
#include "runner/outbox.h"
#include "runner/work_state.h"
#include "tests/support/fake_job.h"
#include "tests/support/fixture_message.h"

/* What it does is in FOLDER/do; ca_file says where the folder is. */
static int
job(const char *id)
{
	struct fake_job j;
	int code = fake_job_open(&j);
	const struct wire_spec *spec = &j.spec;
	GH_TEXT secret = { 0 };
	GH_TEXT order = { 0 };

	if (code != 0)
		return code;
	if (gh_read_all(WIRE_PASSFILE_FD, 4096, &secret, NULL) != GH_OK)
		return 6;
	if (gh_file_read(gh_printf(&j.arena, "%s/do", spec->ca_file), 100, &order, NULL) != GH_OK)
		return 7;
	if (strcmp(gh_text_str(&order), "wait") == 0) {
		fake_job_wait(gh_printf(&j.arena, "%s/go", spec->ca_file));
		order.data[0] = 'o';
	}
	if (order.data[0] == 'd')
		return 9;
	if (strcmp(gh_text_str(&secret), "https://secret.example.com/hook") != 0 ||
	    strcmp(gh_printf(&j.arena, "%" PRId64, spec->id), id) != 0 ||
	    strcmp(spec->channel, "slack") != 0 || strcmp(spec->subject, "subject") != 0 ||
	    strcmp(spec->event, "approval") != 0 || spec->n_options != 1 ||
	    strcmp(spec->options[0].value, "dba@example.com") != 0)
		fake_job_end(&j, WIRE_NEEDS_PERSON, "the spec is not as it should be");
	else if (order.data[0] == 'a')
		fake_job_end(&j, WIRE_FAILED_CLEAN, "not now");
	else if (order.data[0] == 'n')
		fake_job_end(&j, WIRE_NEEDS_PERSON, "never");
	else
		fake_job_end(&j, WIRE_SUCCEEDED, "taken");
	return 0;
}

static void
begin(struct fixture_runner *f, const char *what)
{
	struct runner *r = f->runner;
	static char secret[PATH_MAX];

	fake_job_put("do", what);
	fake_job_put("secret", "https://secret.example.com/hook\n");
	(void)snprintf(secret, sizeof(secret), "%s", fake_job_file("secret"));
	fixture_notify(f);
	fixture_channels[0].url_file = secret;
	fixture_channels[1].url_file = secret;
	fixture_channels[0].ca_file = fake_job_folder;
	fixture_channels[1].ca_file = fake_job_folder;
	fixture_channels[1].kind = "slack";
	r->config->jobs = fake_job_folder;
	r->config->job = fake_job_self;
	if (r->work == NULL)
		r->work = calloc(1, sizeof(*r->work));
	assert_non_null(r->work);
}

static void
start(struct fixture_runner *f)
{
	assert_int_equal(outbox_start(f->runner, &f->err), GH_OK);
}

static void
end(struct fixture_runner *f)
{
	outbox_stop(f->runner);
	free(f->runner->work);
	f->runner->work = NULL;
	fixture_channels[1].kind = "webhook";
	(void)unlink(fake_job_file("do"));
	(void)unlink(fake_job_file("go"));
	(void)unlink(fake_job_file("secret"));
}

#define STATES                                                                                               \
	"SELECT group_concat(state || attempts || text) FROM (SELECT state, attempts, text FROM delivery "   \
	"ORDER "                                                                                             \
	"BY id)"

static const char *
states(struct fixture_runner *f)
{
	return fixture_value(f, STATES, 0);
}

static void
until(struct fixture_runner *f, const char *want)
{
	fake_job_until(f, STATES, want);
}

static void
sends_what_is_due(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, "ok");
	(void)fixture_delivery(f, "waiting");
	start(f);
	until(f, "sent1taken");
	assert_int_not_equal(access(fake_job_file("notify.1.1.journal"), F_OK), 0);
	end(f);
}

static void
tries_again_with_growing_delays_and_gives_up(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, "again");
	(void)fixture_delivery(f, "waiting");
	start(f);
	until(f, "failed3not now (tried 3 times)");
	end(f);
	assert_int_equal(outbox_backoff(GH_MINUTE, 1), GH_MINUTE);
	assert_int_equal(outbox_backoff(GH_MINUTE, 2), 2 * GH_MINUTE);
	assert_int_equal(outbox_backoff(GH_MINUTE, 6), 32 * GH_MINUTE);
	assert_int_equal(outbox_backoff(GH_MINUTE, 7), GH_HOUR);
	assert_int_equal(outbox_backoff(GH_MINUTE, 60), GH_HOUR);
}

static void
never_tries_again_what_cannot_succeed(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, "never");
	(void)fixture_delivery(f, "waiting");
	start(f);
	until(f, "failed1never");
	end(f);
}

static void
a_job_that_dies_is_a_failed_attempt(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, "die");
	fixture_channels[0].attempts = 1;
	(void)fixture_delivery(f, "waiting");
	start(f);
	until(f, "failed1the job ended with status 9 before it said how it went (tried 1 times)");
	fixture_channels[0].attempts = 3;
	end(f);
}

static void
a_secret_that_others_may_read_is_not_used(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, "ok");
	fixture_channels[0].attempts = 1;
	assert_int_equal(chmod(fake_job_file("secret"), 0644), 0);
	(void)fixture_delivery(f, "waiting");
	start(f);
	until(f,
	    gh_printf(&f->arena, "failed1%s has mode 0644: chmod 0600 it (tried 1 times)",
		fake_job_file("secret")));
	fixture_channels[0].attempts = 3;
	end(f);
}

static void
a_channel_that_has_gone_fails_at_once(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, "ok");
	(void)fixture_delivery(f, "waiting");
	f->runner->config->n_notify = 0;
	start(f);
	until(f, "failed0the channel \"chat\" is no longer in the configuration");
	end(f);
}

static void
one_a_channel_and_two_at_once(void **state)
{
	struct fixture_runner *f = *state;
	int i;

	begin(f, "wait");
	(void)fixture_delivery(f, "waiting");
	(void)fixture_delivery(f, "waiting");
	(void)fixture_delivery(f, "waiting");
	assert_int_equal(sqlite3_exec(f->runner->store->db,
			     "UPDATE delivery SET channel = 'prod' WHERE id = 3", NULL, NULL, NULL),
	    0);
	start(f);
	for (i = 0; i < 10; i++)
		assert_int_equal(loop_turn(f->runner->loop, GH_SECOND / 20, &f->err), GH_OK);
	assert_string_equal(states(f), "sending1,waiting0,sending1");
	fake_job_put("go", "");
	/* The webhook "prod" has no contact. */
	until(f, "sent1taken,sent1taken,failed1the spec is not as it should be");
	end(f);
}

/* A second slot is free, but the channel is busy. */
static void
a_channel_gets_one_at_a_time(void **state)
{
	struct fixture_runner *f = *state;
	int i;

	begin(f, "wait");
	(void)fixture_delivery(f, "waiting");
	(void)fixture_delivery(f, "waiting");
	start(f);
	for (i = 0; i < 10; i++)
		assert_int_equal(loop_turn(f->runner->loop, GH_SECOND / 20, &f->err), GH_OK);
	assert_string_equal(states(f), "sending1,waiting0");
	fake_job_put("go", "");
	until(f, "sent1taken,sent1taken");
	end(f);
}

/* Whether a job has come as far as to lock that journal. */
static bool
works(const char *journal)
{
	GH_FD int fd = open(journal, O_RDWR | O_CLOEXEC);
	bool alive = false;

	return fd >= 0 && job_alive(fd, &alive, NULL) == GH_OK && alive;
}

/* The runner ends while the job goes on; the next one waits for it and sends nothing twice. */
static void
another_runner_takes_up_what_is_on_its_way(void **state)
{
	struct fixture_runner *f = *state;
	int i;

	begin(f, "wait");
	(void)fixture_delivery(f, "waiting");
	start(f);
	for (i = 0; i < 1200 && !works(fake_job_file("notify.1.1.journal")); i++)
		assert_int_equal(loop_turn(f->runner->loop, GH_SECOND / 20, &f->err), GH_OK);
	assert_true(i < 1200);
	outbox_stop(f->runner);
	start(f);
	for (i = 0; i < 20; i++)
		assert_int_equal(loop_turn(f->runner->loop, GH_SECOND / 20, &f->err), GH_OK);
	assert_string_equal(states(f), "sending1");
	fake_job_put("go", "");
	until(f, "sent1taken");
	end(f);
}

/* "sending" in the store and no job anywhere: sent again, now. */
static void
what_was_only_claimed_is_sent_again(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, "ok");
	(void)fixture_delivery(f, "sending");
	fake_job_put("notify.7.1.journal", ""); /* of nobody */
	start(f);
	assert_int_not_equal(access(fake_job_file("notify.7.1.journal"), F_OK), 0);
	until(f, "sent2taken");
	end(f);
}

/* A journal that is empty and that nobody holds: its job never began, and never will. */
static void
an_empty_journal_is_fenced(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, "ok");
	(void)fixture_delivery(f, "sending");
	fake_job_put("notify.1.1.journal", "");
	start(f);
	until(f, "sent2taken");
	end(f);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(sends_what_is_due),
		FIXTURE_TEST(tries_again_with_growing_delays_and_gives_up),
		FIXTURE_TEST(never_tries_again_what_cannot_succeed),
		FIXTURE_TEST(a_job_that_dies_is_a_failed_attempt),
		FIXTURE_TEST(a_secret_that_others_may_read_is_not_used),
		FIXTURE_TEST(a_channel_that_has_gone_fails_at_once),
		FIXTURE_TEST(one_a_channel_and_two_at_once),
		FIXTURE_TEST(a_channel_gets_one_at_a_time),
		FIXTURE_TEST(another_runner_takes_up_what_is_on_its_way),
		FIXTURE_TEST(what_was_only_claimed_is_sent_again),
		FIXTURE_TEST(an_empty_journal_is_fenced),
	};

	if (argc == 3 && strcmp(argv[1], WIRE_JOB_NOTIFY) == 0)
		_exit(job(argv[2])); /* what it has is not looked for leaks */
	return cmocka_run_group_tests_name("runner/outbox", tests, fake_job_group_start, fake_job_group_stop);
}
