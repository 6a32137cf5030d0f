#include "base/ban.h"
#include "runner/job/control.h"
#include "runner/job/guard.h"
#include "runner/job/hook.h"
#include "runner/job/restore.h"
#include "runner/job/failure.h"
#include "runner/job/sql.gen.h"
#include "base/clock.h"
#include "base/fault.h"

#include <poll.h>

/* What a failure of a phase means. */
enum on_failure {
	STOPS,   /* nothing was done yet */
	UNDOES,  /* what this run has committed is taken back, as the policy says */
	GOES_ON, /* it is recorded, and what is in stays */
};

static const struct stage {
	enum wire_phase phase;
	enum on_failure failure;
	enum gh_code (*run)(struct run *r, struct gh_text *evidence, struct gh_err *err);
} run_stages[] = {
	{ WIRE_CONNECT, STOPS, stage_connect },
	{ WIRE_IDENTIFY, STOPS, stage_identify },
	{ WIRE_LOCK, STOPS, stage_lock },
	{ WIRE_STATUS, STOPS, stage_status },
	{ WIRE_PREFLIGHT, STOPS, stage_preflight },
	{ WIRE_BEFORE, STOPS, stage_before },
	{ WIRE_BACKUP, STOPS, stage_backups },
	{ WIRE_MIGRATE, UNDOES, stage_migrate },
	{ WIRE_VERIFY, UNDOES, stage_verify },
	{ WIRE_HEALTH, UNDOES, stage_health },
	{ WIRE_AFTER, GOES_ON, stage_after },
};
static const struct stage restore_stages[] = {
	{ WIRE_CONNECT, STOPS, restore_connect },
	{ WIRE_IDENTIFY, STOPS, restore_identify },
	{ WIRE_LOCK, STOPS, restore_lock },
	{ WIRE_STATUS, STOPS, restore_unread },
	{ WIRE_PREFLIGHT, STOPS, restore_preflight },
	{ WIRE_BEFORE, STOPS, stage_before },
	{ WIRE_BACKUP, STOPS, stage_backups },
	{ WIRE_MIGRATE, UNDOES, restore_migrate },
	{ WIRE_VERIFY, UNDOES, restore_verify },
	{ WIRE_HEALTH, UNDOES, stage_health },
	{ WIRE_AFTER, GOES_ON, stage_after },
};
static const struct stage side_stages[] = {
	{ WIRE_CONNECT, STOPS, restore_connect },
	{ WIRE_IDENTIFY, STOPS, restore_identify },
	{ WIRE_LOCK, STOPS, restore_lock },
	{ WIRE_STATUS, STOPS, restore_unread },
	{ WIRE_PREFLIGHT, STOPS, restore_preflight },
	{ WIRE_BEFORE, STOPS, restore_skip },
	{ WIRE_BACKUP, STOPS, restore_skip },
	{ WIRE_MIGRATE, UNDOES, restore_migrate },
};
/* Whatever became of the others. */
static const struct stage last_stage = { WIRE_CLEANUP, GOES_ON, stage_cleanup };

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
	if (plan_restores(ret))
		return GH_OK;
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
		return gh_fail(err, GH_CONFLICT, "%s", control_why(r->job));
	control_answer(r->job);
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

/* note: what went wrong and changes nothing, "" nothing. */
static void
succeed(struct run *r, const char *note)
{
	const struct plan *p = &r->plan;
	const struct plan_migration *last = &p->migrations[p->n_migrations - 1];

	say_phase(r->job, WIRE_DONE, WIRE_STARTED, "");
	(void)gh_fault("job.phase.done");
	if (plan_restores(p))
		job_outcome(r->job, WIRE_SUCCEEDED, "%s%s", restore_sentence(r), note);
	else if (p->act != PLAN_RUN)
		job_outcome(r->job, WIRE_SUCCEEDED, "%s %s on %s; no migration was run.%s",
		    p->act == PLAN_MARK ? "Marked as applied:" : "Dropped the invalid index",
		    p->act == PLAN_MARK ? plan_called(last->key, last->version) : repair_index(p), p->target,
		    note);
	else
		job_outcome(r->job, WIRE_SUCCEEDED,
		    p->down ? "Taken back from %s: %zu migration%s, the last one %s.%s"
			    : "Applied to %s: %zu migration%s, the last one %s.%s",
		    p->target, p->n_migrations, p->n_migrations == 1 ? "" : "s",
		    plan_called(last->key, last->version), note);
	say_phase(r->job, WIRE_DONE, WIRE_OK, r->job->sentence);
}

/* The server gave no answer, or an error for one: that says nothing about what was applied. */
static bool
unanswered(const struct run *r)
{
	return r->pg.error.lost || r->pg.error.sqlstate[0] != '\0';
}

