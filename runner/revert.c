#include "base/ban.h"
#include "runner/revert.h"
#include "base/fault.h"
#include "store/plan.h"
#include "store/rehearsal.h"
#include "store/run_write.h"

/* The newest rehearsal of the plan is done, and every migration's way back leads back exactly. */
static enum gh_code
is_exact(struct store *st, const struct plan *p, const char *digest, bool *ret, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_rehearsal_migrations list = { 0 };
	struct store_rehearsal h;
	size_t i;

	*ret = false;
	GH_TRY(store_rehearsal_find(st, &a, digest, &h, err));
	if (h.id == 0 || strcmp(h.state, "done") != 0 || !h.good)
		return GH_OK;
	GH_TRY(store_rehearsal_migration_list(st, &a, h.id, &list, err));
	if (list.n != p->n_migrations)
		return GH_OK;
	for (i = 0; i < list.n; i++) {
		if (strcmp(list.rows[i].verdict, "exact") != 0)
			return GH_OK;
	}
	*ret = true;
	return GH_OK;
}

enum gh_code
revert_open(struct store *st, const struct store_run *run, int64_t now, struct gh_err *err)
{
	GH_ARENA a = { .limit = PLAN_LIMIT };
	GH_TEXT bytes = { .limit = PLAN_LIMIT };
	struct plan plan = { 0 };
	bool exact = false;

	/* A plan of an older form has no window. */
	if (strcmp(run->direction, "up") != 0 ||
	    store_plan_read(st, run->plan_digest, &bytes, NULL) != GH_OK ||
	    plan_read(gh_text_str(&bytes), bytes.len, &a, &plan, NULL) != GH_OK || plan.act != PLAN_RUN ||
	    plan.policy.revert_ms <= 0)
		return GH_OK;
	GH_TRY(is_exact(st, &plan, run->plan_digest, &exact, err));
	if (!exact)
		return GH_OK;
	(void)gh_fault("runner.revert.before-open");
	return store_run_revert(st, run->id, now + plan.policy.revert_ms * 1000, err);
}

/* The down plan is the up plan's way back, migration by migration. */
static bool
is_way_back(const struct plan *up, const struct plan *down)
{
	size_t i, n = up->n_migrations;

	if (down->n_migrations != n)
		return false;
	for (i = 0; i < n; i++) {
		const struct plan_migration *u = &up->migrations[n - 1 - i], *d = &down->migrations[i];

		if (!u->has_back || strcmp(u->key, d->key) != 0 || u->back.sql_len != d->run.sql_len ||
		    memcmp(u->back.sql, d->run.sql, d->run.sql_len) != 0)
			return false;
	}
	return true;
}

enum gh_code
revert_find(struct store *st, const struct plan *down, int64_t last_run, int64_t now, int64_t *ret_run,
    struct gh_err *err)
{
	GH_ARENA a = { .limit = PLAN_LIMIT };
	GH_TEXT bytes = { .limit = PLAN_LIMIT };
	struct store_run_detail detail;
	struct plan up = { 0 };
	struct store_run run;
	bool exact = false;

	*ret_run = 0;
	if (!down->down || down->act != PLAN_RUN || last_run == 0)
		return GH_OK;
	GH_TRY(store_run_get(st, &a, last_run, &run, err));
	GH_TRY(store_run_detail(st, &a, last_run, &detail, err));
	if (strcmp(run.state, "succeeded") != 0 || strcmp(run.direction, "up") != 0 ||
	    detail.revert_until <= now)
		return GH_OK;
	GH_TRY(store_plan_read(st, run.plan_digest, &bytes, err));
	/* Of what an older version planned all approvals are asked. */
	if (plan_is_older(gh_text_str(&bytes), bytes.len))
		return GH_OK;
	GH_TRY(plan_read(gh_text_str(&bytes), bytes.len, &a, &up, err));
	GH_TRY(is_exact(st, &up, run.plan_digest, &exact, err));
	if (exact && is_way_back(&up, down))
		*ret_run = run.id;
	return GH_OK;
}
