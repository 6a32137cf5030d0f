#include "base/ban.h"
#include "base/clock.h"
#include "runner/job/guard_watch.h"
#include "runner/job/sql.gen.h"
#include "runner/job/target.h"

#define ANSWER_US     (10 * GH_SECOND) /* then the connection counts as lost */
#define PAUSE_US      GH_SECOND        /* before it is made again, doubled each time */
#define PAUSE_MOST_US (30 * GH_SECOND)
#define AROUND_US     (2 * GH_SECOND) /* between looks at what does not hold us up */

static void
to_step(struct guard *g, enum guard_step step)
{
	g->step = step;
	g->since_us = gh_clock_mono();
}

static void
hang_up(struct guard *g)
{
	pg_result_done(&g->answer);
	if (g->conn != NULL)
		PQfinish(g->conn);
	g->conn = NULL;
}

static void
lost(struct pg *pg, const char *why)
{
	struct guard *g = pg->guard;

	if (!g->logged)
		say_log(pg->job,
		    "The guard's connection is lost, the run goes on without it until it is back: %s", why);
	g->logged = true;
	hang_up(g);
	g->pause_us = g->pause_us == 0 ? PAUSE_US : g->pause_us * 2;
	if (g->pause_us > PAUSE_MOST_US)
		g->pause_us = PAUSE_MOST_US;
	g->again_us = gh_clock_mono() + g->pause_us;
	to_step(g, GUARD_OFF);
}

static void
lost_conn(struct pg *pg)
{
	struct pg_error e = { 0 };

	pg_error_conn(&e, pg->guard->conn);
	lost(pg, e.message);
}

static void
connect_begin(struct pg *pg)
{
	struct guard *g = pg->guard;
	char name[TARGET_NAME_LEN], ours[TARGET_NAME_LEN + 8];

	target_session_name(&pg->job->spec, name);
	(void)snprintf(ours, sizeof(ours), "%s guard", name);
	g->conn = target_connect_begin(&pg->job->spec, ours);
	if (g->conn == NULL || PQstatus(g->conn) == CONNECTION_BAD) {
		lost_conn(pg);
		return;
	}
	(void)PQsetNoticeReceiver(g->conn, pg_notice_drop, NULL);
	g->wants = PGRES_POLLING_WRITING;
	to_step(g, GUARD_CONNECTING);
}

/* Not later than a short lock_timeout would end the wait, or somebody is to be let through. */
static int64_t
every_ms(const struct policy *p)
{
	int64_t ms = GUARD_EVERY_MS;

	if (p->lock_timeout_ms / 2 < ms)
		ms = p->lock_timeout_ms / 2;
	if (p->guard_wait_ms > 0 && p->guard_wait_ms < ms)
		ms = p->guard_wait_ms;
	return ms < GUARD_LEAST_MS ? GUARD_LEAST_MS : ms;
}

void
guard_start(struct pg *pg, const struct policy *policy)
{
	struct guard *g = gh_alloc(pg->job->arena, sizeof(*g));

	g->policy = *policy;
	g->every_us = every_ms(policy) * 1000;
	g->queue.queue = true;
	pg->guard = g;
	connect_begin(pg);
}

void
guard_stop(struct pg *pg)
{
	struct guard *g = pg->guard;

	if (g == NULL)
		return;
	guard_rest(pg);
	hang_up(g);
	pg->guard = NULL;
}

/* When the next look is due, monotonic.  One who waits behind us is not left longer than the policy says. */
static int64_t
due(const struct pg *pg)
{
	const struct guard *g = pg->guard;
	int64_t last = g->looked_us > pg->sent_us ? g->looked_us : pg->sent_us, every = g->every_us;

	if (g->queue.open && g->policy.guard_wait_ms > 0 && g->queue.met.longest_ms >= 0) {
		int64_t left = (g->policy.guard_wait_ms - g->queue.met.longest_ms) * 1000;

		if (left > 0 && left < every)
			every = left + 1000;
	}
	return last + every;
}

