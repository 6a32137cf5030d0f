#include "base/ban.h"
#include "runner/job/pg.h"
#include "base/clock.h"
#include "runner/job/guard.h"
#include "runner/job/control.h"

#include <poll.h>

#define CANCEL_US GH_SECOND

void
pg_result_done(PGresult **res)
{
	PQclear(*res);
	*res = NULL;
}

void
pg_close(struct pg *pg)
{
	if (pg->conn != NULL)
		PQfinish(pg->conn);
	pg->conn = NULL;
}

static enum gh_code
lost(struct pg *pg, struct gh_err *err)
{
	pg_error_conn(&pg->error, pg->conn);
	return gh_fail(
	    err, GH_UNAVAILABLE, "the connection to %s is lost: %s", pg->job->spec.target, pg->error.message);
}

void
pg_cancel(const struct pg *pg)
{
	PGcancel *c = PQgetCancel(pg->conn);
	char text[256];

	if (c != NULL && PQcancel(c, text, sizeof(text)) == 0)
		say_log(pg->job, "the running statement could not be cancelled: %s", text);
	PQfreeCancel(c);
}

/* Waits until a result can be taken without blocking. */
static enum gh_code
wait_result(struct pg *pg, int64_t deadline_ms, struct gh_err *err)
{
	int64_t end = gh_clock_mono() + deadline_ms * 1000, left = -1, wait;
	int64_t cancelled = 0, now;
	int flush = 1;

	for (;;) {
		struct pollfd fd[2] = { { .fd = PQsocket(pg->conn), .events = POLLIN } };
		size_t n = 1;

		if (flush != 0 && (flush = PQflush(pg->conn)) < 0)
			return lost(pg, err);
		if (PQisBusy(pg->conn) == 0)
			return GH_OK;
		/* Asked before the server has begun with the statement, it does nothing: so again and again.
		 */
		if (!pg->firm && job_stopped(pg->job) && (now = gh_clock_mono()) - cancelled > CANCEL_US) {
			cancelled = now;
			pg_cancel(pg);
		}
		control_answer(pg->job);
		if (deadline_ms > 0 && (left = (end - gh_clock_mono()) / 1000) <= 0) {
			pg_error_text(&pg->error, true, "no answer from the server within %" PRId64 " s",
			    deadline_ms / 1000);
			return gh_fail(
			    err, GH_UNAVAILABLE, "%s: %s", pg->job->spec.target, pg->error.message);
		}
		if (flush != 0)
			fd[0].events |= POLLOUT;
		wait = left < 0 ? -1 : left + 1;
		n += guard_poll(pg, &fd[1], &wait);
		(void)job_poll(fd, n, wait);
		if (PQconsumeInput(pg->conn) == 0)
			return lost(pg, err);
		guard_turn(pg, fd[1].revents);
	}
}

static enum gh_code
next_result(struct pg *pg, int64_t deadline_ms, PGresult **ret, struct gh_err *err)
{
	GH_TRY(wait_result(pg, deadline_ms, err));
	*ret = PQgetResult(pg->conn);
	return GH_OK;
}

static enum gh_code
refused(struct pg *pg, const PGresult *res, struct gh_err *err)
{
	pg_error_result(&pg->error, res);
	if (PQstatus(pg->conn) == CONNECTION_BAD)
		pg->error.lost = true;
	return gh_fail(err, pg->error.lost ? GH_UNAVAILABLE : GH_CONFLICT, "%s%s%s%s", pg->error.message,
	    pg->error.sqlstate[0] == '\0' ? "" : " (SQLSTATE ", pg->error.sqlstate,
	    pg->error.sqlstate[0] == '\0' ? "" : ")");
}

/* A server that ends the session says why first, then closes: the error stays, the connection counts as lost.
 */
static enum gh_code
settle(struct pg *pg, enum gh_code code, struct gh_err *err)
{
	code = guard_answered(pg, code, err);
	if (code == GH_OK || PQstatus(pg->conn) == CONNECTION_OK)
		return code;
	pg->error.lost = true;
	return GH_UNAVAILABLE;
}

static bool
succeeded(const PGresult *res)
{
	ExecStatusType s = PQresultStatus(res);

	return s == PGRES_TUPLES_OK || s == PGRES_COMMAND_OK || s == PGRES_EMPTY_QUERY ||
	    s == PGRES_SINGLE_TUPLE;
}

