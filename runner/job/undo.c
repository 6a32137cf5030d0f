#include "base/ban.h"
#include "runner/job/control.h"
#include "runner/job/recorded.h"
#include "base/fault.h"
#include "runner/job/run.h"

/* What follows a failure: the committed migrations are taken back in reverse, and one sentence says what is
 * true now. */

static const char *
key(const struct run *r, size_t i)
{
	return plan_called(r->plan.migrations[i].key, r->plan.migrations[i].version);
}

static enum gh_code
recorded_read(struct run *r, struct tracking *t, struct recorded *ret, struct gh_err *err)
{
	GH_TRY(tracking_read_plan(&r->pg, r->convention, &r->plan, t, err));
	*ret = (struct recorded){ .c = r->convention, .plan = &r->plan, .t = t, .back = r->back };
	return GH_OK;
}

/* What was committed is in the database that answers now: it may be a standby that has taken over. */
static enum gh_code
still_there(struct run *r, struct gh_err *err)
{
	struct recorded now;
	struct tracking t;
	size_t i;

	GH_TRY(recorded_read(r, &t, &now, err));
	for (i = 0; i < r->committed; i++) {
		/* The one row of its table is the failed one's. */
		if (r->convention->one_row && recorded_failed(&now, r->committed) != NULL)
			continue;
		if (recorded_in(&now, i) == r->plan.down)
			return gh_fail(err, GH_CONFLICT, "%s was committed, but %s does not show it",
			    key(r, i), r->plan.tracking);
	}
	return GH_OK;
}

/* A run that has lost its connection needs another, to the same database, and the lock again. */
static enum gh_code
reconnect(struct run *r, struct gh_err *err)
{
	if (r->pg.conn != NULL && PQstatus(r->pg.conn) == CONNECTION_OK && !r->pg.error.lost)
		return GH_OK;
	say_log(r->job, "connecting again to take back what was applied");
	GH_TRY(target_connect(&r->pg, &r->id, err));
	GH_TRY(run_pin(r, err));
	GH_TRY(run_lock(&r->pg, r->convention, &r->plan, RUN_LOCK_WAIT_MS, err));
	(void)gh_fault("job.undo.reconnected");
	return still_there(r, err);
}

static enum gh_code
back_one(struct run *r, size_t i, struct gh_err *err)
{
	const struct plan_migration *m = &r->plan.migrations[i];
	struct step s = { .i = i, .sql = &m->back, .back = true };
	struct gh_err why = { 0 };
	enum gh_code code;

	if (!m->has_back)
		return gh_fail(err, GH_CONFLICT, "%s has no down SQL", plan_called(m->key, m->version));
	say_log(r->job, "taking back %s by its down SQL", plan_called(m->key, m->version));
	r->back = i + 1;
	(void)gh_fault("job.undo.before");
	code = migrate_step(r, &s, &why);
	if (code != GH_OK)
		return gh_fail(
		    err, code, "the down SQL of %s failed: %s", plan_called(m->key, m->version), why.msg);
	r->back = 0;
	say_migration(r->job, (int64_t)i, WIRE_TAKEN_BACK, "taken back by its down SQL");
	(void)gh_fault("job.undo.after");
	return GH_OK;
}

/*
 * Nothing of the failed migration is in, but the tool's table may say that it was begun or that it failed:
 * then the row becomes what it was before.
 */
static enum gh_code
note_remove(struct run *r, struct gh_err *err)
{
	const struct step s = { .i = r->left_at, .sql = &r->plan.migrations[r->left_at].back, .back = true };
	const struct step up = { .i = r->left_at };
	const char *const *forget = migrate_books(r, &up)->forget;
	const struct part part = { .s = &s, .books = forget != NULL ? forget : migrate_books(r, &s)->row };
	const struct transact t = { .n = 1, .parts = &part, .silent = true };
	struct gh_err why = { 0 };

	if (part.books == NULL)
		return gh_fail(err, GH_CONFLICT, "%s has no way to take that back", r->convention->title);
	(void)gh_fault("job.undo.note");
	if (transact_run(r, &t, &why) != GH_OK)
		return gh_fail(err, GH_CONFLICT, "%s", why.msg);
	say_log(r->job, "%s no longer says that %s was begun", r->plan.tracking, key(r, r->left_at));
	return GH_OK;
}

