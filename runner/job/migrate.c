#include "base/ban.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/batch.h"
#include "runner/job/control.h"
#include "runner/job/run.h"

/* How the migrations of the plan go in, or out: one by one, or all in one transaction. */

static bool
removes(const struct run *r, const struct step *s)
{
	return r->plan.down != s->back;
}

const struct convention_books *
migrate_books(const struct run *r, const struct step *s)
{
	const struct convention_tracking *as = r->tracking.as;

	return removes(r, s) ? &as->down : &as->up;
}

void
migrate_say_error(struct run *r, const struct step *s, int64_t k)
{
	const struct plan_statement *st =
	    k < 0 || (size_t)k >= s->sql->n_statements ? NULL : &s->sql->statements[k];
	struct say_at at = { .migration = (int64_t)s->i, .statement = s->back || st == NULL ? -1 : k };

	if (!r->failed.set)
		r->failed = (struct explain_error){ .set = true,
			.error = r->pg.error,
			.migration = (int64_t)s->i,
			.statement = k,
			.side = s->sql };
	pg_error_say(r->job, &r->pg.error, at,
	    st == NULL ? 0
		       : pg_error_line(&r->pg.error, s->sql->sql + st->offset, (size_t)st->length, st->line));
}

void
migrate_say_intent(struct run *r, const struct step *s, int64_t intent, const char *xid)
{
	struct say_at at = { .migration = (int64_t)s->i,
		.statement = s->back ? WIRE_INTENT_BACK(intent) : intent };

	say_intent(r->job, at, xid);
}

/* What the looking itself gets wrong is a failure only when there was none. */
static enum gh_code
watched(struct run *r, const struct run_watched *w, struct gh_err *err)
{
	struct pg_error error = r->pg.error;
	struct gh_err why = { 0 };
	enum gh_code code = r->watch->after(r->watch_arg, w, &why);

	if (w->code != GH_OK) {
		r->pg.error = error;
		return w->code;
	}
	if (code != GH_OK)
		*err = why;
	return code;
}

/* A statement by itself whose answer is missing may have taken effect; in a transaction nothing has. */
static enum wire_state
statement_state(const struct run *r, const struct plan_statement *st, enum gh_code code)
{
	if (code == GH_OK)
		return WIRE_OK;
	return st->group == 0 && r->pg.error.lost ? WIRE_IN_DOUBT : WIRE_FAILED;
}

enum gh_code
migrate_statement(struct run *r, const struct step *s, size_t k, struct gh_err *err)
{
	const struct plan_statement *st = &s->sql->statements[k];
	int64_t limit = r->plan.policy.statement_timeout_ms;
	struct say_at at = { .migration = (int64_t)s->i, .statement = (int64_t)k };
	GH_ARENA scratch = { .limit = PLAN_LIMIT * 2 };
	struct pg_tag tag;
	enum gh_code code;

	pg_place(&r->pg, at.migration, at.statement);
	if (!s->back)
		say_statement(r->job, at, WIRE_STARTED, -1, "");
	/* The server ends a statement that is too slow; we only stop waiting when it does not. */
	(void)gh_fault("job.before-statement");
	if (r->watch != NULL)
		GH_TRY(r->watch->before(r->watch_arg, s, k, err));
	r->pg.yields = !r->steady && (st->group != 0 || !alone_delicate(s, st));
	code = pg_statement(&r->pg, gh_strndup(&scratch, s->sql->sql + st->offset, (size_t)st->length),
	    limit > 0 && st->group != 0 ? limit + 30000 : 0, &tag, err);
	r->pg.yields = false;
	if (!s->back)
		say_statement(r->job, at, statement_state(r, st, code), tag.rows, tag.tag);
	(void)gh_fault("job.after-statement");
	if (r->watch != NULL)
		return watched(
		    r, &(struct run_watched){ .step = s, .k = k, .rows = tag.rows, .code = code }, err);
	return code;
}

