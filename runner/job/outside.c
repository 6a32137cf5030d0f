#include "base/ban.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/control.h"
#include "runner/job/run.h"

/*
 * A migration whose tracking row is not in the transaction of its statements: what the tool records before,
 * then the statements by their groups, then the row.  Each step is committed by itself, so a failure on the
 * way may leave the migration half done.
 */

/* So many statements, or none, have taken effect. */
static void
left_set(struct run *r, const struct step *s, size_t done)
{
	size_t n = s->sql->n_statements;

	r->left = done == 0 ? RUN_LEFT_NOTHING : RUN_LEFT_HALF;
	r->left_done = done;
	if (done == 0)
		return;
	if (done < n)
		r->left_text = gh_printf(r->job->arena,
		    "the %zu statement%s before it took effect outside a transaction", done,
		    done == 1 ? "" : "s");
	else if (r->plan.down != s->back)
		r->left_text = "its down SQL took effect, but it is not recorded as taken back";
	else
		r->left_text = "its statements took effect, but it is not recorded as applied";
}

static enum gh_code
before(struct run *r, const struct step *s, const struct convention_books *b, struct gh_err *err)
{
	const struct part part = { .s = s, .books = b->before };
	const struct transact t = { .n = 1, .parts = &part, .intent = WIRE_INTENT_BEFORE };

	if (b->before == NULL)
		return GH_OK;
	GH_TRY(transact_run(r, &t, err));
	r->noted = true;
	return GH_OK;
}

/* Statements k and on of one group; *ret_end is the first that does not belong to it. */
static enum gh_code
group(struct run *r, const struct step *s, size_t k, size_t *ret_end, struct gh_err *err)
{
	const struct plan_statement *st = s->sql->statements;
	struct part part = { .s = s, .from = k };
	const struct transact t = { .n = 1, .parts = &part, .intent = (int64_t)k, .goes_on = true };
	const char *left = "";
	enum gh_code code;

	*ret_end = k + 1;
	if (st[k].group == 0) {
		code = alone_run(r, s, k, &left, err);
		if (code != GH_OK && r->left != RUN_LEFT_DOUBT) {
			left_set(r, s, k);
			if (left[0] != '\0') {
				r->left = RUN_LEFT_HALF;
				r->left_text = left;
			}
		}
		return code;
	}
	while (*ret_end < s->sql->n_statements && st[*ret_end].group == st[k].group)
		++*ret_end;
	part.n = *ret_end - k;
	code = transact_run(r, &t, err);
	if (code != GH_OK && r->left == RUN_LEFT_NOTHING)
		left_set(r, s, k);
	return code;
}

static enum gh_code
groups(struct run *r, const struct step *s, struct gh_err *err)
{
	size_t k = 0;

	while (k < s->sql->n_statements) {
		if (job_stopped(r->job)) {
			pg_error_text(&r->pg.error, false, "%s", control_why(r->job));
			left_set(r, s, k);
			migrate_say_error(r, s, (int64_t)k);
			return gh_fail(err, GH_CONFLICT, "%s", control_why(r->job));
		}
		GH_TRY(group(r, s, k, &k, err));
	}
	return GH_OK;
}

static enum gh_code
verify(struct run *r, const struct step *s, struct gh_err *err)
{
	const struct plan_migration *m = &r->plan.migrations[s->i];
	const struct step v = { .i = s->i, .sql = &m->verify, .back = true };
	struct gh_err why = { 0 };
	enum gh_code code;

	if (s->back || r->plan.down || !m->has_verify)
		return GH_OK;
	code = transact_verify(r, &v, &why);
	if (code == GH_OK)
		return GH_OK;
	left_set(r, s, s->sql->n_statements);
	return gh_fail(err, code, "its verification failed: %s", why.msg);
}

static enum gh_code
row(struct run *r, const struct step *s, const struct convention_books *b, int64_t from, struct gh_err *err)
{
	const struct part part = { .s = s, .books = b->row, .elapsed_ns = (gh_clock_mono() - from) * 1000 };
	const struct transact t = { .n = 1, .parts = &part, .intent = WIRE_INTENT_ROW };
	enum gh_code code = transact_run(r, &t, err);

	if (code != GH_OK && r->left == RUN_LEFT_NOTHING)
		left_set(r, s, s->sql->n_statements);
	if (code == GH_OK)
		r->noted = false;
	return code;
}

enum gh_code
outside_run(struct run *r, const struct step *s, struct gh_err *err)
{
	const struct convention_books *b = migrate_books(r, s);
	int64_t from = gh_clock_mono();

	r->left = RUN_LEFT_NOTHING;
	r->left_at = s->i;
	pg_place(&r->pg, (int64_t)s->i, -1);
	GH_TRY(before(r, s, b, err));
	GH_TRY(alone_session(r, err));
	(void)gh_fault("job.outside.begun");
	GH_TRY(groups(r, s, err));
	(void)gh_fault("job.outside.statements-done");
	GH_TRY(verify(r, s, err));
	(void)gh_fault("job.outside.before-row");
	return row(r, s, b, from, err);
}
