#include "base/ban.h"
#include "runner/rehearsal.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "runner/beside.h"
#include "runner/queue.h"
#include "runner/work_state.h"
#include "store/ledger_write.h"
#include "store/plan.h"
#include "store/rehearsal_write.h"

/* The one that runs. */
struct rehearsal {
	struct beside beside; /* id is the rehearsal's */
};

static enum gh_code
entry_add(
    struct runner *r, const struct store_rehearsal *h, const char *what, const char *text, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_entry e = { .at = gh_clock_now(),
		.actor = "runner",
		.way = "runner",
		.target = h->target,
		.outcome = strcmp(what, "failed") == 0 ? "failed" : "ok",
		.text = text };
	int64_t seq = 0;

	e.op = gh_printf(&a, "rehearsal.%s", what);
	e.subject = gh_printf(&a, "rehearsal/%" PRId64, h->id);
	return store_ledger_add(r->store, &e, &seq, err);
}

/* running -> done or failed. */
static enum gh_code
settle(struct beside *b, enum wire_outcome outcome, const char *sentence, struct gh_err *err)
{
	struct store *st = b->runner->store;
	struct store_rehearsal_move m = {
		.from = "running", .to = "failed", .text = sentence, .now = gh_clock_now()
	};
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_rehearsal h;

	GH_TRY(store_rehearsal_get(st, &a, b->id, &h, err));
	if (outcome == WIRE_SUCCEEDED) {
		m.to = "done";
		m.text = "";
		GH_TRY(rehearsal_good(st, &h, &m.good, err));
	}
	GH_TRY(store_rehearsal_move(st, b->id, &m, err));
	GH_TRY(entry_add(b->runner, &h, m.to, sentence, err));
	(void)gh_fault("runner.rehearsal.before-settle");
	gh_log_info("rehearsal.end", "rehearsal=%" PRId64 " state=%s good=%d", b->id, m.to, m.good);
	return GH_OK;
}

static enum gh_code
frame(struct beside *b, const struct wire_event *e, struct gh_arena *a, struct gh_err *err)
{
	return rehearsal_frame(b->runner->store, b->id, e, a, err);
}

/* Its rows take the place of what they were: the next runner reads it from the beginning. */
static enum gh_code
keep(struct beside *b, struct gh_err *err)
{
	(void)b;
	(void)err;
	return GH_OK;
}

static void
freed(struct runner *r)
{
	(void)gh_fault("runner.rehearsal.ended");
	rehearsal_kick(r);
	queue_kick(r);
}

static const struct beside_kind kind = {
	.name = "rehearse",
	.frame = frame,
	.keep = keep,
	.settle = settle,
	.freed = freed,
};

static enum gh_code
claim(struct runner *r, const struct store_rehearsal *h, struct gh_err *err)
{
	const struct store_rehearsal_move m = {
		.from = "queued", .to = "running", .text = "", .now = gh_clock_now()
	};

	(void)gh_fault("runner.rehearsal.before-claim");
	return store_rehearsal_move(r->store, h->id, &m, err);
}

static enum gh_code
launch(struct runner *r, const struct store_rehearsal *h, struct gh_err *err)
{
	const struct config_target *conf = config_target_find(r->config, h->target);
	struct beside *b = &r->work->rehearsal->beside;
	GH_TEXT plan = { .limit = PLAN_LIMIT };
	GH_FD int passfile = -1;
	/* The name of its sessions is not that of a run. */
	struct wire_spec spec = { .id = -h->id,
		.plan_digest = h->plan_digest,
		.backup_folder = "",
		.backend_start = "",
		.intent_xid = "",
		.scratch_folder = b->folder };
	struct job_order o = { .kind = WIRE_JOB_REHEARSE, .id = h->id, .spec = &spec };

	if (conf == NULL)
		return gh_fail(err, GH_CONFLICT, "target %s is no longer in the configuration", h->target);
	GH_TRY(store_plan_read(r->store, h->plan_digest, &plan, err));
	GH_TRY(config_passfile(r->config, conf, &passfile, err));
	GH_TRY(job_spec_target(r, conf, &spec, err));
	spec.max_retries = 0;
	spec.plan = plan.data;
	spec.plan_len = plan.len;
	spec.scratch = conf->rehearse_server;
	spec.sample_rows = conf->rehearse_rows;
	o.passfile = passfile;
	if (gh_fault("runner.rehearsal.before-exec"))
		return gh_fail(err, GH_UNAVAILABLE, "the job was not started (injected)");
	return beside_start(b, &o, REHEARSAL_LIMIT_US, err);
}

/* Nothing was begun. */
static enum gh_code
refuse(struct runner *r, const struct store_rehearsal *h, const char *why, struct gh_err *err)
{
	STORE_TX tx = { 0 };
	struct beside b = { .runner = r, .id = h->id };

	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(settle(&b, WIRE_FAILED_CLEAN, why, err));
	return store_commit(&tx, err);
}

static enum gh_code
kick(struct runner *r, struct gh_err *err)
{
	struct beside *b = &r->work->rehearsal->beside;
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_rehearsals open_list = { 0 };
	size_t i;

	GH_TRY(store_rehearsal_open_list(r->store, &a, &open_list, err));
	for (i = 0; i < open_list.n && b->id == 0; i++) {
		const struct store_rehearsal *h = &open_list.rows[i];
		struct gh_err why = { 0 };

		if (strcmp(h->state, "queued") != 0)
			continue;
		GH_TRY(claim(r, h, err));
		beside_name(b, r, &kind, h->id);
		if (launch(r, h, &why) == GH_OK) {
			gh_log_info("rehearsal.start", "rehearsal=%" PRId64 " target=%s plan=%s", h->id,
			    h->target, h->plan_digest);
			continue;
		}
		gh_log_err("rehearsal.start", &why);
		*b = (struct beside){ 0 };
		GH_TRY(refuse(r, h, why.msg, err));
	}
	return GH_OK;
}

void
rehearsal_kick(struct runner *r)
{
	struct gh_err err = { 0 };

	if (r->work == NULL || r->work->rehearsal == NULL || r->work->rehearsal->beside.id != 0)
		return;
	if (kick(r, &err) != GH_OK)
		gh_log_err("rehearsal.kick", &err);
}

enum gh_code
rehearsal_start(struct runner *r, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_rehearsals open_list = { 0 };
	struct rehearsal *w = calloc(1, sizeof(*w));
	size_t i;

	if (w == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	r->work->rehearsal = w;
	GH_TRY(store_rehearsal_open_list(r->store, &a, &open_list, err));
	for (i = 0; i < open_list.n && w->beside.id == 0; i++) {
		if (strcmp(open_list.rows[i].state, "running") != 0)
			continue;
		/* Another runner has started it: there is at most one. */
		beside_name(&w->beside, r, &kind, open_list.rows[i].id);
		beside_adopt(&w->beside, REHEARSAL_LIMIT_US);
	}
	beside_sweep(r, &kind, &w->beside, 1);
	rehearsal_kick(r);
	return GH_OK;
}

void
rehearsal_stop(struct runner *r)
{
	if (r->work->rehearsal == NULL)
		return;
	/* It goes on without us: the next runner takes it up. */
	beside_stop(&r->work->rehearsal->beside);
	free(r->work->rehearsal);
	r->work->rehearsal = NULL;
}
