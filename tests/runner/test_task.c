#include "base/ban.h"
#include "runner/task.h"
#include "base/io.h"
#include "runner/job.h"
#include "runner/queue.h"
#include "runner/reconcile.h"
#include "runner/follow.h"
#include "runner/work_state.h"
#include "tests/support/fake_job.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/fixture_message.h"

#include <sys/wait.h>

#define DIGEST "00000000000000000000000000000000000000000000000000000000000000aa"
#define STATES "SELECT group_concat(state) FROM (SELECT state FROM task ORDER BY id)"

/* ---- as the job: what it does is the task's reason ---- */

static void
say(struct fake_job *j, enum wire_journal_kind kind, const char *types, ...)
{
	struct wire_out out;
	va_list ap;

	wire_journal_start(&j->journal, kind, &out);
	va_start(ap, types);
	for (; *types != '\0'; types++) {
		if (*types == 'i')
			wire_put_i64(&out, va_arg(ap, int));
		else if (*types == 'u')
			wire_put_u8(&out, (uint8_t)va_arg(ap, int));
		else
			wire_put_text(&out, va_arg(ap, const char *));
	}
	va_end(ap);
	if (wire_journal_end(&j->journal, &out, NULL) != GH_OK)
		_exit(3);
}

static void
say_backup(struct fake_job *j)
{
	const char *file = gh_printf(&j->arena, "%s%" PRId64 ".dump", j->spec.target, -j->spec.id);

	say(j, WIRE_J_PROGRESS, "iittiiti", -1, -1, "dump", "table public.orders", 5, 10, "bytes", 7);
	say(j, WIRE_J_BACKUP, "ttiiittiiutiittttttt", file, DIGEST, 5, 1, 2, "15", "15", 2, 9, WIRE_WRITTEN,
	    "0001", 9, 99, "custom", "", "3:3:", "abc", "", "", "");
	say(j, WIRE_J_BACKUP_TABLE, "tii", "public.a", 4, 8192);
	say(j, WIRE_J_BACKUP_TABLE, "tii", "public.b", 5, 8192);
}

static void
say_proofs(struct fake_job *j, bool broken)
{
	say(j, WIRE_J_PROOF, "uuiitt", WIRE_CHECKSUMMED, WIRE_OK, 3, 4, "", "the digest is the same");
	if (broken) {
		say(j, WIRE_J_PROOF, "uuiitt", WIRE_LISTED, WIRE_FAILED, 4, 5, "", "a table is not in it");
		return;
	}
	say(j, WIRE_J_PROOF, "uuiitt", WIRE_LISTED, WIRE_OK, 4, 5, "", "two tables are in it");
	say(j, WIRE_J_PROOF, "uuiitt", WIRE_RESTORED, WIRE_OK, 5, 25, "a cluster", "restored");
	say(j, WIRE_J_PROOF_TABLE, "ti", "public.a", 4);
	say(j, WIRE_J_PROOF_TABLE, "ti", "public.b", 5);
	say(j, WIRE_J_PROOF, "uuiitt", WIRE_COUNTED, WIRE_OK, 25, 30, "a cluster", "2 tables, 9 rows");
}

static int
job(const char *kind)
{
	struct fake_job j;
	int code = fake_job_open(&j);
	const char *does;

	if (code != 0)
		return code;
	does = j.spec.reason;
	fake_job_say_start(&j);
	if (strcmp(kind, "take") == 0)
		say_backup(&j);
	if (strcmp(does, "corrupt") == 0)
		say(&j, WIRE_J_PROOF, "uu", WIRE_COUNTED, WIRE_OK);
	(void)mkdir(j.spec.scratch_folder, 0700);
	gh_fd_done(&(int){ open(
	    gh_printf(&j.arena, "%s/left", j.spec.scratch_folder), O_CREAT | O_WRONLY | O_CLOEXEC, 0600) });
	fake_job_wait(gh_printf(&j.arena, "%s/go", j.spec.backup_folder));
	if (strcmp(does, "dies") == 0)
		_exit(7);
	if (strcmp(does, "fails") == 0) {
		fake_job_end(&j, WIRE_FAILED_CLEAN, "the scratch server is down");
		return 0;
	}
	if (strcmp(kind, "prove") == 0)
		say_proofs(&j, strcmp(does, "broken") == 0);
	fake_job_end(&j, WIRE_SUCCEEDED, strcmp(does, "broken") == 0 ? "It is broken." : "All is well.");
	return 0;
}

