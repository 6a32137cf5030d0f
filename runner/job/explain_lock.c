#include "base/ban.h"
#include "runner/job/explain.h"
#include "base/clock.h"
#include "base/copytext.h"
#include "runner/job/guard.h"
#include "runner/job/sql.gen.h"

/* 55P03, 40P01 and 57014: who was in the way, who waited for whom, what took so long. */

#define HOLDERS "Who holds the lock"

static const char *
span(struct explain *x, int64_t ms)
{
	char text[GH_CLOCK_LEN];

	return gh_strdup(x->pg->job->arena, gh_clock_span(ms * 1000, text));
}

/*
 * "session 4711 (app, reporting, idle in transaction)"; of what is hidden, that it is.  A prepared
 * transaction has no session: "a prepared transaction (app, PREPARE TRANSACTION 'x')".
 */
static const char *
holder(struct explain *x, const PGresult *res)
{
	const char *role = PQgetvalue(res, 0, 1), *application = PQgetvalue(res, 0, 2),
		   *state = PQgetvalue(res, 0, 3);

	if (PQgetisnull(res, 0, 0))
		return gh_printf(x->pg->job->arena,
		    "a prepared transaction (%s, %s), which stays until COMMIT PREPARED or ROLLBACK PREPARED",
		    role, PQgetvalue(res, 0, 7));
	return gh_printf(x->pg->job->arena, "session %s (%s%s%s, %s)", PQgetvalue(res, 0, 0),
	    role[0] == '\0' ? "no role" : role, application[0] == '\0' ? "" : ", ", application,
	    state[0] == '\0' ? "what it does is hidden from the run's role: GRANT pg_monitor" : state);
}

/* What the guard saw while the statement waited: "While it waited, ...", or "". */
static const char *
seen(struct explain *x)
{
	struct say_at at = { .migration = x->what->migration, .statement = x->what->statement };
	char held[400], waited[400];
	bool one = guard_last(x->pg, at, false, held, sizeof(held)),
	     more = guard_last(x->pg, at, true, waited, sizeof(waited));

	return gh_printf(x->pg->job->arena, "%s%s%s%s%s%s", one ? " While it waited, it was for " : "",
	    one ? held : "", one ? "." : "", more ? " Behind it waited " : "", more ? waited : "",
	    more ? "." : "");
}

enum gh_code
explain_lock(struct explain *x, struct gh_err *err)
{
	struct gh_arena *a = x->pg->job->arena;
	const char *touched = explain_touched(x), *query;
	const char *const params[] = { touched };
	PG_RESULT res = NULL;

	GH_TRY(explain_value(x, SQL_EXPLAIN_LOCK, params, 1, &query, err));
	if (query == NULL) {
		explain_say(x, HOLDERS, "", NULL,
		    "Another session held the lock for longer than this target's lock_timeout; which table "
		    "it "
		    "was cannot be told from the statement.");
		return GH_OK;
	}
	GH_TRY(explain_query(x, query, NULL, 0, &res, err));
	explain_say(x, HOLDERS, query, res,
	    PQntuples(res) == 0
		? gh_printf(a,
		      "Nobody holds a lock on it any more: whoever did has ended since. The run waited %s "
		      "for "
		      "each lock, as the policy says.%s",
		      span(x, x->plan->policy.lock_timeout_ms), seen(x))
		: gh_printf(a,
		      "%s in the way now; the oldest is of %s. Wait until it has ended, or let its owner end "
		      "it; "
		      "the run waited %s for each lock, as the policy says.%s",
		      explain_count(x, res, "lock is", "locks are"), holder(x, res),
		      span(x, x->plan->policy.lock_timeout_ms), seen(x)));
	return GH_OK;
}

/* "Process 12 waits for ShareLock on relation 5 of database 6; blocked by process 13." as a row. */
static bool
waits(const char *line, size_t len, struct gh_arena *a, struct gh_text *rows, struct gh_text *pids)
{
	const char *s = gh_strndup(a, line, len), *what = strstr(s, " waits for "),
		   *by = strstr(s, "; blocked by process "), *pid = strchr(s, ' ');

	if (what == NULL || by == NULL || pid == NULL || pid > what)
		return false;
	what += strlen(" waits for ");
	gh_text_putf(pids, "%s%.*s", pids->len == 0 ? "{" : ",", (int)strspn(pid + 1, "0123456789"), pid + 1);
	gh_copytext_put(rows, true, gh_strndup(a, pid + 1, strspn(pid + 1, "0123456789")));
	gh_copytext_put(rows, false, gh_strndup(a, what, (size_t)(by - what)));
	by += strlen("; blocked by process ");
	gh_copytext_put(rows, false, gh_strndup(a, by, strspn(by, "0123456789")));
	gh_copytext_end(rows);
	return true;
}

