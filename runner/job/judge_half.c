#include "base/ban.h"
#include "runner/job/judge.h"

/* What a dead job has left half done: its last intent says how far it had come. */

void
judge_intent(const struct wire_spec *s, struct judge_intent *ret)
{
	int64_t at = s->intent_statement;

	*ret = (struct judge_intent){ .migration = s->intent_migration,
		.at = at,
		.back = at < -100,
		.numbered = s->intent_xid[0] != '\0' && s->intent_xid[0] != '@' };
	if (ret->back)
		ret->at = WIRE_INTENT_BACK(at);
}

static bool
known(const struct judge_facts *f)
{
	return f->intent.migration >= 0 && (uint64_t)f->intent.migration < f->plan->n_migrations;
}

const struct plan_statement *
judge_alone(const struct judge_facts *f, size_t n_in)
{
	const struct judge_intent *t = &f->intent;
	const struct plan_sql *run;

	if (!known(f) || t->back || t->numbered || t->at < 0 || (size_t)t->migration != n_in)
		return NULL;
	run = &f->plan->migrations[n_in].run;
	return (size_t)t->at < run->n_statements ? &run->statements[t->at] : NULL;
}

static size_t
group_end(const struct plan_sql *q, size_t k)
{
	size_t end = k + 1;

	while (end < q->n_statements && q->statements[end].group == q->statements[k].group)
		end++;
	return end;
}

static const char *
statements_of(const struct judge_facts *f, const struct plan_migration *m, struct gh_arena *a)
{
	return f->plan->down ? gh_printf(a, "the down SQL of %s", plan_called(m->key, m->version))
			     : plan_called(m->key, m->version);
}

/* The first n of the statements are in, the migration is not recorded. */
static const char *
first_in(const struct judge_facts *f, size_t n, struct gh_arena *a)
{
	const struct plan_migration *m = &f->plan->migrations[f->intent.migration];

	if (n == 0)
		return NULL;
	if (n == m->run.n_statements)
		return gh_printf(a, "the statements of %s took effect, but it is not recorded in %s",
		    statements_of(f, m, a), f->plan->tracking);
	return gh_printf(a,
	    "the first %zu statement%s of %s took effect outside a transaction, the next did not", n,
	    n == 1 ? "" : "s", statements_of(f, m, a));
}

/* The COMMIT of statements k and on was under way. */
static const char *
in_group(const struct judge_facts *f, size_t k, struct gh_arena *a)
{
	const struct plan_migration *m = &f->plan->migrations[f->intent.migration];
	size_t end = group_end(&m->run, k);

	switch (f->intent.xact) {
	case JUDGE_COMMITTED:
		return first_in(f, end, a);
	case JUDGE_ABORTED:
		return first_in(f, k, a);
	case JUDGE_NO_XACT:
	case JUDGE_IN_PROGRESS:
		break;
	}
	return gh_printf(a,
	    "whether the statements %zu to %zu of %s took effect cannot be told any more, and it is not "
	    "recorded "
	    "in %s",
	    k + 1, end, statements_of(f, m, a), f->plan->tracking);
}

static const char *
half_forth(const struct judge_facts *f, const char *effect, struct gh_arena *a)
{
	const struct judge_intent *t = &f->intent;
	const struct plan_migration *m = &f->plan->migrations[t->migration];

	if (m->run.row_inside || t->at == WIRE_INTENT_BEFORE)
		return NULL;
	if (t->at == WIRE_INTENT_ROW && t->numbered)
		return first_in(f, m->run.n_statements, a);
	if (t->at < 0)
		return gh_printf(a,
		    "statements of %s took effect outside a transaction, but it is not recorded in %s",
		    statements_of(f, m, a), f->plan->tracking);
	if ((size_t)t->at >= m->run.n_statements)
		return gh_printf(a, "the down SQL of %s was under way outside a transaction",
		    plan_called(m->key, m->version));
	if (t->numbered)
		return in_group(f, (size_t)t->at, a);
	if (effect != NULL)
		return gh_printf(
		    a, "%s, but %s is not recorded in %s", effect, statements_of(f, m, a), f->plan->tracking);
	return first_in(f, (size_t)t->at, a);
}

/* The table says that the way back was begun. */
static const char *
begun_back(const struct judge_facts *f, const struct plan_migration *m, struct gh_arena *a)
{
	const struct judge_intent *t = &f->intent;

	if (t->at == WIRE_INTENT_BEFORE ||
	    (t->at == 0 && (t->untouched || (t->numbered && t->xact == JUDGE_ABORTED))))
		return gh_printf(a, "%s was to be taken back, and nothing of its down SQL took effect",
		    plan_called(m->key, m->version));
	if (t->at == WIRE_INTENT_ROW && t->numbered)
		return gh_printf(a, "the down SQL of %s took effect, but it is not recorded in %s",
		    plan_called(m->key, m->version), f->plan->tracking);
	return gh_printf(
	    a, "the down SQL of %s was under way outside a transaction", plan_called(m->key, m->version));
}

/* The way back of one that was in, or of one that was half done itself. */
static const char *
half_back(const struct judge_facts *f, size_t n_in, struct gh_arena *a)
{
	const struct judge_intent *t = &f->intent;
	const struct plan_migration *m = &f->plan->migrations[t->migration];
	bool was_in = t->migration < f->done, first = t->at == 0 || t->at == WIRE_INTENT_BEFORE;
	bool gone = t->numbered && t->xact == JUDGE_COMMITTED && t->at == WIRE_INTENT_ROW;
	bool nothing = t->untouched || (t->numbered && t->xact == JUDGE_ABORTED);

	if (was_in && f->note != NULL && (size_t)t->migration == n_in)
		return begun_back(f, m, a);
	if (was_in && (m->back.row_inside || (size_t)t->migration >= n_in))
		return NULL;
	if (gone)
		return NULL;
	if (was_in && first && nothing)
		return NULL;
	if (was_in && t->at == WIRE_INTENT_BEFORE)
		return NULL;
	if (!was_in && (m->back.row_inside || first) && nothing)
		return gh_printf(a, "%s had failed on the way, and %s", plan_called(m->key, m->version),
		    t->untouched ? "nothing of its down SQL took effect" : "its down SQL was rolled back");
	if (m->back.row_inside)
		return gh_printf(a,
		    "%s had failed on the way, and whether its down SQL took effect cannot be told",
		    plan_called(m->key, m->version));
	return gh_printf(
	    a, "the down SQL of %s was under way outside a transaction", plan_called(m->key, m->version));
}

const char *
judge_half(const struct judge_facts *f, size_t n_in, const char *effect, struct gh_arena *a)
{
	if (!known(f))
		return NULL;
	if (f->intent.back)
		return half_back(f, n_in, a);
	return (size_t)f->intent.migration == n_in ? half_forth(f, effect, a) : NULL;
}
