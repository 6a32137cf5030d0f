#include "base/ban.h"
#include "cgi/overview_view.h"

#include "store/behind.h"
#include "store/guard.h"

/* GET /: is everything fine, what needs me, what is running. */
static const char *
did(const char *state)
{
	static const char *const rows[][2] = {
		{ "queued", "waits for its turn, since" },
		{ "running", "is running, since" },
		{ "succeeded", "succeeded" },
		{ "failed-clean", "failed and was rolled back" },
		{ "failed-partly", "failed; a part of it stays" },
		{ "unknown", "lost contact" },
		{ "needs-person", "needs a person" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i][0], state) == 0)
			return rows[i][1];
	}
	return state;
}

static void
show_target(struct req *req, struct view *item, const struct store_target *t)
{
	const char *word, *state = overview_state(req, t, &word);
	struct view *run;

	view_text(item, "name", t->name);
	view_text(item, "project", t->project);
	view_url(item, "url", "/targets/%s", t->name);
	view_text(item, "state", state);
	show_mark_as(item, "mark", state, word);
	view_text(item, "version", t->newest_version);
	view_int(item, "pending", t->pending);
	view_int(item, "missing", t->missing);
	view_time(item, "checked_at", t->checked_at);
	view_time(item, "backup_at", t->last_backup_at);
	view_text(item, "backup_level", t->last_backup_level);
	view_text(item, "backup_broken", t->last_backup_broken);
	view_time(item, "proved_at", t->proved_at);
	if (t->last_backup != 0)
		show_proof(item, "backup", t->last_backup_level, t->last_backup_broken);
	else
		view_text(item, "backup", "");
	view_text(item, "no_backup",
	    t->last_backup != 0 ? ""
		: t->backup     ? "No backup yet"
				: "No backup asked for");
	if (t->last_run == 0) {
		view_text(item, "run", "");
		return;
	}
	run = view_object(item, "run");
	view_int(run, "id", t->last_run);
	view_url(run, "url", "/runs/%d64", t->last_run);
	view_text(run, "state", t->last_run_state);
	view_text(run, "did", did(t->last_run_state));
	view_time(run, "at", t->last_run_at);
}

static void
show_lanes(struct req *req, struct view *v, const struct store_targets *targets)
{
	struct view *lanes = view_list(v, "lanes"), *lane, *list = NULL;
	const char *environment = NULL;
	int64_t number = 0;
	size_t i;

	for (i = 0; i < targets->n; i++) {
		const struct store_target *t = &targets->rows[i];

		if (environment == NULL || strcmp(environment, t->environment) != 0) {
			environment = t->environment;
			lane = view_item(lanes);
			view_text(lane, "environment", environment);
			view_int(lane, "number", ++number);
			list = view_list(lane, "targets");
		}
		show_target(req, view_item(list), t);
	}
	view_bool(v, "any_targets", targets->n > 0);
}

/* item.doing, percent, measured: what it says of itself. */
static enum gh_code
show_progress(struct req *req, struct view *item, const struct store_run *r, struct gh_err *err)
{
	struct store_progress *p = NULL;
	int percent;

	GH_TRY(store_progress_find(req->store, req->arena, r->id, &p, err));
	percent = p == NULL ? -1 : store_progress_percent(p);
	view_text(item, "doing", p == NULL ? "" : p->text);
	view_bool(item, "measured", percent >= 0);
	view_int(item, "percent", percent < 0 ? 0 : percent);
	if (percent >= 0)
		show_mark_as(
		    item, "mark", r->state, gh_printf(req->arena, "%s %d %%", show_word(r->state), percent));
	else if (p != NULL && strcmp(p->activity, "paused") == 0)
		show_mark(item, "mark", "paused");
	else
		show_mark(item, "mark", r->state);
	return GH_OK;
}

