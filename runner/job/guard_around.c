#include "base/ban.h"
#include "base/clock.h"
#include "runner/job/guard_watch.h"

/*
 * What goes on around a statement: old transactions on the relations that it has locks on, and a replica that
 * falls behind.  Neither stops it; whoever watches the run sees it, and each is told once in its record.
 */

#define LONG_MS (5 * GH_MINUTE / 1000) /* where the policy says nothing: as preflight names them */
#define LAG_MS  INT64_C(10000)

enum { COL_PID, COL_USER, COL_APPLICATION, COL_STATE, COL_MS, COL_RELATION, COL_MODE };

int64_t
guard_around_long_ms(const struct policy *p)
{
	return p->long_transaction_ms > 0 ? p->long_transaction_ms : LONG_MS;
}

int64_t
guard_around_lag_ms(const struct policy *p)
{
	return p->replica_lag_ms > 0 ? p->replica_lag_ms : LAG_MS;
}

/* pid 0: a replica. */
static bool
told(struct guard *g, int64_t pid)
{
	size_t i;

	for (i = 0; i < g->n_told; i++) {
		if (g->told[i] == pid)
			return true;
	}
	if (g->n_told < GUARD_SESSIONS)
		g->told[g->n_told++] = pid;
	return false;
}

static void
sentence(const PGresult *res, int row, char *ret, size_t size)
{
	struct guard_session s = { .pid = strtoll(PQgetvalue(res, row, COL_PID), NULL, 10) };
	char who[320], span[GH_CLOCK_LEN];

	(void)gh_clock_span(strtoll(PQgetvalue(res, row, COL_MS), NULL, 10) * 1000, span);
	if (s.pid == 0) {
		(void)snprintf(ret, size, "the replica %.100s is %s behind",
		    PQgetvalue(res, row, COL_APPLICATION), span);
		return;
	}
	say_clean(s.user, sizeof(s.user), PQgetvalue(res, row, COL_USER));
	say_clean(s.application, sizeof(s.application), PQgetvalue(res, row, COL_APPLICATION));
	say_clean(s.state, sizeof(s.state), PQgetvalue(res, row, COL_STATE));
	guard_who(&s, who, sizeof(who));
	(void)snprintf(ret, size, "%s holds %s on %.200s, in a transaction of %s", who,
	    PQgetvalue(res, row, COL_MODE), PQgetvalue(res, row, COL_RELATION), span);
}

void
guard_around_read(struct pg *pg, const PGresult *res)
{
	struct guard *g = pg->guard;
	int row;

	g->around[0] = '\0';
	for (row = 0; row < PQntuples(res); row++) {
		char text[600];

		sentence(res, row, text, sizeof(text));
		if (row == 0)
			(void)snprintf(g->around, sizeof(g->around), "meanwhile %s", text);
		if (!told(g, strtoll(PQgetvalue(res, row, COL_PID), NULL, 10)))
			say_log(pg->job, "While the statement runs, %s.", text);
	}
}
