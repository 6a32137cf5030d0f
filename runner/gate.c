#include "base/ban.h"
#include "runner/gate.h"
#include "base/clock.h"
#include "store/gate.h"
#include "store/project.h"

/* What is the matter with it there; NULL nothing. */
static const char *
what_there(const struct store_gate *g, const char *digest, struct gh_arena *a, bool *ret_comments)
{
	char when[GH_CLOCK_LEN];

	*ret_comments = false;
	if (!g->known || strcmp(g->standing, "pending") == 0 || strcmp(g->standing, "out-of-order") == 0)
		return "it did not run";
	if (strcmp(g->standing, "failed") == 0)
		return "it failed";
	if (!g->applied)
		return "it is not applied";
	if (strcmp(g->standing, "baseline") == 0 && g->digest[0] == '\0')
		return "it is part of the baseline, so it never ran";
	if (g->digest[0] == '\0')
		return "it is applied, but with which SQL is not known";
	if (strcmp(g->digest, digest) == 0)
		return NULL;
	*ret_comments = g->tokens_there[0] != '\0' && strcmp(g->tokens_there, g->tokens_here) == 0;
	if (*ret_comments)
		return NULL;
	return gh_printf(a, "another SQL ran%s%s%s", g->applied_at == 0 ? "" : " (",
	    g->applied_at == 0 ? "" : gh_clock_utc(g->applied_at, when), g->applied_at == 0 ? "" : ")");
}

struct gate {
	struct store *st;
	const struct plan *plan;
	const struct store_target *target;
	struct gh_text *notes;
};

static enum gh_code
check_one(const struct gate *c, const struct plan_migration *m, const struct store_gate_target *before,
    struct gh_err *err)
{
	char digest[GH_SHA256_HEX_LEN];
	const struct store_gate_ask ask = { c->target->project_id, before->id, m->key, digest };
	struct store_gate g;
	GH_ARENA a = { 0 };
	const char *what;
	bool comments;

	gh_sha256_hex(m->run.sql, m->run.sql_len, digest);
	GH_TRY(store_gate_get(c->st, &a, &ask, &g, err));
	what = what_there(&g, digest, &a, &comments);
	if (comments && c->notes != NULL)
		gh_text_putf(c->notes, "%s ran on %s with other comments or white space, and the same SQL.\n",
		    plan_called(m->key, m->version), before->name);
	if (what == NULL)
		return GH_OK;
	return gh_fail(err, GH_CONFLICT,
	    "%s may not run on %s yet: %s takes only what ran on %s with the same SQL (promote = true), and "
	    "on "
	    "%s %s",
	    plan_called(m->key, m->version), c->plan->target, c->target->environment, before->environment,
	    before->name, what);
}

enum gh_code
gate_check(struct store *st, const struct plan *p, struct gh_text *ret_notes, struct gh_err *err)
{
	struct store_gate_targets before = { 0 };
	struct store_target t;
	const struct gate c = { st, p, &t, ret_notes };
	GH_ARENA a = { 0 };
	size_t i, k;

	if (!p->policy.promote || p->down || p->act != PLAN_RUN)
		return GH_OK;
	GH_TRY(store_target_get(st, &a, p->target, &t, err));
	GH_TRY(store_gate_targets(st, &a, t.project_id, t.position, &before, err));
	if (before.n == 0)
		return gh_fail(err, GH_CONFLICT,
		    "nothing can be promoted to %s: project %s has no target in an environment before %s; "
		    "configure one, or set promote = false",
		    t.name, t.project, t.environment);
	for (i = 0; i < p->n_migrations; i++) {
		for (k = 0; k < before.n; k++)
			GH_TRY(check_one(&c, &p->migrations[i], &before.rows[k], err));
	}
	return GH_OK;
}
