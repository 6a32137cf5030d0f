#include "base/ban.h"
#include "cgi/run_batch.h"
#include "cgi/run_checks.h"
#include "cgi/run_failure.h"
#include "cgi/run_live.h"
#include "cgi/run_view.h"

#include "store/incident.h"
#include "store/backup.h"

/* GET /runs/{id}: what happens or happened, and what is true now.  It asks for itself again while it is open.
 */
static const char *
sentence(struct req *req, const struct store_run *r)
{
	char span[GH_CLOCK_LEN], ago[GH_CLOCK_LEN];

	if (strcmp(r->state, "queued") == 0)
		return gh_printf(req->arena, "waits for its turn on %s.", r->target);
	if (strcmp(r->state, "running") == 0)
		return gh_printf(
		    req->arena, "%s on %s.", show_what(req, r->act, r->migrations, r->direction), r->target);
	if (strcmp(r->state, "unknown") == 0)
		return gh_printf(
		    req->arena, "contact was lost; %s is held until the truth is found.", r->target);
	if (r->ended_at == 0 || r->started_at == 0)
		return gh_printf(
		    req->arena, "%s on %s.", show_what(req, r->act, r->migrations, r->direction), r->target);
	return gh_printf(req->arena, "%s on %s, ended %s after %s.",
	    show_what(req, r->act, r->migrations, r->direction), r->target,
	    gh_clock_ago(r->ended_at, req->now_us, ago), gh_clock_span(r->ended_at - r->started_at, span));
}

static const char *
truth(struct req *req, const struct store_run *r)
{
	if (*r->outcome != '\0')
		return r->outcome;
	if (strcmp(r->state, "queued") == 0)
		return gh_printf(req->arena, "Nothing has run yet. %s is as it was.", r->target);
	if (strcmp(r->state, "running") == 0)
		return "It is under way. What a transaction does is seen by nobody until it commits; the SQL "
		       "beside shows which migrations have.";
	return "Not known yet. The runner looks into the database until it has an answer.";
}

static enum gh_code
show_backup(struct req *req, struct view *v, const struct store_run *r, const struct store_run_detail *d,
    struct gh_err *err)
{
	struct store_backup b;
	struct store_target t;
	struct view *item;

	if (d->backup == 0) {
		bool asked =
		    store_target_get_id(req->store, req->arena, r->target_id, &t, NULL) == GH_OK && t.backup;

		view_text(v, "backup", "");
		view_text(v, "no_backup",
		    !asked                 ? "This target asks for none."
			: run_view_open(r) ? "Not taken yet."
					   : "None was taken.");
		return GH_OK;
	}
	GH_TRY(store_backup_get(req->store, req->arena, d->backup, &b, err));
	item = view_object(v, "backup");
	view_text(v, "no_backup", "");
	view_int(item, "id", b.id);
	view_url(item, "url", "/backups/%d64", b.id);
	view_text(item, "file", b.file);
	view_bytes(item, "size", b.size);
	view_time(item, "at", b.ended_at);
	view_text(item, "level", b.level);
	view_text(item, "digest", b.digest);
	show_proof(item, "proof", b.level, b.broken);
	return GH_OK;
}

static bool
any(const struct view *v, const char *name)
{
	const struct view_field *f = view_find(v, name, strlen(name));

	return f != NULL && f->truthy;
}

static const char *
next_sentence(const struct store_run *r, bool offered)
{
	if (run_view_open(r))
		return "Nothing to do: the page follows the run by itself.";
	if (strcmp(r->state, "succeeded") == 0 && strcmp(r->act, "restore") == 0)
		return "What was there before is kept beside it: the page of the target says until when.";
	if (strcmp(r->state, "succeeded") == 0 && strcmp(r->act, "side") == 0)
		return "Nobody drops it but you: the page of the target has the command.";
	if (strcmp(r->state, "succeeded") == 0 && strcmp(r->direction, "up") == 0)
		return "If it has to be undone, the down SQL goes through a request of its own.";
	if (strcmp(r->state, "succeeded") == 0)
		return "They may be applied again.";
	if (offered)
		return "What can be done stands beside, and nothing else is valid.";
	if (strcmp(r->state, "failed-clean") == 0)
		return "Correct the cause, then ask again.";
	return "Read what is true now, then decide: nothing more happens by itself.";
}

