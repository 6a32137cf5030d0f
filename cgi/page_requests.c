#include "base/ban.h"
#include "cgi/show.h"
#include "store/request.h"

/* GET /requests: what was asked, newest first. */
#define REQUESTS_A_PAGE 50

static void
show_request(struct view *item, const struct store_request *r)
{
	view_int(item, "id", r->id);
	view_text(item, "state", r->state);
	show_mark(item, "mark", strcmp(r->state, "done") == 0 ? r->run_state : r->state);
	view_text(item, "state_text", r->state_text);
	view_text(item, "target", r->target);
	view_text(item, "environment", r->environment);
	view_text(item, "direction", r->direction);
	view_text(item, "goal", r->goal);
	view_text(item, "reason", r->reason);
	view_text(item, "person", r->person);
	view_text(item, "plan_digest", r->plan_digest);
	view_int(item, "given", r->given);
	view_int(item, "needed", r->needed);
	view_time(item, "created_at", r->created_at);
	view_time(item, "expires_at", r->expires_at);
	view_int(item, "run", r->run);
	if (r->run == 0)
		view_text(item, "run_url", "");
	else
		view_url(item, "run_url", "/runs/%d64", r->run);
	view_url(item, "url", "/requests/%d64", r->id);
}

static enum gh_code
page_requests_run(struct req *req, struct view *v, struct gh_err *err)
{
	static const char *const states[] = { "waiting", "approved", "started", "done", "refused",
		"withdrawn", "expired", "stale", NULL };
	const char *state = req_query(req, "state");
	struct store_requests waiting, requests;
	struct view *list;
	int64_t before;
	size_t i;

	GH_TRY(req_query_int(req, "before", 1, INT64_MAX, 0, &before, err));
	GH_TRY(store_request_list(req->store, req->arena, "waiting", 0, STORE_PAGE_MAX, &waiting, err));
	GH_TRY(store_request_list(req->store, req->arena, state, before, REQUESTS_A_PAGE, &requests, err));
	GH_TRY(show_choices(v, "states", states, state, err));
	view_text(v, "lede",
	    waiting.n == 0 ? "Nothing waits for an approval."
			   : gh_printf(req->arena, "%s for an approval.",
				 show_count(req, (int64_t)waiting.n, "request waits", "requests wait")));
	list = view_list(v, "requests");
	for (i = 0; i < requests.n; i++)
		show_request(view_item(list), &requests.rows[i]);
	show_list(req, v, requests.n);
	show_formats(req, v);
	show_next(req, v, requests.next);
	return GH_OK;
}

const struct page page_requests = {
	.path = "/requests",
	.tpl = TPL_REQUESTS,
	.title = "Requests",
	.nav = "requests",
	.csv = "requests",
	.query = { "state", "before" },
	.run = page_requests_run,
};
