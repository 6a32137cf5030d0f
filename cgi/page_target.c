#include "base/ban.h"
#include "cgi/backup_view.h"
#include "cgi/overview_view.h"
#include "cgi/request_policy.h"

/* GET /targets/{name}: one database, whether it is as it should be, and whether one could go back. */
#define SHOWN 8 /* of its newest runs, and of its newest backups */

static enum gh_code
show_runs(struct req *req, struct view *v, const struct store_target *t, struct gh_err *err)
{
	const struct store_run_filter f = { .target_id = t->id, .state = "", .limit = SHOWN };
	struct view *list = view_list(v, "runs");
	struct store_runs runs;
	size_t i;

	GH_TRY(store_run_list(req->store, req->arena, &f, &runs, err));
	for (i = 0; i < runs.n; i++) {
		const struct store_run *r = &runs.rows[i];
		struct view *item = view_item(list);

		view_int(item, "id", r->id);
		view_url(item, "url", "/runs/%d64", r->id);
		view_text(item, "goal", show_goal(req, r->act, r->goal));
		view_text(item, "person", r->person);
		view_text(item, "state", r->state);
		show_mark(item, "mark", r->state);
		view_time(item, "at", r->started_at != 0 ? r->started_at : r->queued_at);
		view_span(
		    item, "took", r->started_at == 0 || r->ended_at == 0 ? -1 : r->ended_at - r->started_at);
	}
	view_bool(v, "any_runs", runs.n > 0);
	view_url(v, "runs_url", "/runs?target=%s", t->name);
	return GH_OK;
}

static enum gh_code
show_backups(struct req *req, struct view *v, const struct store_target *t, struct gh_err *err)
{
	struct view *list = view_list(v, "backups");
	struct store_backups backups;
	size_t i;

	GH_TRY(store_backup_list(req->store, req->arena, t->id, 0, BACKUP_CHART, &backups, err));
	backup_answer_view(req, v, t);
	backup_chart(req, v, &backups);
	for (i = 0; i < backups.n && i < SHOWN; i++)
		backup_view(req, view_item(list), &backups.rows[i]);
	view_bool(v, "any_backups", backups.n > 0);
	view_url(v, "backups_url", "/backups?target=%s", t->name);
	return backup_tasks(req, v, t->id, 0, err);
}

/* What restores have left on its server. */
static enum gh_code
show_kept(struct req *req, struct view *v, const struct store_target *t, struct gh_err *err)
{
	struct view *list = view_list(v, "kept");
	struct store_kept_databases kept;
	size_t i, n = 0;

	GH_TRY(store_kept_database_list(req->store, req->arena, t->id, &kept, err));
	for (i = 0; i < kept.n; i++) {
		const struct store_kept_database *d = &kept.rows[i];
		struct view *item;

		if (strcmp(d->state, "kept") != 0)
			continue;
		n++;
		item = view_item(list);
		view_text(item, "name", d->name);
		view_text(item, "kind", d->kind);
		view_text(item, "what",
		    strcmp(d->kind, "side") == 0 ? "made for a look" : "what it was before a restore");
		view_bytes(item, "size", d->bytes);
		view_time(item, "kept_at", d->kept_at);
		view_time(item, "drop_after", d->drop_after);
		view_bool(item, "due", d->drop_after < req->now_us);
		view_int(item, "run", d->run_id);
		view_url(item, "run_url", "/runs/%d64", d->run_id);
	}
	view_bool(v, "any_kept", n > 0);
	return GH_OK;
}

static void
show_state(struct req *req, struct view *v, const struct store_target *t)
{
	const char *word, *state = overview_state(req, t, &word);

	view_text(v, "title", t->name);
	view_text(v, "environment", t->environment);
	view_text(v, "project", t->project);
	view_url(v, "project_url", "/projects/%s", t->project);
	view_url(v, "matrix_url", "/migrations?project=%s", t->project);
	view_text(v, "state", state);
	show_mark_as(v, "mark", state, word);
	view_text(v, "problem",
	    *t->held != '\0'          ? t->held
		: *t->blocked != '\0' ? t->blocked
		: !t->reachable       ? t->problem
				      : "");
	view_time(v, "checked_at", t->checked_at);
	view_text(v, "database", t->database);
	view_text(v, "server_version", t->server_version);
	view_text(v, "role", t->role);
	view_text(v, "tracking_table", t->tracking_table);
	view_bytes(v, "size", t->checked_at == 0 ? -1 : t->database_bytes);
	view_int(v, "table_count", t->table_count);
	view_text(v, "version", t->newest_version);
	view_int(v, "pending", t->pending);
	view_int(v, "missing", t->missing);
	view_int(v, "edited", t->edited);
	view_int(v, "out_of_order", t->out_of_order);
	view_text(v, "approvals",
	    t->approvals == 0 ? "none" : show_count(req, t->approvals, "approval", "approvals"));
}

static enum gh_code
page_target_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_target t;
	bool may = req_has_role(req, ROLE_LEAD | ROLE_ADMIN);

	GH_TRY(store_target_get(req->store, req->arena, req->name, &t, err));
	show_state(req, v, &t);
	GH_TRY(show_backups(req, v, &t, err));
	GH_TRY(show_kept(req, v, &t, err));
	GH_TRY(show_runs(req, v, &t, err));
	request_policy_text(req, v, t.policy);
	view_url(v, "request_url", "/requests/new?target=%s", t.name);
	view_text(v, "take_url", may ? show_url(req, "/backups/new?target=%s", t.name) : "");
	show_formats(req, v);
	return GH_OK;
}

const struct page page_target = {
	.path = "/targets/{name}",
	.tpl = TPL_TARGET,
	.nav = "overview",
	.csv = "backups",
	.polls = true,
	.run = page_target_run,
};
