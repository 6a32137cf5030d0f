#include "base/ban.h"
#include "runner/run_end.h"
#include "base/fault.h"
#include "base/log.h"
#include "runner/control.h"
#include "runner/follow_rows.h"
#include "runner/incident_facts.h"
#include "runner/job.h"
#include "runner/revert.h"
#include "runner/message.h"
#include "runner/waste.h"
#include "store/ledger_write.h"
#include "store/plan.h"
#include "store/project_write.h"
#include "store/request_write.h"
#include "store/run_write.h"

static enum gh_code
entry_add(struct store *st, const struct store_run *run, enum wire_outcome outcome, const char *text,
    int64_t at, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_entry e = { .at = at,
		.actor = "runner",
		.way = "runner",
		.session = 0,
		.target = run->target,
		.outcome = outcome == WIRE_SUCCEEDED ? "ok" : "failed",
		.text = text };
	int64_t seq = 0;

	e.op = gh_printf(&a, "run.%s", wire_outcome_name(outcome));
	e.subject = gh_printf(&a, "run/%" PRId64, run->id);
	return store_ledger_add(st, &e, &seq, err);
}

static enum config_event
event_of(enum wire_outcome outcome)
{
	if (outcome == WIRE_SUCCEEDED)
		return CONFIG_AFTER;
	return outcome == WIRE_UNKNOWN ? CONFIG_UNKNOWN : CONFIG_FAILED;
}

/* What the target is held for afterwards; "" when it is free. */
static const char *
hold_text(const struct store_run *run, enum wire_outcome outcome, int64_t incident, const char *sentence,
    struct gh_arena *a)
{
	if (outcome == WIRE_UNKNOWN)
		return gh_printf(a,
		    "nobody knows yet how run %" PRId64 " ended (%s); it is being looked into", run->id,
		    sentence);
	if (outcome == WIRE_NEEDS_PERSON)
		return gh_printf(a,
		    "run %" PRId64 " needs a person: see incident %" PRId64
		    " and close it when %s is in order",
		    run->id, incident, run->target);
	return "";
}

/* What runs that need a person leave of a target. */
struct waiting {
	int64_t closed;   /* one of their incidents that is closed, 0 none */
	const char *hold; /* of the newest whose incident is open; "" none is */
};

static enum gh_code
waiting_run(
    struct runner *r, const struct store_run *run, struct waiting *w, struct gh_arena *a, struct gh_err *err)
{
	struct store_run_detail detail;
	struct store_incident incident;

	GH_TRY(store_run_detail(r->store, a, run->id, &detail, err));
	if (detail.incident == 0)
		return GH_OK;
	GH_TRY(store_incident_get(r->store, a, detail.incident, &incident, err));
	if (strcmp(incident.state, "closed") == 0)
		w->closed = incident.id;
	else
		w->hold = hold_text(run, WIRE_NEEDS_PERSON, incident.id, "", a);
	return GH_OK;
}

static enum gh_code
waiting_read(struct runner *r, int64_t target_id, struct waiting *ret, struct gh_arena *a, struct gh_err *err)
{
	struct store_run_filter filter = { .target_id = target_id, .state = "needs-person", .limit = 20 };
	struct store_runs runs = { 0 };
	size_t i;

	*ret = (struct waiting){ .hold = "" };
	do {
		GH_TRY(store_run_list(r->store, a, &filter, &runs, err));
		for (i = 0; i < runs.n && ret->hold[0] == '\0'; i++)
			GH_TRY(waiting_run(r, &runs.rows[i], ret, a, err));
		filter.before = runs.next;
	} while (runs.next != 0 && ret->hold[0] == '\0');
	return GH_OK;
}

/* What a repair that was unknown leaves: the hold of the newest run that a person still has to look at. */
static enum gh_code
hold_again(struct runner *r, int64_t target_id, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct waiting w;

	GH_TRY(waiting_read(r, target_id, &w, &a, err));
	return store_target_hold(r->store, target_id, w.hold, err);
}

