#include "base/ban.h"
#include "runner/job/run.h"
#include "runner/job/sql.gen.h"
#include "base/fault.h"

#define ATTEMPTS      4
#define FIRST_WAIT_MS 250

static bool
removes(const struct run *r, const struct step *s)
{
	return r->plan.down != s->back;
}

void
migrate_say_error(struct run *r, const struct step *s, int64_t k)
{
	const struct plan_statement *st = k < 0 ? NULL : &s->sql->statements[k];
	struct say_at at = { .migration = (int64_t)s->i, .statement = s->back ? -1 : k };

	pg_error_say(r->job, &r->pg.error, at,
	    st == NULL ? 0
		       : pg_error_line(&r->pg.error, s->sql->sql + st->offset, (size_t)st->length, st->line));
}

enum gh_code
migrate_statement(struct run *r, const struct step *s, size_t k, struct gh_err *err)
{
	const struct plan_statement *st = &s->sql->statements[k];
	int64_t limit = r->plan.policy.statement_timeout_ms;
	struct say_at at = { .migration = (int64_t)s->i, .statement = (int64_t)k };
	GH_ARENA scratch = { .limit = PLAN_LIMIT * 2 };
	struct pg_tag tag;
	enum gh_code code;

	pg_place(&r->pg, at.migration, at.statement);
	if (!s->back)
		say_statement(r->job, at, WIRE_STARTED, -1, "");
	/* The server ends a statement that is too slow; we only stop waiting when it does not. */
	code = pg_statement(&r->pg, gh_strndup(&scratch, s->sql->sql + st->offset, (size_t)st->length),
	    limit > 0 && !st->alone ? limit + 30000 : 0, &tag, err);
	if (!s->back)
		say_statement(r->job, at, code == GH_OK ? WIRE_OK : WIRE_FAILED, tag.rows, tag.tag);
	return code;
}

/*
 * BEGIN with its settings and the transaction's number, in one round trip.  What an earlier migration has SET
 * for its session is undone, and pg_advisory_unlock_all() noticed.
 */
static enum gh_code
begin(struct run *r, const struct step *s, struct gh_err *err)
{
	const struct plan_policy *p = &r->plan.policy;
	char lock[24], statement[24], key[24];
	const char *const params[] = { lock, statement }, *const keys[] = { key };
	PG_BATCH_VAR b = { 0 };

	(void)snprintf(lock, sizeof(lock), "%" PRId64, p->lock_timeout_ms);
	(void)snprintf(statement, sizeof(statement), "%" PRId64, p->statement_timeout_ms);
	(void)snprintf(key, sizeof(key), "%" PRId64, target_lock_key());
	pg_batch_add(&b, SQL_LOCK_HELD, keys, 1);
	pg_batch_add(&b, SQL_RESET_ALL, NULL, 0);
	pg_batch_add(&b, SQL_RESET_ROLE, NULL, 0);
	if (r->id.version_number >= 140000)
		pg_batch_add(&b, SQL_SESSION, NULL, 0);
	pg_batch_add(&b, SQL_BEGIN, NULL, 0);
	pg_batch_add(&b, SQL_SETTINGS_LOCAL, params, 2);
	GH_TRY(pg_batch_run(&r->pg, &b, PG_DEADLINE_MS, err));
	if (PQgetvalue(b.results[0], 0, 0)[0] != 't') {
		say_log(r->job, "the run's lock was released by a statement before; taking it again");
		GH_TRY(target_lock(&r->pg, r->convention->lock, 0, err));
	}
	(void)gh_fault("job.before-intent");
	(void)snprintf(r->xid, sizeof(r->xid), "%s", PQgetvalue(b.results[b.n - 1], 0, 0));
	say_intent(r->job, (struct say_at){ .migration = (int64_t)s->i, .statement = -1 }, r->xid);
	flush_begin(&r->flush);
	return GH_OK;
}

/* The tracking row and COMMIT, in one round trip.  *ret_doubt: it may have happened although it failed. */
static enum gh_code
commit(struct run *r, const struct step *s, bool *ret_doubt, struct gh_err *err)
{
	const struct convention_tracking *t = &r->convention->tracking;
	const char *const params[] = { r->plan.migrations[s->i].key };
	PG_BATCH_VAR b = { 0 };
	enum gh_code code;

	pg_place(&r->pg, (int64_t)s->i, -1);
	/* The tracking table is ours, whoever the migration has become. */
	pg_batch_add(&b, SQL_RESET_ROLE, NULL, 0);
	pg_batch_add(&b, removes(r, s) ? t->delete : t->insert, params, 1);
	pg_batch_add(&b, SQL_COMMIT, NULL, 0);
	r->pg.firm = true;
	code = pg_batch_run(&r->pg, &b, PG_COMMIT_MS, err);
	r->pg.firm = false;
	if (code != GH_OK) {
		*ret_doubt = pg_error_doubt(&r->pg.error);
		return code;
	}
	/* COMMIT of a failed transaction answers well, with another tag. */
	if (strcmp(PQcmdStatus(b.results[b.n - 1]), "COMMIT") != 0) {
		pg_error_text(
		    &r->pg.error, false, "COMMIT was answered with %s", PQcmdStatus(b.results[b.n - 1]));
		return gh_fail(err, GH_CONFLICT, "%s", r->pg.error.message);
	}
	return GH_OK;
}

/* A statement that ended our transaction: it has happened, whatever we do now. */
static enum gh_code
still_in(struct run *r, const struct step *s, size_t k, struct gh_err *err)
{
	if (PQtransactionStatus(r->pg.conn) == PQTRANS_INTRANS)
		return GH_OK;
	r->left = RUN_LEFT_HALF;
	r->left_text =
	    gh_printf(r->job->arena, "statement %zu ended the transaction of its migration", k + 1);
	pg_error_text(&r->pg.error, false, "the statement ended the transaction of its migration");
	migrate_say_error(r, s, (int64_t)k);
	return gh_fail(err, GH_CONFLICT, "%s", r->left_text);
}

