#include "base/ban.h"
#include "runner/job/backup.h"
#include "base/clock.h"
#include "runner/job/control.h"

#include <poll.h>

#define STOP_US (INT64_C(10) * GH_SECOND)

static enum gh_code
lost(struct counting *c, struct gh_err *err)
{
	struct pg *pg = c->b->pg;

	pg_error_conn(&pg->error, pg->conn);
	pg->error.lost = true;
	return gh_fail(err, GH_UNAVAILABLE, "the connection to %s is lost: %s", c->b->job->spec.target,
	    pg->error.message);
}

/* Asks for the rows of the next table, if there is one. */
static enum gh_code
ask(struct counting *c, struct gh_err *err)
{
	struct backup *b = c->b;
	GH_TEXT sql = { 0 };

	if (c->next == b->n_tables)
		return GH_OK;
	gh_text_put(&sql, "SELECT pg_catalog.count(*) FROM ONLY ");
	GH_TRY(snapshot_name(b, &sql, b->tables[c->next].schema, b->tables[c->next].name, err));
	if (PQsendQueryParams(b->pg->conn, gh_text_str(&sql), 0, NULL, NULL, NULL, NULL, 0) == 0)
		return lost(c, err);
	return GH_OK;
}

enum gh_code
counting_start(struct counting *c, struct gh_err *err)
{
	c->next = 0;
	c->b->rows = 0;
	return ask(c, err);
}

/* NULL is the end of an answer. */
static enum gh_code
answer(struct counting *c, const PGresult *r, struct gh_err *err)
{
	struct pg *pg = c->b->pg;
	struct backup_table *t = &c->b->tables[c->next];

	if (r == NULL) {
		c->next++;
		return ask(c, err);
	}
	if (PQresultStatus(r) != PGRES_TUPLES_OK || PQntuples(r) != 1) {
		pg_error_result(&pg->error, r);
		pg->error.lost = PQstatus(pg->conn) == CONNECTION_BAD;
		return gh_fail(err, pg->error.lost ? GH_UNAVAILABLE : GH_CONFLICT,
		    "the rows of %s cannot be counted: %s (SQLSTATE %s)", t->shown, pg->error.message,
		    pg->error.sqlstate);
	}
	t->rows = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
	c->b->rows += t->rows;
	return GH_OK;
}

enum gh_code
counting_ready(void *counting, struct gh_err *err)
{
	struct counting *c = counting;

	if (PQconsumeInput(c->b->pg->conn) == 0)
		return lost(c, err);
	while (c->next < c->b->n_tables && PQisBusy(c->b->pg->conn) == 0) {
		PG_RESULT r = PQgetResult(c->b->pg->conn);

		GH_TRY(answer(c, r, err));
	}
	return GH_OK;
}

enum gh_code
counting_finish(struct counting *c, struct gh_err *err)
{
	while (c->next < c->b->n_tables) {
		struct pollfd fd = { .fd = PQsocket(c->b->pg->conn), .events = POLLIN };

		if (job_stopped(c->b->job))
			return gh_fail(err, GH_CONFLICT, "%s", control_why(c->b->job));
		if (job_poll(&fd, 1, -1) > 0)
			GH_TRY(counting_ready(c, err));
	}
	return GH_OK;
}

void
counting_stop(struct counting *c)
{
	struct pg *pg = c->b->pg;
	int64_t end = gh_clock_mono() + STOP_US;

	if (pg->conn == NULL || PQtransactionStatus(pg->conn) != PQTRANS_ACTIVE)
		return;
	pg_cancel(pg);
	while (PQstatus(pg->conn) == CONNECTION_OK && gh_clock_mono() < end) {
		struct pollfd fd = { .fd = PQsocket(pg->conn), .events = POLLIN };

		if (PQisBusy(pg->conn) == 0) {
			PG_RESULT r = PQgetResult(pg->conn);

			if (r == NULL)
				return;
			continue;
		}
		(void)job_poll(&fd, 1, -1);
		if (PQconsumeInput(pg->conn) == 0)
			break;
	}
	/* Nobody knows what it does: its transaction goes with the connection. */
	pg_close(pg);
}
