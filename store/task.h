/*
 * What is done beside runs: a backup by hand or by the clock, a proof, a look at what others keep.  Reads.
 */
#ifndef GH_STORE_TASK_H
#define GH_STORE_TASK_H

#include "store/store.h"
#include "base/hash.h"

struct store_task {
	int64_t id;
	const char *kind; /* take, prove, outside */
	int64_t target_id;
	const char *target, *environment;
	int64_t backup_id;  /* prove: which; take: what came of it; 0 none */
	const char *person; /* "" the clock */
	const char *reason;
	const char *level;  /* prove: how far; "" as the policy says */
	const char *source; /* outside: name of its section */
	const char *state;  /* queued, running, done, failed */
	const char *text;   /* what came of it, or why it failed */
	int64_t queued_at, started_at, ended_at;
	/* while it runs */
	const char *activity, *note;
	int64_t done, total; /* total 0: unknown */
	const char *unit;
	int64_t since;
	const char *cancelled; /* "PERSON: REASON" of who wants it ended, "" nobody */
};
/* What the runner remembers of its job. */
struct store_task_detail {
	int64_t person_id; /* 0: the clock */
	int64_t pid;       /* of its job, 0 none yet */
	int64_t journal_offset;
	unsigned char journal_sum[GH_SHA256_LEN];
};
struct store_tasks {
	size_t n;
	struct store_task *rows;
	int64_t next;
};
enum gh_code store_task_get(
    struct store *st, struct gh_arena *a, int64_t id, struct store_task *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_task_detail(
    struct store *st, int64_t id, struct store_task_detail *ret, struct gh_err *err) GH_MUST_USE;
/* Queued and running ones, oldest first. */
enum gh_code store_task_open_list(
    struct store *st, struct gh_arena *a, struct store_tasks *ret, struct gh_err *err) GH_MUST_USE;
struct store_task_filter {
	int64_t target, backup; /* 0 any */
	int64_t before;         /* `next` of the page before, 0 the first */
	int64_t limit;
};
/* Newest first. */
enum gh_code store_task_list(struct store *st, struct gh_arena *a, const struct store_task_filter *f,
    struct store_tasks *ret, struct gh_err *err) GH_MUST_USE;
struct store_task_last {
	const char *kind;
	int64_t target, backup; /* 0 any */
	bool clock;             /* only those that nobody asked for */
	const char *level;      /* only those up to that level; "" and NULL any */
};
/* The newest such task; id 0 when there is none. */
enum gh_code store_task_last(struct store *st, struct gh_arena *a, const struct store_task_last *f,
    struct store_task *ret, struct gh_err *err) GH_MUST_USE;

#endif
