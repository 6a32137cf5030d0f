/*
 * One connection to a target.  Every call fills `error` when it fails, with all that the server said, and
 * gives a sentence in gh_err: GH_UNAVAILABLE when the connection is lost (or an answer did not come in time),
 * GH_CONFLICT when the server refused.  SIGTERM cancels the statement that runs, except where `firm` is set.
 */
#ifndef GH_JOB_PG_H
#define GH_JOB_PG_H

#include "runner/job/pg_error.h"

#define PG_DEADLINE_MS  60000  /* our own queries */
#define PG_COMMIT_MS    300000 /* COMMIT may wait for a standby */
#define PG_NOTICES      200    /* kept a migration */
#define PG_NOTICE_BYTES 2048

struct pg {
	struct job *job;
	PGconn *conn;
	struct pg_error error;
	struct say_at at;    /* whose notices come in; migration -1: nobody's, dropped */
	int64_t notices;     /* seen since `at` moved to this migration */
	bool firm;           /* do not cancel: COMMIT and cleaning up */
	bool yields;         /* what runs may be cancelled for others: it is tried again */
	int64_t sent_us;     /* monotonic: when something was sent last */
	struct guard *guard; /* NULL: none watches */
};

/* Cleanup variable for results. */
#define PG_RESULT __attribute__((cleanup(pg_result_done))) PGresult *
void pg_result_done(PGresult **res);
void pg_close(struct pg *pg);
/* Cancels what runs; its answer then is an error, or has come already. */
void pg_cancel(const struct pg *pg);

/* One statement of ours with text parameters; rows are kept.  ret may be NULL. */
enum gh_code pg_query(struct pg *pg, const char *sql, const char *const *params, size_t n, PGresult **ret,
    struct gh_err *err) GH_MUST_USE;
/* As pg_query, without parameters and without a deadline: a count of a large table. */
enum gh_code pg_query_slow(struct pg *pg, const char *sql, PGresult **ret, struct gh_err *err) GH_MUST_USE;
/* Whether the server takes a statement: it is parsed, and not run. */
enum gh_code pg_parse(struct pg *pg, const char *sql, struct gh_err *err) GH_MUST_USE;
/* The first column of the first row, in the arena; GH_INTERNAL when there is no row, "" for NULL. */
enum gh_code pg_value(struct pg *pg, const char *sql, const char *const *params, size_t n, const char **ret,
    struct gh_err *err) GH_MUST_USE;

/* A statement of a migration: rows are dropped as they come, COPY is refused. */
struct pg_tag {
	char tag[64];
	int64_t rows; /* -1: the tag has none */
};
enum gh_code pg_statement(
    struct pg *pg, const char *sql, int64_t deadline_ms, struct pg_tag *ret, struct gh_err *err) GH_MUST_USE;

/* Somebody's query whose rows matter, but not many of them: the first PG_ROWS are kept, then it is cancelled.
 */
#define PG_ROWS 20
struct pg_rows {
	int64_t n; /* at most PG_ROWS + 1: there are more */
	size_t n_kept;
	PGresult *kept[PG_ROWS]; /* of one row each */
	PGresult *last;          /* without rows: the columns, or the tag of what is no query */
};
#define PG_ROWS_VAR __attribute__((cleanup(pg_rows_done))) struct pg_rows
void pg_rows_done(struct pg_rows *rows);
enum gh_code pg_rows(struct pg *pg, const char *sql, struct pg_rows *ret, struct gh_err *err) GH_MUST_USE;

/*
 * Several statements in one round trip.  The first that fails skips the rest (and sets *ret_failed to its
 * position). results, when not NULL, gets one result for each that ran, to be cleared by the caller.
 */
#define PG_BATCH 16
struct pg_batch {
	size_t n;
	const char *sql[PG_BATCH];
	const char *const *params[PG_BATCH];
	int n_params[PG_BATCH];
	PGresult *results[PG_BATCH];
	size_t failed; /* position of the first failure; n when none */
};
void pg_batch_add(struct pg_batch *b, const char *sql, const char *const *params, int n_params);
enum gh_code pg_batch_run(
    struct pg *pg, struct pg_batch *b, int64_t deadline_ms, struct gh_err *err) GH_MUST_USE;
#define PG_BATCH_VAR __attribute__((cleanup(pg_batch_done))) struct pg_batch
void pg_batch_done(struct pg_batch *b);

/* Notices are journalled under migration and statement from now on. */
void pg_place(struct pg *pg, int64_t migration, int64_t statement);
/* Rolls back whatever is open; a lost connection counts as rolled back. */
enum gh_code pg_rollback(struct pg *pg, struct gh_err *err) GH_MUST_USE;
void pg_notices_to_journal(struct pg *pg);
/* A notice receiver that drops them. */
void pg_notice_drop(void *arg, const PGresult *res);

#endif
