#include "base/ban.h"
#include "runner/job/recorded.h"

#define NOWHERE SIZE_MAX

/* The only row of a table that has one; NULL when it is empty. */
static const struct convention_row *
only(const struct recorded *d)
{
	return d->t->n == 0 ? NULL : &d->t->rows[d->t->n - 1];
}

static size_t
position(const struct plan *p, const char *key)
{
	size_t i;

	for (i = 0; i < p->n_migrations; i++) {
		if (strcmp(p->migrations[i].key, key) == 0)
			return i;
	}
	return NOWHERE;
}

/* How many of the plan, from its first, are done by what the one row says; the one that it calls dirty is
 * not.
 */
static size_t
done(const struct recorded *d)
{
	const struct plan *p = d->plan;
	const struct convention_row *row = only(d);
	size_t at = row == NULL ? NOWHERE : position(p, row->key);
	bool failed = tracking_row_failed(row);

	/* On the way back the one row already has the one before. */
	if (!p->down && failed && d->back > 0)
		return d->back - 1;
	if (!p->down)
		return at == NOWHERE ? 0 : failed ? at : at + 1;
	/* After the way back of one the row has the next: that is still in. */
	if (at == NOWHERE)
		return failed ? p->n_migrations - 1 : p->n_migrations;
	return failed && at > 0 ? at - 1 : at;
}

bool
recorded_in(const struct recorded *d, size_t i)
{
	const struct plan_migration *m = &d->plan->migrations[i];
	const struct convention_row *row;

	if (d->c->one_row)
		return (i < done(d)) != d->plan->down;
	row = tracking_row(d->t, m->key);
	if (!tracking_row_applied(row))
		return false;
	return !m->repeatable || m->checksum[0] == '\0' || strcmp(row->checksum, m->checksum) == 0;
}

const struct convention_row *
recorded_failed(const struct recorded *d, size_t i)
{
	const struct convention_row *row = tracking_row(d->t, d->plan->migrations[i].key);

	if (d->c->one_row)
		row = i == done(d) ? only(d) : NULL;
	return tracking_row_failed(row) ? row : NULL;
}

const char *
recorded_failed_text(const struct recorded *d, size_t i, struct gh_arena *a)
{
	const struct convention_row *row = recorded_failed(d, i);
	const char *key = d->plan->migrations[i].key, *when = "after a failure";

	if (strcmp(row->key, key) != 0)
		when = gh_printf(a, "while it takes back %s", key);
	return gh_printf(a, "%s calls %s %s, as %s does %s, and nothing runs until that is cleared%s%s",
	    d->t->qualified, row->key, row->state, d->c->title, when,
	    d->c->command_failed == NULL ? "" : ": ",
	    d->c->command_failed == NULL ? "" : d->c->command_failed);
}

const char *
recorded_blind(const struct recorded *d, struct gh_arena *a)
{
	const struct tracking *t = d->t;
	const struct plan *p = d->plan;

	if (t->exists && !t->known)
		return gh_printf(
		    a, "%s is not the tracking table of %s any more: %s", t->qualified, d->c->title, t->why);
	if (!t->exists && (p->down || p->after[0] != '\0'))
		return gh_printf(
		    a, "the tracking table %s, which was there before the run, does not exist", t->qualified);
	return NULL;
}

/* The newest row of before the run stays, whatever a run upwards does. */
static const char *
lost(const struct recorded *d, struct gh_arena *a)
{
	const struct plan *p = d->plan;

	if (p->down || p->after[0] == '\0' || tracking_has(d->t, p->after))
		return NULL;
	return gh_printf(a, "%s was recorded in %s before the run and is not now", p->after, d->t->qualified);
}

const char *
recorded_odd(const struct recorded *d, struct gh_arena *a)
{
	const struct plan *p = d->plan;
	const struct plan_migration *last = &p->migrations[p->n_migrations - 1];
	const struct convention_row *row = only(d);
	const char *key = row == NULL ? "" : row->key, *below = NULL;
	size_t i;

	if (!d->c->one_row)
		return lost(d, a);
	if (position(p, key) != NOWHERE || ((p->down || d->back > 0) && tracking_row_failed(row)) ||
	    (!p->down && strcmp(key, p->after) == 0))
		return NULL;
	/* Below the last one of a plan downwards is what its facts say, if they do. */
	for (i = 0; p->down && i < last->n_facts; i++) {
		if (strcmp(last->facts[i].name, "previous") == 0)
			below = last->facts[i].value == NULL ? "" : last->facts[i].value;
	}
	if (p->down && (below == NULL || strcmp(below, key) == 0))
		return NULL;
	return gh_printf(a, "%s has %s, which is not what any migration of the run leaves", d->t->qualified,
	    key[0] == '\0' ? "no row" : key);
}
