#include "base/ban.h"
#include "runner/job/explain.h"
#include "runner/job/sql.gen.h"

/* 53100, 53200, 53300 and 25006: what the server ran out of, and why it only reads. */

static enum gh_code
show(struct explain *x, const char *title, const char *sql, const char *text, struct gh_err *err)
{
	PG_RESULT res = NULL;

	GH_TRY(explain_query(x, sql, NULL, 0, &res, err));
	explain_say(x, title, sql, res, text);
	return GH_OK;
}

enum gh_code
explain_disk(struct explain *x, struct gh_err *err)
{
	return show(x, "What takes the space", SQL_EXPLAIN_DISK,
	    "The server could not write any more, and the rollback has freed what the statement had taken. "
	    "An "
	    "index, or a table that is written anew, needs about its own size again: make room first.",
	    err);
}

enum gh_code
explain_memory(struct explain *x, struct gh_err *err)
{
	return show(x, "What the server may use", SQL_EXPLAIN_MEMORY,
	    "The server had no more memory of some kind; its message says which. Many locks in one "
	    "transaction "
	    "need a larger max_locks_per_transaction or smaller migrations.",
	    err);
}

enum gh_code
explain_connections(struct explain *x, struct gh_err *err)
{
	return show(x, "Who has the connections", SQL_EXPLAIN_CONNECTIONS,
	    "All connections were taken. End those that are idle for long, or let the application use fewer.",
	    err);
}

enum gh_code
explain_read_only(struct explain *x, struct gh_err *err)
{
	PG_RESULT res = NULL;
	const char *text;

	GH_TRY(explain_query(x, SQL_EXPLAIN_READ_ONLY, NULL, 0, &res, err));
	if (PQntuples(res) > 0 && PQgetvalue(res, 0, 0)[0] == 't')
		text = "The server is a standby: it only reads. Point the target at the primary server.";
	else if (PQntuples(res) > 0 && strcmp(PQgetvalue(res, 0, 2), "on") == 0)
		text =
		    "default_transaction_read_only is on for this database, this role or the whole server: "
		    "the column settings says where. ALTER ROLE or ALTER DATABASE ... RESET "
		    "default_transaction_read_only takes it away.";
	else
		text = "The migration itself made its transaction read-only: look for SET TRANSACTION READ "
		       "ONLY.";
	explain_say(x, "Why the database only reads", SQL_EXPLAIN_READ_ONLY, res, text);
	return GH_OK;
}
