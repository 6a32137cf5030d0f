#include "base/ban.h"
#include "cgi/show.h"
#include "store/incident.h"

/* GET /incidents/{id}: one incident, its notes in one order, newest last. */
static enum gh_code
show_notes(struct req *req, struct view *v, struct gh_err *err)
{
	struct view *list = view_list(v, "notes");
	struct store_notes notes;
	size_t i;

	GH_TRY(store_note_list(req->store, req->arena, req->id, &notes, err));
	for (i = 0; i < notes.n; i++) {
		const struct store_note *n = &notes.rows[i];
		struct view *item = view_item(list);
		bool facts = *n->person == '\0';

		view_int(item, "id", n->id);
		view_bool(item, "facts", facts);
		view_text(item, "by", facts ? "Gatehouse" : n->person);
		view_time(item, "created_at", n->created_at);
		view_text(item, "text", n->text);
	}
	view_bool(v, "any_notes", notes.n > 0);
	return GH_OK;
}

/* A form's place and tokens as v.NAME = {url, form}; "" where it is not offered. */
static void
show_form(struct req *req, struct view *v, const char *name, enum wire_op op, bool offered)
{
	struct view *form;

	if (!offered) {
		view_text(v, name, "");
		return;
	}
	form = view_form(v, name);
	view_url(form, "url", op == WIRE_INCIDENT_CLOSE ? "/incidents/%d64/close" : "/incidents/%d64/notes",
	    req->id);
	req_formf(req, form, "form", op, "incident/%" PRId64, req->id);
}

static const char *
sentence(struct req *req, const struct store_incident *i)
{
	const char *by = *i->person == '\0' ? "the runner" : i->person;

	if (i->closed_at != 0)
		return gh_printf(req->arena, "opened by %s, closed by %s; %s.", by, i->closed_by,
		    show_count(req, i->notes, "note", "notes"));
	return gh_printf(req->arena, "opened by %s; %s.", by, show_count(req, i->notes, "note", "notes"));
}

static enum gh_code
page_incident_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_incident i;
	bool open, may_close = req_has_role(req, ROLE_LEAD | ROLE_AUDITOR | ROLE_ADMIN);

	GH_TRY(store_incident_get(req->store, req->arena, req->id, &i, err));
	open = strcmp(i.state, "open") == 0;
	view_int(v, "id", i.id);
	view_text(v, "title", i.title);
	view_text(v, "state", i.state);
	show_mark(v, "mark", i.state);
	view_text(v, "severity", i.severity);
	show_mark(v, "severity_mark", i.severity);
	view_text(v, "sentence", sentence(req, &i));
	view_text(v, "target", i.target);
	view_int(v, "run", i.run_id);
	view_text(v, "run_url", i.run_id == 0 ? "" : show_url(req, "/runs/%d64", i.run_id));
	view_time(v, "created_at", i.created_at);
	view_time(v, "closed_at", i.closed_at);
	view_text(v, "by", *i.person == '\0' ? "the runner" : i.person);
	view_text(v, "closed_by", i.closed_by);
	GH_TRY(show_notes(req, v, err));
	show_form(req, v, "add", WIRE_INCIDENT_NOTE, open);
	show_form(req, v, "close", WIRE_INCIDENT_CLOSE, open && may_close);
	view_text(v, "close_not", open && !may_close ? "A lead, an auditor or an admin closes it." : "");
	show_formats(req, v);
	return GH_OK;
}

const struct page page_incident = {
	.path = "/incidents/{id}",
	.tpl = TPL_INCIDENT,
	.nav = "incidents",
	.run = page_incident_run,
};
