#include "base/ban.h"
#include "tests/support/fake_job.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/fixture_message.h"
#include "tests/support/task_rig.h"

/* A task's journal as rows, and its end in ledger and messages. */

static void
a_backup_is_taken_and_shown_while_it_is(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	task_rig_begin(f);
	id = task_rig_take(f, "shop_production", "for the auditors");
	assert_string_equal(fixture_value(f, TASK_RIG_STATES, 0), "queued");
	task_kick(f->runner);
	fake_job_until(f,
	    "SELECT state || ' ' || activity || ' ' || note || ' ' || done || '/' || total || unit || since "
	    "FROM "
	    "task",
	    "running dump table public.orders 5/10bytes7");
	task_rig_go();
	fake_job_until(f, TASK_RIG_STATES, "done");
	assert_string_equal(task_rig_text(f, id), "All is well.");
	assert_string_equal(
	    fixture_value(f,
		"SELECT kind || ' ' || file || ' ' || level || ' ' || table_count || ' ' || plain_size || "
		"' ' || fingerprint FROM backup WHERE person_id IS NOT NULL AND run_id IS NULL AND id = "
		"(SELECT backup_id FROM task)",
		0),
	    "hand shop_production1.dump written 2 9 abc");
	assert_string_equal(fixture_value(f, "SELECT group_concat(name || rows) FROM backup_table", 0),
	    "public.a4,public.b5");
	fixture_entry(f, "runner", "task.done", "task/1", "ok");
	task_rig_end(f);
}

static void
a_proof_makes_a_backup_green(void **state)
{
	struct fixture_runner *f = *state;

	task_rig_begin(f);
	(void)task_rig_prove(f, fixture_backup_of(f, "shop_production", "written"), "");
	task_rig_go();
	task_kick(f->runner);
	fake_job_until(f, TASK_RIG_STATES, "done");
	assert_string_equal(
	    fixture_value(f, "SELECT level || broken || proved_at || ' ' || prove_us FROM backup", 0),
	    "counted30 25");
	assert_string_equal(fixture_value(f, "SELECT group_concat(restored) FROM backup_table", 0), "4,5");
	assert_string_equal(
	    fixture_value(f, "SELECT count(*) || ' ' || min(task_id) || max(state) FROM proof", 0), "4 1ok");
	task_rig_end(f);
}

static void
a_proof_that_fails_makes_it_red_and_is_told(void **state)
{
	struct fixture_runner *f = *state;

	task_rig_begin(f);
	fixture_notify(f);
	(void)task_rig_prove(f, fixture_backup_of(f, "shop_production", "written"), "broken");
	task_rig_go();
	task_kick(f->runner);
	fake_job_until(f, TASK_RIG_STATES, "done");
	assert_string_equal(fixture_value(f, "SELECT level || ', ' || broken FROM backup", 0),
	    "checksummed, a table is not in it");
	fixture_entry(f, "runner", "task.done", "task/1", "failed");
	assert_string_equal(
	    fixture_value(
		f, "SELECT event || ' ' || task_id || ' ' || subject || ': ' || body FROM message", 0),
	    "failed 1 A backup of shop_production is broken: It is broken.");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM delivery", 0), "1");
	task_rig_end(f);
}

static void
what_says_nothing_about_the_backup_leaves_it(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	task_rig_begin(f);
	fixture_notify(f);
	id = task_rig_prove(f, fixture_backup_of(f, "shop_production", "written"), "fails");
	task_rig_go();
	task_kick(f->runner);
	fake_job_until(f, TASK_RIG_STATES, "failed");
	assert_string_equal(task_rig_text(f, id), "the scratch server is down");
	assert_string_equal(fixture_value(f, "SELECT level || broken FROM backup", 0), "written");
	fixture_entry(f, "runner", "task.failed", "task/1", "failed");
	assert_string_equal(fixture_value(f, "SELECT subject FROM message", 0),
	    "A backup of shop_production could not be proved");
	task_rig_end(f);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_backup_is_taken_and_shown_while_it_is),
		FIXTURE_TEST(a_proof_makes_a_backup_green),
		FIXTURE_TEST(a_proof_that_fails_makes_it_red_and_is_told),
		FIXTURE_TEST(what_says_nothing_about_the_backup_leaves_it),
	};

	if (argc == 3)
		return task_rig_job(argv[1]);
	return cmocka_run_group_tests_name(
	    "runner/task_rows", tests, fake_job_group_start, fake_job_group_stop);
}
