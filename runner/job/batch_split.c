#include "base/ban.h"
#include "runner/job/batch.h"
#include "base/clock.h"
#include "runner/job/control.h"
#include "runner/job/guard.h"
#include "runner/job/retry.h"

/*
 * A part that fails by its data is made smaller, by halves, until it is one row: that one is left out, or the
 * run ends and names it.  What is good before it goes in on the way.
 */

#define REST_MOST_MS 5000

static bool
by_data(const struct pg_error *e)
{
	return pg_error_is(e, "22") || pg_error_is(e, "23");
}

static enum gh_code
leave_out(struct batching *g, const struct batch_part *p, struct gh_err *err)
{
	struct pg_error error = g->r->pg.error;

	*err = (struct gh_err){ 0 };
	if ((int64_t)g->n_left_out >= g->b.max_errors)
		return gh_fail(err, GH_CONFLICT, "the row with the key %s fails: %s (%s); %s", p->from,
		    error.message, error.sqlstate,
		    g->b.max_errors == 0 ? "max_errors would leave such rows out"
					 : "no more rows may be left out (max_errors)");
	GH_TRY(batch_part_skip(g, p->from, err));
	g->r->pg.error = error;
	batch_say_row(g, p->from);
	say_log(g->r->job, "%s leaves out the row with the key %s: %s (%s)", g->called, p->from,
	    error.message, error.sqlstate);
	g->split = 0;
	return GH_OK;
}

static enum gh_code
split(struct batching *g, const struct batch_part *p, struct gh_err *err)
{
	if (p->single)
		return leave_out(g, p, err);
	if (g->split == 0)
		g->split_left = p->n;
	g->split = p->n / 2 < 1 ? 1 : p->n / 2;
	return GH_OK;
}

/* Half as many, where that is allowed. */
static void
less(struct batching *g)
{
	if (g->size / 2 >= g->b.size_min)
		g->size /= 2;
}

static bool
shrink(struct batching *g, const struct batch_part *p)
{
	if (p->n <= 1 || (g->b.form == BATCH_REPEAT && !g->sized))
		return false;
	if (g->split > 0)
		g->split = p->n / 2;
	else
		g->size = g->most = p->n / 2;
	say_log(
	    g->r->job, "a batch of %" PRId64 " rows took too long: the next has %" PRId64, p->n, p->n / 2);
	return true;
}

/* A lock was in the way, or others waited behind us: less at a time, later. */
static enum gh_code
lock_wait(struct batching *g, enum gh_code code, struct gh_err *err)
{
	const struct pg_error *e = &g->r->pg.error;
	int64_t ms;

	if (!retry_worth(g->r, g->retries + 1))
		return code;
	g->retries++;
	ms = retry_ms(g->r->plan.policy.retry_delay_ms, g->retries);
	say_retry(g->r->job, g->retries, ms, err->msg);
	less(g);
	if (e->gave_way)
		(void)snprintf(g->waits, sizeof(g->waits), "%.400s", e->message);
	else
		(void)snprintf(g->waits, sizeof(g->waits), "a lock was in the way (%s): %.300s", e->sqlstate,
		    e->message);
	*err = (struct gh_err){ 0 };
	batch_wait(g, ms, g->waits);
	return GH_OK;
}

enum gh_code
batch_split_failed(struct batching *g, const struct batch_part *p, enum gh_code code, struct gh_err *err)
{
	struct run *r = g->r;
	struct pg_error error = r->pg.error;
	struct gh_err why = { 0 };

	if (r->left == RUN_LEFT_DOUBT)
		return code;
	if (pg_rollback(&r->pg, &why) != GH_OK)
		pg_close(&r->pg);
	guard_rest(&r->pg);
	r->pg.error = error;
	if (error.lost)
		return code;
	if (job_stopped(r->job)) {
		pg_error_text(&r->pg.error, false, "%s", control_why(r->job));
		*err = (struct gh_err){ 0 };
		return gh_fail(err, GH_CONFLICT, "%s", control_why(r->job));
	}
	if (pg_error_retry(&error))
		return lock_wait(g, code, err);
	if (pg_error_is(&error, "57014") && shrink(g, p))
		code = GH_OK;
	else if (by_data(&error) && p->from != NULL)
		code = split(g, p, err);
	if (code == GH_OK)
		*err = (struct gh_err){ 0 };
	return code;
}

/* Towards the target, at most twice or half as many at once. */
static void
adapt(struct batching *g, const struct batch_part *p)
{
	int64_t target = g->b.target_ms * 1000, next, size;

	if (target == 0 || g->last_us <= 0 || !(p->full || g->b.form == BATCH_REPEAT))
		return;
	next = (int64_t)((double)p->n * (double)target / (double)g->last_us);
	if (next > p->n * 2)
		next = p->n * 2;
	if (next < p->n / 2)
		next = p->n / 2;
	/* Not for a tenth. */
	size = g->size;
	if (next <= size + size / 10 && next >= size - size / 10)
		return;
	g->size = next < g->b.size_min ? g->b.size_min : next > g->b.size_max ? g->b.size_max : next;
}

void
batch_split_done(struct batching *g, const struct batch_part *p)
{
	int64_t wanted, pause, met = guard_count(&g->r->pg);
	bool others = met != g->met;

	g->retries = 0;
	g->met = met;
	control_speed(g->r->job, &wanted, &pause);
	if (g->split > 0) {
		g->split_left -= p->n;
		if (g->split_left <= 0)
			g->split = 0;
	} else if (others) {
		/* Somebody waited behind us, or we for somebody: as long a rest as the batch took. */
		less(g);
		batch_wait(g, g->last_us / 1000 < REST_MOST_MS ? g->last_us / 1000 + 1 : REST_MOST_MS,
		    "the batch before met others at a lock");
	} else if (wanted == 0) {
		adapt(g, p);
	}
}