static enum gh_code
send_one(struct pg *pg, const char *sql, const char *const *params, int n, struct gh_err *err)
{
	if (pg->conn == NULL || PQstatus(pg->conn) != CONNECTION_OK) {
		pg_error_text(&pg->error, true, "there is no connection");
		return gh_fail(err, GH_UNAVAILABLE, "there is no connection to %s", pg->job->spec.target);
	}
	if (PQsendQueryParams(pg->conn, sql, n, NULL, params, NULL, NULL, 0) == 0)
		return lost(pg, err);
	pg->sent_us = gh_clock_mono();
	return GH_OK;
}

static enum gh_code
results(struct pg *pg, int64_t deadline_ms, PGresult **ret, struct gh_err *err)
{
	enum gh_code code = GH_OK;
	PG_RESULT kept = NULL;

	for (;;) {
		PG_RESULT res = NULL;

		GH_TRY(next_result(pg, deadline_ms, &res, err));
		if (res == NULL)
			break;
		if (code == GH_OK && !succeeded(res)) {
			code = refused(pg, res, err);
		} else if (kept == NULL) {
			kept = res;
			res = NULL;
		}
	}
	if (code == GH_OK && ret != NULL) {
		*ret = kept;
		kept = NULL;
	}
	return settle(pg, code, err);
}

enum gh_code
pg_query(
    struct pg *pg, const char *sql, const char *const *params, size_t n, PGresult **ret, struct gh_err *err)
{
	GH_TRY(send_one(pg, sql, params, (int)n, err));
	return results(pg, PG_DEADLINE_MS, ret, err);
}

enum gh_code
pg_query_slow(struct pg *pg, const char *sql, PGresult **ret, struct gh_err *err)
{
	GH_TRY(send_one(pg, sql, NULL, 0, err));
	return results(pg, 0, ret, err);
}

enum gh_code
pg_parse(struct pg *pg, const char *sql, struct gh_err *err)
{
	if (pg->conn == NULL) {
		pg_error_text(&pg->error, true, "there is no connection");
		return gh_fail(err, GH_UNAVAILABLE, "there is no connection to %s", pg->job->spec.target);
	}
	if (PQsendPrepare(pg->conn, "", sql, 0, NULL) == 0)
		return lost(pg, err);
	return results(pg, PG_DEADLINE_MS, NULL, err);
}

enum gh_code
pg_value(
    struct pg *pg, const char *sql, const char *const *params, size_t n, const char **ret, struct gh_err *err)
{
	PG_RESULT res = NULL;

	GH_TRY(pg_query(pg, sql, params, n, &res, err));
	if (PQntuples(res) < 1 || PQnfields(res) < 1)
		return gh_fail(err, GH_INTERNAL, "%s: a query gave no row", pg->job->spec.target);
	*ret = gh_strdup(pg->job->arena, PQgetvalue(res, 0, 0));
	return GH_OK;
}

/* COPY would wait for data that nobody sends, or send data that nobody wants. */
static enum gh_code
refuse_copy(struct pg *pg, ExecStatusType status)
{
	char *data;

	if (status == PGRES_COPY_IN) {
		(void)PQputCopyEnd(pg->conn, "COPY from the client is not possible in a migration");
		return GH_OK;
	}
	pg_cancel(pg);
	while (PQgetCopyData(pg->conn, &data, 0) > 0)
		PQfreemem(data);
	return GH_OK;
}

static void
read_tag(PGresult *res, struct pg_tag *ret)
{
	const char *rows = PQcmdTuples(res);

	say_clean(ret->tag, sizeof(ret->tag), PQcmdStatus(res));
	ret->rows = rows[0] == '\0' ? -1 : strtoll(rows, NULL, 10);
}

enum gh_code
pg_statement(struct pg *pg, const char *sql, int64_t deadline_ms, struct pg_tag *ret, struct gh_err *err)
{
	enum gh_code code = GH_OK;
	bool copy = false;

	*ret = (struct pg_tag){ .rows = -1 };
	GH_TRY(send_one(pg, sql, NULL, 0, err));
	(void)PQsetSingleRowMode(pg->conn);
	for (;;) {
		PG_RESULT res = NULL;
		ExecStatusType status;

		GH_TRY(next_result(pg, deadline_ms, &res, err));
		if (res == NULL)
			break;
		status = PQresultStatus(res);
		if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
			copy = true;
			GH_TRY(refuse_copy(pg, status));
		} else if (code == GH_OK && !succeeded(res)) {
			code = refused(pg, res, err);
		} else if (status != PGRES_SINGLE_TUPLE) {
			read_tag(res, ret);
		}
	}
	if (copy && code == GH_OK) {
		pg_error_text(&pg->error, false, "COPY to the client is not possible in a migration");
		code = gh_fail(err, GH_CONFLICT, "%s", pg->error.message);
	}
	return settle(pg, code, err);
}

