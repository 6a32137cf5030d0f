#include "base/ban.h"
#include "runner/job/pg.h"

static void
on_notice(void *arg, const PGresult *res)
{
	struct pg *pg = arg;
	const char *severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *message = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	char cut[PG_NOTICE_BYTES];

	if (pg->at.migration < 0)
		return;
	if (++pg->notices > PG_NOTICES) {
		if (pg->notices == PG_NOTICES + 1)
			say_notice(
			    pg->job, pg->at, "NOTICE", "further notices of this migration are not kept");
		return;
	}
	say_clean(cut, sizeof(cut), message);
	say_notice(pg->job, pg->at, severity == NULL ? "NOTICE" : severity, cut);
}

void
pg_notice_drop(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

void
pg_notices_to_journal(struct pg *pg)
{
	(void)PQsetNoticeReceiver(pg->conn, on_notice, pg);
}

void
pg_place(struct pg *pg, int64_t migration, int64_t statement)
{
	if (pg->at.migration != migration)
		pg->notices = 0;
	pg->at = (struct say_at){ .migration = migration, .statement = statement };
}

enum gh_code
pg_rollback(struct pg *pg, struct gh_err *err)
{
	bool firm = pg->firm;
	struct pg_error error = pg->error; /* the cause stays what is told */
	enum gh_code code;

	if (pg->conn == NULL || PQstatus(pg->conn) != CONNECTION_OK || pg->error.lost) {
		pg_close(pg);
		pg->error.lost = true;
		return GH_OK;
	}
	if (PQtransactionStatus(pg->conn) == PQTRANS_IDLE)
		return GH_OK;
	pg->firm = true;
	code = pg_query(pg, "ROLLBACK", NULL, 0, NULL, err);
	pg->firm = firm;
	if (code == GH_UNAVAILABLE) {
		error.lost = true;
		code = GH_OK;
	}
	pg->error = error;
	return code;
}
