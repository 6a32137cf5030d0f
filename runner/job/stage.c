#include "base/ban.h"
#include "runner/job/guard.h"
#include "runner/job/recorded.h"
#include "runner/job/batch.h"
#include "runner/job/run.h"

/* The phases before anything is touched: is it the database of the plan, is it ours alone, does the plan
 * still fit. */

enum gh_code
stage_connect(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	GH_TRY(target_connect(&r->pg, &r->id, err));
	gh_text_putf(evidence, "Connected as %s to PostgreSQL %s, session %" PRId64 ".", r->id.role,
	    r->id.version, r->id.backend_pid);
	return GH_OK;
}

enum gh_code
run_pin(const struct run *r, struct gh_err *err)
{
	const struct target_identity *id = &r->id;
	const struct plan *p = &r->plan;

	if (strcmp(id->system_id, p->system_id) != 0)
		return gh_fail(err, GH_CONFLICT,
		    "%s is another server than the plan was made for: system %s, not %s", p->target,
		    id->system_id, p->system_id);
	if (strcmp(id->database, p->database) != 0 || id->oid != p->database_oid)
		return gh_fail(err, GH_CONFLICT,
		    "%s is another database than the plan was made for: %s (oid %" PRId64
		    "), not %s (oid %" PRId64 ")",
		    p->target, id->database, id->oid, p->database, p->database_oid);
	return GH_OK;
}

enum gh_code
stage_identify(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	const struct target_identity *id = &r->id;

	target_say(r->job, id);
	GH_TRY(run_pin(r, err));
	gh_text_putf(evidence, "Database %s, oid %" PRId64 ", system %s: the one of the plan.", id->database,
	    id->oid, id->system_id);
	return GH_OK;
}

enum gh_code
stage_lock(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	GH_TRY(run_lock(&r->pg, r->convention, &r->plan, RUN_LOCK_WAIT_MS, err));
	guard_start(&r->pg, &r->plan.policy);
	gh_text_put(evidence,
	    r->convention->locks != NULL ? "Holds the run's lock and the lock of the project's own tool."
					 : "Holds the run's lock.");
	return GH_OK;
}

/* Nothing runs over what the tool calls failed, when the tool would not. */
static enum gh_code
none_failed(const struct run *r, struct gh_err *err)
{
	const struct tracking *t = &r->tracking;
	size_t i;

	for (i = 0; r->convention->failed_blocks && i < t->n; i++) {
		const struct convention_row *row = &t->rows[i];

		if (tracking_row_failed(row) && tracking_row(t, row->key) == row)
			return gh_fail(err, GH_CONFLICT, "the plan is stale: %s calls %s %s now%s%s",
			    t->qualified, row->key, row->state, row->detail[0] == '\0' ? "" : ": ",
			    row->detail);
	}
	return GH_OK;
}

static enum gh_code
fits(const struct run *r, struct gh_err *err)
{
	const struct plan *p = &r->plan;
	const struct recorded now = { .c = r->convention, .plan = p, .t = &r->tracking };
	const char *newest = tracking_newest(&r->tracking);
	size_t i;

	if (p->act == PLAN_REPAIR)
		return GH_OK;
	GH_TRY(none_failed(r, err));
	if (strcmp(newest, p->after) != 0)
		return gh_fail(err, GH_CONFLICT,
		    "the plan is stale: it was made when %s was the newest applied migration, "
		    "now it is %s",
		    p->after[0] == '\0' ? "none" : p->after, newest[0] == '\0' ? "none" : newest);
	for (i = 0; i < p->n_migrations; i++) {
		bool applied = recorded_in(&now, i);

		if (applied && !p->down)
			return gh_fail(err, GH_CONFLICT, "the plan is stale: %s is already applied",
			    p->migrations[i].key);
		if (!applied && p->down)
			return gh_fail(
			    err, GH_CONFLICT, "the plan is stale: %s is not applied", p->migrations[i].key);
	}
	return GH_OK;
}

/* How many keys count as applied. */
static size_t
applied(const struct tracking *t)
{
	size_t i, n = 0;

	for (i = 0; i < t->n; i++)
		n += tracking_row_applied(&t->rows[i]) ? 1 : 0;
	return n;
}

enum gh_code
run_tracking(struct run *r, struct gh_err *err)
{
	const struct convention *c = r->convention;
	struct tracking *t = &r->tracking;

	GH_TRY(tracking_read_plan(&r->pg, c, &r->plan, t, err));
	if (t->exists && !t->known)
		return gh_fail(err, GH_CONFLICT, "%s is not the tracking table of the convention %s: %s",
		    t->qualified, c->name, t->why);
	if (!t->exists && t->as->create == NULL && r->plan.act != PLAN_REPAIR)
		return gh_fail(err, GH_CONFLICT, "%s does not exist, and only %s itself can make it",
		    t->qualified, c->title);
	return fits(r, err);
}

enum gh_code
stage_status(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	const struct convention *c = r->convention;
	struct tracking *t = &r->tracking;

	GH_TRY(run_tracking(r, err));
	GH_TRY(batch_unfinished(r, err));
	r->tracking_there = t->exists;
	if (!t->exists)
		gh_text_putf(evidence, "%s does not exist yet; the run makes it before the first statement.",
		    t->qualified);
	else if (c->one_row)
		gh_text_putf(evidence, "The newest applied is %s: the plan fits.",
		    r->plan.after[0] == '\0' ? "none" : r->plan.after);
	else
		gh_text_putf(evidence, "%zu applied, the newest %s: the plan fits.", applied(t),
		    r->plan.after[0] == '\0' ? "none" : r->plan.after);
	return GH_OK;
}