size_t
guard_poll(const struct pg *pg, struct pollfd *ret, int64_t *ms)
{
	const struct guard *g = pg->guard;
	int64_t wait;

	if (g == NULL)
		return 0;
	wait = g->step == GUARD_IDLE || g->step == GUARD_OFF ? due(pg) : g->since_us + ANSWER_US;
	wait = (wait - gh_clock_mono()) / 1000 + 1;
	if (wait < 0)
		wait = 0;
	if (*ms < 0 || wait < *ms)
		*ms = wait;
	if (g->step == GUARD_IDLE || g->step == GUARD_OFF)
		return 0;
	*ret = (struct pollfd){ .fd = PQsocket(g->conn), .events = POLLIN };
	if (g->step == GUARD_CONNECTING && g->wants == PGRES_POLLING_WRITING)
		ret->events = POLLOUT;
	return 1;
}

static void
ask(struct pg *pg, const char *sql, enum guard_step step)
{
	struct guard *g = pg->guard;
	char pid[24], old[24], lag[24];
	const char *const params[] = { pid, old, lag };
	int n = step == GUARD_SETTING ? 0 : step == GUARD_AROUND ? 3 : 1;

	(void)snprintf(pid, sizeof(pid), "%d", PQbackendPID(pg->conn));
	(void)snprintf(old, sizeof(old), "%" PRId64, guard_around_long_ms(&g->policy));
	(void)snprintf(lag, sizeof(lag), "%" PRId64, guard_around_lag_ms(&g->policy));
	if (PQsendQueryParams(g->conn, sql, n, NULL, params, NULL, NULL, 0) == 0) {
		lost_conn(pg);
		return;
	}
	to_step(g, step);
}

static void
connecting(struct pg *pg)
{
	struct guard *g = pg->guard;

	g->wants = PQconnectPoll(g->conn);
	if (g->wants == PGRES_POLLING_FAILED)
		lost_conn(pg);
	else if (g->wants == PGRES_POLLING_OK)
		ask(pg, SQL_GUARD_SESSION, GUARD_SETTING);
}

/* Whether those who wait behind us have waited enough. */
static bool
exceeded(struct guard *g)
{
	const struct guard_met *m = &g->queue.met;
	const struct policy *p = &g->policy;
	char who[320], span[GH_CLOCK_LEN];

	if (!g->queue.open || m->n == 0)
		return false;
	if ((p->guard_sessions == 0 || (int64_t)m->total < p->guard_sessions) &&
	    (p->guard_wait_ms == 0 || m->longest_ms < p->guard_wait_ms))
		return false;
	guard_who(&m->at[0], who, sizeof(who));
	(void)gh_clock_span(m->longest_ms * 1000, span);
	if (m->total == 1)
		(void)snprintf(g->why, sizeof(g->why),
		    "the statement gave way to %s, which had waited %s behind it", who, span);
	else
		(void)snprintf(g->why, sizeof(g->why),
		    "the statement gave way to %zu sessions behind it, the first of them %s, which had "
		    "waited %s",
		    m->total, who, span);
	return true;
}

static void
looked(struct pg *pg, const PGresult *res)
{
	struct guard *g = pg->guard;

	guard_look_read(g, res);
	guard_episodes(pg);
	if (!g->gave_way && pg->yields && !pg->firm && exceeded(g)) {
		g->gave_way = true;
		pg_cancel(pg);
	}
	if (g->blocked.open)
		guard_say_waiting(pg);
	else
		ask(pg, SQL_GUARD_PROGRESS, GUARD_ASKING);
}

/* After a look, now and then: what goes on around the statement. */
static void
around(struct pg *pg, enum guard_step after)
{
	struct guard *g = pg->guard;

	if (g->step != GUARD_IDLE || after == GUARD_SETTING || after == GUARD_AROUND ||
	    gh_clock_mono() - g->around_us < AROUND_US)
		return;
	g->around_us = gh_clock_mono();
	ask(pg, SQL_GUARD_AROUND, GUARD_AROUND);
}

