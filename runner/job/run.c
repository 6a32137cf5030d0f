#include "base/ban.h"
#include "runner/job/guard.h"
#include "runner/job/run.h"
#include "base/fault.h"

static const struct stage {
	enum wire_phase phase;
	enum gh_code (*run)(struct run *r, struct gh_text *evidence, struct gh_err *err);
} stages[] = {
	{ WIRE_CONNECT, stage_connect },
	{ WIRE_IDENTIFY, stage_identify },
	{ WIRE_LOCK, stage_lock },
	{ WIRE_STATUS, stage_status },
	{ WIRE_PREFLIGHT, stage_preflight },
	{ WIRE_BACKUP, stage_backup },
	{ WIRE_MIGRATE, stage_migrate },
	{ WIRE_VERIFY, stage_verify },
};

enum gh_code
run_plan_read(struct job *j, struct plan *ret, const struct convention **ret_convention, struct gh_err *err)
{
	const struct wire_spec *s = &j->spec;
	char digest[GH_SHA256_HEX_LEN];

	plan_digest(s->plan, s->plan_len, digest);
	if (strcmp(digest, s->plan_digest) != 0)
		return gh_fail(err, GH_CONFLICT,
		    "the plan is not the one that was approved: its SHA-256 is %.12s, "
		    "approved was %.12s",
		    digest, s->plan_digest);
	GH_TRY(plan_read(s->plan, s->plan_len, j->arena, ret, err));
	if (strcmp(ret->target, s->target) != 0)
		return gh_fail(err, GH_CONFLICT, "the plan is for %s, not for %s", ret->target, s->target);
	*ret_convention = convention_find(ret->convention);
	if (*ret_convention == NULL)
		return gh_fail(err, GH_BAD_INPUT, "the convention \"%s\" is not known", ret->convention);
	if ((*ret_convention)->n_tracking == 0)
		return gh_fail(
		    err, GH_BAD_INPUT, "the convention \"%s\" has no tracking table", ret->convention);
	if (ret->n_migrations == 0)
		return gh_fail(err, GH_BAD_INPUT, "the plan has no migrations");
	if (strchr(ret->tracking, '.') == NULL)
		return gh_fail(
		    err, GH_BAD_INPUT, "the plan's tracking table %s has no schema", ret->tracking);
	return GH_OK;
}

#define PHASES "connect identify lock status preflight before backup migrate verify health after cleanup"

static enum gh_code
fault(enum wire_phase phase, struct gh_err *err)
{
	if (gh_fault_of("job.phase.", wire_phase_name(phase), PHASES))
		return gh_fail(err, GH_INTERNAL, "a fault was asked for in %s", wire_phase_name(phase));
	return GH_OK;
}

static enum gh_code
stage_run(struct run *r, const struct stage *s, struct gh_err *err)
{
	GH_TEXT evidence = { .limit = SAY_TEXT_MAX };
	enum gh_code code;

	if (job_stopped(r->job))
		return gh_fail(err, GH_CONFLICT, "asked to stop");
	say_phase(r->job, s->phase, WIRE_STARTED, "");
	code = fault(s->phase, err);
	if (code == GH_OK)
		code = s->run(r, &evidence, err);
	if (code == GH_OK)
		say_phase(r->job, s->phase, r->skipped ? WIRE_SKIPPED : WIRE_OK, gh_text_str(&evidence));
	else
		say_phase(r->job, s->phase, WIRE_FAILED, err->msg);
	r->skipped = false;
	(void)gh_fault_of("job.phase-end.", wire_phase_name(s->phase), PHASES);
	return code;
}

static void
succeed(struct run *r)
{
	const struct plan *p = &r->plan;
	const struct plan_migration *last = &p->migrations[p->n_migrations - 1];

	say_phase(r->job, WIRE_DONE, WIRE_STARTED, "");
	(void)gh_fault("job.phase.done");
	job_outcome(r->job, WIRE_SUCCEEDED,
	    p->down ? "Taken back from %s: %zu migration%s, the last one %s."
		    : "Applied to %s: %zu migration%s, the last one %s.",
	    p->target, p->n_migrations, p->n_migrations == 1 ? "" : "s",
	    plan_called(last->key, last->version));
	say_phase(r->job, WIRE_DONE, WIRE_OK, r->job->sentence);
}

/* The server gave no answer, or an error for one: that says nothing about what was applied. */
static bool
unanswered(const struct run *r)
{
	return r->pg.error.lost || r->pg.error.sqlstate[0] != '\0';
}

static void
run_stages(struct run *r)
{
	struct gh_err err = { 0 };
	size_t i;

	for (i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		enum gh_code code = stage_run(r, &stages[i], &err);

		/* When all is in, there is nothing left to stop: to take it back would be an act of its own.
		 */
		if (code == GH_OK && stages[i].phase == WIRE_MIGRATE)
			r->job->deaf = true;
		if (code == GH_OK)
			continue;
		if (stages[i].phase == WIRE_VERIFY && unanswered(r))
			job_outcome(r->job, WIRE_UNKNOWN,
			    "All of it was committed, but it could not be verified: %s. The target is asked "
			    "next.",
			    err.msg);
		else if (r->odd)
			job_outcome(r->job, WIRE_NEEDS_PERSON,
			    "The facts contradict each other: %s. Nothing was taken back.", err.msg);
		else if (stages[i].phase >= WIRE_MIGRATE)
			undo_run(r, &err);
		else
			job_outcome(r->job, WIRE_FAILED_CLEAN, "Stopped in %s: %s. Nothing was applied.",
			    wire_phase_name(stages[i].phase), err.msg);
		return;
	}
	succeed(r);
}

/* When it is not known how the run ended, reconciling lets go of the lock. */
static void
unlock_row(struct run *r)
{
	struct gh_err err = { 0 };
	bool lost = r->pg.conn == NULL || PQstatus(r->pg.conn) != CONNECTION_OK;

	if (!r->row_locked || r->job->outcome == WIRE_UNKNOWN)
		return;
	if (lost && (target_connect(&r->pg, &r->id, &err) != GH_OK || run_pin(r, &err) != GH_OK)) {
		say_log(r->job, "the lock that %s keeps in a table is still held: %s", r->convention->title,
		    err.msg);
		return;
	}
	run_unlock_row(&r->pg, r->convention, &r->tracking);
}

static enum gh_code
run_run(struct job *j, struct gh_err *err)
{
	struct run r = {
		.job = j, .pg = { .job = j, .at = { .migration = -1, .statement = -1 } }, .backup = ""
	};
	enum gh_code code;

	code = run_plan_read(j, &r.plan, &r.convention, err);
	if (code != GH_OK)
		return code;
	flush_start(&r.flush, j->journal.fd);
	run_stages(&r);
	flush_done(&r.flush);
	unlock_row(&r);
	guard_stop(&r.pg);
	pg_close(&r.pg);
	return GH_OK;
}

const struct job_kind job_run = {
	.name = WIRE_JOB_RUN,
	.run = run_run,
};
