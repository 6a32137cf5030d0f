#include "base/ban.h"
#include "runner/job/control.h"
#include "runner/job/guard.h"
#include "runner/job/retry.h"
#include "runner/job/sql.gen.h"
#include "base/clock.h"
#include "base/fault.h"

/* One transaction from BEGIN to COMMIT: statements of one migration or of several, and what the tracking
 * table is told of them. */

/* How far an attempt has come. */
struct reached {
	size_t part, k; /* k: the statement that runs, or the number of them */
	bool doubt;     /* COMMIT may have happened although it failed */
};

static void
intend(struct run *r, const struct transact *t)
{
	if (!t->silent)
		migrate_say_intent(r, t->parts[0].s, t->intent, r->xid);
}

static void
fault(const struct transact *t, const char *when)
{
	char name[64];
	const char *what = t->silent ? (t->makes ? "-make" : "-failed") : "-group";

	if (t->intent == WIRE_INTENT_ROW || t->intent == WIRE_INTENT_BEFORE)
		what = t->intent == WIRE_INTENT_ROW ? "" : "-before";
	(void)snprintf(name, sizeof(name), "%s-commit%s", when, what);
	(void)gh_fault_of("job.", name,
	    "before-commit before-commit-before before-commit-group before-commit-make before-commit-failed "
	    "after-commit after-commit-before after-commit-group after-commit-make after-commit-failed");
}

/*
 * BEGIN with its settings and the transaction's number, in one round trip.  What an earlier migration has SET
 * for its session is undone, and pg_advisory_unlock_all() noticed.
 */