/*
 * What the tool records of a failure.  The intent stays what it was: whoever has to look later must know how
 * far the statements came.
 */
static void
failed(struct run *r, const struct step *s, int64_t from)
{
	const struct convention_books *b = migrate_books(r, s);
	const struct part part = { .s = s,
		.books = b->failed,
		.elapsed_ns = (gh_clock_mono() - from) * 1000,
		.error = gh_strdup(r->job->arena, r->pg.error.message) };
	const struct transact t = { .n = 1, .parts = &part, .silent = true };
	enum run_left left = r->left;
	const char *text = r->left_text;
	struct pg_error error = r->pg.error;
	struct gh_err err = { 0 };

	if (b->failed == NULL || left == RUN_LEFT_DOUBT || left == RUN_LEFT_BATCH ||
	    (left == RUN_LEFT_NOTHING && !b->failed_inside))
		return;
	r->pg.firm = true;
	if (!r->tracking_there || transact_run(r, &t, &err) != GH_OK)
		say_log(r->job, "the failure of %s could not be recorded in %s: %s",
		    r->plan.migrations[s->i].key, r->tracking.qualified,
		    r->tracking_there ? err.msg : "it does not exist");
	else
		r->noted = true;
	r->pg.firm = false;
	/* Only an answer that is missing is worse than what was there. */
	if (r->left != RUN_LEFT_DOUBT)
		r->left = left;
	r->left_text = text;
	r->pg.error = error;
}

enum gh_code
migrate_step(struct run *r, const struct step *s, struct gh_err *err)
{
	const struct part part = { .s = s, .n = s->sql->n_statements, .books = migrate_books(r, s)->row };
	const struct transact t = { .n = 1, .parts = &part, .intent = WIRE_INTENT_ROW, .makes = true };
	int64_t from = gh_clock_mono();
	enum gh_code code;

	r->left_done = 0;
	if (s->sql->row_inside)
		code = transact_run(r, &t, err);
	else
		code = batch_step(s) ? batch_run(r, s, err) : outside_run(r, s, err);
	if (code != GH_OK)
		failed(r, s, from);
	return code;
}

/* The tool asks after the up whether it has worked; outside_run asks before the row is written. */
static enum gh_code
verify_side(struct run *r, size_t i, struct gh_err *err)
{
	const struct plan_migration *m = &r->plan.migrations[i];
	const struct step s = { .i = i, .sql = &m->verify, .back = true };
	struct gh_err why = { 0 };
	enum gh_code code;

	if (!m->has_verify || !m->run.row_inside)
		return GH_OK;
	code = transact_verify(r, &s, &why);
	return code == GH_OK ? GH_OK
			     : gh_fail(err, code, "%s is applied, but its verification failed: %s",
				   plan_called(m->key, m->version), why.msg);
}

static void
say_failed(struct run *r, size_t i, const char *why)
{
	say_migration(r->job, (int64_t)i, r->left == RUN_LEFT_DOUBT ? WIRE_IN_DOUBT : WIRE_FAILED, why);
	if (r->left == RUN_LEFT_NOTHING)
		say_migration(r->job, (int64_t)i, WIRE_ROLLED_BACK, why);
}

static const char *
called(const struct plan *p, size_t i)
{
	return plan_called(p->migrations[i].key, p->migrations[i].version);
}

static enum gh_code
one_by_one(struct run *r, struct gh_err *err)
{
	const struct plan *p = &r->plan;
	size_t i;

	for (i = 0; i < p->n_migrations; i++) {
		struct step s = { .i = i, .sql = &p->migrations[i].run };
		struct gh_err why = { 0 };
		enum gh_code code;

		r->between = true;
		GH_TRY(control_gate(r->job, called(p, i), err));
		r->between = false;
		say_migration(r->job, (int64_t)i, WIRE_STARTED, "");
		code = migrate_step(r, &s, &why);
		if (code != GH_OK) {
			say_failed(r, i, why.msg);
			return gh_fail(err, code, "%s failed: %s",
			    plan_called(p->migrations[i].key, p->migrations[i].version), why.msg);
		}
		say_migration(r->job, (int64_t)i, WIRE_OK, "");
		r->committed = i + 1;
		(void)gh_fault("job.after-migration");
		GH_TRY(verify_side(r, i, err));
	}
	return GH_OK;
}