static enum gh_code
body(struct run *r, const struct step *s, size_t *ret_k, struct gh_err *err)
{
	GH_TRY(begin(r, s, err));
	if (!r->tracking_there)
		GH_TRY(pg_query(&r->pg, r->convention->tracking.create, NULL, 0, NULL, err));
	for (*ret_k = 0; *ret_k < s->sql->n_statements; ++*ret_k) {
		GH_TRY(migrate_statement(r, s, *ret_k, err));
		GH_TRY(still_in(r, s, *ret_k, err));
		if (job_stopped(r->job)) {
			pg_error_text(&r->pg.error, false, "asked to stop");
			return gh_fail(err, GH_CONFLICT, "asked to stop");
		}
	}
	/*
	 * The intent is on disk before COMMIT is on its way: it was flushed while the statements ran.  Said
	 * again, so that for a reader it is the last word before the answer.
	 */
	if (s->sql->n_statements > 0 && !s->back)
		say_intent(r->job, (struct say_at){ .migration = (int64_t)s->i, .statement = -1 }, r->xid);
	if (flush_wait(&r->flush, err) != GH_OK || job_bad(r->job, err) != GH_OK) {
		pg_error_text(&r->pg.error, false, "%s", err->msg);
		return GH_INTERNAL;
	}
	return GH_OK;
}

static enum gh_code
attempt(struct run *r, const struct step *s, size_t *ret_k, struct gh_err *err)
{
	bool doubt = false;
	enum gh_code code;

	r->left = RUN_LEFT_NOTHING;
	r->left_at = s->i;
	pg_place(&r->pg, (int64_t)s->i, -1);
	code = body(r, s, ret_k, err);
	if (code != GH_OK)
		return code;
	(void)gh_fault("job.before-commit");
	code = commit(r, s, &doubt, err);
	if (code != GH_OK && doubt)
		r->left = RUN_LEFT_DOUBT;
	if (code == GH_OK) {
		(void)gh_fault("job.after-commit");
		r->tracking_there = true;
	}
	return code;
}

/* Frames of a transaction that is gone: k is the statement that failed, or the number of them when it was
 * COMMIT. */
static void
say_rolled_back(struct run *r, const struct step *s, size_t k)
{
	size_t i;

	for (i = 0; !s->back && i < k && i < s->sql->n_statements; i++)
		say_statement(r->job, (struct say_at){ .migration = (int64_t)s->i, .statement = (int64_t)i },
		    WIRE_ROLLED_BACK, -1, "");
}

enum gh_code
migrate_transaction(struct run *r, const struct step *s, struct gh_err *err)
{
	int64_t n, wait_ms = FIRST_WAIT_MS;

	for (n = 1;; n++, wait_ms *= 2) {
		struct gh_err why = { 0 }, flush_err = { 0 };
		enum gh_code code;
		size_t k = 0;

		code = attempt(r, s, &k, &why);
		if (code == GH_OK)
			return GH_OK;
		/* One flush at a time: the next attempt begins its own. */
		if (flush_wait(&r->flush, &flush_err) != GH_OK)
			say_log(r->job, "%s", flush_err.msg);
		if (r->left == RUN_LEFT_DOUBT || r->left == RUN_LEFT_HALF) {
			if (r->left == RUN_LEFT_DOUBT)
				migrate_say_error(r, s, -1);
			*err = why;
			return code;
		}
		if (pg_rollback(&r->pg, &why) != GH_OK)
			pg_close(&r->pg);
		if (!pg_error_retry(&r->pg.error) || n >= ATTEMPTS || job_stopped(r->job)) {
			migrate_say_error(r, s, r->pg.at.statement);
			say_rolled_back(r, s, k);
			*err = why;
			return code;
		}
		say_rolled_back(r, s, k);
		say_retry(r->job, n, wait_ms, why.msg);
		job_sleep(r->job, wait_ms);
	}
}

enum gh_code
migrate_step(struct run *r, const struct step *s, struct gh_err *err)
{
	return s->sql->transactional ? migrate_transaction(r, s, err) : alone_run(r, s, err);
}

enum gh_code
stage_migrate(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	const struct plan *p = &r->plan;
	size_t i;

	for (i = 0; i < p->n_migrations; i++) {
		struct step s = { .i = i, .sql = &p->migrations[i].run };
		struct gh_err why = { 0 };
		enum gh_code code;

		if (job_stopped(r->job))
			return gh_fail(err, GH_CONFLICT, "asked to stop before %s", p->migrations[i].key);
		say_migration(r->job, (int64_t)i, WIRE_STARTED, "");
		code = migrate_step(r, &s, &why);
		if (code != GH_OK) {
			say_migration(r->job, (int64_t)i,
			    r->left == RUN_LEFT_DOUBT ? WIRE_IN_DOUBT : WIRE_FAILED, why.msg);
			if (r->left == RUN_LEFT_NOTHING)
				say_migration(r->job, (int64_t)i, WIRE_ROLLED_BACK, why.msg);
			return gh_fail(err, code, "%s failed: %s", p->migrations[i].key, why.msg);
		}
		say_migration(r->job, (int64_t)i, WIRE_OK, "");
		r->committed = i + 1;
	}
	gh_text_putf(evidence, "%zu migration%s %s.", p->n_migrations, p->n_migrations == 1 ? "" : "s",
	    p->down ? "taken back by their down SQL" : "applied");
	return GH_OK;
}
