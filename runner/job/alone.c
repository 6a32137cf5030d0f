#include "base/ban.h"
#include "runner/job/guard.h"
#include "runner/job/indexes.h"
#include "runner/job/retry.h"
#include "runner/job/sql.gen.h"
#include "base/fault.h"

/*
 * A statement outside any transaction: its intent durable before, its effect looked at after.  What took
 * effect stays when a later one fails; only the way back undoes it.
 */

/*
 * A session of our own settings.  CONCURRENTLY waits for old snapshots: a lock time-out would only leave an
 * invalid index.  It and its like have a budget of their own.
 */
static enum gh_code
settings(struct run *r, const struct step *s, const struct plan_statement *st, struct gh_err *err)
{
	const struct policy *p = &r->plan.policy;
	char lock[24], statement[24];
	const char *const params[] = { lock, statement };
	PG_BATCH_VAR b = { 0 };

	(void)snprintf(lock, sizeof(lock), "%" PRId64, alone_concurrently(s, st) ? 0 : p->lock_timeout_ms);
	(void)snprintf(statement, sizeof(statement), "%" PRId64,
	    alone_slow(s, st) ? p->concurrently_timeout_ms : p->statement_timeout_ms);
	pg_batch_add(&b, SQL_SETTINGS_SESSION, params, 2);
	return pg_batch_run(&r->pg, &b, PG_DEADLINE_MS, err);
}

enum gh_code
alone_session(struct run *r, struct gh_err *err)
{
	PG_BATCH_VAR b = { 0 };

	pg_batch_add(&b, SQL_RESET_ALL, NULL, 0);
	pg_batch_add(&b, SQL_RESET_ROLE, NULL, 0);
	if (r->id.version_number >= 140000)
		pg_batch_add(&b, SQL_SESSION, NULL, 0);
	return pg_batch_run(&r->pg, &b, PG_DEADLINE_MS, err);
}

/* Drops an index that our own statement began and could not finish. */
static enum gh_code
index_drop(struct run *r, const struct run_index *x, struct gh_err *err)
{
	PGconn *c = r->pg.conn;
	char *schema = PQescapeIdentifier(c, x->schema, strlen(x->schema));
	char *name = PQescapeIdentifier(c, x->name, strlen(x->name));
	enum gh_code code = GH_INTERNAL;
	struct pg_tag tag;

	if (schema != NULL && name != NULL) {
		GH_ARENA a = { 0 };

		(void)gh_fault("job.alone.before-drop");
		r->pg.firm = true;
		code = pg_statement(
		    &r->pg, gh_printf(&a, "DROP INDEX CONCURRENTLY %s.%s", schema, name), 0, &tag, err);
		r->pg.firm = false;
	}
	PQfreemem(schema);
	PQfreemem(name);
	return code;
}

/* What the statement has left, the surest first of all; *ret_own FOREIGN: nothing. */
static const struct run_index *
left_by(const struct run *r, const struct step *s, size_t k, const struct run_indexes *now,
    enum run_index_own *ret_own)
{
	const struct run_index *ret = NULL;
	size_t i;

	*ret_own = RUN_INDEX_FOREIGN;
	for (i = 0; i < now->n; i++) {
		const struct run_index *x = &now->at[i];
		enum run_index_own own = run_index_own(s->sql, &s->sql->statements[k], x);

		if (own <= *ret_own || own == RUN_INDEX_NAMED || run_indexes_have(&r->standing, x) ||
		    (own == RUN_INDEX_PERHAPS && x->building))
			continue;
		*ret_own = own;
		ret = x;
	}
	return ret;
}

/*
 * After a statement that failed: an index of its own that is invalid now and was not before it is half done.
 * With rollback_on_failure it is dropped when it is certain that nobody else has left it, so that the
 * statement has left nothing.  *ret_left: what is left, NULL nothing.
 */
static enum gh_code
probe(struct run *r, const struct step *s, size_t k, const char **ret_left, struct gh_err *err)
{
	const struct run_index *x;
	struct run_indexes now;
	struct gh_err why = { 0 };
	enum run_index_own own;

	*ret_left = NULL;
	if (!run_index_makes(&s->sql->statements[k]))
		return GH_OK;
	GH_TRY(run_indexes_read(&r->pg, &now, err));
	x = left_by(r, s, k, &now, &own);
	if (x == NULL)
		return GH_OK;
	*ret_left = gh_printf(r->job->arena, "the index %s.%s is there but invalid", x->schema, x->name);
	if (!r->plan.policy.rollback_on_failure || own != RUN_INDEX_OWN || x->building)
		return GH_OK;
	if (index_drop(r, x, &why) != GH_OK) {
		say_log(
		    r->job, "the invalid index %s.%s could not be dropped: %s", x->schema, x->name, why.msg);
		return GH_OK;
	}
	say_log(r->job, "dropped the invalid index %s.%s that the statement left", x->schema, x->name);
	*ret_left = NULL;
	return GH_OK;
}

/*
 * IF NOT EXISTS takes an invalid index for a good one and does nothing.  A statement that ended well has left
 * none itself: what is invalid now is not its own.
 */
