#include "base/ban.h"
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
	GH_TRY(target_lock(&r->pg, r->convention->lock, RUN_LOCK_WAIT_MS, err));
	gh_text_put(evidence,
	    r->convention->lock != 0 ? "Holds the run's lock and the lock of the project's own tool."
				     : "Holds the run's lock.");
	return GH_OK;
}

static enum gh_code
fits(const struct run *r, struct gh_err *err)
{
	const struct plan *p = &r->plan;
	const char *newest = tracking_newest(&r->tracking, r->job->arena);
	size_t i;

	if (strcmp(newest, p->after) != 0)
		return gh_fail(err, GH_CONFLICT,
		    "the plan is stale: it was made when %s was the newest applied migration, "
		    "now it is %s",
		    p->after[0] == '\0' ? "none" : p->after, newest[0] == '\0' ? "none" : newest);
	for (i = 0; i < p->n_migrations; i++) {
		bool applied = tracking_has(&r->tracking, p->migrations[i].key);

		if (applied && !p->down)
			return gh_fail(err, GH_CONFLICT, "the plan is stale: %s is already applied",
			    p->migrations[i].key);
		if (!applied && p->down)
			return gh_fail(
			    err, GH_CONFLICT, "the plan is stale: %s is not applied", p->migrations[i].key);
	}
	return GH_OK;
}

enum gh_code
stage_status(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	const struct convention *c = r->convention;

	GH_TRY(tracking_read(&r->pg, c, &r->tracking, err));
	if (r->tracking.exists && !r->tracking.known)
		return gh_fail(err, GH_CONFLICT, "%s is not the tracking table of the convention %s: %s",
		    c->tracking.qualified, c->name, r->tracking.why);
	r->tracking_there = r->tracking.exists;
	tracking_say(r->job, c, &r->tracking);
	GH_TRY(fits(r, err));
	if (r->tracking.exists)
		gh_text_putf(evidence, "%zu applied, the newest %s: the plan fits.", r->tracking.n,
		    r->plan.after[0] == '\0' ? "none" : r->plan.after);
	else
		gh_text_putf(evidence, "%s does not exist yet; the first migration's transaction makes it.",
		    c->tracking.qualified);
	return GH_OK;
}