/* Last, because what the page offers elsewhere is not offered twice. */
static void
show_next_steps(struct req *req, struct view *v, const struct store_run *r, const struct store_run_detail *d)
{
	bool offered = any(v, "any_actions"), revert = any(v, "revert");
	bool up = strcmp(r->direction, "up") == 0;
	bool good = strcmp(r->state, "succeeded") == 0, clean = strcmp(r->state, "failed-clean") == 0;
	bool back = up && (good || strcmp(r->state, "failed-partly") == 0) && !revert && !offered;
	bool again = (clean && !offered) || (good && !up);
	bool open = d->incident == 0 && !run_view_open(r) && !good;

	view_text(v, "next", next_sentence(r, offered));
	view_text(
	    v, "back_url", back ? show_url(req, "/requests/new?target=%s&direction=down", r->target) : "");
	view_text(v, "back_label", "Request the way back");
	view_text(v, "again_url",
	    again
		? show_url(req, "/requests/new?target=%s&direction=%s", r->target, good ? "up" : r->direction)
		: "");
	view_text(v, "open_url", open ? show_url(req, "/incidents/new?run=%d64", r->id) : "");
	view_int(v, "incident", d->incident);
	view_text(v, "incident_url", d->incident == 0 ? "" : show_url(req, "/incidents/%d64", d->incident));
}

/* v.revert: {until, url, label} while the way back is one approval away, or "". */
static enum gh_code
show_revert(struct req *req, struct view *v, const struct store_run *r, const struct store_run_detail *d,
    struct gh_err *err)
{
	struct store_plan_migrations plan = { 0 };
	struct view *item;

	if (d->revert_until <= req->now_us || strcmp(r->state, "succeeded") != 0) {
		view_text(v, "revert", "");
		return GH_OK;
	}
	GH_TRY(store_plan_migration_list(req->store, req->arena, r->plan_digest, 0, 1, &plan, err));
	item = view_object(v, "revert");
	view_time(item, "until", d->revert_until);
	view_text(item, "url",
	    show_url(req, "/requests/new?target=%s&direction=down&to=%s", r->target,
		plan.n == 0 ? "" : plan.rows[0].key));
	return GH_OK;
}

static void
show_facts(struct req *req, struct view *v, const struct store_run *r, const struct store_run_detail *d)
{
	view_text(v, "title", gh_printf(req->arena, "Run %" PRId64, r->id));
	view_int(v, "id", r->id);
	view_url(v, "url", "/runs/%d64", r->id);
	view_text(v, "state", r->state);
	show_mark(v, "mark", r->state);
	view_text(v, "sentence", sentence(req, r));
	view_text(v, "says", gh_printf(req->arena, "Run %" PRId64 ": %s", r->id, show_word(r->state)));
	view_text(v, "truth", truth(req, r));
	view_text(v, "goal", show_goal(req, r->act, r->goal));
	view_text(v, "direction", r->direction);
	view_text(v, "target", r->target);
	view_url(v, "target_url", "/targets/%s", r->target);
	view_text(v, "environment", r->environment);
	view_text(v, "project", r->project);
	view_text(v, "person", r->person);
	view_text(v, "reason", d->reason);
	view_int(v, "request", r->request_id);
	view_url(v, "request_url", "/requests/%d64", r->request_id);
	view_text(v, "plan_digest", r->plan_digest);
	view_time(v, "queued_at", r->queued_at);
	view_time(v, "started_at", r->started_at);
	view_time(v, "ended_at", r->ended_at);
	view_span(v, "took", r->started_at == 0 || r->ended_at == 0 ? -1 : r->ended_at - r->started_at);
	view_int(v, "event_seq", r->event_seq);
	view_bool(v, "poll", run_view_open(r));
}

static enum gh_code
page_run_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_run_detail d;
	struct store_run r;

	GH_TRY(store_run_get(req->store, req->arena, req->id, &r, err));
	GH_TRY(store_run_detail(req->store, req->arena, req->id, &d, err));
	show_facts(req, v, &r, &d);
	GH_TRY(run_view_phases(req, v, &r, err));
	GH_TRY(run_view_error(req, v, &r, &d, err));
	GH_TRY(run_view_sql(req, v, &r, err));
	GH_TRY(run_view_events(req, v, &r, err));
	GH_TRY(show_backup(req, v, &r, &d, err));
	GH_TRY(run_live_now(req, v, &r, err));
	GH_TRY(run_live_episodes(req, v, &r, err));
	GH_TRY(show_revert(req, v, &r, &d, err));
	run_live_controls(req, v, &r, &d);
	GH_TRY(run_batch_show(req, v, &r, err));
	GH_TRY(run_checks_hooks(req, v, &r, err));
	GH_TRY(run_checks_evidence(req, v, &r, err));
	GH_TRY(run_failure_show(req, v, &r, &d, err));
	show_next_steps(req, v, &r, &d);
	return GH_OK;
}

const struct page page_run = {
	.path = "/runs/{id}",
	.tpl = TPL_RUN,
	.nav = "runs",
	.polls = true,
	.run = page_run_run,
};
