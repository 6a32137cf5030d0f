#include "base/ban.h"
#include "migration/plan.h"
#include "runner/follow.h"
#include "runner/job.h"
#include "runner/queue.h"
#include "runner/reconcile.h"
#include "runner/work_state.h"
#include "base/io.h"
#include "store/project_write.h"
#include "store/run_write.h"
#include "tests/support/fake_job.h"
#include "tests/support/fixture_backup.h"

/* Waits until the file FOLDER/go is there; ends with an outcome when its spec and environment are as they
 * should be. */
static int
job(const char *id)
{
	struct fake_job j;
	int code = fake_job_open(&j);
	struct stat st;

	if (code != 0)
		return code;
	fake_job_say_start(&j);
	fake_job_wait(gh_printf(&j.arena, "%s/go", j.spec.backup_folder));
	if (strcmp(gh_printf(&j.arena, "%" PRId64, j.spec.id), id) != 0 ||
	    getenv("PATH") != NULL || /* NOLINT(concurrency-mt-unsafe): one thread */
	    getsid(0) != getpid() || fstat(WIRE_PASSFILE_FD, &st) != 0 || (st.st_mode & 0777) != 0600)
		return 6;
	if (j.spec.has_key != (fstat(WIRE_KEY_FD, &st) == 0))
		return 7;
	fake_job_end(&j, WIRE_SUCCEEDED, j.spec.has_key ? "Applied, with a key." : "Applied.");
	return 0;
}

static void
begin(struct fixture_runner *f)
{
	struct runner *r = f->runner;
	struct config *c = r->config;

	fixture_shop(f);
	c->jobs = fake_job_folder;
	c->backups = fake_job_folder;
	c->pg_else.pg_dump = "/bin/false";
	c->pg_else.pg_restore = "/bin/false";
	c->job = fake_job_self;
	r->work = calloc(1, sizeof(*r->work));
	assert_non_null(r->work);
	assert_int_equal(reconcile_start(r, &f->err), GH_OK);
	assert_int_equal(follow_start(r, &f->err), GH_OK);
}

static void
end(struct fixture_runner *f)
{
	GH_ARENA a = { 0 };
	int64_t i;

	work_stop(f->runner);
	for (i = 1; i < 4; i++) {
		(void)unlink(job_journal_path(f->runner->config, &a, i));
		(void)unlink(job_reconcile_path(f->runner->config, &a, 1, i));
	}
	(void)unlink(fake_job_file("go"));
}

static void
go(void)
{
	fake_job_put("go", "");
}

/* Until the states of all runs are these. */
static void
until(struct fixture_runner *f, const char *want)
{
	fake_job_until(f, "SELECT group_concat(state) FROM (SELECT state FROM run ORDER BY id)", want);
}

static void
two_targets(struct fixture_runner *f)
{
	int64_t run;

	/* A second target that needs no approval. */
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db,
		"UPDATE target SET approvals = 0 WHERE name = 'shop_production'", NULL, NULL, NULL),
	    0);
	(void)fixture_request(f, "shop_development", &run);
	(void)fixture_request(f, "shop_production", &run);
}

static void
starts_what_is_queued_and_follows_it_to_its_end(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run;

	begin(f);
	(void)fixture_request(f, "shop_development", &run);
	queue_kick(f->runner);
	assert_string_equal(fixture_value(f, "SELECT state FROM run", 0), "running");
	assert_string_equal(fixture_value(f, "SELECT state FROM request", 0), "started");
	fixture_entry(f, "runner", "run.start", "run/1", "ok");
	queue_kick(f->runner);
	go();
	until(f, "succeeded");
	assert_string_equal(fixture_value(f, "SELECT state FROM request", 0), "done");
	fixture_entry(f, "runner", "run.succeeded", "run/1", "ok");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM ledger WHERE op = 'run.start'", 0), "1");
	end(f);
}

static void
runs_no_more_at_once_than_configured(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	f->runner->config->parallel_runs = 1;
	two_targets(f);
	queue_kick(f->runner);
	until(f, "running,queued");
	go();
	until(f, "succeeded,succeeded");
	end(f);
}

static void
runs_two_targets_side_by_side(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	two_targets(f);
	queue_kick(f->runner);
	until(f, "running,running");
	go();
	until(f, "succeeded,succeeded");
	end(f);
}

static void
lets_a_held_target_wait(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;

	begin(f);
	(void)fixture_request(f, "shop_development", &run);
	id = fixture_target_id(f, "shop_development");
	assert_int_equal(store_target_hold(f->runner->store, id, "run 9 is unknown", &f->err), GH_OK);
	queue_kick(f->runner);
	until(f, "queued");
	assert_int_equal(store_target_hold(f->runner->store, id, "", &f->err), GH_OK);
	go();
	queue_kick(f->runner);
	until(f, "succeeded");
	end(f);
}

static void
lets_a_run_wait_for_its_window(void **state)
{
	struct fixture_runner *f = *state;
	struct policy *p = &f->runner->config->targets[0].policy;
	const char *closed[] = { "0 0 29 2 * for 1h UTC" }, *open[] = { "* * * * * for 1h UTC" };
	int64_t run;

	begin(f);
	(void)fixture_request(f, "shop_development", &run);
	p->windows = closed;
	p->n_windows = 1;
	queue_kick(f->runner);
	until(f, "queued");
	assert_non_null(strstr(fixture_value(f, "SELECT outcome FROM run", 0), "waits for its window"));
	p->windows = open;
	go();
	queue_kick(f->runner);
	until(f, "succeeded");
	assert_string_equal(fixture_value(f, "SELECT window_end > started_at + 3000000000 FROM run", 0), "1");
	p->n_windows = 0;
	end(f);
}