/*
 * What the table says of the failed migration now, when that keeps its tool from running: a sentence without
 * its end, "" nothing.  Others only write history.
 */
static const char *
note_text(struct run *r)
{
	const struct convention_row *row;
	struct gh_err err = { 0 };
	struct recorded now;
	struct tracking t;

	if (!r->noted || !r->convention->failed_blocks || r->left == RUN_LEFT_DOUBT)
		return "";
	if (recorded_read(r, &t, &now, &err) != GH_OK)
		return gh_printf(
		    r->job->arena, "what %s says of it could not be read: %s", r->plan.tracking, err.msg);
	row = recorded_failed(&now, r->left_at);
	if (row == NULL)
		return "";
	return recorded_failed_text(&now, r->left_at, r->job->arena);
}

/* The half done one first, then the committed ones, newest first. */
static enum gh_code
take_back(struct run *r, struct gh_err *err)
{
	enum gh_code reached = reconnect(r, err);

	if (reached != GH_OK) {
		r->left = RUN_LEFT_DOUBT;
		return reached;
	}
	if (r->left == RUN_LEFT_HALF) {
		enum run_left half = r->left;
		const char *text = r->left_text;
		enum gh_code code = back_one(r, r->left_at, err);

		if (code != GH_OK) {
			/* Without its answer nobody knows how much of it is taken back. */
			if (r->left != RUN_LEFT_DOUBT)
				r->left = r->pg.error.lost ? RUN_LEFT_DOUBT : half;
			r->left_text = text;
			return code;
		}
		r->left = RUN_LEFT_NOTHING;
		r->noted = false;
	}
	if (note_text(r)[0] != '\0') {
		GH_TRY(note_remove(r, err));
		r->noted = false;
	}
	while (r->committed > 0) {
		GH_TRY(back_one(r, r->committed - 1, err));
		r->committed--;
	}
	return GH_OK;
}

static const char *
backup_text(const struct run *r)
{
	return r->backup == NULL || r->backup[0] == '\0'
	    ? ""
	    : gh_printf(r->job->arena, " The backup of before the run is %s.", r->backup);
}

/* "001 to 003 are applied and stay.", "" none.  One that is half taken back is not among them. */
static const char *
stays(const struct run *r)
{
	size_t n = r->left == RUN_LEFT_HALF && r->back > 0 && r->back == r->committed ? r->committed - 1
										      : r->committed;
	struct gh_arena *a = r->job->arena;
	const char *verb = r->plan.down ? "taken back" : "applied", *so = r->plan.down ? " so" : "";

	if (n == 0)
		return "";
	if (n == 1)
		return gh_printf(a, "%s is %s and stays%s.", key(r, 0), verb, so);
	return gh_printf(a, "%s to %s are %s and stay%s.", key(r, 0), key(r, n - 1), verb, so);
}

/* " What stays." */
static const char *
sentence(const struct run *r, const char *text)
{
	return text[0] == '\0' ? "" : gh_printf(r->job->arena, " %s", text);
}

/* What is there besides the note in the tracking table. */
static const char *
apart(const struct run *r)
{
	if (r->left == RUN_LEFT_HALF)
		return "";
	if (r->back > 0)
		return "Its down SQL was rolled back, but ";
	return r->plan.down ? "Nothing of it was taken back, but " : "Nothing of it is in, but ";
}

/* A batched migration is neither taken back nor given up: a later run goes on. */
static void
outcome_batch(struct run *r, const char *why)
{
	const char *in = stays(r);

	job_outcome(r->job, WIRE_FAILED_PARTLY,
	    "%s %s is unfinished: %s. That stays, and the next run goes on from there.%s%s", why,
	    key(r, r->left_at), r->left_text, sentence(r, in), backup_text(r));
}

