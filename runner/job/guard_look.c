#include "base/ban.h"
#include "runner/job/guard_watch.h"

/* What the guard was told, as it is kept: cut and clean. */

enum {
	COL_ROLE,
	COL_PID,
	COL_USER,
	COL_APPLICATION,
	COL_STATE,
	COL_QUERY,
	COL_MS,
	COL_RELATION,
	COL_MODE,
	COL_WAIT
};

static int64_t
number(const PGresult *res, int row, int column)
{
	return strtoll(PQgetvalue(res, row, column), NULL, 10);
}

static void
session_read(const PGresult *res, int row, struct guard_session *ret)
{
	ret->pid = number(res, row, COL_PID);
	ret->ms = number(res, row, COL_MS);
	say_clean(ret->user, sizeof(ret->user), PQgetvalue(res, row, COL_USER));
	say_clean(ret->application, sizeof(ret->application), PQgetvalue(res, row, COL_APPLICATION));
	say_clean(ret->state, sizeof(ret->state), PQgetvalue(res, row, COL_STATE));
	say_clean(ret->query, sizeof(ret->query), PQgetvalue(res, row, COL_QUERY));
}

void
guard_look_read(struct guard *g, const PGresult *res)
{
	int row;

	for (row = 0; row < 2; row++) {
		g->scratch[row].n = g->scratch[row].total = 0;
		g->scratch[row].longest_ms = g->scratch[row].our_wait_ms = -1;
		g->scratch[row].relation[0] = g->scratch[row].mode[0] = '\0';
	}
	for (row = 0; row < PQntuples(res); row++) {
		struct guard_met *m = &g->scratch[number(res, row, COL_ROLE) == 1 ? 0 : 1];
		int64_t ms = number(res, row, COL_MS);

		if (m->total++ == 0) {
			say_clean(m->relation, sizeof(m->relation), PQgetvalue(res, row, COL_RELATION));
			say_clean(m->mode, sizeof(m->mode), PQgetvalue(res, row, COL_MODE));
			m->our_wait_ms = number(res, row, COL_WAIT);
		}
		if (ms > m->longest_ms)
			m->longest_ms = ms;
		if (m->n < GUARD_SESSIONS)
			session_read(res, row, &m->at[m->n++]);
	}
}

void
guard_who(const struct guard_session *s, char *ret, size_t size)
{
	/* That it is active says nothing. */
	bool telling =
	    strncmp(s->state, "idle in", 7) == 0 || strcmp(s->state, "insufficient privilege") == 0;
	bool comma = s->user[0] != '\0' && s->application[0] != '\0';

	if (s->pid == 0)
		(void)snprintf(ret, size, "a prepared transaction%s%s%s%.200s%s",
		    s->query[0] == '\0' ? "" : " (", s->user, s->user[0] == '\0' ? "" : ", ", s->query,
		    s->query[0] == '\0' ? "" : ")");
	else if (strcmp(s->state, "autovacuum") == 0)
		(void)snprintf(ret, size, "pid %" PRId64 " (%.200s)", s->pid,
		    strncmp(s->query, "autovacuum", 10) == 0 ? s->query : "autovacuum");
	else if (s->user[0] == '\0' && s->application[0] == '\0')
		(void)snprintf(ret, size, "pid %" PRId64, s->pid);
	else
		(void)snprintf(ret, size, "pid %" PRId64 " (%s%s%s%s%s)", s->pid, s->user, comma ? ", " : "",
		    s->application, telling ? ", " : "", telling ? s->state : "");
}
