#include "base/ban.h"
#include "cgi/overview_view.h"

#include "store/incident.h"
#include "store/request.h"

#define NEEDS 20 /* of a kind */

const char *
overview_state(struct req *req, const struct store_target *t, const char **ret_word)
{
	const char *state = "up-to-date";

	if (*t->held != '\0')
		state = "held";
	else if (t->active_run != 0)
		state = "running";
	else if (!t->reachable)
		state = t->checked_at == 0 ? "unread" : "unreachable";
	else if (!t->tracking_known)
		state = "untracked";
	else if (*t->blocked != '\0')
		state = "blocked";
	else if (strcmp(t->last_run_state, "failed-partly") == 0 ||
	    strcmp(t->last_run_state, "needs-person") == 0)
		state = t->last_run_state;
	else if (t->pending > 0)
		state = "pending";
	else if (t->edited > 0)
		state = "edited";
	else if (t->missing > 0)
		state = "missing";
	*ret_word = show_word(state);
	if (strcmp(state, "pending") == 0)
		*ret_word = gh_printf(req->arena, "%" PRId64 " pending", t->pending);
	if (strcmp(state, "edited") == 0)
		*ret_word = gh_printf(req->arena, "%" PRId64 " changed since", t->edited);
	if (strcmp(state, "missing") == 0)
		*ret_word = show_count(req, t->missing, "file missing", "files missing");
	return state;
}

struct need {
	const char *tone, *icon, *url, *what, *text;
	int64_t at;
};

static void
add_need(struct view *list, const struct need *n)
{
	struct view *item = view_item(list);

	view_text(item, "tone", n->tone);
	view_text(item, "icon", n->icon);
	view_text(item, "url", n->url);
	view_text(item, "what", n->what);
	view_text(item, "text", n->text);
	view_time(item, "at", n->at);
}

static enum gh_code
need_approvals(struct req *req, struct view *list, struct gh_err *err)
{
	struct store_approvals given;
	struct store_requests rows;
	bool decided;
	size_t i, k;

	if (!req_has_role(req, ROLE_LEAD))
		return GH_OK;
	GH_TRY(store_request_list(req->store, req->arena, "waiting", 0, NEEDS, &rows, err));
	for (i = 0; i < rows.n; i++) {
		const struct store_request *r = &rows.rows[i];

		if (r->person_id == req->session.person_id || r->expires_at <= req->now_us)
			continue;
		GH_TRY(store_approval_list(req->store, req->arena, r->id, &given, err));
		for (k = 0, decided = false; k < given.n; k++)
			decided = decided || given.rows[k].person_id == req->session.person_id;
		if (decided)
			continue;
		add_need(list,
		    &(struct need){ "wait", "stamp", show_url(req, "/requests/%d64", r->id),
			gh_printf(req->arena, "Approve request %" PRId64, r->id),
			gh_printf(req->arena, "%s asks: %s, %s", r->person, r->target, r->goal),
			r->created_at });
	}
	return GH_OK;
}

static enum gh_code
need_incidents(struct req *req, struct view *list, struct gh_err *err)
{
	struct store_incidents rows;
	size_t i;

	GH_TRY(store_incident_list(req->store, req->arena, "open", 0, NEEDS, &rows, err));
	for (i = 0; i < rows.n; i++) {
		const struct store_incident *n = &rows.rows[i];

		add_need(list,
		    &(struct need){ "bad", "siren", show_url(req, "/incidents/%d64", n->id),
			gh_printf(req->arena, "Incident %" PRId64 ": %s", n->id, n->title),
			gh_printf(req->arena, "open, %s, %s", n->severity,
			    show_count(req, n->notes, "note", "notes")),
			n->created_at });
	}
	return GH_OK;
}

static void
need_targets(struct req *req, struct view *list, const struct store_targets *targets)
{
	size_t i;

	for (i = 0; i < targets->n; i++) {
		const struct store_target *t = &targets->rows[i];
		const char *run = t->active_run != 0 ? show_url(req, "/runs/%d64", t->active_run)
						     : show_url(req, "/runs?target=%s", t->name);
		const char *page = show_url(req, "/migrations?project=%s", t->project);

		if (*t->held != '\0')
			add_need(list,
			    &(struct need){ "odd", "lock", run, gh_printf(req->arena, "%s is held", t->name),
				t->held, 0 });
		else if (!t->reachable && t->checked_at != 0)
			add_need(list,
			    &(struct need){ "bad", "unplug", page,
				gh_printf(req->arena, "%s is unreachable", t->name), t->problem,
				t->checked_at });
		else if (t->reachable && !t->tracking_known)
			add_need(list,
			    &(struct need){ "bad", "triangle-alert", page,
				gh_printf(req->arena, "%s: tracking table", t->name), t->tracking_text,
				t->checked_at });
		else if (t->reachable && *t->blocked != '\0' && *t->convention != '\0')
			add_need(list,
			    &(struct need){ "wait", "triangle-alert", page,
				gh_printf(req->arena, "Nothing runs on %s", t->name), t->blocked,
				t->checked_at });
	}
}

/* What would not bring anything back, and what nobody has tried for too long. */
static void
need_backups(struct req *req, struct view *list, const struct store_targets *targets)
{
	size_t i;

	for (i = 0; i < targets->n; i++) {
		const struct store_target *t = &targets->rows[i];

		if (t->last_backup != 0 && *t->last_backup_broken != '\0')
			add_need(list,
			    &(struct need){ "bad", "archive", show_url(req, "/backups/%d64", t->last_backup),
				gh_printf(req->arena, "The newest backup of %s is broken", t->name),
				t->last_backup_broken, t->last_backup_at });
		else if (t->overdue_at != 0)
			add_need(list,
			    &(struct need){ "wait", "archive", show_url(req, "/targets/%s", t->name),
				gh_printf(req->arena, "No proof of a backup of %s", t->name),
				"None was proved in time as far as its policy wants.", t->overdue_at });
	}
}

static enum gh_code
need_projects(struct req *req, struct view *list, struct gh_err *err)
{
	struct store_projects rows;
	size_t i;

	GH_TRY(store_project_list(req->store, req->arena, &rows, err));
	for (i = 0; i < rows.n; i++) {
		const struct store_project *p = &rows.rows[i];
		const char *url = show_url(req, "/projects/%s", p->name);

		if (*p->problem != '\0')
			add_need(list,
			    &(struct need){ "bad", "file-warning", url,
				gh_printf(req->arena, "%s cannot be read", p->name), p->problem,
				p->read_at });
		else if (*p->folder_problem != '\0')
			add_need(list,
			    &(struct need){ "bad", "file-warning", url,
				gh_printf(req->arena, "Nothing of %s runs", p->name), p->folder_problem,
				p->read_at });
		else if (p->refused > 0)
			add_need(list,
			    &(struct need){ "wait", "file-warning", url,
				gh_printf(req->arena, "%s: %s", p->name,
				    show_count(req, p->refused, "file refused", "files refused")),
				"The list of files says why.", p->read_at });
	}
	return GH_OK;
}

enum gh_code
overview_needs(
    struct req *req, struct view *v, const struct store_targets *targets, size_t *ret, struct gh_err *err)
{
	struct view *list = view_list(v, "needs");

	GH_TRY(need_approvals(req, list, err));
	GH_TRY(need_incidents(req, list, err));
	need_targets(req, list, targets);
	need_backups(req, list, targets);
	GH_TRY(need_projects(req, list, err));
	*ret = list->n_items;
	view_bool(v, "any_needs", list->n_items > 0);
	show_mark_as(v, "none", "ok", "Nothing. Everything is as it should be.");
	return GH_OK;
}