static enum gh_code
begin(struct run *r, const struct transact *t, struct gh_err *err)
{
	const struct policy *p = &r->plan.policy;
	char lock[24], statement[24], key[24];
	const char *const params[] = { lock, statement }, *const keys[] = { key };
	PG_BATCH_VAR b = { 0 };

	(void)snprintf(lock, sizeof(lock), "%" PRId64, p->lock_timeout_ms);
	(void)snprintf(statement, sizeof(statement), "%" PRId64, p->statement_timeout_ms);
	(void)snprintf(key, sizeof(key), "%" PRId64, target_lock_key());
	(void)gh_fault("job.before-begin");
	pg_batch_add(&b, SQL_LOCK_HELD, keys, 1);
	if (!t->goes_on) {
		pg_batch_add(&b, SQL_RESET_ALL, NULL, 0);
		pg_batch_add(&b, SQL_RESET_ROLE, NULL, 0);
		if (r->id.version_number >= 140000)
			pg_batch_add(&b, SQL_SESSION, NULL, 0);
	}
	pg_batch_add(&b, SQL_BEGIN, NULL, 0);
	pg_batch_add(&b, SQL_SETTINGS_LOCAL, params, 2);
	GH_TRY(pg_batch_run(&r->pg, &b, PG_DEADLINE_MS, err));
	if (PQgetvalue(b.results[0], 0, 0)[0] != 't') {
		say_log(r->job, "the run's lock was released by a statement before; taking it again");
		GH_TRY(run_lock(&r->pg, r->convention, &r->plan, 0, err));
	}
	(void)gh_fault("job.before-intent");
	(void)snprintf(r->xid, sizeof(r->xid), "%s", PQgetvalue(b.results[b.n - 1], 0, 0));
	intend(r, t);
	if (!t->silent)
		flush_begin(&r->flush);
	(void)gh_fault("job.after-intent");
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
statements(struct run *r, const struct part *p, struct reached *at, struct gh_err *err)
{
	for (at->k = p->from; at->k < p->from + p->n; at->k++) {
		GH_TRY(migrate_statement(r, p->s, at->k, err));
		GH_TRY(still_in(r, p->s, at->k, err));
		if (job_stopped(r->job)) {
			pg_error_text(&r->pg.error, false, "%s", control_why(r->job));
			return gh_fail(err, GH_CONFLICT, "%s", control_why(r->job));
		}
	}
	return GH_OK;
}

/* Sends what was collected and empties it. */
static enum gh_code
send_batch(struct run *r, struct pg_batch *b, struct gh_err *err)
{
	enum gh_code code = pg_batch_run(&r->pg, b, PG_DEADLINE_MS, err);

	pg_batch_done(b);
	*b = (struct pg_batch){ 0 };
	return code;
}

/* The statements of the convention: as many as fit stay in b, to be sent with what follows. */
static enum gh_code
books(struct run *r, const struct part *p, int64_t elapsed_us, struct pg_batch *b, struct gh_err *err)
{
	const struct tracking_values v = { .migration = &r->plan.migrations[p->s->i],
		.side = p->s->sql,
		.elapsed_ns = p->elapsed_ns + elapsed_us * 1000,
		.error = p->error,
		.done = (int64_t)r->left_done,
		.run = r->job->spec.id };
	size_t i;

	(void)gh_fault("job.before-rows");
	pg_place(&r->pg, (int64_t)p->s->i, -1);
	/* The tracking table is ours, whoever the migration has become. */
	pg_batch_add(b, SQL_RESET_ROLE, NULL, 0);
	for (i = 0; p->books != NULL && p->books[i] != NULL; i++) {
		struct tracking_statement s;

		GH_TRY(tracking_fill(&r->pg, &r->tracking, p->books[i], &v, &s, err));
		if (b->n == PG_BATCH - 1)
			GH_TRY(send_batch(r, b, err));
		pg_batch_add(b, s.sql, s.params, (int)s.n);
	}
	return GH_OK;
}

/*
 * The intent is on disk before COMMIT is on its way: it was flushed while the statements ran.  Said again, so
 * that for a reader it is the last word before the answer.
 */
static enum gh_code
durable(struct run *r, const struct transact *t, struct gh_err *err)
{
	if (t->parts[0].n > 0)
		intend(r, t);
	if (flush_wait(&r->flush, err) == GH_OK && job_bad(r->job, err) == GH_OK)
		return GH_OK;
	pg_error_text(&r->pg.error, false, "%s", err->msg);
	return GH_INTERNAL;
}

/* With the rows of the last migration in one round trip. */
static enum gh_code
commit(struct run *r, const struct transact *t, struct pg_batch *b, struct reached *at, struct gh_err *err)
{
	enum gh_code code;

	GH_TRY(durable(r, t, err));
	(void)gh_fault("job.after-flush");
	fault(t, "before");
	pg_batch_add(b, SQL_COMMIT, NULL, 0);
	r->pg.firm = true;
	code = pg_batch_run(&r->pg, b, PG_COMMIT_MS, err);
	r->pg.firm = false;
	if (code != GH_OK) {
		at->doubt = pg_error_doubt(&r->pg.error);
		return code;
	}
	/* COMMIT of a failed transaction answers well, with another tag. */
	if (strcmp(PQcmdStatus(b->results[b->n - 1]), "COMMIT") != 0) {
		pg_error_text(
		    &r->pg.error, false, "COMMIT was answered with %s", PQcmdStatus(b->results[b->n - 1]));
		return gh_fail(err, GH_CONFLICT, "%s", r->pg.error.message);
	}
	fault(t, "after");
	return GH_OK;
}

static enum gh_code
attempt(struct run *r, const struct transact *t, struct reached *at, struct gh_err *err)
{
	PG_BATCH_VAR b = { 0 };

	*at = (struct reached){ 0 };
	r->left = RUN_LEFT_NOTHING;
	r->left_at = t->parts[0].s->i;
	pg_place(&r->pg, (int64_t)t->parts[0].s->i, -1);
	GH_TRY(begin(r, t, err));
	if (t->makes && !r->tracking_there)
		GH_TRY(tracking_send(&r->pg, &r->tracking, r->tracking.as->create, NULL, err));
	for (at->part = 0; at->part < t->n; at->part++) {
		const struct part *p = &t->parts[at->part];
		int64_t from = gh_clock_mono();

		r->left_at = p->s->i;
		if (t->n > 1)
			say_migration(r->job, (int64_t)p->s->i, WIRE_STARTED, "");
		GH_TRY(statements(r, p, at, err));
		GH_TRY(books(r, p, gh_clock_mono() - from, &b, err));
		if (at->part + 1 < t->n)
			GH_TRY(send_batch(r, &b, err));
	}
	at->part = t->n - 1;
	GH_TRY(commit(r, t, &b, at, err));
	r->tracking_there = r->tracking_there || t->makes;
	return GH_OK;
}

/* Frames of a transaction that is gone. */
static void
say_rolled_back(struct run *r, const struct transact *t, const struct reached *at)
{
	size_t i, k;

	for (i = 0; i <= at->part && i < t->n; i++) {
		const struct part *p = &t->parts[i];
		size_t end = i < at->part ? p->from + p->n : at->k;

		for (k = p->from; !p->s->back && k < end && k < p->from + p->n; k++)
			say_statement(r->job,
			    (struct say_at){ .migration = (int64_t)p->s->i, .statement = (int64_t)k },
			    WIRE_ROLLED_BACK, -1, "");
	}
}

/* After an error: true when it is over, false when another attempt is worth it. */
static bool
give_up(struct run *r, const struct transact *t, const struct reached *at, int64_t n)
{
	const struct step *s = t->parts[at->part < t->n ? at->part : 0].s;
	struct gh_err err = { 0 };
	bool again;

	/* One flush at a time: the next attempt begins its own. */
	if (flush_wait(&r->flush, &err) != GH_OK)
		say_log(r->job, "%s", err.msg);
	if (at->doubt)
		r->left = RUN_LEFT_DOUBT;
	if (r->left != RUN_LEFT_NOTHING) {
		if (r->left == RUN_LEFT_DOUBT)
			migrate_say_error(r, s, -1);
		return true;
	}
	if (pg_rollback(&r->pg, &err) != GH_OK)
		pg_close(&r->pg);
	guard_rest(&r->pg);
	again = retry_worth(r, n);
	if (!again)
		migrate_say_error(r, s, r->pg.at.statement);
	(void)gh_fault("job.after-rollback");
	say_rolled_back(r, t, at);
	return !again;
}

enum gh_code
transact_run(struct run *r, const struct transact *t, struct gh_err *err)
{
	int64_t n;

	for (n = 1;; n++) {
		struct gh_err why = { 0 };
		struct reached at = { 0 };
		enum gh_code code = attempt(r, t, &at, &why);

		if (code == GH_OK) {
			guard_rest(&r->pg);
			return GH_OK;
		}
		if (give_up(r, t, &at, n)) {
			*err = why;
			return code;
		}
		retry_wait(r, n, why.msg);
	}
}

enum gh_code
transact_make(struct run *r, struct gh_err *err)
{
	const struct plan_sql nothing = { .sql = "" };
	const struct step s = { .sql = &nothing, .back = true };
	const struct part part = { .s = &s };
	const struct transact t = { .n = 1, .parts = &part, .silent = true, .makes = true };

	if (r->tracking_there)
		return GH_OK;
	GH_TRY(transact_run(r, &t, err));
	r->tracking_made = true;
	return GH_OK;
}

enum gh_code
transact_verify(struct run *r, const struct step *s, struct gh_err *err)
{
	const struct part part = { .s = s, .n = s->sql->n_statements };
	const struct transact t = { .n = 1, .parts = &part, .silent = true };
	struct reached at = { 0 };
	struct gh_err why = { 0 };
	enum gh_code code;

	pg_place(&r->pg, (int64_t)s->i, -1);
	r->steady = true;
	code = begin(r, &t, err);
	if (code == GH_OK)
		code = statements(r, &part, &at, err);
	r->steady = false;
	if (code != GH_OK)
		migrate_say_error(r, s, (int64_t)at.k < (int64_t)part.n ? (int64_t)at.k : -1);
	if (pg_rollback(&r->pg, &why) != GH_OK)
		pg_close(&r->pg);
	return code;
}
