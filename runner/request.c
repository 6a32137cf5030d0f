#include "base/ban.h"
#include "runner/request.h"
#include "runner/refresh.h"

enum gh_code
request_look(struct cmd_ctx *c, const char *target, struct gh_err *err)
{
	struct store_target t;
	struct store_project p;

	GH_TRY(store_target_get(c->store, c->arena, target, &t, err));
	if (t.active_run != 0)
		return gh_fail(err, GH_CONFLICT,
		    "run %" PRId64 " is under way on %s: come back when it has ended%s%s", t.active_run,
		    t.name, t.held[0] == '\0' ? "" : "; ", t.held);
	GH_TRY(store_project_get(c->store, c->arena, t.project, &p, err));
	if (p.read_at < c->arrived)
		refresh_project(c->runner, p.name, c->arrived);
	if (t.checked_at < c->arrived)
		refresh_target(c->runner, t.name, c->arrived);
	if (p.read_at < c->arrived)
		return cmd_defer(
		    c, err, "the folder of project %s is still being read: try again in a moment", p.name);
	if (t.checked_at < c->arrived)
		return cmd_defer(c, err, "%s is still being looked at: try again in a moment", t.name);
	/* Both are new, but one may have been read before the folder changed and the other after. */
	if (p.problem[0] == '\0' && t.problem[0] == '\0' && t.reachable &&
	    strcmp(p.signature, t.signature) != 0) {
		if (t.checked_at < p.read_at)
			refresh_target(c->runner, t.name, p.read_at);
		if (refresh_target_busy(c->runner, t.name) || refresh_project_busy(c->runner, p.name))
			return cmd_defer(c, err,
			    "%s is still being compared with its folder: try again in a moment", t.name);
	}
	return GH_OK;
}

enum gh_code
request_waiting(const struct cmd_ctx *c, const struct store_request *q, struct gh_err *err)
{
	if (strcmp(q->state, "waiting") != 0)
		return gh_fail(err, GH_CONFLICT, "request %" PRId64 " is %s%s%s", q->id, q->state,
		    q->state_text[0] == '\0' ? "" : ": ", q->state_text);
	if (c->now >= q->expires_at)
		return gh_fail(err, GH_CONFLICT,
		    "request %" PRId64 " has expired: it was not approved in 24 hours, ask again", q->id);
	return GH_OK;
}

enum gh_code
request_undecided(struct cmd_ctx *c, const struct store_request *q, struct gh_err *err)
{
	struct store_approvals list = { 0 };
	size_t i;

	GH_TRY(store_approval_list(c->store, c->arena, q->id, &list, err));
	for (i = 0; i < list.n; i++) {
		if (list.rows[i].person_id == c->actor.person)
			return gh_fail(err, GH_CONFLICT,
			    "you have decided on request %" PRId64 " before: another lead is needed", q->id);
	}
	return GH_OK;
}
