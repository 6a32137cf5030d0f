/*
 * A batched migration (migration/batch.h) under way: its statement run part by part, each part in a
 * transaction that also writes how far it is into gatehouse_batch, a table beside the tracking table.  So a
 * run that ends on the way, however it ends, leaves a cursor from which a later one goes on; the row is
 * removed in the transaction that records the migration.
 *
 *   batch.c           the loop, and the end
 *   batch_open.c      what must be true before the first part
 *   batch_part.c      one part: its rows, its transaction, the ends of the next
 *   batch_split.c     a part that fails by its data, down to the row
 *   batch_throttle.c  waiting, and for what
 *   batch_ask.c       queries of the file: done, check, throttle
 *   batch_cursor.c    gatehouse_batch
 *   batch_say.c       frames
 */
#ifndef GH_JOB_BATCH_H
#define GH_JOB_BATCH_H

#include "migration/batch.h"
#include "runner/job/run.h"

#define BATCH_SAY_US INT64_C(250000) /* between two BATCH frames */

/* A row of gatehouse_batch. */
struct batch_cursor {
	const char *migration, *direction; /* "up", "down" */
	const char *subject;               /* "public.orders.id" */
	const char *digest;                /* of the SQL that it was written by */
	const char *at;                    /* key up to which it is done; NULL none */
	int64_t batches, rows, passed, expected, left_out;
	const char *keys; /* that were left out, as an array's text */
};
struct batch_cursors {
	size_t n;
	struct batch_cursor *rows;
};
/* Of this tracking table; none when there is no such table.  In the job's arena. */
enum gh_code batch_cursor_list(
    struct pg *pg, const struct tracking *t, struct batch_cursors *ret, struct gh_err *err) GH_MUST_USE;
/* "1200 rows in 3 batches, up to the key 1200 (62 %)", without an end. */
const char *batch_cursor_text(const struct batch_cursor *c, struct gh_arena *a);
/* The cursor of one migration of a plan in one direction; NULL none. */
const struct batch_cursor *batch_cursor_find(const struct batch_cursors *list, const char *key, bool down);
/*
 * Fails when the plan would go past a batched migration that is unfinished, in words that say so.
 */
enum gh_code batch_unfinished(struct run *r, struct gh_err *err) GH_MUST_USE;

/* One migration's run. */
struct batching {
	struct run *r;
	const struct step *s;
	struct batch b;
	const char *called, *next; /* "002_fill", "the next batch of 002_fill" */
	const char *subject, *direction, *digest;
	/* of the key and the statement, in the job's arena */
	const char *type, *list; /* of the key, of an array of it */
	const char *first_sql, *next_sql, *sql;
	const char *edge_sql;   /* the first key behind the cursor */
	const char *put_sql;    /* writes the cursor */
	const char *select_sql; /* gives the keys of :ids; NULL none */
	bool sized;             /* :size stands in what chooses the rows */
	/* how far it is, as committed */
	bool there;        /* a row in gatehouse_batch */
	struct gh_text at; /* the cursor; len 0 and !has_at: none */
	bool has_at;
	int64_t batches, rows, passed, expected;
	size_t n_left_out;
	const char **left_out;
	/* the ends of the next part, asked for with the last one's statement */
	struct batch_ahead {
		bool there;
		int64_t n; /* keys that were wanted */
		struct gh_text from, to;
		bool full;
	} ahead;
	/* now */
	int64_t size;
	int64_t wish;              /* serial of what people want */
	int64_t most;              /* at most so many, since more took too long under that; 0 any */
	int64_t split, split_left; /* rows a batch while a bad row is looked for, 0 not; in so many rows */
	struct gh_text ids;        /* of the last part, each between line feeds */
	int64_t last_us;           /* duration of the last batch */
	const char *state, *why;
	int64_t said, looked; /* monotonic */
	int64_t since_us;     /* wall clock: of this state */
	bool lag_seen;        /* the role sees what replicas and sessions do */
	char mark[32];        /* place in the WAL, and when it was the newest */
	int64_t mark_at;
	int64_t met;     /* episodes of the guard so far */
	int64_t retries; /* of this batch, after a lock was in the way */
	char waits[512]; /* why, in words */
};

