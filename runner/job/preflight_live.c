#include "base/ban.h"
#include "base/clock.h"
#include "migration/sql_child.h"
#include "runner/job/run.h"
#include "runner/job/indexes.h"
#include "runner/job/sql.gen.h"

/*
 * What goes on in the target just before a run: old transactions, who holds locks on the tables that the plan
 * touches, replicas that are behind, invalid indexes that a statement would take for good ones.
 */

static enum gh_code
long_transactions(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	PG_RESULT res = NULL;
	char text[512];
	int i, n;

	GH_TRY(pg_query(&r->pg, SQL_LONG_TRANSACTIONS, NULL, 0, &res, err));
	n = PQntuples(res);
	for (i = 0; i < n; i++) {
		(void)snprintf(text, sizeof(text),
		    "session %s (role %s, application \"%s\") is in a transaction since %s s: it may hold up "
		    "locks, and "
		    "CONCURRENTLY waits for it",
		    PQgetvalue(res, i, 0), PQgetvalue(res, i, 1), PQgetvalue(res, i, 2),
		    PQgetvalue(res, i, 3));
		say_evidence(r->job, "transaction", PQgetvalue(res, i, 0), WIRE_OK, text);
	}
	if (n == 0)
		gh_text_put(evidence, "No transaction older than 5 minutes. ");
	else
		gh_text_putf(evidence, "%d transaction%s older than 5 minutes, session %s first. ", n,
		    n == 1 ? "" : "s", PQgetvalue(res, 0, 0));
	return GH_OK;
}

static bool
stopped(const void *job)
{
	return job_stopped(job);
}

/* The relations that the plan's statements name, a line each; what cannot be read names none. */
static enum gh_code
touched(struct run *r, struct gh_text *ret, struct gh_err *err)
{
	SQL_CHILD child = { .stopped = stopped, .stopped_to = r->job, .wait = job_poll };
	size_t i, k, t;

	for (i = 0; i < r->plan.n_migrations; i++) {
		const struct plan_sql *sql = &r->plan.migrations[i].run;
		GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
		const struct sql_text text = { .sql = gh_strndup(&a, sql->sql, sql->sql_len),
			.len = sql->sql_len,
			.file = r->plan.migrations[i].file,
			.first_line = 1,
			.mode = CONVENTION_EACH,
			.may_be_empty = true,
			.row_outside = true };
		struct sql_script script;

		GH_TRY(sql_child_read(&child, &text, &a, &script, err));
		for (k = 0; k < script.n; k++)
			for (t = 0; t < script.statements[k].n_touches; t++) {
				if (script.statements[k].touches[t].lock == SQL_NO_LOCK)
					continue;
				gh_text_put(ret, ret->len == 0 ? "" : "\n");
				gh_text_put(ret, script.statements[k].touches[t].object);
			}
	}
	return GH_OK;
}

/* One session on a touched table; red when its transaction is older than the policy allows. */
static bool
holder(struct run *r, const PGresult *res, int row, char *text, size_t size)
{
	const char *relation = PQgetvalue(res, row, 0), *pid = PQgetvalue(res, row, 1);
	const char *user = PQgetvalue(res, row, 2), *application = PQgetvalue(res, row, 3);
	const char *state = PQgetvalue(res, row, 4), *mode = PQgetvalue(res, row, 6);
	int64_t ms = strtoll(PQgetvalue(res, row, 5), NULL, 10), most = r->plan.policy.long_transaction_ms;
	bool red = most > 0 && ms >= most;
	char span[GH_CLOCK_LEN];

	(void)gh_clock_span(ms * 1000, span);
	if (strcmp(state, "autovacuum") == 0)
		(void)snprintf(text, size, "autovacuum (session %s) works on %s, for %s", pid, relation,
		    ms >= 0 ? span : "a time that this role may not see");
	else
		(void)snprintf(text, size,
		    "session %s (role %s, application \"%s\") holds %s on %s, its transaction goes on for "
		    "%s%s",
		    pid, user, application, mode, relation,
		    ms >= 0 ? span : "a time that this role may not see (it needs pg_read_all_stats)",
		    red ? ": end it, or wait" : "");
	say_evidence(r->job, "blocker", relation, red ? WIRE_FAILED : WIRE_OK, text);
	return red;
}

static enum gh_code
blockers(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	GH_TEXT names = { 0 };
	PG_RESULT res = NULL;
	const char *params[1];
	char text[1024], first[1024] = "";
	int row;

	if (r->plan.policy.long_transaction_ms == 0)
		return GH_OK;
	GH_TRY(touched(r, &names, err));
	params[0] = gh_text_str(&names);
	GH_TRY(pg_query(&r->pg, SQL_TOUCHED_HELD, params, 1, &res, err));
	for (row = 0; row < PQntuples(res); row++) {
		if (holder(r, res, row, text, sizeof(text)) && first[0] == '\0')
			(void)snprintf(first, sizeof(first), "%s", text);
	}
	if (first[0] != '\0')
		return gh_fail(err, GH_CONFLICT, "%s", first);
	if (PQntuples(res) == 0)
		gh_text_put(evidence, "Nobody holds a lock on a table that is touched. ");
	else
		gh_text_putf(evidence,
		    "%d session%s hold%s locks on tables that are touched, none for long. ", PQntuples(res),
		    PQntuples(res) == 1 ? "" : "s", PQntuples(res) == 1 ? "s" : "");
	return GH_OK;
}

