/*
 * A PostgreSQL error with all its fields, cut to fixed sizes and clean UTF-8.  sqlstate is "" when the server
 * said none: the connection broke or an answer never came; then `lost` is set.
 */
#ifndef GH_JOB_PG_ERROR_H
#define GH_JOB_PG_ERROR_H

#include "runner/job/say.h"

#include <libpq-fe.h>

struct pg_error {
	char sqlstate[6];
	char message[2048], detail[2048], hint[1024];
	char schema[128], table[128], column[128], constraint[128];
	int64_t position; /* characters into the statement, from 1; 0 none */
	bool lost;        /* the connection is gone or useless */
	bool gave_way;    /* we have cancelled it ourselves, for those who waited behind it */
};

/* From a failed result. */
void pg_error_result(struct pg_error *e, const PGresult *res);
/* From a connection that could not be made or broke; message without trailing line feed. */
void pg_error_conn(struct pg_error *e, const PGconn *conn);
/* Made here: no SQLSTATE. */
void pg_error_text(struct pg_error *e, bool lost, const char *fmt, ...) GH_PRINTF(3, 4);

/* The SQLSTATE begins with prefix. */
bool pg_error_is(const struct pg_error *e, const char *prefix);
/* A lock time-out, a deadlock, a serialization failure, giving way: worth another try of the whole
 * transaction. */
bool pg_error_retry(const struct pg_error *e);
/* After COMMIT: it may have happened all the same. */
bool pg_error_doubt(const struct pg_error *e);
/* Line of the file in which the error is: first_line is the statement's own. */
int64_t pg_error_line(const struct pg_error *e, const char *sql, size_t len, int64_t first_line);

/* The ERROR frame. */
void pg_error_say(struct job *j, const struct pg_error *e, struct say_at at, int64_t line);

#endif
