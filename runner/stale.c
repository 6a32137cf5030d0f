#include "base/ban.h"
#include "runner/stale.h"
#include "base/fault.h"
#include "base/log.h"
#include "runner/plan_build.h"
#include "store/ledger_write.h"
#include "store/run_write.h"

enum gh_code
stale_move(struct store *st, const struct store_request *q, const char *to, const char *why, int64_t now,
    struct gh_err *err)
{
	GH_ARENA a = { 0 };

	GH_TRY(store_request_move(st, q->id, q->state, to, why, now, err));
	if (q->run == 0 || strcmp(q->run_state, "queued") != 0)
		return GH_OK;
	return store_run_move(st, q->run, "queued", "failed-clean",
	    gh_printf(&a, "The run was never started, nothing was changed: its request is %s%s%s.", to,
		why[0] == '\0' ? "" : ", because ", why),
	    now, err);
}

/* As the runner's own doing, with its ledger entry. */
static enum gh_code
move_entry(struct store *st, const struct store_request *q, const char *to, const char *why, int64_t now,
    struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_entry e = { .at = now,
		.actor = "runner",
		.way = "runner",
		.target = q->target,
		.outcome = "ok",
		.text = why };
	STORE_TX tx = { 0 };
	int64_t seq = 0;

	e.op = gh_printf(&a, "request.%s", to);
	e.subject = gh_printf(&a, "request/%" PRId64, q->id);
	GH_TRY(store_begin(st, &tx, err));
	GH_TRY(stale_move(st, q, to, why, now, err));
	GH_TRY(store_ledger_add(st, &e, &seq, err));
	(void)gh_fault("runner.request.before-expiry");
	GH_TRY(store_commit(&tx, err));
	gh_log_info(e.op, "request=%" PRId64 " why=\"%s\"", q->id, why);
	return GH_OK;
}

enum gh_code
stale_refuse(struct store *st, int64_t request_id, const char *why, int64_t now, struct gh_err *err)
{
	struct store_request q;
	GH_ARENA a = { 0 };

	GH_TRY(store_request_get(st, &a, request_id, &q, err));
	return move_entry(st, &q, "stale", why, now, err);
}

static enum gh_code
check_state(struct runner *r, int64_t target_id, const char *state, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_requests list = { 0 };
	const char *why;
	size_t i;

	GH_TRY(store_request_list(r->store, &a, state, 0, STORE_PAGE_MAX, &list, err));
	for (i = 0; i < list.n; i++) {
		const struct store_request *q = &list.rows[i];
		struct gh_err now_unknown = { 0 };
		enum gh_code code;

		if (q->target_id != target_id)
			continue;
		code = plan_recheck(r->store, &a, q->plan_digest, &why, &now_unknown);
		if (code == GH_UNAVAILABLE)
			return GH_OK;
		if (code != GH_OK) {
			*err = now_unknown;
			return code;
		}
		if (why != NULL)
			GH_TRY(move_entry(r->store, q, "stale", why, gh_clock_now(), err));
	}
	return GH_OK;
}

enum gh_code
stale_check(struct runner *r, int64_t target_id, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_target t;

	GH_TRY(store_target_get_id(r->store, &a, target_id, &t, err));
	if (t.active_run != 0)
		return GH_OK;
	GH_TRY(check_state(r, target_id, "waiting", err));
	return check_state(r, target_id, "approved", err);
}

enum gh_code
stale_expire(struct runner *r, int64_t now, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_requests list = { 0 };
	size_t i;

	GH_TRY(store_request_overdue(r->store, &a, now, &list, err));
	for (i = 0; i < list.n; i++) {
		bool queued = list.rows[i].run != 0;

		GH_TRY(move_entry(r->store, &list.rows[i], "expired",
		    queued ? "its run could not be started in 24 hours" : "it was not approved in 24 hours",
		    now, err));
	}
	return GH_OK;
}
