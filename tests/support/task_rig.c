#include "base/ban.h"
#include "tests/support/task_rig.h"
#include "base/io.h"
#include "runner/follow.h"
#include "runner/job.h"
#include "runner/reconcile.h"
#include "runner/work_state.h"
#include "tests/support/fake_job.h"

#define DIGEST "00000000000000000000000000000000000000000000000000000000000000aa"

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

int
task_rig_job(const char *kind)
{
	struct fake_job j;
	int code = fake_job_open(&j);
	const char *does;

	if (code != 0)
		return code;
	/* No job of a run: that it was started is enough. */
	if (strcmp(kind, WIRE_JOB_RUN) == 0)
		_exit(9);
	does = j.spec.reason;
	fake_job_say_start(&j);
	if (strcmp(kind, "take") == 0)
		say_backup(&j);
	if (strcmp(does, "corrupt") == 0)
		say(&j, WIRE_J_PROOF, "uu", WIRE_COUNTED, WIRE_OK);
	if (strcmp(does, "broken") == 0)
		say_proofs(&j, true);
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
	if (strcmp(kind, "prove") == 0 && strcmp(does, "broken") != 0)
		say_proofs(&j, false);
	fake_job_end(&j, WIRE_SUCCEEDED, strcmp(does, "broken") == 0 ? "It is broken." : "All is well.");
	return 0;
}

/* ---- as the test ---- */

void
task_rig_work(struct fixture_runner *f)
{
	struct runner *r = f->runner;

	r->work = calloc(1, sizeof(*r->work));
	assert_non_null(r->work);
	assert_int_equal(reconcile_start(r, &f->err), GH_OK);
	assert_int_equal(follow_start(r, &f->err), GH_OK);
	assert_int_equal(task_start(r, &f->err), GH_OK);
}

void
task_rig_begin(struct fixture_runner *f)
{
	struct config *c = f->runner->config;

	fixture_shop(f);
	c->jobs = c->backups = fake_job_folder;
	c->job = fake_job_self;
	task_rig_work(f);
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
	fake_job_until_clear(f);
}

void
task_rig_end(struct fixture_runner *f)
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

int64_t
task_rig_take(struct fixture_runner *f, const char *target, const char *does)
{
	const struct task_wish w = {
		.person = fixture_person(f, "lead")->id, .reason = does, .level = "", .now = 5
	};
	int64_t id = 0;

	fixture_ok(f, task_take(f->runner, target, &w, &id, &f->err));
	return id;
}

int64_t
task_rig_prove(struct fixture_runner *f, int64_t id, const char *does)
{
	const struct task_wish w = { .reason = does, .level = "", .now = 5 };
	int64_t task = 0;

	fixture_ok(f, task_prove(f->runner, id, &w, &task, &f->err));
	return task;
}

const char *
task_rig_text(struct fixture_runner *f, int64_t task)
{
	return fixture_value(f, "SELECT text FROM task WHERE id = ?1", task);
}

void
task_rig_go(void)
{
	fake_job_put("go", "");
}
