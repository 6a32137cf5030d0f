#include "base/ban.h"
#include "runner/job/batch.h"
#include "base/clock.h"
#include "runner/job/control.h"
#include "runner/job/sql.gen.h"

/* Waiting before the next part, always for a reason that is named. */

#define LOOK_US  GH_SECOND /* between two looks while nothing is in the way */
#define AGAIN_MS 500       /* and while something is */

static int64_t
max_lag(const struct batching *g)
{
	return g->b.max_lag_ms >= 0 ? g->b.max_lag_ms : g->r->plan.policy.replica_lag_ms;
}

static void
say_waiting(struct batching *g, const char *state, const char *why)
{
	bool other = strcmp(g->state, state) != 0;

	if (other && strcmp(state, "waiting") == 0)
		say_log(g->r->job, "%s waits: %s", g->called, why);
	if (other)
		g->since_us = gh_clock_now();
	g->state = state;
	g->why = why;
	batch_say(g, other);
}

void
batch_wait(struct batching *g, int64_t ms, const char *why)
{
	int64_t end = gh_clock_mono() + ms * 1000, left;

	say_waiting(g, "waiting", why);
	while (!job_stopped(g->r->job) && (left = (end - gh_clock_mono()) / 1000) > 0) {
		control_answer(g->r->job);
		job_sleep(g->r->job, left < 250 ? left : 250);
	}
}

/*
 * A place in the WAL and the time at which it was the newest: a replica that has not replayed it yet is at
 * least so far behind.
 */
static enum gh_code
look(struct batching *g, bool *ret, struct gh_err *err)
{
	int64_t now = gh_clock_mono(), lag, active, limit = max_lag(g);
	char since[24];
	const char *const params[] = { g->mark, since };
	PG_RESULT res = NULL;

	(void)snprintf(since, sizeof(since), "%" PRId64, (now - g->mark_at) / 1000);
	GH_TRY(pg_query(&g->r->pg, SQL_BATCH_LOOK, params, 2, &res, err));
	lag = strtoll(PQgetvalue(res, 0, 0), NULL, 10);
	active = strtoll(PQgetvalue(res, 0, 4), NULL, 10);
	if (PQgetvalue(res, 0, 1)[0] != 't') {
		(void)snprintf(g->mark, sizeof(g->mark), "%s", PQgetvalue(res, 0, 2));
		g->mark_at = now;
	}
	*ret = true;
	if (limit > 0 && lag > limit)
		(void)snprintf(g->waits, sizeof(g->waits),
		    "the replica %.100s is %.1f s behind, more than %.1f s", PQgetvalue(res, 0, 3),
		    (double)lag / 1000, (double)limit / 1000);
	else if (g->b.max_active > 0 && active > g->b.max_active)
		(void)snprintf(g->waits, sizeof(g->waits),
		    "%" PRId64 " other sessions are active, more than %" PRId64, active, g->b.max_active);
	else
		*ret = false;
	return GH_OK;
}

/* Whether something is in the way now; what, in g->waits. */
static enum gh_code
in_the_way(struct batching *g, bool *ret, struct gh_err *err)
{
	*ret = false;
	if (g->lag_seen && (max_lag(g) > 0 || g->b.max_active > 0))
		GH_TRY(look(g, ret, err));
	if (!*ret)
		GH_TRY(batch_ask_throttle(g, ret, err));
	return GH_OK;
}

/* Cancelled, paused, or the window has ended. */
static enum gh_code
gate(struct batching *g, struct gh_err *err)
{
	if (control_paused(g->r->job))
		say_waiting(g, "paused", "somebody has paused the run");
	if (control_gate(g->r->job, g->next, err) == GH_OK)
		return GH_OK;
	pg_error_text(&g->r->pg.error, false, "%s", err->msg);
	return GH_CONFLICT;
}

enum gh_code
batch_throttle(struct batching *g, struct gh_err *err)
{
	bool wait;

	GH_TRY(gate(g, err));
	if (gh_clock_mono() - g->looked >= LOOK_US) {
		for (;;) {
			GH_TRY(in_the_way(g, &wait, err));
			g->looked = gh_clock_mono();
			if (!wait)
				break;
			batch_wait(g, AGAIN_MS, g->waits);
			GH_TRY(gate(g, err));
		}
	}
	if (strcmp(g->state, "running") != 0)
		g->since_us = gh_clock_now();
	g->state = "running";
	g->why = "";
	return GH_OK;
}
