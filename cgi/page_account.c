#include "base/ban.h"
#include "cgi/show.h"
#include "store/person.h"

/* GET /account: one's own roles, sessions and password. */
static void
show_roles(struct view *v, unsigned roles)
{
	static const struct {
		unsigned role;
		const char *name, *text;
	} rows[] = {
		{ ROLE_VIEWER, "viewer", "sees everything but the ledger, requests runs, writes notes" },
		{ ROLE_LEAD, "lead",
		    "approves or sends back what others request, reads the ledger, closes incidents" },
		{ ROLE_AUDITOR, "auditor", "reads, exports and checks the ledger, closes incidents" },
		{ ROLE_ADMIN, "admin", "manages people, reads the ledger, closes incidents" },
	};
	struct view *list = view_list(v, "roles");
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct view *item;

		if ((roles & rows[i].role) == 0)
			continue;
		item = view_item(list);
		view_text(item, "role", rows[i].name);
		view_text(item, "text", rows[i].text);
	}
}

static void
show_session(struct req *req, struct view *item, const struct store_session *s)
{
	bool current = s->id == req->session.id;
	struct view *end;

	view_int(item, "id", s->id);
	view_text(item, "address", s->address);
	view_text(item, "agent", s->agent);
	view_bool(item, "current", current);
	view_time(item, "created_at", s->created_at);
	view_time(item, "seen_at", s->seen_at);
	view_time(item, "expires_at", s->expires_at);
	if (current) {
		view_text(item, "end", "");
		return;
	}
	end = view_form(item, "end");
	view_url(end, "url", "/account/sessions/%d64/end", s->id);
	req_formf(req, end, "form", WIRE_SESSION_CLOSE, "session/%" PRId64, s->id);
}

static enum gh_code
page_account_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct view *list = view_list(v, "sessions");
	struct store_sessions sessions;
	size_t i;

	GH_TRY(
	    store_session_list(req->store, req->arena, req->session.person_id, req->now_us, &sessions, err));
	view_text(v, "person", req->session.person);
	view_text(v, "may",
	    req_has_role(req, ROLE_LEAD)
		? "You may look at everything, request runs, and approve what others request."
		: "You may see what ran where and request runs; a lead approves them.");
	show_roles(v, req->session.roles);
	for (i = 0; i < sessions.n; i++)
		show_session(req, view_item(list), &sessions.rows[i]);
	req_form(req, v, "form", WIRE_PERSON_PASSWORD, "person/");
	return GH_OK;
}

const struct page page_account = {
	.path = "/account",
	.tpl = TPL_ACCOUNT,
	.title = "Account",
	.run = page_account_run,
};
