#include "base/ban.h"
#include "runner/ready.h"
#include "migration/plan.h"
#include "runner/gate.h"
#include "runner/plan_restore.h"
#include "runner/rehearsal.h"
#include "runner/stale.h"
#include "runner/task.h"
#include "runner/window.h"
#include "store/loss.h"
#include "store/plan.h"
#include "store/request.h"
#include "store/run_write.h"

static enum gh_code
waits(struct store *st, const struct store_run *run, const char *why, int64_t now, struct gh_err *err)
{
	STORE_TX tx = { 0 };

	if (strcmp(run->outcome, why) == 0)
		return GH_OK;
	GH_TRY(store_begin(st, &tx, err));
	GH_TRY(store_run_waits(st, run->id, why, err));
	GH_TRY(store_event_add(st, run->id, "log", why, now, err));
	return store_commit(&tx, err);
}

/* What a rehearsal has to show first: one that goes on is waited for, a bad one ends it. */
static enum gh_code
rehearsal_look(struct runner *r, const struct store_run *run, const struct plan *p, int64_t now,
    struct ready *ret, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_request q;
	const char *why;
	bool pending;

	GH_TRY(store_request_get(r->store, &a, run->request_id, &q, err));
	if (q.reverts != 0)
		return GH_OK;
	GH_TRY(rehearsal_demand(r->store, &a, p, run->plan_digest, &why, &pending, err));
	if (why == NULL)
		return GH_OK;
	ret->now = false;
	return pending ? waits(r->store, run, why, now, err)
		       : stale_refuse(r->store, run->request_id, why, now, err);
}

/*
 * Where nobody approves, nobody has had to read what a restore would lose: it waits until that is counted all
 * the same, and when it cannot be, whoever asks has to say that they want it nonetheless.
 */
static enum gh_code
count_look(struct runner *r, const struct store_run *run, const struct plan *p, int64_t now,
    struct ready *ret, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_request q;
	struct store_count c;

	GH_TRY(store_request_get(r->store, &a, run->request_id, &q, err));
	if (p->act != PLAN_RESTORE || q.needed > 0)
		return GH_OK;
	GH_TRY(store_count_find(r->store, &a, run->plan_digest, &c, err));
	if (strcmp(c.state, "done") == 0)
		return GH_OK;
	if (strcmp(c.state, "queued") == 0 || strcmp(c.state, "running") == 0) {
		ret->now = false;
		return waits(r->store, run, "What it would lose is being counted.", now, err);
	}
	if (plan_restore_uncounted(q.goal))
		return waits(r->store, run,
		    gh_printf(&a, "What it loses could not be counted, and it was asked for nonetheless: %s",
			c.text),
		    now, err);
	ret->now = false;
	return stale_refuse(r->store, run->request_id,
	    gh_printf(&a,
		"what it would lose could not be counted: %s; ask again when it can be, or say there, by the "
		"box on the page or by --uncounted, that this does not matter",
		c.state[0] == '\0' ? "nobody has tried" : c.text),
	    now, err);
}

/* What was approved. */
static enum gh_code
plan_look(struct runner *r, const struct store_run *run, int64_t now, struct ready *ret, struct gh_err *err)
{
	GH_ARENA a = { .limit = PLAN_LIMIT };
	GH_TEXT bytes = { .limit = PLAN_LIMIT };
	struct plan plan = { 0 };
	struct window_look window = { 0 };
	GH_TEXT notes = { 0 };
	struct gh_err why = { 0 };
	enum gh_code code;

	GH_TRY(store_plan_read(r->store, run->plan_digest, &bytes, err));
	if (plan_is_older(gh_text_str(&bytes), bytes.len)) {
		ret->now = false;
		return stale_refuse(r->store, run->request_id, PLAN_OLDER, now, err);
	}
	/* The job will say that nobody can read it. */
	if (plan_read(gh_text_str(&bytes), bytes.len, &a, &plan, NULL) != GH_OK)
		return GH_OK;
	GH_TRY(window_look(&plan.policy, now, &a, &window, err));
	ret->now = window.open;
	if (!window.open)
		return waits(r->store, run, window.why, now, err);
	if (ret->window_end == 0 || (window.end != 0 && window.end < ret->window_end))
		ret->window_end = window.end;
	GH_TRY(rehearsal_look(r, run, &plan, now, ret, err));
	if (ret->now)
		GH_TRY(count_look(r, run, &plan, now, ret, err));
	if (!ret->now)
		return GH_OK;
	code = gate_check(r->store, &plan, &notes, &why);
	if (code == GH_CONFLICT) {
		ret->now = false;
		return stale_refuse(r->store, run->request_id, why.msg, now, err);
	}
	if (code != GH_OK && err != NULL)
		*err = why;
	if (code != GH_OK || notes.len == 0)
		return code;
	notes.data[--notes.len] = '\0';
	return store_event_add(r->store, run->id, "log", notes.data, now, err);
}

enum gh_code
ready_look(struct runner *r, const struct store_run *run, int64_t now, struct ready *ret, struct gh_err *err)
{
	const char *why = NULL;
	const struct config_target *conf = config_target_find(r->config, run->target);
	struct window_look window = { .open = true };
	GH_ARENA a = { 0 };

	*ret = (struct ready){ .now = true };
	if (conf != NULL)
		GH_TRY(window_look(&conf->policy, now, &a, &window, err));
	ret->now = window.open;
	if (!window.open)
		return waits(r->store, run, window.why, now, err);
	GH_TRY(task_in_the_way(r->store, &a, run->target_id, &why, err));
	ret->now = why == NULL;
	if (why != NULL)
		return waits(r->store, run, why, now, err);
	ret->window_end = window.end;
	return plan_look(r, run, now, ret, err);
}