/* The whole answer to what was asked. */
static void
answered(struct pg *pg, const PGresult *res)
{
	struct guard *g = pg->guard;
	enum guard_step step = g->step;
	/* What was seen before the newest statement was sent is about one that is over. */
	bool late = step != GUARD_SETTING && g->since_us < pg->sent_us;

	if (PQresultStatus(res) != PGRES_TUPLES_OK) {
		lost_conn(pg);
		return;
	}
	to_step(g, GUARD_IDLE);
	if (step == GUARD_SETTING) {
		if (g->logged)
			say_log(pg->job, "The guard is back.");
		g->logged = false;
		g->pause_us = 0;
	} else if (late) {
		return;
	} else if (step == GUARD_AROUND) {
		guard_around_read(pg, res);
	} else if (step == GUARD_LOOKING) {
		looked(pg, res);
	} else if (step == GUARD_ASKING && PQntuples(res) == 0 && PQserverVersion(g->conn) >= 140000) {
		ask(pg, SQL_GUARD_COPY, GUARD_COPYING);
	} else {
		guard_say_running(pg, res);
	}
	around(pg, step);
}

static void
read_answer(struct pg *pg)
{
	struct guard *g = pg->guard;

	if (PQconsumeInput(g->conn) == 0) {
		lost_conn(pg);
		return;
	}
	while (PQisBusy(g->conn) == 0) {
		PG_RESULT res = PQgetResult(g->conn);

		if (res == NULL) {
			PG_RESULT whole = g->answer;

			g->answer = NULL;
			answered(pg, whole);
			return;
		}
		pg_result_done(&g->answer);
		g->answer = res;
		res = NULL;
	}
}

/* It is time to look. */
static void
look(struct pg *pg)
{
	struct guard *g = pg->guard;

	g->looked_us = gh_clock_mono();
	if (g->step == GUARD_IDLE) {
		(void)PQconsumeInput(g->conn);
		ask(pg, SQL_GUARD_LOOK, GUARD_LOOKING);
		return;
	}
	/* Nobody sees more than that it runs. */
	guard_say_running(pg, NULL);
	if (g->looked_us >= g->again_us)
		connect_begin(pg);
}

void
guard_turn(struct pg *pg, short revents)
{
	struct guard *g = pg->guard;

	if (g == NULL)
		return;
	if (g->step == GUARD_IDLE || g->step == GUARD_OFF) {
		if (gh_clock_mono() >= due(pg))
			look(pg);
		return;
	}
	if (gh_clock_mono() - g->since_us > ANSWER_US) {
		lost(pg, "no answer within 10 s");
		return;
	}
	if (revents == 0)
		return;
	if (g->step == GUARD_CONNECTING)
		connecting(pg);
	else
		read_answer(pg);
}

/* How the wait for a lock ended with what was sent. */
static const char *
ending(const struct pg *pg, enum gh_code code)
{
	if (code == GH_OK)
		return "granted";
	if (pg->guard->gave_way)
		return "gave-way";
	return pg_error_is(&pg->error, "55P03") ? "timed-out" : "failed";
}

enum gh_code
guard_answered(struct pg *pg, enum gh_code code, struct gh_err *err)
{
	struct guard *g = pg->guard;
	bool gave_way;

	if (g == NULL)
		return code;
	gave_way = g->gave_way && code != GH_OK && pg_error_is(&pg->error, "57014");
	guard_episode_end(pg, &g->blocked, ending(pg, code));
	if (code != GH_OK)
		guard_episode_end(pg, &g->queue, ending(pg, code));
	if (g->spoke)
		guard_say_calm(pg);
	g->spoke = g->gave_way = false;
	g->around[0] = '\0';
	g->around_us = 0;
	if (!gave_way)
		return code;
	(void)snprintf(pg->error.message, sizeof(pg->error.message), "%s", g->why);
	pg->error.gave_way = true;
	if (err != NULL)
		*err = (struct gh_err){ 0 };
	return gh_fail(err, GH_CONFLICT, "%s", pg->error.message);
}

int64_t
guard_count(const struct pg *pg)
{
	return pg->guard == NULL ? 0 : pg->guard->episodes;
}

void
guard_rest(struct pg *pg)
{
	struct guard *g = pg->guard;

	if (g == NULL)
		return;
	guard_episode_end(pg, &g->blocked, "ended");
	guard_episode_end(pg, &g->queue, "ended");
}
