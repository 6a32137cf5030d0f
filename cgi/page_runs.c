#include "base/ban.h"
#include "cgi/show.h"

/* GET /runs: what ran, newest first. */
#define RUNS_A_PAGE 50

static void
show_run(struct req *req, struct view *item, const struct store_run *r)
{
	/* What the page does not show is for JSON and CSV. */
	bool whole = req->format != REQ_HTML;

	view_int(item, "id", r->id);
	if (whole)
		view_text(item, "state", r->state);
	show_mark(item, "mark", r->state);
	view_text(item, "target", r->target);
	view_text(item, "environment", r->environment);
	if (whole)
		view_text(item, "direction", r->direction);
	view_text(item, "goal", show_goal(req, r->act, r->goal));
	view_text(item, "what", show_what(req, r->act, r->migrations, r->direction));
	view_text(item, "person", r->person);
	if (whole)
		view_int(item, "request", r->request_id);
	view_time(item, "at", r->started_at != 0 ? r->started_at : r->queued_at);
	if (whole) {
		view_time(item, "queued_at", r->queued_at);
		view_time(item, "started_at", r->started_at);
		view_time(item, "ended_at", r->ended_at);
	}
	view_span(item, "took", r->started_at == 0 || r->ended_at == 0 ? -1 : r->ended_at - r->started_at);
	if (whole)
		view_text(item, "outcome", r->outcome);
	view_url(item, "url", "/runs/%d64", r->id);
}

static enum gh_code
page_runs_run(struct req *req, struct view *v, struct gh_err *err)
{
	static const char *const states[] = { "queued", "running", "succeeded", "failed-clean",
		"failed-partly", "unknown", "needs-person", NULL };
	struct store_run_filter filter = { .state = req_query(req, "state"), .limit = RUNS_A_PAGE };
	struct store_runs runs;
	struct view *list;
	size_t i;

	GH_TRY(show_target_choices(req, v, req_query(req, "target"), &filter.target_id, err));
	GH_TRY(req_query_int(req, "before", 1, INT64_MAX, 0, &filter.before, err));
	GH_TRY(store_run_list(req->store, req->arena, &filter, &runs, err));
	GH_TRY(show_choices(v, "states", states, filter.state, err));
	view_text(v, "lede", "Every plan that was carried out, newest first.");
	list = view_list(v, "runs");
	for (i = 0; i < runs.n; i++)
		show_run(req, view_item(list), &runs.rows[i]);
	show_list(req, v, runs.n);
	show_formats(req, v);
	show_next(req, v, runs.next);
	return GH_OK;
}

const struct page page_runs = {
	.path = "/runs",
	.tpl = TPL_RUNS,
	.title = "Runs",
	.nav = "runs",
	.csv = "runs",
	.query = { "target", "state", "before" },
	.run = page_runs_run,
};
