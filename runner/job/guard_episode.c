#include "base/ban.h"
#include "base/clock.h"
#include "runner/job/guard_watch.h"
#include "runner/job/progress.h"

/* What the guard has seen, as frames. */

static void
say_sessions(struct wire_out *o, const struct guard_episode *e, int64_t more_ms)
{
	size_t i;

	wire_put_u8(o, (uint8_t)e->met.n);
	for (i = 0; i < e->met.n; i++) {
		const struct guard_session *s = &e->met.at[i];

		wire_put_text(o, e->queue ? "sufferer" : "blocker");
		wire_put_i64(o, s->pid);
		wire_put_text(o, s->user);
		wire_put_text(o, s->application);
		wire_put_text(o, s->state);
		wire_put_text(o, s->query);
		wire_put_i64(o, s->ms < 0 ? -1 : s->ms + more_ms);
	}
}

/* more_ms: the sessions were seen so long ago. */
static void
say(struct pg *pg, struct guard_episode *e, int64_t ended_us, const char *ending, int64_t more_ms)
{
	struct wire_out o;

	e->said_us = gh_clock_mono();
	say_start(pg->job, WIRE_J_EPISODE, &o);
	wire_put_i64(&o, e->number);
	wire_put_text(&o, e->queue ? "queue" : "blocked");
	wire_put_i64(&o, e->at.migration);
	wire_put_i64(&o, e->at.statement);
	wire_put_i64(&o, e->started_us);
	wire_put_i64(&o, ended_us);
	wire_put_text(&o, e->met.relation);
	wire_put_text(&o, e->met.mode);
	wire_put_text(&o, ending);
	say_sessions(&o, e, more_ms);
	say_end(pg->job, &o);
}

void
guard_episode_end(struct pg *pg, struct guard_episode *e, const char *ending)
{
	if (!e->open)
		return;
	say(pg, e, gh_clock_now(), ending, (gh_clock_mono() - e->seen_us) / 1000);
	e->open = false;
}

static bool
same(const struct guard_met *a, const struct guard_met *b)
{
	size_t i;

	if (a->total != b->total || strcmp(a->relation, b->relation) != 0)
		return false;
	for (i = 0; i < a->n && i < b->n; i++) {
		if (a->at[i].pid != b->at[i].pid)
			return false;
	}
	return true;
}

static void
seen(struct pg *pg, struct guard_episode *e, const struct guard_met *now)
{
	bool changed = e->open && !same(&e->met, now);
	int64_t ago_ms = e->queue ? now->longest_ms : now->our_wait_ms;

	if (now->n == 0) {
		guard_episode_end(pg, e, e->queue ? "ended" : "granted");
		return;
	}
	e->met = *now;
	e->seen_us = gh_clock_mono();
	if (!e->open) {
		e->open = true;
		e->number = ++pg->guard->episodes;
		e->at = pg->at;
		e->started_us = gh_clock_now() - (ago_ms < 0 ? 0 : ago_ms * 1000);
		say(pg, e, 0, "", 0);
	} else if (changed && e->seen_us - e->said_us >= GH_SECOND) {
		say(pg, e, 0, "", 0);
	}
}

void
guard_episodes(struct pg *pg)
{
	struct guard *g = pg->guard;
	struct guard_met *suffer = &g->scratch[1];
	size_t i;

	/* Where the server does not tell how long somebody waits, it is as long as we have known. */
	for (i = 0; i < suffer->n; i++) {
		if (suffer->at[i].ms < 0)
			suffer->at[i].ms = g->queue.open ? (gh_clock_now() - g->queue.started_us) / 1000 : 0;
		if (suffer->at[i].ms > suffer->longest_ms)
			suffer->longest_ms = suffer->at[i].ms;
	}
	seen(pg, &g->blocked, &g->scratch[0]);
	seen(pg, &g->queue, suffer);
}

static struct progress
running(struct pg *pg)
{
	struct guard *g = pg->guard;

	if (!g->spoke)
		g->began_us = gh_clock_now() - (gh_clock_mono() - pg->sent_us);
	g->spoke = true;
	return (struct progress){
		.at = pg->at, .activity = "running", .text = "", .unit = "", .since_us = g->began_us
	};
}

void
guard_say_waiting(struct pg *pg)
{
	const struct guard_episode *e = &pg->guard->blocked;
	struct progress p = { .at = pg->at, .activity = "waiting", .unit = "", .since_us = e->started_us };
	char who[320], more[48] = "", text[512];

	guard_who(&e->met.at[0], who, sizeof(who));
	if (e->met.total > 1)
		(void)snprintf(more, sizeof(more), " and %zu more", e->met.total - 1);
	(void)snprintf(text, sizeof(text), "waiting for %s%s, %" PRId64 " s", who, more,
	    (gh_clock_now() - e->started_us) / GH_SECOND);
	p.text = text;
	(void)running(pg);
	progress_say(pg->job, &p);
}

void
guard_say_calm(struct pg *pg)
{
	struct progress p = running(pg);

	progress_say_now(pg->job, &p);
}

void
guard_say_running(struct pg *pg, const PGresult *res)
{
	struct progress p = running(pg);
	const char *around = pg->guard->around;
	char text[1024];

	p.text = around;
	if (res != NULL && PQntuples(res) > 0) {
		p.done = strtoll(PQgetvalue(res, 0, 1), NULL, 10);
		p.total = strtoll(PQgetvalue(res, 0, 2), NULL, 10);
		p.unit = PQgetvalue(res, 0, 3);
		if (p.total > 0)
			(void)snprintf(text, sizeof(text), "%s, %" PRId64 " %%%s%s", PQgetvalue(res, 0, 0),
			    p.done >= p.total ? 100 : p.done * 100 / p.total, around[0] == '\0' ? "" : "; ",
			    around);
		else
			(void)snprintf(text, sizeof(text), "%s%s%s", PQgetvalue(res, 0, 0),
			    around[0] == '\0' ? "" : "; ", around);
		p.text = text;
	}
	progress_say(pg->job, &p);
}

bool
guard_last(const struct pg *pg, struct say_at at, bool queue, char *ret, size_t size)
{
	const struct guard_episode *e;
	char who[320], more[48] = "";

	if (pg->guard == NULL)
		return false;
	e = queue ? &pg->guard->queue : &pg->guard->blocked;
	if (e->number == 0 || e->met.n == 0 || e->at.migration != at.migration ||
	    e->at.statement != at.statement)
		return false;
	guard_who(&e->met.at[0], who, sizeof(who));
	if (e->met.total > 1)
		(void)snprintf(more, sizeof(more), " and %zu more", e->met.total - 1);
	(void)snprintf(ret, size, "%s%s", who, more);
	return true;
}
