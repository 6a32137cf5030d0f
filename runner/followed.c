#include "base/ban.h"
#include "runner/followed.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "runner/follow_kind.h"
#include "runner/job.h"
#include "runner/refresh.h"
#include "runner/run_end.h"
#include "store/plan.h"
#include "store/run_write.h"

/* The plan names migrations and statements; without it events have numbers. */
static void
plan_load(struct followed *f, const char *digest)
{
	struct gh_err err = { 0 };

	f->plan_bytes.limit = PLAN_LIMIT;
	f->plan_arena.limit = PLAN_LIMIT;
	if (store_plan_read(f->runner->store, digest, &f->plan_bytes, &err) == GH_OK &&
	    plan_read(gh_text_str(&f->plan_bytes), f->plan_bytes.len, &f->plan_arena, &f->plan, &err) ==
		GH_OK)
		f->run.plan = &f->plan;
	else
		gh_log_err("follow.plan", &err);
}

enum gh_code
followed_new(struct runner *r, int64_t run_id, struct followed **ret, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_run run;
	struct store_run_detail detail;
	struct followed *f;

	GH_TRY(store_run_get(r->store, &a, run_id, &run, err));
	GH_TRY(store_run_detail(r->store, &a, run_id, &detail, err));
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	f->runner = r;
	f->run = (struct follow_run){ .id = run_id, .target_id = run.target_id };
	f->at.offset = detail.journal_offset;
	memcpy(f->at.sum, detail.journal_sum, sizeof(f->at.sum));
	(void)snprintf(f->path, sizeof(f->path), "%s", job_journal_path(r->config, &a, run_id));
	(void)snprintf(f->target, sizeof(f->target), "%s", run.target);
	f->pid_known = detail.pid != 0;
	f->fd = open(f->path, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0 && errno != ENOENT) {
		followed_free(f);
		return gh_fail_errno(err, GH_INTERNAL, "cannot open the journal of run %" PRId64, run_id);
	}
	plan_load(f, run.plan_digest);
	*ret = f;
	return GH_OK;
}

void
followed_free(struct followed *f)
{
	gh_fd_done(&f->fd);
	gh_text_done(&f->buf);
	gh_text_done(&f->plan_bytes);
	gh_arena_done(&f->plan_arena);
	free(f);
}

static void
spoil(struct followed *f, const struct gh_err *why)
{
	f->spoilt = true;
	(void)snprintf(f->why, sizeof(f->why), "%s", why->msg);
	gh_log_err("follow.spoilt", why);
}

/*
 * One frame into rows.  What cannot be read, or what the store refuses for good, ends the following: somebody
 * has to look at the database itself.
 */
static enum gh_code
frame_put(struct followed *f, const struct wire_event *e, enum wire_outcome *ret_outcome, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct follow_frame frame;
	const struct follow_kind *k = follow_kind_find(e->kind);
	struct gh_err why = { 0 };
	enum gh_code code;

	if (k == NULL && follow_frame_read(e, &a, &frame, &why) != GH_OK) {
		spoil(f, &why);
		return GH_OK;
	}
	code = k != NULL ? k->put(f->runner->store, &f->run, e, &a, &why)
			 : follow_rows_put(f->runner->store, &f->run, &frame, &a, &why);
	if (k == NULL && code == GH_OK && frame.kind == WIRE_J_OUTCOME) {
		*ret_outcome = frame.outcome;
		code = run_end(f->runner, f->run.id, frame.outcome, frame.text, frame.at, &why);
	}
	if (code == GH_CONFLICT || code == GH_BAD_INPUT) {
		spoil(f, &why);
		return gh_fail(err, GH_CONFLICT, "the frame was not taken");
	}
	if (code != GH_OK && err != NULL)
		*err = why;
	return code;
}

