#include "base/ban.h"
#include "runner/plan_pick.h"
#include "base/io.h"
#include "runner/plan_refused.h"

/* What the store knows of a target's migrations. */
struct known {
	struct store_migrations pending, applied;
	struct store_files refused;
};

/* "0012", "12" or "0012_add_x" */
static bool
is_version(const struct store_migration *m, const char *version)
{
	int64_t number;

	if (strcmp(m->key, version) == 0)
		return true;
	return gh_parse_i64(version, 0, INT64_MAX, &number) && m->number == number;
}

static const struct store_migration *
find(const struct store_migrations *list, const char *version)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (is_version(&list->rows[i], version))
			return &list->rows[i];
	}
	return NULL;
}

static enum gh_code
refuse_duplicate(const struct store_migration *a, const struct store_migration *b, struct gh_err *err)
{
	return gh_fail(err, GH_CONFLICT,
	    "%s and %s have the same version %s: give one of the files another number", a->file, b->file,
	    a->version);
}

/* A version that two files share says nothing about order. */
static enum gh_code
duplicates_check(const struct plan_pick *p, const struct store_migrations *pending,
    const struct store_migrations *applied, struct gh_err *err)
{
	size_t i, k;

	for (i = 0; i < p->n; i++) {
		const struct store_migration *m = p->rows[i];

		for (k = 0; k < pending->n; k++) {
			const struct store_migration *other = &pending->rows[k];

			/* Both lists are sorted by number: past it nothing can be equal. */
			if (other->number > m->number)
				break;
			if (other->number == m->number && strcmp(other->key, m->key) != 0)
				return refuse_duplicate(m, other, err);
		}
		for (k = 0; k < applied->n && applied->rows[k].number >= m->number; k++) {
			const struct store_migration *other = &applied->rows[k];

			if (other->number == m->number && strcmp(other->key, m->key) != 0 && other->present)
				return refuse_duplicate(m, other, err);
		}
	}
	return GH_OK;
}

static enum gh_code
unknown_version(const struct store_target *t, const char *version, struct gh_err *err)
{
	return gh_fail(err, GH_NOT_FOUND, "project %s has no migration %s: give its digits or its whole name",
	    t->project, version);
}

static enum gh_code
nothing_up(const struct store_target *t, const struct store_migration *last, struct gh_err *err)
{
	if (last != NULL)
		return gh_fail(err, GH_CONFLICT, "nothing to do: %s and all before it are applied on %s",
		    last->key, t->name);
	return gh_fail(
	    err, GH_CONFLICT, "nothing to do: all migrations of %s are applied on %s", t->project, t->name);
}

static const char *
goal_up(struct gh_arena *a, const struct plan_pick *p, const struct store_migrations *applied)
{
	const struct store_migration *last = p->rows[p->n - 1], *oldest = p->rows[0];
	const struct store_migration *newest = applied->n == 0 ? NULL : &applied->rows[0];

	if (newest == NULL || oldest->number > newest->number)
		return gh_printf(a, "to %s", last->version);
	return gh_printf(a, "to %s (out of order: %s is older than %s, which is applied)", last->version,
	    oldest->key, newest->key);
}

static enum gh_code
pick_up(struct gh_arena *a, const struct store_target *t, const char *to, const struct known *known,
    struct plan_pick *p, struct gh_err *err)
{
	const struct store_migrations *pending = &known->pending, *applied = &known->applied;
	const struct store_migration *last = NULL;
	size_t i;

	if (to[0] != '\0') {
		last = find(pending, to);
		if (last == NULL)
			last = find(applied, to);
		if (last == NULL)
			GH_TRY(plan_refused_goal(&known->refused, to, err));
		if (last == NULL)
			return unknown_version(t, to, err);
	}
	GH_TRY(plan_refused_up(&known->refused, last, pending, applied, err));
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	p->rows = gh_alloc_n(a, pending->n, sizeof(*p->rows));
	for (i = 0; i < pending->n; i++) {
		if (last == NULL || pending->rows[i].number <= last->number)
			p->rows[p->n++] = &pending->rows[i];
	}
	if (p->n == 0)
		return nothing_up(t, last, err);
	p->goal = goal_up(a, p, applied);
	return GH_OK;
}

static enum gh_code
pick_down(struct gh_arena *a, const struct store_target *t, const struct plan_goal *g,
    const struct store_migrations *pending, const struct store_migrations *applied, struct plan_pick *p,
    struct gh_err *err)
{
	const struct store_migration *to = NULL;
	size_t i, n = 0;

	if (applied->n == 0)
		return gh_fail(
		    err, GH_CONFLICT, "nothing to take back: no migration is applied on %s", t->name);
	if (g->to[0] != '\0') {
		to = find(applied, g->to);
		if (to == NULL && find(pending, g->to) != NULL)
			return gh_fail(err, GH_CONFLICT,
			    "%s is not applied on %s: name one that is, it stays", g->to, t->name);
		if (to == NULL)
			return unknown_version(t, g->to, err);
		while (&applied->rows[n] != to)
			n++;
	} else {
		n = (size_t)g->steps;
	}
	if (n == 0)
		return gh_fail(
		    err, GH_CONFLICT, "nothing to take back: %s is the newest on %s", g->to, t->name);
	if (n > applied->n)
		return gh_fail(err, GH_CONFLICT,
		    "only %zu migrations are applied on %s: %zu cannot be taken back", applied->n, t->name,
		    n);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	p->rows = gh_alloc_n(a, n, sizeof(*p->rows));
	for (i = 0; i < n; i++)
		p->rows[p->n++] = &applied->rows[i];
	p->goal = n == applied->n ? gh_printf(a, "back %zu, to nothing", n)
				  : gh_printf(a, "back %zu, to %s", n, applied->rows[n].version);
	return GH_OK;
}

enum gh_code
plan_pick(struct store *st, struct gh_arena *a, const struct store_target *t, const struct plan_goal *goal,
    struct plan_pick *ret, struct gh_err *err)
{
	struct known k = { 0 };

	*ret = (struct plan_pick){ .goal = "" };
	if (goal->down && (goal->to[0] == '\0') == (goal->steps == 0))
		return gh_fail(
		    err, GH_BAD_INPUT, "say either how many migrations to take back or which one stays");
	if (goal->steps < 0 || goal->steps > 1000 || (!goal->down && goal->steps != 0))
		return gh_fail(
		    err, GH_BAD_INPUT, "the number of steps must be 1 to 1000, and only for a way back");
	GH_TRY(store_migration_pending(st, a, t->id, &k.pending, err));
	GH_TRY(store_migration_applied(st, a, t->id, STORE_PAGE_MAX, &k.applied, err));
	GH_TRY(store_file_refused(st, a, t->id, &k.refused, err));
	if (goal->down) {
		GH_TRY(pick_down(a, t, goal, &k.pending, &k.applied, ret, err));
	} else {
		GH_TRY(pick_up(a, t, goal->to, &k, ret, err));
		GH_TRY(duplicates_check(ret, &k.pending, &k.applied, err));
	}
	return plan_refused_back(&k.refused, ret, err);
}
