#include "base/ban.h"
#include "base/io.h"
#include "runner/queue.h"
#include "runner/work.h"
#include "tests/support/fake_job.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/task_rig.h"

#include <sys/wait.h>

/* The queue, and what becomes of tasks when jobs or runners end. */

static void
a_job_that_dies_fails_its_task(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	task_rig_begin(f);
	id = task_rig_take(f, "shop_production", "dies");
	task_kick(f->runner);
	fake_job_until(f, "SELECT count(*) FROM backup", "1");
	task_rig_go();
	fake_job_until(f, TASK_RIG_STATES, "failed");
	assert_string_equal(task_rig_text(f, id), "its job ended with status 7 before it said how it went");
	task_rig_end(f);
}

static void
a_job_that_cannot_be_started_fails_its_task(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	task_rig_begin(f);
	f->runner->config->job = "/nonexistent/gatehouse-job";
	id = task_rig_take(f, "shop_production", "");
	task_kick(f->runner);
	assert_string_equal(fixture_value(f, TASK_RIG_STATES, 0), "failed");
	assert_non_null(strstr(task_rig_text(f, id), "cannot start /nonexistent"));
	task_rig_end(f);
}

static void
a_journal_that_nobody_can_read_ends_the_job(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	task_rig_begin(f);
	id = task_rig_take(f, "shop_production", "corrupt");
	task_kick(f->runner);
	/* It would wait for a file that never comes. */
	fake_job_until(f, TASK_RIG_STATES, "failed");
	assert_non_null(strstr(task_rig_text(f, id), "the journal is corrupt"));
	task_rig_end(f);
}

static void
the_next_runner_goes_on_where_the_last_one_was(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	task_rig_begin(f);
	id = task_rig_take(f, "shop_production", "");
	task_kick(f->runner);
	fake_job_until(f, "SELECT count(*) FROM backup_table", "2");
	work_stop(f->runner);
	task_rig_work(f);
	task_rig_go();
	fake_job_until(f, TASK_RIG_STATES, "done");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM backup", 0), "1");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM backup_table", 0), "2");
	assert_string_equal(task_rig_text(f, id), "All is well.");
	task_rig_end(f);
}

static void
the_next_runner_knows_that_a_proof_has_failed(void **state)
{
	struct fixture_runner *f = *state;

	task_rig_begin(f);
	(void)task_rig_prove(f, fixture_backup_of(f, "shop_production", "written"), "broken");
	task_kick(f->runner);
	fake_job_until(f, "SELECT count(*) FROM proof", "2");
	work_stop(f->runner);
	task_rig_work(f);
	task_rig_go();
	fake_job_until(f, TASK_RIG_STATES, "done");
	fixture_entry(f, "runner", "task.done", "task/1", "failed");
	task_rig_end(f);
}

static void
the_next_runner_finds_what_ended_meanwhile(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id, pid = 0;

	task_rig_begin(f);
	id = task_rig_take(f, "shop_production", "");
	task_kick(f->runner);
	fake_job_until(f, "SELECT pid > 0 FROM task", "1");
	assert_true(gh_parse_i64(fixture_value(f, "SELECT pid FROM task", 0), 2, INT32_MAX, &pid));
	work_stop(f->runner);
	assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
	assert_int_equal(waitpid((pid_t)pid, NULL, 0), pid);
	task_rig_work(f);
	fake_job_until(f, TASK_RIG_STATES, "failed");
	assert_non_null(strstr(task_rig_text(f, id), "was ended before it said how it went"));
	task_rig_end(f);
}

static void
one_that_was_claimed_and_never_started_has_failed(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	task_rig_begin(f);
	id = task_rig_take(f, "shop_production", "");
	fixture_ok(f,
	    store_task_move(f->runner->store, id,
		&(struct store_task_move){ .from = "queued", .to = "running", .text = "", .now = 6 },
		&f->err));
	work_stop(f->runner);
	/* An empty journal, as between its making and the job's lock, and what a dead job has left. */
	fake_job_put("task.1.journal", "");
	fake_job_put("task.99.journal", "");
	assert_int_equal(mkdir(fake_job_file("task.99"), 0700), 0);
	task_rig_work(f);
	assert_int_not_equal(access(fake_job_file("task.99.journal"), F_OK), 0);
	assert_int_not_equal(access(fake_job_file("task.99"), F_OK), 0);
	fake_job_until(f, TASK_RIG_STATES, "failed");
	assert_string_equal(task_rig_text(f, id), "it was never started: nothing was done");
	task_rig_end(f);
}