enum gh_code
explain_deadlock(struct explain *x, struct gh_err *err)
{
	struct gh_arena *a = x->pg->job->arena;
	const char *line = x->detail, *query;
	GH_TEXT rows = { 0 };
	GH_TEXT pids = { 0 };
	PG_RESULT res = NULL;

	for (; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n' ? 1 : 0)
		(void)waits(line, strcspn(line, "\n"), a, &rows, &pids);
	explain_say_rows(x, "Who waited for whom",
	    &(struct explain_rows){
		"", rows.len == 0 ? "" : "process\twaited_for\tblocked_by", gh_text_str(&rows) },
	    "Each of these sessions held what the other wanted; PostgreSQL ended this run's statement so "
	    "that "
	    "the other could go on. Let the migration take its locks in the order in which the application "
	    "does, or run it at a quieter time.");
	if (pids.len == 0)
		return GH_OK;
	gh_text_putc(&pids, '}');
	{
		const char *const params[] = { gh_text_str(&pids) };

		GH_TRY(explain_value(x, SQL_EXPLAIN_SESSIONS, params, 1, &query, err));
	}
	GH_TRY(explain_query(x, query, NULL, 0, &res, err));
	explain_say(x, "The other session now", query, res,
	    PQntuples(res) == 0 ? "None of these sessions is there any more."
				: "This is what is left of them.");
	return GH_OK;
}

/* What the guides say to do instead. */
static const char *
advice(const struct explain *x)
{
	if (strncmp(x->kind, "CREATE INDEX", 12) == 0 || strncmp(x->kind, "CREATE UNIQUE INDEX", 19) == 0)
		return "Use CREATE INDEX CONCURRENTLY: it has its own time-out and locks nobody out.";
	if (strncmp(x->kind, "UPDATE", 6) == 0 || strncmp(x->kind, "INSERT", 6) == 0 ||
	    strncmp(x->kind, "DELETE", 6) == 0)
		return "Write it in batches (a gatehouse:batch header), so that each is short.";
	if (strncmp(x->kind, "ALTER TABLE", 11) == 0)
		return "Add the column without a default and fill it in batches, or the constraint NOT VALID "
		       "and "
		       "VALIDATE it afterwards.";
	return "Cut it into smaller pieces, or give it a longer statement_timeout at a quiet time.";
}

enum gh_code
explain_cancelled(struct explain *x, struct gh_err *err)
{
	struct gh_arena *a = x->pg->job->arena;
	const char *touched = explain_touched(x), *query;
	const char *const params[] = { touched };
	int64_t limit = x->plan->policy.statement_timeout_ms;
	/* One SQLSTATE for both: only the words tell, where they are English. */
	bool timed_out = strstr(x->error->message, "statement timeout") != NULL;
	bool wanted = strstr(x->error->message, "user request") != NULL;
	PG_RESULT res = NULL;
	const char *text;

	GH_TRY(explain_value(x, SQL_EXPLAIN_SIZES, params, 1, &query, err));
	if (query != NULL)
		GH_TRY(explain_query(x, query, NULL, 0, &res, err));
	if (timed_out && limit > 0)
		text = gh_printf(a,
		    "The statement (%s) ran for %s, which is this target's statement_timeout. %s", x->kind,
		    span(x, limit), advice(x));
	else if (timed_out)
		text = gh_printf(a, "The statement (%s) ran into a statement_timeout that was set for it. %s",
		    x->kind, advice(x));
	else if (wanted)
		text = "The statement was cancelled from outside: by a person, or because others waited "
		       "behind it "
		       "(the episodes of the run say who).";
	else
		text = gh_printf(a,
		    "The server ended the statement (%s); its words say whether for its time-out or because "
		    "somebody cancelled it: %s",
		    x->kind, x->error->message);
	explain_say(x,
	    timed_out    ? "What took so long"
		: wanted ? "What was cancelled"
			 : "What was ended",
	    query == NULL ? "" : query, res, text);
	return GH_OK;
}
