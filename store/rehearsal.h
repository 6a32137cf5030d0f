/*
 * Rehearsals: a plan carried out on a copy of its target.  Reads.
 */
#ifndef GH_STORE_REHEARSAL_H
#define GH_STORE_REHEARSAL_H

#include "store/store.h"

struct store_rehearsal {
	int64_t id; /* 0: there is none */
	int64_t target_id;
	const char *target, *plan_digest;
	const char *person; /* "": the policy asked for it */
	const char *state;  /* queued running done failed */
	const char *place;  /* "a cluster of its own, PostgreSQL 15.8" */
	const char *text;   /* on what data, or why it failed */
	int64_t tables, rows, bytes;
	bool good; /* every migration went up twice, and its way back is exact, or exact but for the order of
		      columns */
	int64_t queued_at, started_at, ended_at;
};
struct store_rehearsals {
	size_t n;
	struct store_rehearsal *rows;
};

/* The newest of a plan; id 0 when there is none. */
enum gh_code store_rehearsal_find(struct store *st, struct gh_arena *a, const char *digest,
    struct store_rehearsal *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_rehearsal_get(struct store *st, struct gh_arena *a, int64_t id,
    struct store_rehearsal *ret, struct gh_err *err) GH_MUST_USE;
/* Queued and running ones, oldest first. */
enum gh_code store_rehearsal_open_list(
    struct store *st, struct gh_arena *a, struct store_rehearsals *ret, struct gh_err *err) GH_MUST_USE;

struct store_rehearsal_step {
	int64_t migration, pass, statement; /* positions 0-based; pass 1 up, 2 down, 3 up again */
	const char *state;                  /* "ok", "failed" */
	int64_t took_us;
	int64_t rows, blocks, wal_bytes; /* -1: none, not known */
	const char *locks;               /* a line each, strongest first: "public.orders ACCESS EXCLUSIVE" */
	const char *rewritten;           /* a line each */
	const char *error;               /* "" none */
	int64_t line;                    /* in the migration's file */
	const char *kind;                /* "CREATE TABLE" */
};
struct store_rehearsal_steps {
	size_t n;
	struct store_rehearsal_step *rows;
};
/* By migration, pass and statement. */
enum gh_code store_rehearsal_step_list(struct store *st, struct gh_arena *a, int64_t id,
    struct store_rehearsal_steps *ret, struct gh_err *err) GH_MUST_USE;

struct store_rehearsal_migration {
	int64_t migration;
	const char *verdict; /* exact column-order differs nothing fails no-down; ran (a plan downwards) */
	const char *objects; /* that differ, a line each */
	bool loses;          /* its way back destroys data */
	const char *text;    /* one sentence */
};
struct store_rehearsal_migrations {
	size_t n;
	struct store_rehearsal_migration *rows;
};
enum gh_code store_rehearsal_migration_list(struct store *st, struct gh_arena *a, int64_t id,
    struct store_rehearsal_migrations *ret, struct gh_err *err) GH_MUST_USE;

#endif
