#include "base/ban.h"
#include "runner/job/health.h"
#include "runner/job/judge.h"
#include "runner/job/run.h"

/*
 * All of a run is in, but its job died before it had said so: what comes after the migrations may not have
 * come to its end.  Health can be asked at any time, so it is asked now; hooks are never run again, because
 * nobody knows how far they were.
 */

/* Whether that phase of the dead job, or a later one, has ended well. */
static bool
ended(const struct job *j, enum wire_phase phase)
{
	const enum wire_phase *p;
	bool passed = false;

	for (p = wire_phase_order; *p != 0; p++) {
		passed = passed || *p == phase;
		if (*p == (enum wire_phase)j->spec.phase)
			return passed;
	}
	return false;
}

static bool
has_hooks_after(const struct plan *p)
{
	size_t i;

	for (i = 0; i < p->policy.n_hooks; i++) {
		if (p->policy.hooks[i].when == POLICY_AFTER)
			return true;
	}
	return false;
}

static enum gh_code
health(struct job *j, const struct plan *p, struct judge_verdict *v, struct gh_text *t, struct gh_err *err)
{
	GH_TEXT evidence = { .limit = SAY_TEXT_MAX };
	struct gh_err why = { 0 };

	if (p->policy.health_url[0] == '\0' || ended(j, WIRE_HEALTH))
		return GH_OK;
	if (health_check(j, &p->policy, &evidence, &why) == GH_OK) {
		gh_text_putf(t, " Its health was asked now: %s", gh_text_str(&evidence));
		return GH_OK;
	}
	if (job_stopped(j))
		return gh_fail(err, GH_UNAVAILABLE, "asked to stop while %s was asked", p->policy.health_url);
	v->outcome = WIRE_NEEDS_PERSON;
	gh_text_putf(t, " Its health was asked now: %s. Nothing was taken back.", why.msg);
	return GH_OK;
}

enum gh_code
reconcile_after(struct job *j, const struct plan *p, struct judge_verdict *v, struct gh_err *err)
{
	GH_TEXT t = { .limit = SAY_TEXT_MAX };

	if (v->outcome != WIRE_SUCCEEDED || (p->act != PLAN_RUN && p->act != PLAN_RESTORE))
		return GH_OK;
	gh_text_put(&t, v->sentence);
	/* What a restore verifies was looked at just now. */
	if (p->act != PLAN_RESTORE && !ended(j, WIRE_VERIFY))
		gh_text_put(&t, " Its verification did not come to a good end.");
	GH_TRY(health(j, p, v, &t, err));
	if (has_hooks_after(p) && !ended(j, WIRE_AFTER))
		gh_text_put(&t, " Its hooks after the run did not all end; they are not run again.");
	v->sentence = gh_strdup(j->arena, gh_text_str(&t));
	return GH_OK;
}
