#include "base/ban.h"
#include "base/clock.h"
#include "base/fault.h"
#include "migration/object.h"
#include "runner/job/batch.h"
#include "runner/job/failure.h"
#include "runner/job/judge.h"
#include "runner/job/recorded.h"
#include "runner/job/restore.h"
#include "runner/job/run.h"
#include "runner/job/sql.gen.h"

/*
 * reconcile: the only way out of a run whose job died.  Reading the tracking table too early gives a wrong
 * truth, so first nobody of that run may be left: no session, and its lock is ours.
 */

#define SURVIVORS_MS INT64_C(30000)
#define NOT_OURS_MS  INT64_C(3000) /* for one that we may not end: it may be about to go by itself */
#define AGAIN        "it is asked again, at the latest in 5 minutes"

static bool
permitted(const PGresult *res, int i)
{
	return !PQgetisnull(res, i, 1) && PQgetvalue(res, i, 1)[0] == 't';
}

enum gh_code
reconcile_alone(struct pg *pg, const char *sql, struct gh_err *err)
{
	const struct wire_spec *s = &pg->job->spec;
	int64_t from = gh_clock_mono();
	char name[TARGET_NAME_LEN], pid[24];
	const char *const params[] = { name, pid, s->backend_start };

	target_session_name(s, name);
	(void)snprintf(pid, sizeof(pid), "%" PRId64, s->backend_pid);
	for (;;) {
		PG_RESULT res = NULL;
		int64_t patience = NOT_OURS_MS;
		int i;

		GH_TRY(pg_query(pg, sql, params, 3, &res, err));
		if (PQntuples(res) == 0)
			return GH_OK;
		for (i = 0; i < PQntuples(res); i++) {
			const char *const victim[] = { PQgetvalue(res, i, 0) };

			if (!permitted(res, i))
				continue;
			patience = SURVIVORS_MS;
			GH_TRY(pg_query(pg, SQL_TERMINATE, victim, 1, NULL, err));
		}
		if (gh_clock_mono() - from > patience * 1000 || job_stopped(pg->job))
			return gh_fail(err, GH_UNAVAILABLE,
			    "a session of the run is still there; a database administrator "
			    "can end it with SELECT pg_terminate_backend(%s)",
			    PQgetvalue(res, 0, 0));
		job_sleep(pg->job, 200);
	}
}

static enum gh_code
xact(struct pg *pg, enum judge_xact *ret, struct gh_err *err)
{
	const struct wire_spec *s = &pg->job->spec;
	const char *const params[] = { s->intent_xid, s->backend_start }, *text;
	enum gh_code code;

	*ret = JUDGE_NO_XACT;
	if (s->intent_xid[0] == '\0' || s->intent_xid[0] == '@' || s->intent_migration < 0)
		return GH_OK;
	code = pg_value(pg, SQL_XID_STATUS, params, 2, &text, err);
	/* "in the future": a server that crashed forgets the numbers that it never wrote down, and what they
	 * did. */
	if (code == GH_CONFLICT && pg_error_is(&pg->error, "22023")) {
		*err = (struct gh_err){ 0 };
		return GH_OK;
	}
	GH_TRY(code);
	if (strcmp(text, "committed") == 0)
		*ret = JUDGE_COMMITTED;
	else if (strcmp(text, "aborted") == 0)
		*ret = JUDGE_ABORTED;
	else if (strcmp(text, "in progress") == 0)
		*ret = JUDGE_IN_PROGRESS;
	return GH_OK;
}

static enum gh_code
exists(struct pg *pg, const struct plan_statement *st, bool *ret, struct gh_err *err)
{
	const char *probe = object_probe(st->object_kind), *const params[] = { st->object };
	PG_RESULT res = NULL;

	*ret = false;
	if (probe == NULL)
		return GH_OK;
	GH_TRY(pg_query(pg, probe, params, 1, &res, err));
	*ret = PQntuples(res) > 0;
	return GH_OK;
}

/* Whether the catalog is as it was before the statement by itself. */
static enum gh_code
untouched(struct pg *pg, bool *ret, struct gh_err *err)
{
	const char *before = pg->job->spec.intent_xid, *now;

	*ret = false;
	if (before[0] != '@')
		return GH_OK;
	GH_TRY(pg_value(pg, SQL_CATALOG_MARK, NULL, 0, &now, err));
	*ret = strcmp(before, now) == 0;
	return GH_OK;
}

/*
 * Whether the statement took effect, as far as its object tells: a sentence, NULL when it surely did not. The
 * object may be in another schema, of a search path that the migration had set: where the catalog has changed
 * since, one that is not found proves nothing.
 */
