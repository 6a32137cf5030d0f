#include "base/ban.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/run.h"

/* The locks of a run: ours, the tool's advisory ones, and the one that a tool keeps as a row of a table. */

#define POLL_MS 200

enum gh_code
run_lock(struct pg *pg, const struct convention *c, const struct plan *p, int64_t wait_ms, struct gh_err *err)
{
	const char *dot = strchr(p->tracking, '.');
	int64_t keys[CONVENTION_LOCKS];
	size_t n = 0;

	if (c->locks != NULL && dot != NULL) {
		struct convention_lock_of of = { .database = p->database,
			.schema = gh_strndup(pg->job->arena, p->tracking, (size_t)(dot - p->tracking)),
			.table = dot + 1 };

		n = c->locks(&of, keys);
	}
	return target_lock(pg, keys, n, wait_ms, err);
}

static enum gh_code
lock_try(struct run *r, bool *ret_got, struct gh_err *err)
{
	const struct tracking_values v = { .run = r->job->spec.id };
	struct tracking_statement s;
	PG_RESULT res = NULL;

	GH_TRY(tracking_fill(&r->pg, &r->tracking, r->convention->lock, &v, &s, err));
	GH_TRY(pg_query(&r->pg, s.sql, s.params, s.n, &res, err));
	*ret_got = PQntuples(res) > 0;
	return GH_OK;
}

enum gh_code
run_lock_row(struct run *r, struct gh_err *err)
{
	int64_t end = gh_clock_mono() + RUN_LOCK_WAIT_MS * INT64_C(1000);

	if (r->convention->lock == NULL || r->row_locked)
		return GH_OK;
	for (;;) {
		GH_TRY(lock_try(r, &r->row_locked, err));
		if (r->row_locked) {
			(void)gh_fault("job.row-lock.taken");
			return GH_OK;
		}
		if (gh_clock_mono() >= end || job_stopped(r->job))
			return gh_fail(err, GH_CONFLICT,
			    "%s is locked: the lock that %s keeps in the schema %s is held by somebody else, "
			    "or was left by a run that was killed",
			    r->plan.target, r->convention->title, r->tracking.schema);
		job_sleep(r->job, POLL_MS);
	}
}

void
run_unlock_row(struct pg *pg, const struct convention *c, const struct tracking *t)
{
	const struct tracking_values v = { .run = pg->job->spec.id };
	const char *const list[] = { c->unlock, NULL };
	struct gh_err err = { 0 };

	if (c->unlock == NULL || pg->conn == NULL || PQstatus(pg->conn) != CONNECTION_OK)
		return;
	(void)gh_fault("job.row-lock.before-release");
	if (pg_rollback(pg, &err) != GH_OK || tracking_send(pg, t, list, &v, &err) != GH_OK)
		say_log(pg->job, "the lock that %s keeps in a table could not be released: %s", c->title,
		    err.msg);
}