static enum gh_code
replicas(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	PG_RESULT res = NULL;
	int64_t ms, most = r->plan.policy.replica_lag_ms;
	char text[512], span[GH_CLOCK_LEN];
	const char *name;

	if (most == 0)
		return GH_OK;
	GH_TRY(pg_query(&r->pg, SQL_REPLICA_LAG, NULL, 0, &res, err));
	if (PQntuples(res) == 0) {
		gh_text_put(evidence, "No replica. ");
		return GH_OK;
	}
	name = PQgetvalue(res, 0, 0);
	ms = strtoll(PQgetvalue(res, 0, 2), NULL, 10);
	if (ms < 0) {
		say_evidence(r->job, "lag", name, WIRE_SKIPPED,
		    "how far behind replicas are may not be seen by this role (it needs pg_monitor)");
		gh_text_put(evidence, "How far behind replicas are may not be seen. ");
		return GH_OK;
	}
	(void)snprintf(text, sizeof(text), "the replica %s is %s behind (%s bytes)", name,
	    gh_clock_span(ms * 1000, span), PQgetvalue(res, 0, 3));
	say_evidence(r->job, "lag", name, ms >= most ? WIRE_FAILED : WIRE_OK, text);
	if (ms >= most)
		return gh_fail(err, GH_CONFLICT, "%s: at most %" PRId64 " ms are allowed", text, most);
	gh_text_putf(evidence, "%s replica%s, at most %s behind. ", PQgetvalue(res, 0, 1),
	    strcmp(PQgetvalue(res, 0, 1), "1") == 0 ? "" : "s", span);
	return GH_OK;
}

/* An earlier statement of the plan takes the index away: nothing is in its way then. */
static bool
dropped_before(const struct run *r, size_t i, size_t k, const char *name)
{
	size_t m, s;

	for (m = 0; m <= i; m++) {
		const struct plan_sql *sql = &r->plan.migrations[m].run;
		GH_ARENA a = { .limit = PLAN_LIMIT * 2 };

		for (s = 0; s < sql->n_statements && (m < i || s < k); s++) {
			const struct plan_statement *st = &sql->statements[s];

			if (strncmp(st->kind, "CREATE", 6) != 0 &&
			    strstr(gh_strndup(&a, sql->sql + st->offset, (size_t)st->length), name) != NULL)
				return true;
		}
	}
	return false;
}

/* IF NOT EXISTS would skip an invalid index of that name, and without it the statement would fail. */
static enum gh_code
in_the_way(struct run *r, const struct run_index *x, struct gh_err *err)
{
	char text[512];
	size_t i, k;

	for (i = 0; i < r->plan.n_migrations; i++) {
		const struct plan_sql *sql = &r->plan.migrations[i].run;

		for (k = 0; k < sql->n_statements; k++) {
			const struct plan_statement *st = &sql->statements[k];

			if (strcmp(st->object_kind, "index") != 0 || strchr(st->object, '"') != NULL ||
			    !run_index_named(x, st->object) || dropped_before(r, i, k, x->name))
				continue;
			(void)snprintf(text, sizeof(text),
			    "the index %s.%s is there but invalid, left by an earlier attempt; %s would skip "
			    "it or fail: drop "
			    "it first",
			    x->schema, x->name,
			    plan_called(r->plan.migrations[i].key, r->plan.migrations[i].version));
			say_evidence(r->job, "index", gh_printf(r->job->arena, "%s.%s", x->schema, x->name),
			    WIRE_FAILED, text);
			return gh_fail(err, GH_CONFLICT, "%s", text);
		}
	}
	return GH_OK;
}

static enum gh_code
indexes(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	size_t i;

	GH_TRY(run_indexes_read(&r->pg, &r->invalid, err));
	for (i = 0; i < r->invalid.n; i++) {
		const struct run_index *x = &r->invalid.at[i];

		if (!r->plan.down && !x->building)
			GH_TRY(in_the_way(r, x, err));
		say_evidence(r->job, "index", gh_printf(r->job->arena, "%s.%s", x->schema, x->name), WIRE_OK,
		    x->building ? "is invalid: perhaps somebody is building it now"
				: "is invalid already, and not part of this plan");
	}
	if (r->invalid.n == 0)
		gh_text_put(evidence, "No invalid index.");
	else
		gh_text_putf(evidence, "%zu invalid index%s from before, %s.%s first.", r->invalid.n,
		    r->invalid.n == 1 ? "" : "es", r->invalid.at[0].schema, r->invalid.at[0].name);
	return GH_OK;
}

enum gh_code
preflight_live(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	GH_TRY(long_transactions(r, evidence, err));
	GH_TRY(blockers(r, evidence, err));
	GH_TRY(replicas(r, evidence, err));
	GH_TRY(indexes(r, evidence, err));
	return verify_before(r, err);
}