static enum gh_code
probe_statement(
    struct pg *pg, const struct plan_statement *st, size_t k, const char **ret, struct gh_err *err)
{
	const char *const params[] = { st->object };
	struct gh_arena *a = pg->job->arena;
	bool there, marked = pg->job->spec.intent_xid[0] == '@';
	PG_RESULT res = NULL;

	if (st->object == NULL || st->object[0] == '\0') {
		*ret = gh_printf(a, "whether statement %zu (%s) took effect cannot be seen%s", k + 1,
		    st->kind, marked ? ": the catalog has changed since it began" : "");
		return GH_OK;
	}
	GH_TRY(exists(pg, st, &there, err));
	if (there)
		*ret =
		    gh_printf(a, "the %s %s of statement %zu is there", st->object_kind, st->object, k + 1);
	else if (marked)
		*ret = gh_printf(a,
		    "whether statement %zu (%s) took effect cannot be seen: the catalog has changed since it "
		    "began, but %s is not found",
		    k + 1, st->kind, st->object);
	else
		*ret = NULL;
	if (!there || strcmp(st->object_kind, "index") != 0)
		return GH_OK;
	GH_TRY(pg_query(pg, SQL_INDEX_VALID, params, 1, &res, err));
	if (PQntuples(res) > 0 && PQgetvalue(res, 0, 0)[0] != 't')
		*ret = gh_printf(
		    a, "the index %s is there but invalid: drop it before the next try", st->object);
	return GH_OK;
}

/* What is half done, with a look at what a statement by itself may have left. */
static enum gh_code
half(struct pg *pg, struct judge_facts *f, size_t n_in, struct gh_err *err)
{
	const struct plan_statement *alone = judge_alone(f, n_in);
	const char *effect = NULL;

	/* Marking has no statements. */
	if (f->plan->act != PLAN_RUN)
		return GH_OK;
	if (alone != NULL && !f->intent.untouched)
		GH_TRY(probe_statement(pg, alone, (size_t)f->intent.at, &effect, err));
	f->half = judge_half(f, n_in, effect, pg->job->arena);
	return GH_OK;
}

/* One that runs in batches has its cursor in the target: whatever its last COMMIT has become. */
static enum gh_code
batch(struct pg *pg, const struct recorded *d, struct judge_facts *f, size_t n_in, bool *ret,
    struct gh_err *err)
{
	const struct step s = { .i = n_in, .sql = &d->plan->migrations[n_in].run };
	const struct batch_cursor *c;
	struct batch_cursors list;

	*ret = !f->intent.back && f->intent.migration == (int64_t)n_in && batch_step(&s);
	if (!*ret)
		return GH_OK;
	GH_TRY(batch_cursor_list(pg, d->t, &list, err));
	c = batch_cursor_find(&list, d->plan->migrations[n_in].key, d->plan->down);
	f->batch = c == NULL ? NULL : batch_cursor_text(c, pg->job->arena);
	return GH_OK;
}

static enum gh_code
look(struct pg *pg, struct recorded *d, struct judge_facts *ret, struct gh_err *err)
{
	struct gh_arena *a = pg->job->arena;
	const struct plan *p = d->plan;
	bool *row = gh_alloc_n(a, p->n_migrations, sizeof(*row));
	struct judge_intent intent;
	size_t i, n_in;
	bool batched = false;

	judge_intent(&pg->job->spec, &intent);
	if (intent.back)
		d->back = (size_t)intent.migration + 1;
	for (i = 0; i < p->n_migrations; i++)
		row[i] = recorded_in(d, i);
	*ret = (struct judge_facts){ .plan = p,
		.row = row,
		.done = pg->job->spec.done,
		.intent = intent,
		.odd = recorded_odd(d, a),
		.made = d->t->exists && d->t->n == 0 && p->after[0] == '\0' && !p->down };
	GH_TRY(xact(pg, &ret->intent.xact, err));
	GH_TRY(untouched(pg, &ret->intent.untouched, err));
	if (!judge_prefix(p, row, &n_in))
		return GH_OK;
	if (d->c->failed_blocks && n_in < p->n_migrations && recorded_failed(d, n_in) != NULL)
		ret->note = recorded_failed_text(d, n_in, a);
	if (n_in < p->n_migrations)
		GH_TRY(batch(pg, d, ret, n_in, &batched, err));
	return batched ? GH_OK : half(pg, ret, n_in, err);
}