static void
a_job_that_cannot_be_started_has_changed_nothing(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run;

	begin(f);
	f->runner->config->job = "/nonexistent/gatehouse-job";
	(void)fixture_request(f, "shop_development", &run);
	queue_kick(f->runner);
	until(f, "failed-clean");
	assert_non_null(strstr(fixture_value(f, "SELECT outcome FROM run", 0), "cannot start /nonexistent"));
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM incident", 0), "1");
	end(f);
}

static void
never_starts_a_journal_twice(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run;

	begin(f);
	(void)fixture_request(f, "shop_development", &run);
	gh_fd_done(&(int){ open(
	    job_journal_path(f->runner->config, &f->arena, run), O_CREAT | O_WRONLY | O_CLOEXEC, 0600) });
	queue_kick(f->runner);
	until(f, "failed-clean");
	assert_non_null(strstr(fixture_value(f, "SELECT outcome FROM run", 0), "was started before"));
	end(f);
}

static void
holds_the_target_of_a_job_that_was_killed(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, pid = 0;

	begin(f);
	(void)fixture_request(f, "shop_development", &run);
	queue_kick(f->runner);
	/* Begun: its START frame is in. */
	while (strcmp(fixture_value(f, "SELECT count(*) FROM event", 0), "0") == 0)
		assert_int_equal(loop_turn(f->runner->loop, GH_SECOND / 20, &f->err), GH_OK);
	assert_true(gh_parse_i64(fixture_value(f, "SELECT pid FROM run", 0), 2, INT32_MAX, &pid));
	assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
	f->runner->config->job = "/nonexistent/gatehouse-job";
	until(f, "unknown");
	assert_non_null(
	    strstr(fixture_value(f, "SELECT held FROM target WHERE id = ?1", 1), "how run 1 ended"));
	assert_non_null(strstr(fixture_value(f, "SELECT outcome FROM run", 0), "signal 9"));
	end(f);
}

/* The run is the restore of an encrypted backup of that target. */
static void
restores(struct fixture_runner *f, const char *target)
{
	int64_t id = fixture_backup_of(f, target, "counted");

	fixture_sql(f, gh_printf(&f->arena, "UPDATE backup SET encrypted_to = 'K' WHERE id = %" PRId64, id));
	fixture_sql(f,
	    gh_printf(&f->arena,
		"INSERT INTO plan_restore SELECT digest, %" PRId64
		", 'f', digest, 'K', 1, 1, '', 1, 1, 'd', 'e', 1 FROM plan",
		id));
}

/* Whether the run got what opens backups; it restores one of that target, NULL none. */
static bool
got_key(struct fixture_runner *f, bool encrypted, enum policy_level level, const char *of)
{
	struct config_target *t = f->runner->config->targets;
	int64_t run;
	bool ret;

	begin(f);
	fake_job_put("key", "secret");
	t->backup.key_file = gh_strdup(&f->arena, fake_job_file("key"));
	t->backup.encrypt_to = encrypted ? "K" : "";
	t->policy.backup = true;
	t->policy.backup_level = level;
	(void)fixture_request(f, "shop_development", &run);
	if (of != NULL)
		restores(f, of);
	queue_kick(f->runner);
	go();
	until(f, "succeeded");
	ret = strstr(fixture_value(f, "SELECT outcome FROM run", 0), "with a key") != NULL;
	t->backup.key_file = NULL;
	t->policy.backup = false;
	t->backup.encrypt_to = "";
	(void)unlink(fake_job_file("key"));
	end(f);
	return ret;
}

static void
a_run_that_opens_its_own_backup_gets_the_key(void **state)
{
	assert_true(got_key(*state, true, POLICY_LISTED, NULL));
}

static void
a_run_that_only_seals_gets_none(void **state)
{
	assert_false(got_key(*state, true, POLICY_CHECKSUMMED, NULL));
}

static void
a_run_whose_backups_are_in_the_clear_gets_none(void **state)
{
	assert_false(got_key(*state, false, POLICY_COUNTED, NULL));
}

static void
a_restore_gets_the_key_of_its_own_target_for_an_encrypted_backup(void **state)
{
	assert_true(got_key(*state, false, POLICY_WRITTEN, "shop_development"));
}

static void
a_restore_of_a_backup_of_another_target_gets_none(void **state)
{
	assert_false(got_key(*state, false, POLICY_WRITTEN, "shop_production"));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(starts_what_is_queued_and_follows_it_to_its_end),
		FIXTURE_TEST(runs_no_more_at_once_than_configured),
		FIXTURE_TEST(runs_two_targets_side_by_side),
		FIXTURE_TEST(lets_a_held_target_wait),
		FIXTURE_TEST(lets_a_run_wait_for_its_window),
		FIXTURE_TEST(a_job_that_cannot_be_started_has_changed_nothing),
		FIXTURE_TEST(never_starts_a_journal_twice),
		FIXTURE_TEST(holds_the_target_of_a_job_that_was_killed),
		FIXTURE_TEST(a_run_that_opens_its_own_backup_gets_the_key),
		FIXTURE_TEST(a_run_that_only_seals_gets_none),
		FIXTURE_TEST(a_run_whose_backups_are_in_the_clear_gets_none),
		FIXTURE_TEST(a_restore_gets_the_key_of_its_own_target_for_an_encrypted_backup),
		FIXTURE_TEST(a_restore_of_a_backup_of_another_target_gets_none),
	};

	if (argc == 3 && strcmp(argv[1], WIRE_JOB_RUN) == 0)
		return job(argv[2]);
	return cmocka_run_group_tests_name("runner/queue", tests, fake_job_group_start, fake_job_group_stop);
}
