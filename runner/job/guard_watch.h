/*
 * Inside the guard: guard.c keeps the connection, guard_look.c and guard_around.c read what it was told,
 * guard_episode.c makes frames of it.
 */
#ifndef GH_JOB_GUARD_WATCH_H
#define GH_JOB_GUARD_WATCH_H

#include "runner/job/guard.h"

struct guard_session {
	int64_t pid, ms; /* waited, or the age of its transaction; -1 unknown */
	char user[64], application[64], state[32], query[GUARD_QUERY_BYTES];
};

/* Those of one role, the oldest first. */
struct guard_met {
	size_t n, total; /* total: also those that are not kept */
	struct guard_session at[GUARD_SESSIONS];
	char relation[256], mode[32];
	int64_t longest_ms;  /* they wait for us, at least; -1 unknown */
	int64_t our_wait_ms; /* of blockers: how long we wait for them, -1 unknown */
};

struct guard_episode {
	bool open, queue;
	int64_t number, started_us, said_us, seen_us; /* said, seen: monotonic */
	struct say_at at;
	struct guard_met met;
};

enum guard_step {
	GUARD_OFF,
	GUARD_CONNECTING,
	GUARD_SETTING,
	GUARD_IDLE,
	GUARD_LOOKING,
	GUARD_ASKING,
	GUARD_COPYING,
	GUARD_AROUND
};

struct guard {
	struct policy policy;
	PGconn *conn;
	PGresult *answer; /* what has come of it */
	enum guard_step step;
	PostgresPollingStatusType wants; /* CONNECTING */
	int64_t every_us;
	int64_t since_us;  /* monotonic: of the step */
	int64_t looked_us; /* monotonic: of the last look */
	int64_t again_us;  /* OFF: when to connect again */
	int64_t pause_us;  /* OFF: how long that was */
	bool logged;       /* that it is lost */
	bool spoke;        /* a PROGRESS frame of this statement */
	int64_t began_us;  /* wall clock: then this statement began */
	bool gave_way;     /* we have cancelled the statement */
	char why[512];     /* to whom it gave way */
	int64_t episodes;
	struct guard_episode blocked, queue;
	struct guard_met scratch[2]; /* of the newest look: blockers, sufferers */
	int64_t around_us;           /* monotonic: of the last look at what goes on around */
	char around[640];            /* what it has seen, "" nothing */
	size_t n_told;
	int64_t told[GUARD_SESSIONS]; /* whom the run's record names for it; 0 a replica */
};

/* Reads the rows of sql/guard_look.sql into scratch. */
void guard_look_read(struct guard *g, const PGresult *res);
/* "session 4711 (app, web)", "autovacuum: VACUUM public.orders" in parentheses where it is one. */
void guard_who(const struct guard_session *s, char *ret, size_t size);

/* What is told of others, in milliseconds: a transaction of that age, a replica that far behind. */
int64_t guard_around_long_ms(const struct policy *p);
int64_t guard_around_lag_ms(const struct policy *p);
/* The rows of sql/guard_around.sql. */
void guard_around_read(struct pg *pg, const PGresult *res);

/* What was seen becomes episodes: begun, changed or ended. */
void guard_episodes(struct pg *pg);
void guard_episode_end(struct pg *pg, struct guard_episode *e, const char *ending);
/* We wait: the PROGRESS frame that says for whom. */
void guard_say_waiting(struct pg *pg);
/* We do not: the rows of sql/guard_progress.sql, or NULL. */
void guard_say_running(struct pg *pg, const PGresult *res);
/* What was waited for is over. */
void guard_say_calm(struct pg *pg);

#endif