enum gh_code
run_end(struct runner *r, int64_t run_id, enum wire_outcome outcome, const char *sentence, int64_t at,
    struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_run run;
	struct store_run_detail detail;
	struct store_plan plan;
	struct gh_err why = { 0 };
	int64_t incident = 0;

	GH_TRY(store_run_get(r->store, &a, run_id, &run, err));
	GH_TRY(store_run_detail(r->store, &a, run_id, &detail, err));
	GH_TRY(store_plan_get(r->store, &a, run.plan_digest, &plan, err));
	sentence = control_sentence(&detail, sentence, &a);
	if (outcome == WIRE_UNKNOWN && strcmp(run.state, "unknown") == 0)
		return run_hold(r, run_id, sentence, at, err);
	(void)gh_fault("runner.run.before-end");
	GH_TRY(follow_rows_close(r->store, run_id, outcome, at, err));
	GH_TRY(store_run_move(r->store, run_id, run.state, wire_outcome_name(outcome), sentence, at, err));
	(void)gh_fault("runner.run.moved");
	GH_TRY(entry_add(r->store, &run, outcome, sentence, at, err));
	if (outcome != WIRE_UNKNOWN)
		GH_TRY(store_request_move(r->store, run.request_id, "started", "done", sentence, at, err));
	if (outcome == WIRE_SUCCEEDED)
		GH_TRY(revert_open(r->store, &run, at, err));
	if (outcome != WIRE_UNKNOWN && outcome != WIRE_SUCCEEDED)
		GH_TRY(incident_facts_open(r->store, r->config, run_id, at, &incident, err));
	/* A repair does not free a target that a person is still to look at. */
	if (strcmp(plan.act, "run") == 0 || outcome == WIRE_UNKNOWN || outcome == WIRE_NEEDS_PERSON)
		GH_TRY(store_target_hold(
		    r->store, run.target_id, hold_text(&run, outcome, incident, sentence, &a), err));
	else if (strcmp(run.state, "unknown") == 0)
		GH_TRY(hold_again(r, run.target_id, err));
	GH_TRY(message_run(r, run_id, event_of(outcome), at, err));
	/* What its job, if it was killed, has left of a cluster that proved its backup. */
	if (waste_put(r, job_scratch_path(r->config, &a, run_id), &why) != GH_OK)
		gh_log_err("run.scratch", &why);
	(void)gh_fault("runner.run.after-end");
	gh_log_info("run.end", "run=%" PRId64 " outcome=%s incident=%" PRId64, run_id,
	    wire_outcome_name(outcome), incident);
	return GH_OK;
}

enum gh_code
run_hold(struct runner *r, int64_t run_id, const char *why, int64_t at, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_run run;
	struct store_target t;
	const char *text;

	GH_TRY(store_run_get(r->store, &a, run_id, &run, err));
	GH_TRY(store_target_get_id(r->store, &a, run.target_id, &t, err));
	text = hold_text(&run, WIRE_UNKNOWN, 0, why, &a);
	if (strcmp(t.held, text) == 0)
		return GH_OK;
	GH_TRY(store_target_hold(r->store, t.id, text, err));
	return store_event_add(r->store, run_id, "log", gh_printf(&a, "Still unknown: %s", why), at, err);
}

static enum gh_code
release(struct runner *r, const struct store_target *t, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct waiting w;

	GH_TRY(waiting_read(r, t->id, &w, &a, err));
	if (w.closed == 0 || strcmp(t->held, w.hold) == 0)
		return GH_OK;
	GH_TRY(store_target_hold(r->store, t->id, w.hold, err));
	if (w.hold[0] != '\0')
		return GH_OK;
	(void)gh_fault("runner.run.after-release");
	gh_log_info("target.free", "target=%s incident=%" PRId64, t->name, w.closed);
	return GH_OK;
}

enum gh_code
run_release(struct runner *r, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_targets targets = { 0 };
	size_t i;

	GH_TRY(store_target_list(r->store, &a, 0, &targets, err));
	for (i = 0; i < targets.n; i++) {
		const struct store_target *t = &targets.rows[i];

		if (t->held[0] != '\0' && t->active_run == 0)
			GH_TRY(release(r, t, err));
	}
	return GH_OK;
}
