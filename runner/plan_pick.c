#include "base/ban.h"
#include "runner/plan_pick.h"
#include "base/io.h"
#include "runner/plan_refused.h"
#include "runner/plan_unfinished.h"

#define NAMED_MAX 3 /* migrations that a goal names */

/* What the store knows of a target's migrations. */
struct known {
	const struct store_target *target;
	struct store_project project;
	struct store_migrations todo, applied; /* in the order in which they run; newest first */
	struct store_files refused;
};

static const char *
unzeroed(const char *s)
{
	while (s[0] == '0' && s[1] != '\0')
		s++;
	return s;
}

/* "0012", "12" or "0012_add_x" */
static bool
is_version(const struct store_migration *m, const char *version)
{
	if (strcmp(m->key, version) == 0 || strcmp(m->version, version) == 0)
		return true;
	return version[0] != '\0' && version[strspn(version, "0123456789")] == '\0' &&
	    strcmp(unzeroed(m->version), unzeroed(version)) == 0;
}

static const struct store_migration *
find(const struct store_migrations *list, const char *version)
{
	size_t i;

	/* A whole key means itself, whatever version another has. */
	for (i = 0; i < list->n; i++) {
		if (strcmp(list->rows[i].key, version) == 0)
			return &list->rows[i];
	}
	for (i = 0; i < list->n; i++) {
		if (is_version(&list->rows[i], version))
			return &list->rows[i];
	}
	return NULL;
}

static enum gh_code
unknown_version(const struct store_target *t, const char *version, struct gh_err *err)
{
	return gh_fail(err, GH_NOT_FOUND,
	    "project %s has no migration %s: give its version or its whole name", t->project, version);
}

static bool
says(const char *word, const char *want)
{
	return strcmp(word, want) == 0;
}

static bool
up_to(const struct store_migration *m, const struct store_migration *last)
{
	return last == NULL || m->number <= last->number;
}

static const char *
sentence(struct gh_arena *a, const char *text)
{
	size_t len = strlen(text);

	return len == 0 || text[len - 1] == '.' ? text : gh_printf(a, "%s.", text);
}

/* What the tool itself would refuse, with its rule. */
static enum gh_code
blocked_check(
    struct gh_arena *a, const struct known *k, const struct store_migration *last, struct gh_err *err)
{
	const char *rule = k->project.rule;
	size_t i;

	if (k->target->blocked[0] != '\0')
		return gh_fail(err, GH_CONFLICT, "nothing can be applied on %s: %s %s", k->target->name,
		    sentence(a, k->target->blocked), rule);
	for (i = 0; i < k->todo.n; i++) {
		const struct store_migration *m = &k->todo.rows[i];

		if (says(m->decision, "blocks") && up_to(m, last))
			return gh_fail(err, GH_CONFLICT, "nothing can be applied on %s: %s is %s. %s %s",
			    k->target->name, m->key, m->standing, sentence(a, m->standing_text), rule);
	}
	return GH_OK;
}

static enum gh_code
nothing_up(struct gh_arena *a, const struct known *k, const struct store_migration *last, struct gh_err *err)
{
	const char *never = "";
	size_t i;

	for (i = 0; i < k->todo.n && never[0] == '\0'; i++) {
		if (says(k->todo.rows[i].decision, "never") && up_to(&k->todo.rows[i], last))
			never = gh_printf(a, ", and %s never will be: %s", k->todo.rows[i].key,
			    k->todo.rows[i].standing_text);
	}
	if (last != NULL)
		return gh_fail(err, GH_CONFLICT, "nothing to do: %s and all before it are applied on %s%s",
		    last->key, k->target->name, never);
	return gh_fail(err, GH_CONFLICT, "nothing to do: all migrations of %s are applied on %s%s",
	    k->target->project, k->target->name, never);
}

/* " (out of order: A is older than B, which is applied; without C: its tool passes over it)" */
static const char *
goal_odd(
    struct gh_arena *a, const struct known *k, const struct plan_pick *p, const struct store_migration *last)
{
	GH_TEXT text = { 0 };
	const struct store_migration *newest = NULL;
	size_t i, never = 0;

