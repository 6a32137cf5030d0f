#include "base/ban.h"
#include "runner/job/rehearse.h"
#include "runner/job/sql.gen.h"
#include "runner/job/target.h"

#include <pthread.h>

/*
 * What a statement locks that runs in transactions of its own: nothing of it can be asked for afterwards, so
 * a second session looks on, in a thread, as often as it can.  A lock that is held for less than a moment may
 * be missed.
 */

#define EVERY_US  1000
#define LATER_US  20000 /* once it has run for a second */
#define PAIRS_MAX 512

struct rehearse_sample {
	pthread_t thread;
	PGconn *conn;
	char pid[24];
	volatile sig_atomic_t quit;
	size_t n;
	struct {
		int64_t oid;
		char mode[40];
	} at[PAIRS_MAX];
};

static void
keep(struct rehearse_sample *s, int64_t oid, const char *mode)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (s->at[i].oid == oid && strcmp(s->at[i].mode, mode) == 0)
			return;
	}
	if (s->n == PAIRS_MAX)
		return;
	s->at[s->n].oid = oid;
	(void)snprintf(s->at[s->n++].mode, sizeof(s->at[0].mode), "%s", mode);
}

static void *
look_on(void *arg)
{
	struct rehearse_sample *s = arg;
	const char *const params[] = { s->pid };
	int turn, i;

	for (turn = 0; !s->quit && PQstatus(s->conn) == CONNECTION_OK; turn++) {
		PGresult *res = PQexecPrepared(s->conn, "look", 1, params, NULL, NULL, 0);

		for (i = 0; i < PQntuples(res); i++)
			keep(s, strtoll(PQgetvalue(res, i, 0), NULL, 10), PQgetvalue(res, i, 1));
		PQclear(res);
		(void)usleep(turn < 1000 ? EVERY_US : LATER_US);
	}
	return NULL;
}

struct rehearse_sample *
rehearse_sample_start(struct rehearse *h)
{
	const char *const keys[] = { "dbname", "passfile", "connect_timeout", "application_name", NULL };
	const char *const values[] = { h->run_at, TARGET_PASSFILE, "5", "gatehouse rehearsal, looking on",
		NULL };
	struct rehearse_sample *s = gh_alloc(&h->moments, sizeof(*s));
	PGresult *res;
	sigset_t all, before;
	bool well;

	*s = (struct rehearse_sample){ .conn = PQconnectdbParams(keys, values, 1) };
	(void)snprintf(s->pid, sizeof(s->pid), "%d", PQbackendPID(h->run.pg.conn));
	(void)PQsetNoticeReceiver(s->conn, pg_notice_drop, NULL);
	res = PQprepare(s->conn, "look", SQL_REHEARSE_LOCKS_OF, 1, NULL);
	well = PQresultStatus(res) == PGRES_COMMAND_OK;
	PQclear(res);
	/* Signals are the main thread's. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	well = well && pthread_create(&s->thread, NULL, look_on, s) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (well)
		return s;
	PQfinish(s->conn);
	return NULL;
}

void
rehearse_sample_stop(struct rehearse_sample *s, struct gh_arena *a, struct rehearse_moment *ret)
{
	size_t i;

	s->quit = 1;
	(void)pthread_join(s->thread, NULL);
	PQfinish(s->conn);
	ret->locks = gh_alloc_n(a, s->n, sizeof(*ret->locks));
	for (i = 0; i < s->n; i++)
		ret->locks[ret->n_locks++] =
		    (struct rehearse_lock){ .oid = s->at[i].oid, .mode = rehearse_lock_of(s->at[i].mode) };
}
