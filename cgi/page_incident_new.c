#include "base/ban.h"
#include "cgi/show.h"

/* GET /incidents/new: the form; run is the one that it is about. */
static void
show_severities(struct view *v)
{
	static const char *const rows[][2] = {
		{ "low", "nobody outside noticed" },
		{ "medium", "something is slower, missing or had to wait" },
		{ "high", "people outside are hit, or data is in danger" },
	};
	struct view *list = view_list(v, "severities");
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct view *item = view_item(list);

		view_text(item, "value", rows[i][0]);
		view_text(item, "text", rows[i][1]);
		view_bool(item, "selected", i == 1);
	}
}

static enum gh_code
page_incident_new_run(struct req *req, struct view *v, struct gh_err *err)
{
	const char *target = req_query(req, "target"), *preset = "";
	struct store_run run;
	int64_t id;

	GH_TRY(req_query_int(req, "run", 1, INT64_MAX, 0, &id, err));
	if (id != 0) {
		GH_TRY(store_run_get(req->store, req->arena, id, &run, err));
		target = run.target;
		preset = gh_printf(req->arena, "Run %" PRId64 " on %s: ", id, run.target);
	}
	GH_TRY(show_target_choices(req, v, target, &id, err));
	view_text(v, "preset", preset);
	show_severities(v);
	req_form(req, v, "form", WIRE_INCIDENT_OPEN, "incident");
	return GH_OK;
}

const struct page page_incident_new = {
	.path = "/incidents/new",
	.tpl = TPL_INCIDENT_NEW,
	.title = "Open an incident",
	.nav = "incidents",
	.query = { "run", "target" },
	.run = page_incident_new_run,
};
