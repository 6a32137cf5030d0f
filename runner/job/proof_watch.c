#include "base/ban.h"
#include "runner/job/proof_inner.h"
#include "base/clock.h"
#include "runner/job/sql.gen.h"

/*
 * Whether pg_restore gets on.  It takes bytes and says things, and while it does neither, as when an index is
 * made for hours, its sessions are at work in the server: that is asked now and then.  Code of the dump that
 * only waits would else be waited for as long as a task may take.
 */

#define SILENCE_MS INT64_C(900000) /* as long as pg_dump may be silent, when nobody says how long */
#define PARTS      400             /* looks in that time: who waits for the next row does so in between */
#define PAUSE_MS   INT64_C(50)     /* between two, at least */

void
proof_watch_alive(struct proof_watch *w)
{
	w->alive_at = gh_clock_mono();
}

static enum gh_code
ask(struct proof_watch *w, struct gh_err *err)
{
	const char *const params[] = { w->into->database };
	PG_RESULT res = NULL;
	int64_t now;

	if (w->pg.conn == NULL) {
		w->pg = (struct pg){ .job = w->p->job, .at = { .migration = -1, .statement = -1 } };
		GH_TRY(cluster_connect(&w->pg, w->into->beside, err));
	}
	GH_TRY(pg_query(&w->pg, SQL_PROOF_ALIVE, params, 1, &res, err));
	now = strtoll(PQgetvalue(res, 0, 1), NULL, 10);
	if (PQgetvalue(res, 0, 0)[0] == 't' || now != w->seen)
		proof_watch_alive(w);
	w->seen = now;
	say_clean(w->waits, sizeof(w->waits), PQgetvalue(res, 0, 2));
	return GH_OK;
}

enum gh_code
proof_watch_look(struct proof_watch *w, struct gh_err *err)
{
	int64_t silence = w->p->job->spec.silence_ms, pause, now = gh_clock_mono();
	struct gh_err why = { 0 };
	char span[GH_CLOCK_LEN];

	if (w->alive_at == 0)
		w->alive_at = now;
	silence = silence > 0 ? silence : SILENCE_MS;
	pause = silence / PARTS > PAUSE_MS ? silence / PARTS : PAUSE_MS;
	/* While bytes flow nobody is asked. */
	if (now - w->alive_at < silence * 250 || now - w->asked_at < pause * 1000)
		return GH_OK;
	w->asked_at = now;
	if (ask(w, &why) != GH_OK) {
		/* Who does not answer is not alive. */
		say_clean(w->waits, sizeof(w->waits), why.msg);
		pg_close(&w->pg);
	}
	if (gh_clock_mono() - w->alive_at < silence * 1000)
		return GH_OK;
	return gh_fail(err, GH_UNAVAILABLE,
	    "pg_restore hangs: in %s nothing moved for %s (%s), and it was ended; that says nothing about "
	    "the "
	    "backup",
	    w->into->place, gh_clock_span(silence * 1000, span),
	    w->waits[0] == '\0' ? "no statement is at work" : w->waits);
}

void
proof_watch_done(struct proof_watch *w)
{
	pg_close(&w->pg);
}
