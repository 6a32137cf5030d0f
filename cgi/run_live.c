#include "base/ban.h"
#include "cgi/run_live.h"

#include "store/finding.h"
#include "store/guard.h"

static const struct activity {
	const char *word, *tone, *icon, *says;
} activities[] = {
	{ "running", "live", "loader-circle", "Running" },
	{ "waiting", "wait", "hourglass", "Waiting" },
	{ "paused", "wait", "pause", "Paused" },
	{ "backing-off", "wait", "undo-2", "Giving way" },
	{ "backup", "live", "archive", "Backing up" },
	{ "hook", "live", "terminal", "Running a hook" },
	{ "health", "live", "heart-pulse", "Asking for its health" },
};

static const struct activity *
find(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(activities) / sizeof(activities[0]); i++) {
		if (strcmp(activities[i].word, word) == 0)
			return &activities[i];
	}
	return &activities[0];
}

/* "1,200 of 5,000 rows" */
static const char *
counts(struct req *req, const struct store_progress *p)
{
	if (p->total <= 0)
		return "";
	if (strcmp(p->unit, "bytes") == 0)
		return gh_printf(req->arena, "%s of %s", finding_bytes(p->done, req->arena),
		    finding_bytes(p->total, req->arena));
	return gh_printf(req->arena, "%s of %s%s%s", show_number(req, p->done), show_number(req, p->total),
	    *p->unit == '\0' ? "" : " ", p->unit);
}

enum gh_code
run_live_now(struct req *req, struct view *v, const struct store_run *r, struct gh_err *err)
{
	struct store_progress *p = NULL;
	const struct activity *a;
	struct view *now;
	int64_t left = -1;
	char span[GH_CLOCK_LEN];

	GH_TRY(store_progress_find(req->store, req->arena, r->id, &p, err));
	if (p == NULL || strcmp(r->state, "running") != 0) {
		view_text(v, "now", "");
		return GH_OK;
	}
	GH_TRY(store_estimate_left(req->store, req->arena, r->id, req->now_us, &left, err));
	a = find(p->activity);
	now = view_object(v, "now");
	view_text(now, "activity", p->activity);
	view_text(now, "word", a->says);
	view_text(now, "tone", a->tone);
	view_text(now, "icon", a->icon);
	view_bool(now, "turns", strcmp(a->icon, "loader-circle") == 0);
	view_text(now, "sentence", p->text);
	view_span(now, "elapsed", p->since == 0 || p->since > req->now_us ? -1 : req->now_us - p->since);
	view_text(now, "counts", counts(req, p));
	view_bool(now, "measured", p->total > 0);
	view_int(now, "percent", p->total > 0 ? store_progress_percent(p) : 0);
	view_text(now, "left",
	    left < 0 ? ""
		: left == 0
		? "longer than on the targets before it"
		: gh_printf(req->arena, "about %s, by what it took before", gh_clock_span(left, span)));
	return GH_OK;
}

static void
offer(struct req *req, struct view *list, const struct store_run *r, const char *what, const char *label)
{
	struct view *item = view_item(list);

	view_text(item, "url", show_url(req, "/runs/%d64/control?do=%s", r->id, what));
	view_text(item, "label", label);
	view_bool(item, "danger", strcmp(what, "cancel") == 0);
}

void
run_live_controls(
    struct req *req, struct view *v, const struct store_run *r, const struct store_run_detail *d)
{
	struct view *form = view_form(v, "controls"), *list = view_list(form, "all");
	bool running = strcmp(r->state, "running") == 0, cancelling = strcmp(d->control, "cancelling") == 0;
	bool paused = strcmp(d->control, "paused") == 0 || strcmp(d->control, "pausing") == 0;

	view_text(v, "control", running ? d->control : "");
	view_text(v, "control_text", running ? d->control_text : "");
	view_time(v, "window_end", running ? d->window_end : 0);
	if (running && !cancelling) {
		offer(req, list, r, paused ? "resume" : "pause", paused ? "Resume" : "Pause");
		if (d->window_end != 0)
			offer(req, list, r, "extend", "Extend the window");
		offer(req, list, r, "cancel", "Cancel");
	}
	view_bool(form, "any", running && !cancelling);
}

static const struct ending {
	const char *word, *tone, *icon, *says;
} endings[] = {
	{ "", "live", "loader-circle", "goes on" },
	{ "granted", "good", "circle-check", "the lock was given" },
	{ "timed-out", "wait", "clock", "the time for the lock was over" },
	{ "gave-way", "wait", "undo-2", "our statement gave way" },
	{ "failed", "bad", "octagon-x", "the statement failed" },
	{ "ended", "calm", "circle-check", "the statement ended" },
};

static void
show_ending(struct view *item, const char *word)
{
	struct view *mark = view_form(item, "mark");
	size_t i, n = sizeof(endings) / sizeof(endings[0]);

	for (i = 0; i + 1 < n && strcmp(endings[i].word, word) != 0; i++)
		continue;
	view_text(mark, "word", endings[i].says);
	view_text(mark, "tone", endings[i].tone);
	view_text(mark, "icon", endings[i].icon);
	view_bool(mark, "turns", i == 0);
}

static const char *
title(struct req *req, const struct store_episode *e)
{
	size_t i, n = 0;

	for (i = 0; i < e->n; i++)
		n += e->sessions[i].blocker == !e->queue ? 1 : 0;
	return e->queue ? gh_printf(req->arena, "%s waited behind this run",
			      n == 0 ? "Somebody" : show_count(req, (int64_t)n, "session", "sessions"))
			: gh_printf(req->arena, "This run waited for %s",
			      n == 0 ? "somebody" : show_count(req, (int64_t)n, "session", "sessions"));
}

static void
show_session(struct req *req, struct view *item, const struct store_episode_session *s)
{
	view_text(item, "role", s->blocker ? "in the way" : "waiting");
	view_int(item, "pid", s->pid);
	view_text(item, "user", s->user);
	view_text(item, "application", s->application);
	view_text(item, "state", s->state);
	view_text(item, "query", s->query);
	view_span(item, "took", s->waited_ms * 1000);
	view_text(item, "took_says", s->blocker ? "transaction open for" : "waited");
	(void)req;
}

enum gh_code
run_live_episodes(struct req *req, struct view *v, const struct store_run *r, struct gh_err *err)
{
	struct view *list = view_list(v, "episodes");
	struct store_episodes rows;
	size_t i, k;

	GH_TRY(store_episode_list(req->store, req->arena, r->id, &rows, err));
	for (i = 0; i < rows.n; i++) {
		const struct store_episode *e = &rows.rows[i];
		struct view *item = view_item(list), *under;

		view_int(item, "number", e->number);
		view_text(item, "kind", e->queue ? "queue" : "blocked");
		view_text(item, "title", title(req, e));
		view_text(item, "relation", e->relation);
		view_text(item, "mode", e->mode);
		view_text(item, "ending", e->ending);
		show_ending(item, e->ending);
		view_time(item, "at", e->started_at);
		view_span(item, "took", e->ended_at == 0 ? -1 : e->ended_at - e->started_at);
		under = view_list(item, "sessions");
		for (k = 0; k < e->n; k++)
			show_session(req, view_item(under), &e->sessions[k]);
	}
	view_bool(v, "any_episodes", rows.n > 0);
	return GH_OK;
}