/* Whether the statement of this side runs in batches. */
bool batch_step(const struct step *s);
/* Instead of outside_run.  After a failure r->left says what is there: BATCH is a cursor. */
enum gh_code batch_run(struct run *r, const struct step *s, struct gh_err *err) GH_MUST_USE;
/* In preflight: of the first migration of the plan, when it runs in batches. */
enum gh_code batch_preflight(struct run *r, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;

/* ---- between these files ---- */

/* Header, key, cursor, statement: ready to run. */
enum gh_code batch_open(struct batching *g, struct gh_err *err) GH_MUST_USE;
/* The table and the key: there, of a type, with an index. */
enum gh_code batch_key(struct batching *g, struct gh_err *err) GH_MUST_USE;

/* The rows of one part. */
struct batch_part {
	int64_t from_mono;
	bool none;                   /* there are no more */
	bool full;                   /* as many keys as wanted */
	bool single;                 /* one key only */
	bool stale;                  /* its ends were asked for before, and no longer hold */
	const char *from, *to, *ids; /* parameters; NULL not of this form */
	int64_t n;                   /* keys wanted, or given */
	int64_t rows;                /* changed */
};
/* One part from BEGIN to COMMIT.  r->left is DOUBT when it may have been committed although it failed. */
enum gh_code batch_part_run(
    struct batching *g, struct gh_arena *a, struct batch_part *ret, struct gh_err *err) GH_MUST_USE;
/* COMMIT that only moves the cursor over a row that is left out. */
enum gh_code batch_part_skip(struct batching *g, const char *key, struct gh_err *err) GH_MUST_USE;

/*
 * After a part that has failed: GH_OK when it is to be tried again (smaller, or behind the row that was left
 * out); otherwise the error.
 */
enum gh_code batch_split_failed(
    struct batching *g, const struct batch_part *p, enum gh_code code, struct gh_err *err) GH_MUST_USE;
/* After one that has succeeded, whose size may change the next. */
void batch_split_done(struct batching *g, const struct batch_part *p);

/* Waits as the header, the policy and people want it, before the next part. */
enum gh_code batch_throttle(struct batching *g, struct gh_err *err) GH_MUST_USE;
/* Waits ms, saying why. */
void batch_wait(struct batching *g, int64_t ms, const char *why);

/* Asks in a transaction that only reads. */
enum gh_code batch_ask(struct batching *g, const char *what, const char *sql, const char *const *params,
    size_t n, PGresult **ret, struct gh_err *err) GH_MUST_USE;
/* done and check: fails when one does not hold. */
enum gh_code batch_ask_end(struct batching *g, struct gh_err *err) GH_MUST_USE;
/* Whether the operator's query wants us to wait; *ret_why in g->waits. */
enum gh_code batch_ask_throttle(struct batching *g, bool *ret, struct gh_err *err) GH_MUST_USE;

/* Our own statement for gatehouse_batch, names filled in; in the job's arena. */
enum gh_code batch_cursor_sql(struct pg *pg, const struct tracking *t, const char *sql, const char **ret,
    struct gh_err *err) GH_MUST_USE;
/* Makes the table when it is not there, and reads the migration's row into g. */
enum gh_code batch_cursor_open(struct batching *g, struct gh_err *err) GH_MUST_USE;
/* Statements that record the migration and forget its cursor, for transact_run. */
enum gh_code batch_cursor_books(struct batching *g, const char *const **ret, struct gh_err *err) GH_MUST_USE;
/* Parameters that write how far it is; key is one that was left out, NULL none. */
#define BATCH_CURSOR_PARAMS 10
struct batch_cursor_values {
	char batches[24], rows[24], passed[24], expected[24];
	const char *params[BATCH_CURSOR_PARAMS];
};
void batch_cursor_fill(const struct batching *g, const char *at, int64_t rows, int64_t passed,
    const char *key, struct batch_cursor_values *ret);

/* The BATCH frame, when the last one is long enough ago or now. */
void batch_say(struct batching *g, bool now);
void batch_say_row(struct batching *g, const char *key);
void batch_say_evidence(struct batching *g, const char *name, enum wire_state state, const char *text);

#endif