/* At most FOLLOW_BATCH frames in one transaction; on failure nothing of them is remembered. */
static enum gh_code
batch(struct followed *f, size_t *ret_n, enum wire_outcome *ret_outcome, struct gh_err *err)
{
	struct store *st = f->runner->store;
	struct wire_follow at = f->at;
	struct wire_event e;
	STORE_TX tx = { 0 };
	bool got = false;

	*ret_n = 0;
	GH_TRY(store_begin(st, &tx, err));
	while (*ret_n < FOLLOW_BATCH && *ret_outcome == 0 && !f->spoilt) {
		struct gh_err why = { 0 };

		if (wire_follow_next(&at, f->fd, &f->buf, &e, &got, &why) != GH_OK) {
			spoil(f, &why);
			break;
		}
		if (!got)
			break;
		GH_TRY(frame_put(f, &e, ret_outcome, err));
		++*ret_n;
	}
	if (*ret_n == 0)
		return GH_OK;
	GH_TRY(store_run_journal(st, f->run.id, at.offset, at.sum, err));
	if (gh_fault("runner.follow.before-commit"))
		return gh_fail(err, GH_UNAVAILABLE, "the disk is full (injected)");
	GH_TRY(store_commit(&tx, err));
	(void)gh_fault("runner.follow.after-commit");
	f->at = at;
	return GH_OK;
}

static enum gh_code
drain(struct followed *f, enum wire_outcome *ret_outcome, struct gh_err *err)
{
	size_t n = FOLLOW_BATCH;

	while (n == FOLLOW_BATCH && *ret_outcome == 0 && !f->spoilt) {
		enum gh_code code = batch(f, &n, ret_outcome, err);

		if (f->spoilt && code == GH_CONFLICT) {
			*ret_outcome = 0;
			return GH_OK;
		}
		if (code != GH_OK)
			*ret_outcome = 0;
		GH_TRY(code);
	}
	return GH_OK;
}

static enum gh_code
end(struct followed *f, enum wire_outcome outcome, const char *sentence, struct gh_err *err)
{
	STORE_TX tx = { 0 };
	int64_t now = gh_clock_now();

	GH_TRY(store_begin(f->runner->store, &tx, err));
	GH_TRY(store_event_add(f->runner->store, f->run.id, "log", sentence, now, err));
	GH_TRY(run_end(f->runner, f->run.id, outcome, sentence, now, err));
	(void)gh_fault("runner.follow.before-end");
	return store_commit(&tx, err);
}

/* Nobody holds the journal and all of it was read: how did this run end? */
static enum gh_code
dead(struct followed *f, bool *ret_ended, struct gh_err *err)
{
	static const char never[] = "The run was never started: nothing was changed.";
	GH_ARENA a = { 0 };
	enum wire_outcome outcome = 0;
	bool fenced = false;

	if (f->fd < 0 && f->at.offset == 0 && !f->pid_known) {
		*ret_ended = true;
		return end(f, WIRE_FAILED_CLEAN, never, err);
	}
	if (f->fd >= 0 && f->at.offset == 0 && !f->spoilt) {
		if (f->empty_since == 0)
			f->empty_since = gh_clock_mono();
		if (f->pid == 0 && gh_clock_mono() - f->empty_since < FOLLOW_GRACE_US)
			return GH_OK;
		GH_TRY(job_fence(f->path, never, &fenced, err));
		if (fenced) {
			GH_TRY(drain(f, &outcome, err));
			*ret_ended = outcome != 0;
			return GH_OK;
		}
		GH_TRY(job_alive(f->fd, &fenced, err));
		if (fenced)
			return GH_OK;
	}
	*ret_ended = true;
	if (f->spoilt)
		return end(f, WIRE_UNKNOWN, f->why, err);
	if (f->fd < 0)
		return end(f, WIRE_UNKNOWN, "The journal of the run is gone", err);
	return end(f, WIRE_UNKNOWN,
	    f->gone ? gh_printf(&a, "The run's job %s before it was done", refresh_died(f->status, &a))
		    : "The run's job is gone and did not say how it ended",
	    err);
}

enum gh_code
followed_read(struct followed *f, bool *ret_ended, struct gh_err *err)
{
	enum wire_outcome outcome = 0;
	bool alive = false;

	*ret_ended = false;
	/* Asked before the journal is read: what is there after the lock became free is all there will be. */
	if (f->fd >= 0)
		GH_TRY(job_alive(f->fd, &alive, err));
	alive = alive || (f->pid != 0 && !f->gone);
	if (f->fd >= 0)
		GH_TRY(drain(f, &outcome, err));
	*ret_ended = outcome != 0;
	if (*ret_ended || alive)
		return GH_OK;
	return dead(f, ret_ended, err);
}
