#include "base/ban.h"
#include "cgi/show.h"

/* GET /requests/repair?target=T&act=mark&goal=KEY: asks for what sets a target right without running the
 * migration's SQL.  The page of a failed run leads here. */
static const struct repair {
	const char *act, *direction, *title, *button, *text;
} repairs[] = {
	{ "mark", "mark", "Mark as applied", "Ask to mark it as applied",
	    "None of its SQL runs. The run proves that every object which the migration creates is there, "
	    "and "
	    "that the project's verify queries hold; only then it writes the row into the tracking table." },
	{ "drop-index", "repair", "Drop the invalid index", "Ask to drop the index",
	    "The run drops the index with DROP INDEX CONCURRENTLY, which locks nobody out, and looks "
	    "afterwards "
	    "that it is gone. The tracking table stays as it is." },
};

static enum gh_code
page_request_repair_run(struct req *req, struct view *v, struct gh_err *err)
{
	const char *act = req_query(req, "act"), *goal = req_query(req, "goal");
	const struct repair *p = NULL;
	struct store_target t;
	size_t i;

	for (i = 0; i < sizeof(repairs) / sizeof(repairs[0]); i++) {
		if (strcmp(repairs[i].act, act) == 0)
			p = &repairs[i];
	}
	if (p == NULL)
		return gh_fail(err, GH_BAD_INPUT, "act is mark or drop-index, not \"%.40s\"", act);
	if (*goal == '\0')
		return gh_fail(err, GH_BAD_INPUT, "goal is missing: the page of the failed run names it");
	GH_TRY(store_target_get(req->store, req->arena, req_query(req, "target"), &t, err));
	view_text(v, "title", p->title);
	view_text(v, "target", t.name);
	view_text(v, "environment", t.environment);
	view_text(v, "goal", goal);
	view_bool(v, "mark", strcmp(p->act, "mark") == 0);
	view_text(v, "direction", p->direction);
	view_text(v, "text", p->text);
	view_text(v, "button", t.approvals > 0 ? p->button : p->title);
	view_text(v, "approvals",
	    t.approvals == 0 ? ""
			     : gh_printf(req->arena, "%s asks for %s.", t.name,
				   show_count(req, t.approvals, "approval", "approvals")));
	req_formf(req, v, "form", WIRE_REQUEST_ADD, "target/%s", t.name);
	return GH_OK;
}

const struct page page_request_repair = {
	.path = "/requests/repair",
	.tpl = TPL_REQUEST_REPAIR,
	.nav = "requests",
	.query = { "target", "act", "goal" },
	.run = page_request_repair_run,
};