/* ---- as the test ---- */

static void
work_begin(struct fixture_runner *f)
{
	struct runner *r = f->runner;

	r->work = calloc(1, sizeof(*r->work));
	assert_non_null(r->work);
	assert_int_equal(reconcile_start(r, &f->err), GH_OK);
	assert_int_equal(follow_start(r, &f->err), GH_OK);
	assert_int_equal(task_start(r, &f->err), GH_OK);
}

static void
begin(struct fixture_runner *f)
{
	struct config *c = f->runner->config;

	fixture_shop(f);
	c->jobs = c->backups = fake_job_folder;
	c->job = fake_job_self;
	work_begin(f);
}

/* Neither journal nor folder of a task is left. */
static void
nothing_left(struct fixture_runner *f, int64_t task)
{
	GH_ARENA a = { 0 };
	int i;

	for (i = 0; access(fake_job_file(gh_printf(&a, "task.%" PRId64 ".journal", task)), F_OK) == 0; i++) {
		assert_true(i < 1200);
		assert_int_equal(loop_turn(f->runner->loop, GH_SECOND / 20, &f->err), GH_OK);
	}
	assert_int_not_equal(access(fake_job_file(gh_printf(&a, "task.%" PRId64, task)), F_OK), 0);
}

static void
end(struct fixture_runner *f)
{
	GH_ARENA a = { 0 };
	int64_t i;

	for (i = 1; i < 5; i++)
		nothing_left(f, i);
	work_stop(f->runner);
	(void)unlink(job_journal_path(f->runner->config, &a, 1));
	(void)unlink(fake_job_file("1.control"));
	for (i = 1; i < 5; i++)
		(void)unlink(job_reconcile_path(f->runner->config, &a, 1, i));
	(void)unlink(fake_job_file("go"));
}

static int64_t
take(struct fixture_runner *f, const char *target, const char *does)
{
	const struct task_wish w = {
		.person = fixture_person(f, "lead")->id, .reason = does, .level = "", .now = 5
	};
	int64_t id = 0;

	fixture_ok(f, task_take(f->runner, target, &w, &id, &f->err));
	return id;
}

static int64_t
prove(struct fixture_runner *f, int64_t id, const char *does)
{
	const struct task_wish w = { .reason = does, .level = "", .now = 5 };
	int64_t task = 0;

	fixture_ok(f, task_prove(f->runner, id, &w, &task, &f->err));
	return task;
}

static const char *
text_of(struct fixture_runner *f, int64_t task)
{
	return fixture_value(f, "SELECT text FROM task WHERE id = ?1", task);
}

static void
go(void)
{
	fake_job_put("go", "");
}

static void
a_backup_is_taken_and_shown_while_it_is(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	begin(f);
	id = take(f, "shop_production", "for the auditors");
	assert_string_equal(fixture_value(f, STATES, 0), "queued");
	task_kick(f->runner);
	fake_job_until(f,
	    "SELECT state || ' ' || activity || ' ' || note || ' ' || done || '/' || total || unit || since "
	    "FROM "
	    "task",
	    "running dump table public.orders 5/10bytes7");
	go();
	fake_job_until(f, STATES, "done");
	assert_string_equal(text_of(f, id), "All is well.");
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
	end(f);
}

static void
a_proof_makes_a_backup_green(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	(void)prove(f, fixture_backup_of(f, "shop_production", "written"), "");
	go();
	task_kick(f->runner);
	fake_job_until(f, STATES, "done");
	assert_string_equal(
	    fixture_value(f, "SELECT level || broken || proved_at || ' ' || prove_us FROM backup", 0),
	    "counted30 25");
	assert_string_equal(fixture_value(f, "SELECT group_concat(restored) FROM backup_table", 0), "4,5");
	assert_string_equal(
	    fixture_value(f, "SELECT count(*) || ' ' || min(task_id) || max(state) FROM proof", 0), "4 1ok");
	end(f);
}