static void
say_verdict(struct job *j, const struct judge_facts *f, const struct judge_verdict *v)
{
	const struct plan *p = f->plan;
	size_t i;

	job_outcome(j, v->outcome, "%s", v->sentence);
	if (v->outcome == WIRE_UNKNOWN)
		return;
	for (i = 0; i < p->n_migrations; i++) {
		/* One that was never begun is not spoken of. */
		if (f->half != NULL && f->intent.back && (int64_t)i == f->intent.migration)
			say_migration(j, (int64_t)i, WIRE_FAILED, f->half);
		else if (i < v->n_in)
			say_migration(j, (int64_t)i, WIRE_OK,
			    p->down ? "not in the tracking table any more" : "found in the tracking table");
		else if (i == v->n_in && f->batch != NULL)
			say_migration(j, (int64_t)i, WIRE_FAILED, f->batch);
		else if (i == v->n_in && (f->half != NULL || f->note != NULL))
			say_migration(j, (int64_t)i, WIRE_FAILED, f->half != NULL ? f->half : f->note);
		else if ((int64_t)i < f->done)
			say_migration(j, (int64_t)i, WIRE_TAKEN_BACK, "not in the tracking table");
		else if ((int64_t)i == f->intent.migration ||
		    ((int64_t)i == f->done && f->intent.migration < 0))
			say_migration(j, (int64_t)i, WIRE_ROLLED_BACK, "not in the tracking table");
	}
}

/* Somebody, perhaps a migration of the run, has changed the tracking table itself. */
static void
say_blind(struct job *j, const char *why)
{
	job_outcome(
	    j, WIRE_NEEDS_PERSON, "The run broke off, and what of it took effect cannot be told: %s.", why);
	if (j->spec.intent_migration >= 0)
		say_migration(j, j->spec.intent_migration, WIRE_IN_DOUBT, why);
}

/* An error leaves the run unknown. */
static enum gh_code
reconcile(struct pg *pg, struct gh_err *err)
{
	struct job *j = pg->job;
	const struct convention *c;
	struct target_identity id;
	struct judge_verdict v = { 0 };
	struct judge_facts facts;
	struct recorded d = { 0 };
	struct tracking t;
	struct plan p;
	const char *blind;

	GH_TRY(run_plan_read(j, &p, &c, err));
	/* The target may let nobody in. */
	if (plan_restores(&p))
		return restore_settle(j, &p, err);
	GH_TRY(target_connect(pg, &id, err));
	target_say(j, &id);
	if (strcmp(id.system_id, p.system_id) != 0 || strcmp(id.database, p.database) != 0 ||
	    id.oid != p.database_oid) {
		job_outcome(j, WIRE_NEEDS_PERSON,
		    "%s is another database now than the one of the run: %s (oid %" PRId64 ", system %s).",
		    p.target, id.database, id.oid, id.system_id);
		return GH_OK;
	}
	(void)gh_fault("job.reconcile.connected");
	GH_TRY(reconcile_alone(pg, SQL_SURVIVORS, err));
	(void)gh_fault("job.reconcile.alone");
	GH_TRY(run_lock(pg, c, &p, RUN_LOCK_WAIT_MS, err));
	(void)gh_fault("job.reconcile.locked");
	if (p.act == PLAN_REPAIR)
		return repair_settle(pg, &p, err);
	GH_TRY(tracking_read_plan(pg, c, &p, &t, err));
	d = (struct recorded){ .c = c, .plan = &p, .t = &t };
	blind = recorded_blind(&d, j->arena);
	if (blind != NULL) {
		say_blind(j, blind);
		return GH_OK;
	}
	GH_TRY(look(pg, &d, &facts, err));
	if (t.known)
		run_unlock_row(pg, c, &t);
	(void)gh_fault("job.reconcile.read");
	judge(&facts, j->arena, &v);
	GH_TRY(reconcile_after(j, &p, &v, err));
	say_verdict(j, &facts, &v);
	failure_settled(pg, c, &facts, &v);
	return GH_OK;
}

static enum gh_code
reconcile_run(struct job *j, struct gh_err *err)
{
	struct pg pg = { .job = j, .at = { .migration = -1, .statement = -1 } };
	enum gh_code code = reconcile(&pg, err);

	if (code != GH_OK)
		job_outcome(j, WIRE_UNKNOWN, "What is true on %s is not known: %s; " AGAIN ".",
		    j->spec.target, err->msg);
	pg_close(&pg);
	return GH_OK;
}

const struct job_kind job_reconcile = {
	.name = WIRE_JOB_RECONCILE,
	.run = reconcile_run,
};