static void
one_of_a_target_and_two_in_all(void **state)
{
	struct fixture_runner *f = *state;
	struct config_target three[3];

	task_rig_begin(f);
	memcpy(three, f->runner->config->targets, 2 * sizeof(three[0]));
	three[2] = three[1];
	three[2].name = "shop_third";
	f->runner->config->targets = three;
	f->runner->config->n_targets = 3;
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db,
		"INSERT INTO target (name, project_id, environment, position, backup, approvals, "
		"lock_timeout_ms, statement_timeout_ms, rollback_on_failure, policy) "
		"SELECT 'shop_third', project_id, environment, position, backup, approvals, "
		"lock_timeout_ms, statement_timeout_ms, rollback_on_failure, policy FROM target "
		"WHERE name = 'shop_production'",
		NULL, NULL, NULL),
	    SQLITE_OK);
	(void)task_rig_take(f, "shop_production", "");
	(void)task_rig_prove(f, fixture_backup_of(f, "shop_production", "written"), "");
	(void)task_rig_take(f, "shop_development", "");
	(void)task_rig_take(f, "shop_third", "");
	task_kick(f->runner);
	fake_job_until(f, TASK_RIG_STATES, "running,queued,running,queued");
	task_kick(f->runner);
	assert_string_equal(fixture_value(f, TASK_RIG_STATES, 0), "running,queued,running,queued");
	task_rig_go();
	fake_job_until(f, TASK_RIG_STATES, "done,done,done,done");
	task_rig_end(f);
	f->runner->config->n_targets = 2;
}

static void
a_run_waits_for_a_backup(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run;

	task_rig_begin(f);
	(void)task_rig_take(f, "shop_development", "");
	task_kick(f->runner);
	(void)fixture_request(f, "shop_development", &run);
	queue_kick(f->runner);
	assert_string_equal(fixture_value(f, "SELECT state FROM run", 0), "queued");
	assert_non_null(strstr(fixture_value(f, "SELECT outcome FROM run", 0), "Waits for task 1"));
	task_rig_go();
	fake_job_until(f, TASK_RIG_STATES, "done");
	fake_job_until(f, "SELECT state <> 'queued' FROM run", "1");
	task_rig_end(f);
}

static void
a_backup_waits_for_a_run(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run;

	task_rig_begin(f);
	(void)fixture_request(f, "shop_development", &run);
	assert_int_equal(sqlite3_exec(f->runner->store->db,
			     "UPDATE run SET state = 'running', started_at = 5", NULL, NULL, NULL),
	    SQLITE_OK);
	(void)task_rig_take(f, "shop_development", "");
	task_kick(f->runner);
	assert_string_equal(fixture_value(f, TASK_RIG_STATES, 0), "queued");
	/* A proof has nothing to do with it. */
	(void)task_rig_prove(f, fixture_backup_of(f, "shop_production", "written"), "");
	task_kick(f->runner);
	assert_string_equal(fixture_value(f, TASK_RIG_STATES, 0), "queued,running");
	assert_int_equal(sqlite3_exec(f->runner->store->db,
			     "UPDATE run SET state = 'succeeded', ended_at = 6", NULL, NULL, NULL),
	    SQLITE_OK);
	task_kick(f->runner);
	assert_string_equal(fixture_value(f, TASK_RIG_STATES, 0), "running,running");
	task_rig_go();
	fake_job_until(f, TASK_RIG_STATES, "done,done");
	task_rig_end(f);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_job_that_dies_fails_its_task),
		FIXTURE_TEST(a_job_that_cannot_be_started_fails_its_task),
		FIXTURE_TEST(a_journal_that_nobody_can_read_ends_the_job),
		FIXTURE_TEST(the_next_runner_goes_on_where_the_last_one_was),
		FIXTURE_TEST(the_next_runner_knows_that_a_proof_has_failed),
		FIXTURE_TEST(the_next_runner_finds_what_ended_meanwhile),
		FIXTURE_TEST(one_that_was_claimed_and_never_started_has_failed),
		FIXTURE_TEST(one_of_a_target_and_two_in_all),
		FIXTURE_TEST(a_run_waits_for_a_backup),
		FIXTURE_TEST(a_backup_waits_for_a_run),
	};

	if (argc == 3)
		return task_rig_job(argv[1]);
	return cmocka_run_group_tests_name("runner/task", tests, fake_job_group_start, fake_job_group_stop);
}