static void
a_proof_that_fails_makes_it_red_and_is_told(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	fixture_notify(f);
	(void)prove(f, fixture_backup_of(f, "shop_production", "written"), "broken");
	go();
	task_kick(f->runner);
	fake_job_until(f, STATES, "done");
	assert_string_equal(fixture_value(f, "SELECT level || ', ' || broken FROM backup", 0),
	    "checksummed, a table is not in it");
	fixture_entry(f, "runner", "task.done", "task/1", "failed");
	assert_string_equal(
	    fixture_value(
		f, "SELECT event || ' ' || task_id || ' ' || subject || ': ' || body FROM message", 0),
	    "failed 1 A backup of shop_production is broken: It is broken.");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM delivery", 0), "1");
	end(f);
}

static void
what_says_nothing_about_the_backup_leaves_it(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	begin(f);
	fixture_notify(f);
	id = prove(f, fixture_backup_of(f, "shop_production", "written"), "fails");
	go();
	task_kick(f->runner);
	fake_job_until(f, STATES, "failed");
	assert_string_equal(text_of(f, id), "the scratch server is down");
	assert_string_equal(fixture_value(f, "SELECT level || broken FROM backup", 0), "written");
	fixture_entry(f, "runner", "task.failed", "task/1", "failed");
	assert_string_equal(fixture_value(f, "SELECT subject FROM message", 0),
	    "A backup of shop_production could not be proved");
	end(f);
}

static void
a_job_that_dies_fails_its_task(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	begin(f);
	id = take(f, "shop_production", "dies");
	task_kick(f->runner);
	fake_job_until(f, "SELECT count(*) FROM backup", "1");
	go();
	fake_job_until(f, STATES, "failed");
	assert_string_equal(text_of(f, id), "its job ended with status 7 before it said how it went");
	end(f);
}

static void
a_job_that_cannot_be_started_fails_its_task(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	begin(f);
	f->runner->config->job = "/nonexistent/gatehouse-job";
	id = take(f, "shop_production", "");
	task_kick(f->runner);
	assert_string_equal(fixture_value(f, STATES, 0), "failed");
	assert_non_null(strstr(text_of(f, id), "cannot start /nonexistent"));
	end(f);
}

static void
a_journal_that_nobody_can_read_ends_the_job(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	begin(f);
	id = take(f, "shop_production", "corrupt");
	task_kick(f->runner);
	/* It would wait for a file that never comes. */
	fake_job_until(f, STATES, "failed");
	assert_non_null(strstr(text_of(f, id), "the journal is corrupt"));
	end(f);
}

static void
the_next_runner_goes_on_where_the_last_one_was(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	begin(f);
	id = take(f, "shop_production", "");
	task_kick(f->runner);
	fake_job_until(f, "SELECT count(*) FROM backup_table", "2");
	work_stop(f->runner);
	work_begin(f);
	go();
	fake_job_until(f, STATES, "done");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM backup", 0), "1");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM backup_table", 0), "2");
	assert_string_equal(text_of(f, id), "All is well.");
	end(f);
}

static void
the_next_runner_finds_what_ended_meanwhile(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id, pid = 0;

	begin(f);
	id = take(f, "shop_production", "");
	task_kick(f->runner);
	fake_job_until(f, "SELECT pid > 0 FROM task", "1");
	assert_true(gh_parse_i64(fixture_value(f, "SELECT pid FROM task", 0), 2, INT32_MAX, &pid));
	work_stop(f->runner);
	assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
	assert_int_equal(waitpid((pid_t)pid, NULL, 0), pid);
	work_begin(f);
	fake_job_until(f, STATES, "failed");
	assert_non_null(strstr(text_of(f, id), "was ended before it said how it went"));
	end(f);
}

static void
one_that_was_claimed_and_never_started_has_failed(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	begin(f);
	id = take(f, "shop_production", "");
	fixture_ok(f,
	    store_task_move(f->runner->store, id,
		&(struct store_task_move){ .from = "queued", .to = "running", .text = "", .now = 6 },
		&f->err));
	work_stop(f->runner);
	/* An empty journal, as between its making and the job's lock, and what a dead job has left. */
	fake_job_put("task.1.journal", "");
	fake_job_put("task.99.journal", "");
	assert_int_equal(mkdir(fake_job_file("task.99"), 0700), 0);
	work_begin(f);
	assert_int_not_equal(access(fake_job_file("task.99.journal"), F_OK), 0);
	assert_int_not_equal(access(fake_job_file("task.99"), F_OK), 0);
	fake_job_until(f, STATES, "failed");
	assert_string_equal(text_of(f, id), "it was never started: nothing was done");
	end(f);
}

