/*
 * The guard of a run: a second connection ("gatehouse:RUN guard") that looks, while a statement runs, at whom
 * our backend waits for and who waits for it, and at how far the server says it has come.  It makes EPISODE
 * and PROGRESS frames, and cancels a statement that may be tried again when too many wait behind it or one
 * waits too long.
 *
 * It is polled from the wait loop of pg.c and never blocks it.  Nothing is asked while no statement has run
 * for GUARD_EVERY_MS (less where lock_timeout or guard_wait are shorter).  A guard that cannot connect, or is
 * lost, is logged once and tried again; the run goes on without it.
 */
#ifndef GH_JOB_GUARD_H
#define GH_JOB_GUARD_H

#include "migration/policy.h"
#include "runner/job/pg.h"

#include <poll.h>

#define GUARD_EVERY_MS    250
#define GUARD_LEAST_MS    20
#define GUARD_SESSIONS    20   /* kept of an episode, of each role */
#define GUARD_QUERY_BYTES 2001 /* of a query, its NUL included */

struct guard;

/* Begins to connect.  Before it pg->guard is NULL, and everything below does nothing. */
void guard_start(struct pg *pg, const struct policy *policy);
/* Ends what goes on, and the connection. */
void guard_stop(struct pg *pg);

/* For the wait loop: 1 when ret is to be polled as well; *ms (-1 for ever) is cut to when it has a turn. */
size_t guard_poll(const struct pg *pg, struct pollfd *ret, int64_t *ms);
void guard_turn(struct pg *pg, short revents);

/* What was sent is answered: waits have ended, and an error that is ours says to whom it gave way. */
enum gh_code guard_answered(struct pg *pg, enum gh_code code, struct gh_err *err);
/*
 * For whom a statement waited, or (queue) who waited behind it, as its newest episode says; false when there
 * was none.
 */
bool guard_last(const struct pg *pg, struct say_at at, bool queue, char *ret, size_t size);
/* How many episodes there were so far. */
int64_t guard_count(const struct pg *pg);
/* The transaction is over: nobody waits behind it any more. */
void guard_rest(struct pg *pg);

#endif