	for (i = 0; i < k->applied.n && newest == NULL; i++) {
		if (!k->applied.rows[i].repeatable)
			newest = &k->applied.rows[i];
	}
	if (newest != NULL && p->rows[0]->number < newest->number)
		gh_text_putf(&text, "out of order: %s is older than %s, which is applied", p->rows[0]->key,
		    newest->key);
	for (i = 0; i < k->todo.n; i++) {
		const struct store_migration *m = &k->todo.rows[i];

		if (!says(m->decision, "never") || !up_to(m, last))
			continue;
		if (never++ < NAMED_MAX)
			gh_text_putf(&text, "%s%s",
			    never > 1           ? ", "
				: text.len == 0 ? "without "
						: "; without ",
			    m->key);
	}
	if (never > NAMED_MAX)
		gh_text_putf(&text, " and %zu more", never - NAMED_MAX);
	if (never > 0)
		gh_text_putf(&text, ": its tool passes over %s", never == 1 ? "it" : "them");
	return text.len == 0 ? "" : gh_printf(a, " (%s)", gh_text_str(&text));
}

/* By the goal's name; *ret NULL: everything. */
static enum gh_code
last_find(struct store *st, struct gh_arena *a, const struct known *k, const char *to,
    const struct store_migration **ret, struct gh_err *err)
{
	struct store_migration *m;

	*ret = NULL;
	if (to[0] == '\0')
		return GH_OK;
	*ret = find(&k->todo, to);
	if (*ret == NULL)
		*ret = find(&k->applied, to);
	if (*ret != NULL)
		return GH_OK;
	GH_TRY(plan_refused_goal(&k->refused, to, err));
	m = gh_alloc(a, sizeof(*m));
	if (store_migration_get(st, a, k->target->project, to, m, NULL) != GH_OK)
		return unknown_version(k->target, to, err);
	*ret = m;
	return GH_OK;
}

static enum gh_code
pick_up(struct store *st, struct gh_arena *a, const struct known *k, const char *to, struct plan_pick *p,
    struct gh_err *err)
{
	const struct store_migration *last;
	size_t i;

	GH_TRY(last_find(st, a, k, to, &last, err));
	GH_TRY(blocked_check(a, k, last, err));
	GH_TRY(plan_refused_up(&k->refused, last, &k->todo, &k->applied, err));
	for (i = 0; i < k->todo.n; i++) {
		if (says(k->todo.rows[i].decision, "runs") && up_to(&k->todo.rows[i], last))
			p->rows[p->n++] = &k->todo.rows[i];
	}
	if (p->n == 0)
		return nothing_up(a, k, last, err);
	p->goal = gh_printf(a, "to %s%s",
	    p->rows[p->n - 1]->version[0] == '\0' ? p->rows[p->n - 1]->key : p->rows[p->n - 1]->version,
	    goal_odd(a, k, p, last));
	return GH_OK;
}

static enum gh_code
pick_only(struct store *st, struct gh_arena *a, const struct known *k, const struct plan_goal *g,
    struct plan_pick *p, struct gh_err *err)
{
	const struct store_migration *m;
	size_t i;

	GH_TRY(last_find(st, a, k, g->to, &m, err));
	if (m == NULL)
		return unknown_version(k->target, g->to, err);
	GH_TRY(blocked_check(a, k, m, err));
	if (says(m->decision, "never"))
		return gh_fail(
		    err, GH_CONFLICT, "%s does not run on %s: %s", m->key, k->target->name, m->standing_text);
	if (!says(m->decision, "runs"))
		return gh_fail(
		    err, GH_CONFLICT, "nothing to do: %s is applied on %s", m->key, k->target->name);
	for (i = 0; i < k->todo.n && k->project.in_turn[0] != '\0'; i++) {
		const struct store_migration *before = &k->todo.rows[i];

		if (says(before->decision, "runs") && before->number < m->number && !m->repeatable)
			return gh_fail(err, GH_CONFLICT, "%s cannot run alone, %s is pending before it: %s",
			    m->key, before->key, k->project.in_turn);
	}
	p->rows[p->n++] = m;
	if (g->act == PLAN_MARK)
		p->goal = gh_printf(a, "mark %s as applied", m->version[0] == '\0' ? m->key : m->version);
	else
		p->goal = gh_printf(
		    a, "only %s%s", m->version[0] == '\0' ? m->key : m->version, goal_odd(a, k, p, m));
	return GH_OK;
}

/* A failed one is neither applied nor not: taking back what is before it would build on sand. */
static enum gh_code
failed_check(struct gh_arena *a, const struct known *k, struct gh_err *err)
{
	size_t i;

	for (i = 0; i < k->todo.n; i++) {
		if (says(k->todo.rows[i].standing, "failed") && says(k->todo.rows[i].decision, "blocks"))
			return gh_fail(err, GH_CONFLICT, "nothing can be taken back on %s: %s has failed. %s",
			    k->target->name, k->todo.rows[i].key, sentence(a, k->todo.rows[i].standing_text));
	}
	return GH_OK;
}