static enum gh_code
show_open(struct req *req, struct view *v, const struct store_runs *open, struct gh_err *err)
{
	struct view *list = view_list(v, "open");
	size_t i;

	for (i = 0; i < open->n; i++) {
		const struct store_run *r = &open->rows[i];
		struct view *item = view_item(list);

		view_int(item, "id", r->id);
		view_url(item, "url", "/runs/%d64", r->id);
		view_text(item, "target", r->target);
		view_text(item, "goal", show_goal(req, r->act, r->goal));
		view_text(item, "person", r->person);
		view_text(item, "state", r->state);
		GH_TRY(show_progress(req, item, r, err));
		view_time(item, "at", r->started_at != 0 ? r->started_at : r->queued_at);
	}
	view_bool(v, "any_open", open->n > 0);
	return GH_OK;
}

/* "4 of 6 targets are up to date. 1 run is in progress. 2 things need you." */
static const char *
lede(struct req *req, const struct store_targets *targets, size_t open, size_t needs)
{
	const char *word, *fine;
	size_t i, good = 0;

	if (targets->n == 0)
		return "Nothing is configured yet.";
	for (i = 0; i < targets->n; i++)
		good += strcmp(overview_state(req, &targets->rows[i], &word), "up-to-date") == 0 ? 1 : 0;
	fine = good == targets->n
	    ? "Every target is up to date."
	    : gh_printf(req->arena, "%zu of %s %s up to date.", good,
		  show_count(req, (int64_t)targets->n, "target", "targets"), good == 1 ? "is" : "are");
	return gh_printf(req->arena, "%s %s %s", fine,
	    open == 0 ? "Nothing is running."
		      : gh_printf(req->arena, "%s in progress.",
			    show_count(req, (int64_t)open, "run is", "runs are")),
	    needs == 0 ? ""
		       : gh_printf(req->arena, "%s you.",
			     show_count(req, (int64_t)needs, "thing needs", "things need")));
}

/* v.behind [{text, url}]: "production is behind staging by 3 migrations", one for the worst of each
 * environment. */
static enum gh_code
show_behind(struct req *req, struct view *v, struct gh_err *err)
{
	struct view *list = view_list(v, "behind");
	struct store_behinds rows;
	size_t i, k;

	GH_TRY(store_behind_list(req->store, req->arena, &rows, err));
	for (i = 0; i < rows.n; i = k) {
		const struct store_behind *worst = &rows.rows[i];
		struct view *item = view_item(list);

		for (k = i + 1; k < rows.n && strcmp(rows.rows[k].project, worst->project) == 0 &&
		     strcmp(rows.rows[k].environment, rows.rows[i].environment) == 0;
		     k++) {
			if (rows.rows[k].migrations > worst->migrations)
				worst = &rows.rows[k];
		}
		view_text(item, "project", worst->project);
		view_text(item, "environment", worst->environment);
		view_text(item, "before", worst->before);
		view_int(item, "migrations", worst->migrations);
		view_url(item, "url", "/migrations?project=%s&state=pending&target=%s", worst->project,
		    worst->target);
		view_text(item, "text",
		    gh_printf(req->arena, "%s is behind %s by %s", worst->environment, worst->before,
			show_count(req, worst->migrations, "migration", "migrations")));
	}
	view_bool(v, "any_behind", rows.n > 0);
	return GH_OK;
}

static enum gh_code
page_overview_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_targets targets;
	struct store_runs open;
	size_t needs;

	GH_TRY(store_target_list(req->store, req->arena, 0, &targets, err));
	GH_TRY(store_run_open_list(req->store, req->arena, &open, err));
	show_lanes(req, v, &targets);
	GH_TRY(show_open(req, v, &open, err));
	GH_TRY(show_behind(req, v, err));
	GH_TRY(overview_needs(req, v, &targets, &needs, err));
	GH_TRY(overview_strip(req, v, err));
	view_text(v, "lede", lede(req, &targets, open.n, needs));
	view_bool(v, "poll", true);
	return GH_OK;
}

const struct page page_overview = {
	.path = "/",
	.tpl = TPL_OVERVIEW,
	.title = "Overview",
	.nav = "overview",
	.polls = true,
	.run = page_overview_run,
};
