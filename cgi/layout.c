#include "base/ban.h"
#include "cgi/app.h"
#include "cgi/version.gen.h"

struct entry {
	const char *key, *url, *label;
	unsigned needs;
};

static const struct entry entries[] = {
	{ "overview", "/", "Overview", 0 },
	{ "migrations", "/migrations", "Migrations", 0 },
	{ "requests", "/requests", "Requests", 0 },
	{ "runs", "/runs", "Runs", 0 },
	{ "backups", "/backups", "Backups", 0 },
	{ "incidents", "/incidents", "Incidents", 0 },
	{ "deliveries", "/deliveries", "Deliveries", 0 },
	{ "ledger", "/ledger", "Ledger", ROLE_LEAD | ROLE_AUDITOR | ROLE_ADMIN },
};

static void
add_roles(struct view *v, unsigned roles)
{
	static const struct {
		unsigned role;
		const char *name, *flag;
	} names[] = {
		{ ROLE_VIEWER, "viewer", "is_viewer" },
		{ ROLE_LEAD, "lead", "is_lead" },
		{ ROLE_AUDITOR, "auditor", "is_auditor" },
		{ ROLE_ADMIN, "admin", "is_admin" },
	};
	struct view *list = view_list(v, "roles");
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		view_bool(v, names[i].flag, (roles & names[i].role) != 0);
		if ((roles & names[i].role) != 0)
			view_text(view_item(list), "role", names[i].name);
	}
}

struct view *
layout_new(struct req *req, const char *title, const char *nav)
{
	struct view *outer = view_new(req->arena), *v, *list, *item;
	size_t i;

	view_text(outer, "title", title);
	v = view_object(outer, "layout");
	view_bool(v, "signed_in", req->session.signed_in);
	view_text(v, "person", req->session.person);
	add_roles(v, req->session.roles);
	list = view_list(v, "nav");
	for (i = 0; req->session.signed_in && i < sizeof(entries) / sizeof(entries[0]); i++) {
		if (entries[i].needs != 0 && !req_has_role(req, entries[i].needs))
			continue;
		item = view_item(list);
		view_text(item, "key", entries[i].key);
		view_text(item, "url", entries[i].url);
		view_text(item, "label", entries[i].label);
		view_bool(item, "current", nav != NULL && strcmp(nav, entries[i].key) == 0);
	}
	req_form(req, v, "signout", WIRE_SESSION_CLOSE, "session/0");
	view_text(v, "footer", req->app->config.footer);
	view_bool(v, "runner_up", app_runner_up(req->app));
	view_text(v, "version", GH_STATIC_VERSION);
	view_text(v, "program", "Gatehouse " PACKAGE_VERSION);
	return outer;
}