static void
one_of_a_target_and_two_in_all(void **state)
{
	struct fixture_runner *f = *state;
	struct config_target three[3];

	begin(f);
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
	(void)take(f, "shop_production", "");
	(void)prove(f, fixture_backup_of(f, "shop_production", "written"), "");
	(void)take(f, "shop_development", "");
	(void)take(f, "shop_third", "");
	task_kick(f->runner);
	fake_job_until(f, STATES, "running,queued,running,queued");
	task_kick(f->runner);
	assert_string_equal(fixture_value(f, STATES, 0), "running,queued,running,queued");
	go();
	fake_job_until(f, STATES, "done,done,done,done");
	end(f);
	f->runner->config->n_targets = 2;
}

static void
a_run_waits_for_a_backup(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run;

	begin(f);
	(void)take(f, "shop_development", "");
	task_kick(f->runner);
	(void)fixture_request(f, "shop_development", &run);
	queue_kick(f->runner);
	assert_string_equal(fixture_value(f, "SELECT state FROM run", 0), "queued");
	assert_non_null(strstr(fixture_value(f, "SELECT outcome FROM run", 0), "Waits for task 1"));
	go();
	fake_job_until(f, STATES, "done");
	/* This program is no job of a run: that it was started is enough. */
	fake_job_until(f, "SELECT state <> 'queued' FROM run", "1");
	end(f);
}

static void
a_backup_waits_for_a_run(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run;

	begin(f);
	(void)fixture_request(f, "shop_development", &run);
	assert_int_equal(sqlite3_exec(f->runner->store->db,
			     "UPDATE run SET state = 'running', started_at = 5", NULL, NULL, NULL),
	    SQLITE_OK);
	(void)take(f, "shop_development", "");
	task_kick(f->runner);
	assert_string_equal(fixture_value(f, STATES, 0), "queued");
	/* A proof has nothing to do with it. */
	(void)prove(f, fixture_backup_of(f, "shop_production", "written"), "");
	task_kick(f->runner);
	assert_string_equal(fixture_value(f, STATES, 0), "queued,running");
	assert_int_equal(sqlite3_exec(f->runner->store->db,
			     "UPDATE run SET state = 'succeeded', ended_at = 6", NULL, NULL, NULL),
	    SQLITE_OK);
	task_kick(f->runner);
	assert_string_equal(fixture_value(f, STATES, 0), "running,running");
	go();
	fake_job_until(f, STATES, "done,done");
	end(f);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_backup_is_taken_and_shown_while_it_is),
		FIXTURE_TEST(a_proof_makes_a_backup_green),
		FIXTURE_TEST(a_proof_that_fails_makes_it_red_and_is_told),
		FIXTURE_TEST(what_says_nothing_about_the_backup_leaves_it),
		FIXTURE_TEST(a_job_that_dies_fails_its_task),
		FIXTURE_TEST(a_job_that_cannot_be_started_fails_its_task),
		FIXTURE_TEST(a_journal_that_nobody_can_read_ends_the_job),
		FIXTURE_TEST(the_next_runner_goes_on_where_the_last_one_was),
		FIXTURE_TEST(the_next_runner_finds_what_ended_meanwhile),
		FIXTURE_TEST(one_that_was_claimed_and_never_started_has_failed),
		FIXTURE_TEST(one_of_a_target_and_two_in_all),
		FIXTURE_TEST(a_run_waits_for_a_backup),
		FIXTURE_TEST(a_backup_waits_for_a_run),
	};

	if (argc == 3 && (strcmp(argv[1], WIRE_JOB_TAKE) == 0 || strcmp(argv[1], WIRE_JOB_PROVE) == 0))
		return job(argv[1]);
	if (argc == 3 && strcmp(argv[1], WIRE_JOB_RUN) == 0)
		return 9;
	return cmocka_run_group_tests_name("runner/task", tests, fake_job_group_start, fake_job_group_stop);
}