/* What becomes of one becomes of all. */
static enum gh_code
all_failed(struct run *r, enum gh_code code, const char *why, struct gh_err *err)
{
	const struct plan_migration *m = &r->plan.migrations[r->left_at];
	const char *called = plan_called(m->key, m->version);
	size_t i;

	for (i = 0; i < r->plan.n_migrations; i++) {
		if (i == r->left_at || r->left == RUN_LEFT_DOUBT)
			say_failed(r, i, why);
		else if (i < r->left_at && r->left == RUN_LEFT_NOTHING)
			say_migration(r->job, (int64_t)i, WIRE_ROLLED_BACK,
			    gh_printf(r->job->arena, "in one transaction with %s, which failed", called));
	}
	return gh_fail(err, code, "%s failed: %s", called, why);
}

static enum gh_code
all_at_once(struct run *r, struct gh_err *err)
{
	const struct plan *p = &r->plan;
	struct gh_arena *a = r->job->arena;
	struct step *steps = gh_alloc_n(a, p->n_migrations, sizeof(*steps));
	struct part *parts = gh_alloc_n(a, p->n_migrations, sizeof(*parts));
	const struct transact t = {
		.n = p->n_migrations, .parts = parts, .intent = WIRE_INTENT_ROW, .makes = true
	};
	struct gh_err why = { 0 };
	enum gh_code code;
	size_t i;

	for (i = 0; i < p->n_migrations; i++) {
		steps[i] = (struct step){ .i = i, .sql = &p->migrations[i].run };
		parts[i] = (struct part){ .s = &steps[i],
			.n = steps[i].sql->n_statements,
			.books = migrate_books(r, &steps[i])->row };
	}
	r->between = true;
	GH_TRY(control_gate(r->job, called(p, 0), err));
	r->between = false;
	if (p->n_migrations == 1)
		say_migration(r->job, 0, WIRE_STARTED, "");
	code = transact_run(r, &t, &why);
	if (code != GH_OK)
		return all_failed(r, code, why.msg, err);
	for (i = 0; i < p->n_migrations; i++)
		say_migration(r->job, (int64_t)i, WIRE_OK, "");
	r->committed = p->n_migrations;
	for (i = 0; i < p->n_migrations; i++)
		GH_TRY(verify_side(r, i, err));
	return GH_OK;
}

/*
 * Before the first statement: the tracking tables, when they cannot be made in the first migration's
 * transaction, and the lock that is in one of them.
 */
static enum gh_code
prepare(struct run *r, struct gh_err *err)
{
	const struct plan_sql *first = &r->plan.migrations[0].run;

	if (!first->row_inside || r->convention->lock != NULL)
		GH_TRY(transact_make(r, err));
	if (r->convention->lock == NULL)
		return GH_OK;
	GH_TRY(run_lock_row(r, err));
	/* The tool may have done something until then. */
	return run_tracking(r, err);
}

enum gh_code
stage_migrate(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	const struct plan *p = &r->plan;

	if (p->act == PLAN_REPAIR)
		return repair_run(r, evidence, err);
	GH_TRY(prepare(r, err));
	if (p->act == PLAN_MARK)
		return mark_run(r, evidence, err);
	GH_TRY(p->one_transaction ? all_at_once(r, err) : one_by_one(r, err));
	gh_text_putf(evidence, "%zu migration%s %s%s.", p->n_migrations, p->n_migrations == 1 ? "" : "s",
	    p->down ? "taken back by their down SQL" : "applied",
	    p->one_transaction && p->n_migrations > 1 ? " in one transaction" : "");
	return GH_OK;
}
