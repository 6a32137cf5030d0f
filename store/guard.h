/*
 * What a run is doing now, whom it met on the way, and how long it may still take: reads.
 */
#ifndef GH_STORE_GUARD_H
#define GH_STORE_GUARD_H

#include "store/store.h"

/* The newest word of a run that is under way. */
struct store_progress {
	int64_t at;
	int64_t migration, statement; /* positions in the plan, -1 none */
	const char *activity;         /* running, waiting, paused, backing-off, backup, hook, health */
	const char *text;             /* "waiting for pid 4711 (autovacuum: VACUUM orders), 12 s" */
	int64_t done, total;          /* total 0: nobody knows */
	const char *unit;             /* rows, blocks, bytes, tuples, "" */
	int64_t since;                /* of this activity; elapsed is now - since */
};
/* NULL: the run has ended, or has said nothing yet. */
enum gh_code store_progress_find(struct store *st, struct gh_arena *a, int64_t run_id,
    struct store_progress **ret, struct gh_err *err) GH_MUST_USE;
/* 0 to 100, -1 when there is no total. */
int store_progress_percent(const struct store_progress *p);

struct store_episode_session {
	bool blocker; /* we wait for it; else it waits for us */
	int64_t pid;
	const char *user, *application, *state, *query; /* query cut; state "autovacuum" for one of those */
	int64_t waited_ms;                              /* of a blocker: the age of its transaction */
};

/* Somebody was in our way, or we in somebody's. */
struct store_episode {
	int64_t number;               /* within the run, from 1 */
	bool queue;                   /* others waited for us; else we waited for others */
	int64_t migration, statement; /* -1 none */
	int64_t started_at, ended_at; /* ended_at 0: goes on */
	const char *relation;         /* "public.orders", "" unknown */
	const char *mode;             /* of the lock that is waited for, "ACCESS EXCLUSIVE" */
	const char *ending;           /* "" goes on, granted, timed-out, gave-way, failed, ended */
	size_t n;
	const struct store_episode_session *sessions; /* as last seen, the oldest wait first */
};
struct store_episodes {
	size_t n;
	struct store_episode *rows;
};
/* In the order in which they began. */
enum gh_code store_episode_list(struct store *st, struct gh_arena *a, int64_t run_id,
    struct store_episodes *ret, struct gh_err *err) GH_MUST_USE;

/* How long one migration of a run may take. */
struct store_estimate {
	int64_t position; /* in the plan */
	int64_t us;       /* -1: never seen */
	const char *from; /* the target where it ran, "rehearsal", "" never seen */
};
struct store_estimates {
	size_t n;
	struct store_estimate *rows;
};
/* The nearest environment before this one counts; without any, the newest rehearsal of the plan. */
enum gh_code store_estimate_list(struct store *st, struct gh_arena *a, int64_t run_id,
    struct store_estimates *ret, struct gh_err *err) GH_MUST_USE;
/*
 * What is left of a run's migrations at `now`: estimates of those to come, and of the one that runs what it
 * has not used up yet.  -1 when one of them was never seen, or nothing runs.
 */
enum gh_code store_estimate_left(struct store *st, struct gh_arena *a, int64_t run_id, int64_t now,
    int64_t *ret_us, struct gh_err *err) GH_MUST_USE;

#endif
