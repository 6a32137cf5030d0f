#include "base/ban.h"
#include "base/clock.h"
#include "base/io.h"
#include "runner/task_job.h"
#include "runner/work.h"
#include "tests/support/fake_job.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/task_rig.h"

#include <sys/wait.h>

/* Tasks that end before they are done: cancelled, or because their time is over. */

static const char *
state_of(struct fixture_runner *f, int64_t id)
{
	return gh_strdup(&f->arena,
	    fixture_value(f, "SELECT state || '|' || text || '|' || cancelled FROM task WHERE id = ?1", id));
}

/* As the command writes it. */
static void
cancel(struct fixture_runner *f, int64_t id)
{
	fixture_ok(f, store_task_cancel(f->runner->store, id, "lead: enough", &f->err));
}

static void
a_cancelled_one_says_who_and_why(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id, next;

	task_rig_begin(f);
	id = task_rig_take(f, "shop_production", "");
	next = task_rig_take(f, "shop_development", "");
	task_kick(f->runner);
	fake_job_until(f, "SELECT count(*) FROM backup", "2");
	cancel(f, id);
	task_kick(f->runner);
	task_kick(f->runner);
	fake_job_until(f, TASK_RIG_STATES, "failed,running");
	assert_string_equal(state_of(f, id), "failed|cancelled by lead: enough|lead: enough");
	fixture_entry(f, "runner", "task.failed", "task/1", "failed");
	assert_string_equal(state_of(f, next), "running||");
	task_rig_go();
	fake_job_until(f, TASK_RIG_STATES, "failed,done");
	task_rig_end(f);
}

/* It is neither better nor worse than it was. */
static void
the_backup_of_a_cancelled_proof_stays_as_it_was(void **state)
{
	static const char is[] = "SELECT level || '|' || broken FROM backup WHERE id = ?1";
	struct fixture_runner *f = *state;
	int64_t backup, id;

	task_rig_begin(f);
	backup = fixture_backup_of(f, "shop_production", "listed");
	id = task_rig_prove(f, backup, "");
	task_kick(f->runner);
	fake_job_until(f, "SELECT pid > 0 FROM task", "1");
	cancel(f, id);
	task_kick(f->runner);
	fake_job_until(f, TASK_RIG_STATES, "failed");
	assert_string_equal(fixture_value(f, is, backup), "listed|");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM proof", 0), "0");
	task_rig_end(f);
}

/* The runner was killed between what the command wrote and what its job is told. */
static void
the_next_runner_still_knows_it(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id, pid = 0;

	task_rig_begin(f);
	id = task_rig_take(f, "shop_production", "");
	task_kick(f->runner);
	fake_job_until(f, "SELECT count(*) FROM backup", "1");
	assert_true(gh_parse_i64(fixture_value(f, "SELECT pid FROM task", 0), 2, INT32_MAX, &pid));
	cancel(f, id);
	work_stop(f->runner);
	task_rig_work(f);
	fake_job_until(f, TASK_RIG_STATES, "failed");
	assert_string_equal(state_of(f, id), "failed|cancelled by lead: enough|lead: enough");
	assert_int_equal(waitpid((pid_t)pid, NULL, 0), pid);
	task_rig_end(f);
}

/* Both were killed: whoever cancelled it has what was wanted. */
static void
one_whose_job_is_gone_meanwhile_is_cancelled_all_the_same(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id, pid = 0;

	task_rig_begin(f);
	id = task_rig_take(f, "shop_production", "");
	task_kick(f->runner);
	fake_job_until(f, "SELECT count(*) FROM backup", "1");
	assert_true(gh_parse_i64(fixture_value(f, "SELECT pid FROM task", 0), 2, INT32_MAX, &pid));
	cancel(f, id);
	work_stop(f->runner);
	assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
	assert_int_equal(waitpid((pid_t)pid, NULL, 0), pid);
	task_rig_work(f);
	fake_job_until(f, TASK_RIG_STATES, "failed");
	assert_string_equal(task_rig_text(f, id), "cancelled by lead: enough");
	task_rig_end(f);
}

static void
one_that_takes_too_long_names_the_setting(void **state)
{
	struct fixture_runner *f = *state;
	struct config_backup *b, was;
	int64_t take, prove;

	task_rig_begin(f);
	b = &f->runner->config->targets[1].backup;
	was = *b;
	assert_string_equal(f->runner->config->targets[1].name, "shop_production");
	b->timeout_ms = 20;
	take = task_rig_take(f, "shop_production", "");
	task_kick(f->runner);
	fake_job_until(f, TASK_RIG_STATES, "failed");
	assert_string_equal(task_rig_text(f, take),
	    "it took longer than 20ms and was ended: so long it may take by backup_timeout");
	b->prove_timeout_ms = 1000;
	prove = task_rig_prove(f, fixture_backup_of(f, "shop_production", "written"), "");
	task_kick(f->runner);
	fake_job_until(f, TASK_RIG_STATES, "failed,failed");
	assert_string_equal(task_rig_text(f, prove),
	    "it took longer than 1s and was ended: so long it may take by prove_timeout");
	*b = was;
	task_rig_end(f);
}

static void
how_long_one_may_take(void **state)
{
	struct fixture_runner *f = *state;
	struct task_job t = { .beside = { .runner = f->runner } };
	struct store_task row = { .kind = "take", .target = "shop_production" };

	fixture_shop(f);
	assert_int_equal(task_limit(&t, &row), 48 * GH_HOUR);
	assert_string_equal(
	    t.beside.late, "it took longer than 2d and was ended: so long it may take by backup_timeout");
	row.kind = "prove";
	assert_int_equal(task_limit(&t, &row), 48 * GH_HOUR);
	assert_non_null(strstr(t.beside.late, "prove_timeout"));
	row.target = "gone";
	t.beside.late[0] = '\0';
	assert_int_equal(task_limit(&t, &row), 48 * GH_HOUR);
	row.kind = "outside";
	assert_int_equal(task_limit(&t, &row), 15 * GH_MINUTE);
	assert_string_equal(t.beside.late, "");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_cancelled_one_says_who_and_why),
		FIXTURE_TEST(the_backup_of_a_cancelled_proof_stays_as_it_was),
		FIXTURE_TEST(the_next_runner_still_knows_it),
		FIXTURE_TEST(one_whose_job_is_gone_meanwhile_is_cancelled_all_the_same),
		FIXTURE_TEST(one_that_takes_too_long_names_the_setting),
		FIXTURE_TEST(how_long_one_may_take),
	};

	if (argc == 3)
		return task_rig_job(argv[1]);
	return cmocka_run_group_tests_name(
	    "runner/task_end", tests, fake_job_group_start, fake_job_group_stop);
}