void
pg_rows_done(struct pg_rows *rows)
{
	size_t i;

	for (i = 0; i < rows->n_kept; i++)
		pg_result_done(&rows->kept[i]);
	rows->n_kept = 0;
	pg_result_done(&rows->last);
}

static void
row_keep(struct pg *pg, struct pg_rows *ret, PGresult **res)
{
	if (ret->n_kept < PG_ROWS) {
		ret->kept[ret->n_kept++] = *res;
		*res = NULL;
	} else if (ret->n == PG_ROWS) {
		pg_cancel(pg);
	}
	ret->n += ret->n <= PG_ROWS ? 1 : 0;
}

enum gh_code
pg_rows(struct pg *pg, const char *sql, struct pg_rows *ret, struct gh_err *err)
{
	enum gh_code code = GH_OK;

	*ret = (struct pg_rows){ 0 };
	GH_TRY(send_one(pg, sql, NULL, 0, err));
	(void)PQsetSingleRowMode(pg->conn);
	for (;;) {
		PG_RESULT res = NULL;
		ExecStatusType status;

		GH_TRY(next_result(pg, 0, &res, err));
		if (res == NULL)
			break;
		status = PQresultStatus(res);
		if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT)
			GH_TRY(refuse_copy(pg, status));
		else if (status == PGRES_SINGLE_TUPLE)
			row_keep(pg, ret, &res);
		else if (code == GH_OK && !succeeded(res) && ret->n <= PG_ROWS)
			code = refused(pg, res, err);
		else if (ret->last == NULL) {
			ret->last = res;
			res = NULL;
		}
	}
	return settle(pg, code, err);
}

void
pg_batch_add(struct pg_batch *b, const char *sql, const char *const *params, int n_params)
{
	if (b->n == PG_BATCH)
		gh_bug("more than %d statements in a batch", PG_BATCH);
	b->sql[b->n] = sql;
	b->params[b->n] = params;
	b->n_params[b->n++] = n_params;
}

void
pg_batch_done(struct pg_batch *b)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		pg_result_done(&b->results[i]);
}

/* Takes the answers up to the one of the sync. */
static enum gh_code
batch_results(struct pg *pg, struct pg_batch *b, int64_t deadline_ms, struct gh_err *err)
{
	enum gh_code code = GH_OK;
	size_t at = 0;

	b->failed = b->n;
	for (;;) {
		PG_RESULT res = NULL;

		GH_TRY(next_result(pg, deadline_ms, &res, err));
		if (res == NULL) {
			if (PQstatus(pg->conn) != CONNECTION_OK)
				return code == GH_OK ? lost(pg, err) : settle(pg, code, err);
			at++; /* the end of one statement's results */
			continue;
		}
		if (PQresultStatus(res) == PGRES_PIPELINE_SYNC)
			return code;
		if (code == GH_OK && !succeeded(res)) {
			b->failed = at;
			code = refused(pg, res, err);
		}
		if (at < b->n && b->results[at] == NULL) {
			b->results[at] = res;
			res = NULL;
		}
	}
}

enum gh_code
pg_batch_run(struct pg *pg, struct pg_batch *b, int64_t deadline_ms, struct gh_err *err)
{
	enum gh_code code;
	size_t i;

	if (pg->conn == NULL || PQenterPipelineMode(pg->conn) == 0) {
		pg_error_text(&pg->error, true, "there is no connection");
		return gh_fail(err, GH_UNAVAILABLE, "there is no connection to %s", pg->job->spec.target);
	}
	for (i = 0; i < b->n; i++)
		GH_TRY(send_one(pg, b->sql[i], b->params[i], b->n_params[i], err));
	if (PQpipelineSync(pg->conn) == 0)
		return lost(pg, err);
	code = batch_results(pg, b, deadline_ms, err);
	if (PQexitPipelineMode(pg->conn) == 0 && code == GH_OK)
		return lost(pg, err);
	return settle(pg, code, err);
}