/* Newest first, up to the one that stays; how many stay behind is told by *ret_stays. */
static enum gh_code
pick_back(const struct known *k, const struct store_migration *to, int64_t steps, struct plan_pick *p,
    const struct store_migration **ret_stays, struct gh_err *err)
{
	size_t i;

	*ret_stays = NULL;
	for (i = 0; i < k->applied.n; i++) {
		const struct store_migration *m = &k->applied.rows[i];

		/* A view that is made anew has nothing to go back to; Liquibase's runOnChange may have. */
		if (m->repeatable && !m->has_down)
			continue;
		if (m == to || (to == NULL && p->n == (size_t)steps)) {
			*ret_stays = m;
			return GH_OK;
		}
		if (says(m->standing, "baseline"))
			return gh_fail(err, GH_CONFLICT,
			    "%s is the baseline on %s or before it: what was there before its tool is not "
			    "taken "
			    "back",
			    m->key, k->target->name);
		p->rows[p->n++] = m;
	}
	return GH_OK;
}

static enum gh_code
pick_down(struct gh_arena *a, const struct plan_goal *g, const struct known *k, struct plan_pick *p,
    struct gh_err *err)
{
	const struct store_target *t = k->target;
	const struct store_migration *to = NULL, *stays;

	GH_TRY(failed_check(a, k, err));
	if (k->applied.n == 0)
		return gh_fail(
		    err, GH_CONFLICT, "nothing to take back: no migration is applied on %s", t->name);
	if (g->to[0] != '\0') {
		to = find(&k->applied, g->to);
		if (to == NULL && find(&k->todo, g->to) != NULL)
			return gh_fail(err, GH_CONFLICT,
			    "%s is not applied on %s: name one that is, it stays", g->to, t->name);
		if (to == NULL)
			return unknown_version(t, g->to, err);
	}
	GH_TRY(pick_back(k, to, g->steps, p, &stays, err));
	if (p->n == 0)
		return gh_fail(
		    err, GH_CONFLICT, "nothing to take back: %s is the newest on %s", g->to, t->name);
	if (to == NULL && p->n < (size_t)g->steps)
		return gh_fail(err, GH_CONFLICT,
		    "only %zu migrations are applied on %s: %" PRId64 " cannot be taken back", p->n, t->name,
		    g->steps);
	p->goal = stays == NULL
	    ? gh_printf(a, "back %zu, to nothing", p->n)
	    : gh_printf(a, "back %zu, to %s", p->n, stays->version[0] == '\0' ? stays->key : stays->version);
	return GH_OK;
}

static enum gh_code
goal_check(const struct plan_goal *goal, struct gh_err *err)
{
	if (goal->down && (goal->to[0] == '\0') == (goal->steps == 0))
		return gh_fail(
		    err, GH_BAD_INPUT, "say either how many migrations to take back or which one stays");
	if (goal->steps < 0 || goal->steps > 1000 || (!goal->down && goal->steps != 0))
		return gh_fail(
		    err, GH_BAD_INPUT, "the number of steps must be 1 to 1000, and only for a way back");
	if (goal->only && (goal->down || goal->to[0] == '\0'))
		return gh_fail(err, GH_BAD_INPUT, "say which one migration is to be applied");
	return GH_OK;
}

enum gh_code
plan_pick(struct store *st, struct gh_arena *a, const struct store_target *t, const struct plan_goal *goal,
    struct plan_pick *ret, struct gh_err *err)
{
	struct known k = { .target = t };

	*ret = (struct plan_pick){ .goal = "" };
	GH_TRY(goal_check(goal, err));
	GH_TRY(store_project_get(st, a, t->project, &k.project, err));
	GH_TRY(store_migration_todo(st, a, t->id, &k.todo, err));
	GH_TRY(store_migration_applied(st, a, t->id, STORE_PAGE_MAX, &k.applied, err));
	GH_TRY(store_file_refused(st, a, t->id, &k.refused, err));
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	ret->rows = gh_alloc_n(a, k.todo.n + k.applied.n, sizeof(*ret->rows));
	if (goal->down)
		GH_TRY(pick_down(a, goal, &k, ret, err));
	else if (goal->only)
		GH_TRY(pick_only(st, a, &k, goal, ret, err));
	else
		GH_TRY(pick_up(st, a, &k, goal->to, ret, err));
	GH_TRY(plan_unfinished(a, &k.todo, &k.applied, goal->down, ret, err));
	return plan_refused_back(&k.refused, ret, err);
}
