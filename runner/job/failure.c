#include "base/ban.h"
#include "runner/job/failure.h"
#include "runner/job/judge.h"
#include "runner/job/run.h"
#include "runner/job/sql.gen.h"

/* Whether anything of the plan was begun. */
static bool
begun(const struct run *r)
{
	return r->failed.set || r->committed > 0 || r->was_in > 0 || r->left != RUN_LEFT_NOTHING || r->noted;
}

static const enum failure_state *
states(const struct run *r)
{
	const struct plan *p = &r->plan;
	enum failure_state *ret = gh_alloc_n(r->job->arena, p->n_migrations, sizeof(*ret));
	size_t i;

	for (i = 0; i < p->n_migrations && begun(r); i++) {
		if (i < r->committed)
			ret[i] = FAILURE_IN;
		else if (i < r->was_in)
			ret[i] = FAILURE_TAKEN_BACK;
		else if (i <= r->left_at && !r->between && r->failed.set)
			ret[i] = r->was_half && i == r->left_at ? FAILURE_TAKEN_BACK : FAILURE_ROLLED_BACK;
	}
	if (r->left == RUN_LEFT_HALF)
		ret[r->left_at] = FAILURE_HALF;
	return ret;
}

static enum gh_code
connect(struct run *r, struct gh_err *err)
{
	if (r->pg.conn != NULL && PQstatus(r->pg.conn) == CONNECTION_OK && !r->pg.error.lost)
		return pg_rollback(&r->pg, err);
	GH_TRY(target_connect(&r->pg, &r->id, err));
	return run_pin(r, err);
}

/* The tool's table calls something failed, and nothing runs until that is cleared. */
static bool
blocked(struct run *r)
{
	struct gh_err err = { 0 };
	struct tracking t;
	size_t i;

	if (!r->convention->failed_blocks ||
	    tracking_read_plan(&r->pg, r->convention, &r->plan, &t, &err) != GH_OK)
		return false;
	for (i = 0; i < t.n; i++) {
		if (tracking_row_failed(&t.rows[i]) && tracking_row(&t, t.rows[i].key) == &t.rows[i])
			return true;
	}
	return false;
}

/* Names are quoted by the server later on: these as well. */
static void
before(struct run *r, struct failure *f)
{
	struct gh_arena *a = r->job->arena;
	struct failure_before *b = &f->before;
	size_t i;

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	b->at = gh_alloc_n(a, r->invalid.n, sizeof(*b->at));
	for (i = 0; i < r->invalid.n; i++) {
		const char *const params[] = { r->invalid.at[i].schema, r->invalid.at[i].name };
		struct gh_err err = { 0 };
		const char *name;

		if (explain_value(&f->x, SQL_QUOTED, params, 2, &name, &err) == GH_OK && name != NULL)
			b->at[b->n++] = name;
	}
	f->before_known = true;
}

void
failure_say(struct run *r)
{
	struct failure f = { .outcome = r->job->outcome,
		.parse = true,
		.backup = r->backup == NULL ? "" : r->backup,
		.run = r->job->spec.id };
	struct gh_err err = { 0 };

	/* Reconcile says it when it is known.  A server that was never reached is not called once more:
	 * nothing was done to it. */
	if (r->job->outcome == WIRE_UNKNOWN || r->id.backend_pid == 0)
		return;
	if (plan_restores(&r->plan)) {
		actions_restore(r->job, &r->plan);
		return;
	}
	explain_start(&f.x, &r->pg, &r->plan, r->convention, &r->failed);
	f.state = states(r);
	pg_place(&r->pg, -1, -1);
	if (connect(r, &err) != GH_OK) {
		say_log(r->job, "what is true now could not be looked at: %s", err.msg);
		return;
	}
	if (r->failed.set)
		explain_run(&f.x);
	f.blocked = blocked(r);
	before(r, &f);
	if (begun(r))
		facts_say(&f);
	actions_say(&f);
}

static enum failure_state
settled_state(const struct judge_facts *j, const struct judge_verdict *v, size_t i)
{
	bool at = (int64_t)i == j->intent.migration;

	if (at && j->half != NULL)
		return FAILURE_HALF;
	if (i < v->n_in)
		return FAILURE_IN;
	if ((int64_t)i < j->done || (at && j->intent.back))
		return FAILURE_TAKEN_BACK;
	if (at || ((int64_t)i == j->done && j->intent.migration < 0))
		return FAILURE_ROLLED_BACK;
	return FAILURE_NOT_RUN;
}

void
failure_settled(
    struct pg *pg, const struct convention *c, const struct judge_facts *j, const struct judge_verdict *v)
{
	const struct plan *p = j->plan;
	const struct explain_error none = { .migration = -1, .statement = -1 };
	enum failure_state *state = gh_alloc_n(pg->job->arena, p->n_migrations, sizeof(*state));
	struct failure f = { .outcome = v->outcome,
		.backup = "",
		.run = pg->job->spec.id,
		.blocked = j->note != NULL,
		.state = state };
	size_t i;

	if (v->outcome == WIRE_UNKNOWN || v->outcome == WIRE_SUCCEEDED)
		return;
	for (i = 0; i < p->n_migrations; i++)
		state[i] = settled_state(j, v, i);
	explain_start(&f.x, pg, p, c, &none);
	facts_say(&f);
	actions_say(&f);
}
