#include "base/ban.h"
#include "runner/job/judge.h"

bool
judge_prefix(const struct plan *p, const bool *row, size_t *ret_n)
{
	size_t i, n = 0;

	while (n < p->n_migrations && row[n] != p->down)
		n++;
	*ret_n = n;
	for (i = n; i < p->n_migrations; i++) {
		if (row[i] != p->down)
			return false;
	}
	return true;
}

static const char *
called(const struct plan *p, int64_t i)
{
	return plan_called(p->migrations[i].key, p->migrations[i].version);
}

/* Against the transaction that was in flight, when it is the one with the tracking row. */
static const char *
contradicted(const struct judge_facts *f, struct gh_arena *a)
{
	const struct plan *p = f->plan;
	const struct judge_intent *t = &f->intent;
	bool want = p->down == t->back; /* COMMIT would have left a row */

	/* The way back of one that was half done finds no row and leaves none; where the table says that one
	 * is on its way, that is the row. */
	if (t->at != WIRE_INTENT_ROW || (t->back && (t->migration >= f->done || f->note != NULL)))
		return NULL;
	if (t->xact == JUDGE_COMMITTED && f->row[t->migration] != want)
		return gh_printf(a,
		    "the transaction of %s is committed, but %s does not show it: somebody has changed the "
		    "table or restored the database",
		    called(p, t->migration), p->tracking);
	if (t->xact == JUDGE_ABORTED && f->row[t->migration] == want)
		return gh_printf(a,
		    "the transaction of %s was rolled back, but %s shows it: somebody else has changed the "
		    "table",
		    called(p, t->migration), p->tracking);
	return NULL;
}

/* NULL when the facts agree with each other. */
static const char *
contradiction(const struct judge_facts *f, size_t n_in, struct gh_arena *a)
{
	const struct plan *p = f->plan;
	int64_t at = f->intent.migration, least = f->done;
	bool known = at >= 0 && (uint64_t)at < p->n_migrations;

	/* One on its way back may be out already. */
	if (known && f->intent.back && at < least)
		least = at;
	if (f->odd != NULL)
		return f->odd;
	if ((int64_t)n_in < least)
		return gh_printf(a, "the journal says that %s was committed, but %s does not show it",
		    called(p, (int64_t)n_in), p->tracking);
	if (p->one_transaction && f->done == 0 && n_in > 0 && n_in < p->n_migrations)
		return gh_printf(
		    a, "all of the plan is one transaction, but %s shows only a part of it", p->tracking);
	return known ? contradicted(f, a) : NULL;
}

static const char *
in_text(const struct plan *p, size_t n, struct gh_arena *a)
{
	const char *verb = p->down ? "taken back" : "applied";

	if (n == 0)
		return gh_printf(a, "Nothing of this run is %s.", verb);
	if (n == 1)
		return gh_printf(a, "%s is %s.", called(p, 0), verb);
	return gh_printf(a, "%s to %s are %s.", called(p, 0), called(p, (int64_t)n - 1), verb);
}

void
judge(const struct judge_facts *f, struct gh_arena *a, struct judge_verdict *ret)
{
	const struct plan *p = f->plan;
	bool prefix = judge_prefix(p, f->row, &ret->n_in);
	const char *odd, *in;

	/* One whose way back had begun is neither in nor out. */
	in = in_text(p,
	    f->half != NULL && f->intent.back && (size_t)f->intent.migration < ret->n_in
		? (size_t)f->intent.migration
		: ret->n_in,
	    a);
	if (f->intent.xact == JUDGE_IN_PROGRESS) {
		ret->outcome = WIRE_UNKNOWN;
		ret->sentence =
		    gh_printf(a, "The transaction of %s is still in progress; it is asked again soon.",
			called(p, f->intent.migration));
		return;
	}
	odd = contradiction(f, ret->n_in, a);
	if (!prefix)
		odd =
		    gh_printf(a, "%s shows later migrations of the plan without an earlier one", p->tracking);
	ret->outcome = WIRE_NEEDS_PERSON;
	if (odd != NULL) {
		ret->sentence =
		    gh_printf(a, "The run broke off, and the facts contradict each other: %s. %s", odd, in);
	} else if (f->half != NULL) {
		ret->sentence = gh_printf(a, "The run broke off. Half done: %s. %s%s%s", f->half,
		    f->note == NULL ? "" : f->note, f->note == NULL ? "" : ". ", in);
	} else if (f->note != NULL) {
		ret->sentence = gh_printf(a, "The run broke off. Nothing of %s %s, but %s. %s",
		    called(p, (int64_t)ret->n_in), p->down ? "was taken back" : "is in the database", f->note,
		    in);
	} else if (f->batch != NULL) {
		ret->outcome = WIRE_FAILED_PARTLY;
		ret->sentence = gh_printf(a,
		    "The run broke off in batches. %s is unfinished: %s. That stays, and the next run goes "
		    "on from "
		    "there. %s",
		    called(p, (int64_t)ret->n_in), f->batch, in);
	} else if (ret->n_in == p->n_migrations) {
		ret->outcome = WIRE_SUCCEEDED;
		ret->sentence = gh_printf(a, "The run broke off, but all of it %s. %s",
		    p->down ? "took effect" : "is in the database", in);
	} else if (ret->n_in == 0) {
		ret->outcome = WIRE_FAILED_CLEAN;
		ret->sentence = gh_printf(a, "The run broke off. %s The database is as it was before%s.", in,
		    f->made ? gh_printf(a, ", but for the tracking table %s, which is empty", p->tracking)
			    : "");
	} else {
		ret->outcome = WIRE_FAILED_PARTLY;
		ret->sentence = gh_printf(a, "The run broke off on the way. %s The rest is not.", in);
	}
}