static enum gh_code
skipped(struct run *r, const struct step *s, size_t k, struct gh_err *err)
{
	const struct plan_statement *st = &s->sql->statements[k];
	size_t i;

	if (!run_index_makes(st))
		return GH_OK;
	GH_TRY(run_indexes_read(&r->pg, &r->standing, err));
	for (i = 0; i < r->standing.n; i++) {
		const struct run_index *x = &r->standing.at[i];
		bool old = run_indexes_have(&r->invalid, x);
		bool its = run_index_own(s->sql, st, x) == RUN_INDEX_OWN;

		if (!its && !(old && strcmp(st->object_kind, "index") == 0 && run_index_named(x, st->object)))
			continue;
		pg_error_text(&r->pg.error, false,
		    old ? "the index %s.%s is invalid since before the run, and the statement has skipped "
			  "it: drop "
			  "it first"
			: "the index %s.%s is invalid, and the statement has skipped it: somebody else's "
			  "build of it "
			  "has failed, or goes on",
		    x->schema, x->name);
		return gh_fail(err, GH_CONFLICT, "%s", r->pg.error.message);
	}
	return GH_OK;
}

/* DETACH PARTITION CONCURRENTLY is two transactions; *ret_left NULL: not by half. */
static enum gh_code
detached(struct run *r, const struct step *s, const struct plan_statement *st, const char **ret_left,
    struct gh_err *err)
{
	PG_RESULT res = NULL;

	if (*ret_left != NULL || strcmp(st->kind, "ALTER TABLE") != 0 || !alone_concurrently(s, st))
		return GH_OK;
	GH_TRY(pg_query(&r->pg, SQL_DETACH_PENDING, NULL, 0, &res, err));
	if (PQntuples(res) > 0)
		*ret_left = gh_printf(r->job->arena,
		    "the partition %s.%s is still being detached: ALTER TABLE %s DETACH PARTITION %s.%s "
		    "FINALIZE "
		    "ends it",
		    PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 1), PQgetvalue(res, 0, 2),
		    PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 1));
	return GH_OK;
}

/* After an error: what the statement has left, "" nothing. */
static const char *
look_after(struct run *r, const struct step *s, size_t k)
{
	const struct plan_statement *st = &s->sql->statements[k];
	struct pg_error error = r->pg.error;
	struct gh_err err = { 0 };
	const char *left = NULL;

	/* Also when the run was told to stop: what is true now must be known. */
	r->pg.firm = true;
	if (error.lost || pg_rollback(&r->pg, &err) != GH_OK || probe(r, s, k, &left, &err) != GH_OK ||
	    detached(r, s, st, &left, &err) != GH_OK)
		r->left = RUN_LEFT_DOUBT;
	r->pg.firm = false;
	r->pg.error = error;
	return left == NULL ? "" : left;
}

/* It ran: what it says that it makes is there, and nothing else is left. */
static enum gh_code
found(struct run *r, const struct step *s, size_t k, struct gh_err *err)
{
	if (PQtransactionStatus(r->pg.conn) != PQTRANS_IDLE) {
		pg_error_text(&r->pg.error, false, "the statement opened a transaction");
		return gh_fail(err, GH_CONFLICT, "statement %zu opened a transaction", k + 1);
	}
	GH_TRY(skipped(r, s, k, err));
	(void)gh_fault("job.alone.probed");
	return GH_OK;
}

/* How the catalog is before; "" when the statement does more than change it. */
static enum gh_code
mark_take(struct run *r, const struct plan_statement *st, const char **ret, struct gh_err *err)
{
	*ret = "";
	if (!alone_catalog_only(st))
		return GH_OK;
	return pg_value(&r->pg, SQL_CATALOG_MARK, NULL, 0, ret, err);
}

static enum gh_code
one(struct run *r, const struct step *s, size_t k, bool *ret_ran, struct gh_err *err)
{
	const char *mark;
	enum gh_code code;

	*ret_ran = false;
	if (run_index_makes(&s->sql->statements[k]))
		GH_TRY(run_indexes_read(&r->pg, &r->standing, err));
	GH_TRY(mark_take(r, &s->sql->statements[k], &mark, err));
	GH_TRY(settings(r, s, &s->sql->statements[k], err));
	migrate_say_intent(r, s, (int64_t)k, mark);
	if (job_flush(r->job, err) != GH_OK) {
		pg_error_text(&r->pg.error, false, "%s", err->msg);
		return GH_INTERNAL;
	}
	(void)gh_fault("job.before-alone");
	GH_TRY(migrate_statement(r, s, k, err));
	*ret_ran = true;
	/* It has taken effect and is not recorded: whoever reads the journal now must look. */
	migrate_say_intent(r, s, WIRE_INTENT_BETWEEN, "");
	(void)gh_fault("job.after-alone");
	/* Whoever stops the run now stops it behind this statement. */
	r->pg.firm = true;
	code = found(r, s, k, err);
	r->pg.firm = false;
	return code;
}
/* It failed for a lock, and looked at afterwards nothing of it is there. */
static bool
again(const struct run *r, const struct plan_statement *st, const char *left, int64_t n)
{
	return left[0] == '\0' && r->left != RUN_LEFT_DOUBT && !r->steady && !alone_once(st) &&
	    retry_worth(r, n);
}

enum gh_code
alone_run(struct run *r, const struct step *s, size_t k, const char **ret_left, struct gh_err *err)
{
	int64_t n;

	*ret_left = "";
	for (n = 1;; n++) {
		struct gh_err why = { 0 };
		enum gh_code code;
		bool ran;

		pg_place(&r->pg, (int64_t)s->i, (int64_t)k);
		code = one(r, s, k, &ran, &why);
		guard_rest(&r->pg);
		if (code == GH_OK)
			return GH_OK;
		*ret_left = look_after(r, s, k);
		if (ran || !again(r, &s->sql->statements[k], *ret_left, n)) {
			migrate_say_error(r, s, (int64_t)k);
			*err = why;
			return code;
		}
		retry_wait(r, n, why.msg);
	}
}