/* Waiting for an application may take minutes: whether the connection still lives is asked before it is used.
 */
static void
ping(struct run *r)
{
	struct gh_err err = { 0 };

	if (pg_query(&r->pg, SQL_PING, NULL, 0, NULL, &err) != GH_OK)
		say_log(r->job, "%s", err.msg);
}

#define ALIVE_EVERY_US INT64_C(30000000)

/*
 * While a run is paused: a small query now and then, so that nothing on the way takes the session for dead,
 * and at once when its socket has something to say, which can only be its end.
 */
static enum gh_code
alive(void *arg, struct gh_err *err)
{
	struct run *r = arg;
	struct pollfd fd = { .fd = PQsocket(r->pg.conn), .events = POLLIN };
	int64_t now = gh_clock_mono();
	struct gh_err why = { 0 };
	enum gh_code code;

	if (poll(&fd, 1, 0) == 0 && now - r->asked < ALIVE_EVERY_US)
		return GH_OK;
	r->asked = now;
	code = pg_query(&r->pg, SQL_PING, NULL, 0, NULL, &why);
	if (code != GH_OK)
		return gh_fail(err, code, "the session was lost while the run was paused: %s", why.msg);
	return GH_OK;
}

/* The phase failed: what is taken back, and the outcome. */
static void
fail(struct run *r, const struct stage *s, const struct gh_err *err)
{
	struct job *j = r->job;

	r->cancelled = control_cancelled(j) && !j->deaf;
	/* A phase without a statement of ours (connect, the dump) has not answered yet. */
	if (r->cancelled)
		control_answer(j);
	j->deaf = true;
	if (s->phase == WIRE_HEALTH)
		ping(r);
	if (s->failure == UNDOES && plan_restores(&r->plan))
		restore_undo(r, err);
	else if (s->phase == WIRE_VERIFY && unanswered(r))
		job_outcome(j, WIRE_UNKNOWN,
		    "All of it was committed, but it could not be verified: %s. The target is asked next.",
		    err->msg);
	else if (r->odd)
		job_outcome(j, WIRE_NEEDS_PERSON,
		    "The facts contradict each other: %s. Nothing was taken back.", err->msg);
	else if (s->failure == UNDOES)
		undo_run(r, err);
	else
		job_outcome(j, WIRE_FAILED_CLEAN, "%s in %s: %s. Nothing was applied.",
		    r->cancelled ? "Cancelled" : "Stopped", wire_phase_name(s->phase), err->msg);
}

/* Last, when everything was taken back: they may start the application again. */
static void
failure_hooks(struct run *r, enum wire_phase phase)
{
	struct gh_err err = { 0 };

	(void)gh_fault("job.before-failure-hooks");
	if (hook_run_all(r, POLICY_FAILURE, phase, true, &err) != GH_OK)
		say_log(r->job, "%s", err.msg);
}

static void
go_through(struct run *r, const struct stage *stages, size_t n)
{
	struct gh_err err = { 0 };
	const char *note = "";
	bool good = true;
	size_t i;

	for (i = 0; good && i < n; i++) {
		const struct stage *s = &stages[i];
		enum gh_code code;

		err = (struct gh_err){ 0 };
		code = stage_run(r, s, &err);
		/* When all is in, there is nothing left to stop: to take it back would be an act of its own.
		 */
		if (code == GH_OK && s->phase == WIRE_MIGRATE)
			r->job->deaf = true;
		if (code == GH_OK)
			continue;
		if (s->failure == GOES_ON) {
			note = gh_printf(r->job->arena, " Afterwards %s; what is in stays.", err.msg);
			continue;
		}
		good = false;
		fail(r, s, &err);
		failure_say(r);
		failure_hooks(r, s->phase);
	}
	err = (struct gh_err){ 0 };
	if (stage_run(r, &last_stage, &err) != GH_OK)
		say_log(r->job, "%s", err.msg);
	if (good)
		succeed(r, note);
}

#define GO(r, stages) go_through(r, stages, sizeof(stages) / sizeof((stages)[0]))

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
	if (j->control != NULL) {
		j->control->alive = alive;
		j->control->alive_arg = &r;
	}
	if (r.plan.act == PLAN_RESTORE)
		GO(&r, restore_stages);
	else if (r.plan.act == PLAN_SIDE)
		GO(&r, side_stages);
	else
		GO(&r, run_stages);
	if (j->control != NULL)
		j->control->alive = NULL;
	flush_done(&r.flush);
	restore_done(&r);
	guard_stop(&r.pg);
	pg_close(&r.pg);
	return GH_OK;
}

const struct job_kind job_run = {
	.name = WIRE_JOB_RUN,
	.run = run_run,
};