static void
outcome_partly(struct run *r, const char *why, const char *undo)
{
	const char *note = note_text(r), *in = stays(r);

	if (note[0] != '\0')
		note = gh_printf(r->job->arena, "%s%s.", apart(r), note);
	if (r->left == RUN_LEFT_HALF)
		job_outcome(r->job, WIRE_NEEDS_PERSON, "%s Half done in %s: %s.%s%s%s%s", why,
		    key(r, r->left_at), r->left_text, sentence(r, note), sentence(r, in), sentence(r, undo),
		    backup_text(r));
	else if (note[0] != '\0')
		job_outcome(r->job, WIRE_NEEDS_PERSON, "%s%s%s%s%s", why, sentence(r, note), sentence(r, in),
		    sentence(r, undo), backup_text(r));
	else
		job_outcome(r->job, WIRE_FAILED_PARTLY, "%s%s%s%s", why, sentence(r, in), sentence(r, undo),
		    backup_text(r));
}

static void
outcome_clean(struct run *r, const char *why, bool taken_back)
{
	const char *made = r->tracking_made
	    ? gh_printf(r->job->arena, " The tracking table %s was made and stays.", r->plan.tracking)
	    : "";

	const char *in = "It was rolled back; nothing of this run is in the database.";

	if (taken_back)
		/* Whether the down SQL takes back all of the up is not ours to say. */
		in = "What this run had applied was taken back by its down SQL.";
	else if (r->between)
		in = r->plan.down ? "Nothing of this run was taken back."
				  : "Nothing of this run is in the database.";
	else if (r->plan.down)
		in = "It was rolled back; nothing of this run was taken back.";
	job_outcome(r->job, WIRE_FAILED_CLEAN, "%s %s%s%s", why, in, made, backup_text(r));
}

/* A trigger of the tracking table may have kept a row out, and COMMIT does not tell. */
static bool
swallowed(struct run *r, const char *cause)
{
	struct gh_err err = { 0 };
	struct pg_error error = r->pg.error;
	bool ret;

	if (r->plan.act == PLAN_REPAIR || r->committed == 0 || r->left == RUN_LEFT_DOUBT || error.lost ||
	    r->pg.conn == NULL || PQstatus(r->pg.conn) != CONNECTION_OK)
		return false;
	ret = still_there(r, &err) == GH_CONFLICT;
	if (ret)
		job_outcome(r->job, WIRE_NEEDS_PERSON,
		    "%s The facts contradict each other: %s. Nothing was taken back.", cause, err.msg);
	r->pg.error = error;
	return ret;
}

void
undo_run(struct run *r, const struct gh_err *why)
{
	struct gh_arena *a = r->job->arena;
	size_t before = r->committed;
	bool half = r->left == RUN_LEFT_HALF, over = control_over(r->job),
	     back = r->plan.policy.rollback_on_failure && !r->plan.down && !over && r->plan.act == PLAN_RUN;
	const char *cause = gh_printf(a, "%s%s.", r->cancelled ? "Cancelled: " : "", why->msg), *undo = "";

	r->was_in = before;
	r->was_half = half;
	r->job->deaf = true;
	(void)gh_fault("job.undo.start");
	if (swallowed(r, cause))
		return;
	if (r->left == RUN_LEFT_DOUBT) {
		job_outcome(r->job, WIRE_UNKNOWN,
		    "%s The answer is missing, so whether it took effect is not known yet; the target is "
		    "asked next.",
		    cause);
		return;
	}
	if (r->left == RUN_LEFT_BATCH) {
		outcome_batch(r, cause);
		return;
	}
	if (before > 0 || half || r->noted) {
		struct gh_err undo_err = { 0 };

		if (!back)
			undo = r->plan.down ? ""
			    : over          ? "To take it back would be something new as well."
					    : "The policy does not take back what was applied.";
		else if (take_back(r, &undo_err) != GH_OK)
			undo = gh_printf(a, "It could not be taken back: %s.", undo_err.msg);
	}
	if (r->left == RUN_LEFT_DOUBT) {
		job_outcome(r->job, WIRE_UNKNOWN, "%s %s The answer is missing; the target is asked next.",
		    cause, undo);
		return;
	}
	if (r->committed > 0 || r->left == RUN_LEFT_HALF || note_text(r)[0] != '\0')
		outcome_partly(r, cause, undo);
	else
		outcome_clean(r, cause, before > 0 || half);
}
