#include "base/ban.h"
#include "cgi/show.h"
#include "store/incident.h"

/* GET /incidents: what went wrong, newest first. */
#define INCIDENTS_A_PAGE 50

static void
show_incident(struct view *item, const struct store_incident *i)
{
	view_int(item, "id", i->id);
	view_text(item, "title", i->title);
	view_text(item, "state", i->state);
	show_mark(item, "mark", i->state);
	view_text(item, "severity", i->severity);
	show_mark(item, "severity_mark", i->severity);
	view_text(item, "target", i->target);
	view_int(item, "run", i->run_id);
	view_time(item, "created_at", i->created_at);
	view_time(item, "closed_at", i->closed_at);
	view_text(item, "by", *i->person == '\0' ? "the runner" : i->person);
	view_int(item, "notes", i->notes);
	view_url(item, "url", "/incidents/%d64", i->id);
}

static enum gh_code
page_incidents_run(struct req *req, struct view *v, struct gh_err *err)
{
	static const char *const states[] = { "open", "closed", NULL };
	const char *state = req_query(req, "state");
	struct store_incidents open, incidents;
	struct view *list;
	int64_t before;
	size_t i;

	GH_TRY(req_query_int(req, "before", 1, INT64_MAX, 0, &before, err));
	GH_TRY(store_incident_list(req->store, req->arena, "open", 0, STORE_PAGE_MAX, &open, err));
	GH_TRY(store_incident_list(req->store, req->arena, state, before, INCIDENTS_A_PAGE, &incidents, err));
	GH_TRY(show_choices(v, "states", states, state, err));
	view_text(v, "lede",
	    open.n == 0 ? "None is open."
			: gh_printf(req->arena, "%s open.",
			      show_count(req, (int64_t)open.n, "incident is", "incidents are")));
	list = view_list(v, "incidents");
	for (i = 0; i < incidents.n; i++)
		show_incident(view_item(list), &incidents.rows[i]);
	show_list(req, v, incidents.n);
	show_formats(req, v);
	show_next(req, v, incidents.next);
	return GH_OK;
}

const struct page page_incidents = {
	.path = "/incidents",
	.tpl = TPL_INCIDENTS,
	.title = "Incidents",
	.nav = "incidents",
	.csv = "incidents",
	.query = { "state", "before" },
	.run = page_incidents_run,
};
