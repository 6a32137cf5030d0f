#include "base/ban.h"
#include "cgi/request_rehearsal.h"

#include "store/finding.h"
#include "store/loss.h"
#include "store/plan.h"
#include "store/rehearsal.h"

static const struct verdict {
	const char *word, *tone, *icon, *says;
} verdicts[] = {
	{ "exact", "good", "circle-check", "the way back is exact" },
	{ "column-order", "good", "circle-check", "the way back is exact but for the order of columns" },
	{ "differs", "bad", "triangle-alert", "the way back leaves another schema" },
	{ "nothing", "bad", "triangle-alert", "the way back does nothing" },
	{ "fails", "bad", "octagon-x", "it fails" },
	{ "no-down", "wait", "minus", "there is no way back" },
};

static void
show_verdict(struct view *item, const char *word)
{
	struct view *mark = view_form(item, "mark");
	size_t i, n = sizeof(verdicts) / sizeof(verdicts[0]);

	for (i = 0; i + 1 < n && strcmp(verdicts[i].word, word) != 0; i++)
		continue;
	view_text(mark, "word", verdicts[i].says);
	view_text(mark, "tone", verdicts[i].tone);
	view_text(mark, "icon", verdicts[i].icon);
	view_bool(mark, "turns", false);
}

/* One item a line. */
static void
show_lines(struct view *v, const char *name, const char *lines)
{
	struct view *list = view_list(v, name);
	size_t len;

	for (; *lines != '\0'; lines += len + (lines[len] == '\n')) {
		len = strcspn(lines, "\n");
		if (len > 0)
			view_text_n(view_item(list), "text", lines, len);
	}
}

static void
show_step(struct req *req, struct view *item, const struct store_rehearsal_step *s)
{
	view_int(item, "line", s->line);
	view_text(item, "kind", s->kind);
	view_text(item, "state", s->state);
	view_bool(item, "failed", strcmp(s->state, "failed") == 0);
	view_span(item, "took", s->took_us);
	view_text(item, "rows", s->rows < 0 ? "" : show_number(req, s->rows));
	view_text(item, "blocks", s->blocks < 0 ? "" : show_number(req, s->blocks));
	view_text(item, "wal", s->wal_bytes < 0 ? "" : finding_bytes(s->wal_bytes, req->arena));
	show_lines(item, "locks", s->locks);
	show_lines(item, "rewritten", s->rewritten);
	view_text(item, "error", s->error);
}

static void
show_passes(struct req *req, struct view *item, const struct store_rehearsal_steps *steps, int64_t migration)
{
	static const char *const titles[] = { "Up", "Down", "Up again" };
	struct view *list = view_list(item, "passes");
	int64_t pass;
	bool any = false;
	size_t i;

	for (pass = 1; pass <= 3; pass++) {
		struct view *under = NULL;

		for (i = 0; i < steps->n; i++) {
			const struct store_rehearsal_step *s = &steps->rows[i];

			if (s->migration != migration || s->pass != pass)
				continue;
			if (under == NULL) {
				struct view *one = view_item(list);

				view_text(one, "title", titles[pass - 1]);
				under = view_list(one, "steps");
				any = true;
			}
			show_step(req, view_item(under), s);
		}
	}
	view_bool(item, "any_passes", any);
}

static enum gh_code
show_migrations(struct req *req, struct view *v, const struct store_request *r,
    const struct store_rehearsal *h, struct gh_err *err)
{
	struct view *list = view_list(v, "verdicts");
	struct store_rehearsal_migrations rows;
	struct store_rehearsal_steps steps;
	size_t i;

	GH_TRY(store_rehearsal_migration_list(req->store, req->arena, h->id, &rows, err));
	GH_TRY(store_rehearsal_step_list(req->store, req->arena, h->id, &steps, err));
	for (i = 0; i < rows.n; i++) {
		const struct store_rehearsal_migration *m = &rows.rows[i];
		struct view *item = view_item(list);
		struct store_plan_migrations plan;

		GH_TRY(store_plan_migration_list(
		    req->store, req->arena, r->plan_digest, m->migration, 1, &plan, err));
		view_text(item, "version", plan.n == 0 ? "" : plan.rows[0].version);
		view_text(item, "name", plan.n == 0 ? "" : plan.rows[0].name);
		view_text(item, "verdict", m->verdict);
		show_verdict(item, m->verdict);
		view_text(item, "text", m->text);
		view_bool(item, "loses", m->loses);
		show_lines(item, "objects", m->objects);
		show_passes(req, item, &steps, m->migration);
	}
	return GH_OK;
}

static const char *
sentence(struct req *req, const struct store_rehearsal *h)
{
	char ago[GH_CLOCK_LEN];

	if (strcmp(h->state, "queued") == 0)
		return "waits for its turn.";
	if (strcmp(h->state, "running") == 0)
		return "is under way on a copy.";
	if (strcmp(h->state, "failed") == 0)
		return gh_printf(req->arena, "could not be carried out: %s", h->text);
	return gh_printf(req->arena, "%s, %s",
	    h->good ? "every migration went up, back and up again" : "showed something that is not good",
	    gh_clock_ago(h->ended_at, req->now_us, ago));
}

enum gh_code
request_rehearsal_show(struct req *req, struct view *v, const struct store_request *r, struct gh_err *err)
{
	bool movable = strcmp(r->state, "waiting") == 0 || strcmp(r->state, "approved") == 0;
	struct store_rehearsal h;
	struct view *item;
	bool open;

	GH_TRY(store_rehearsal_find(req->store, req->arena, r->plan_digest, &h, err));
	open = h.id != 0 && (strcmp(h.state, "queued") == 0 || strcmp(h.state, "running") == 0);
	view_bool(v, "rehearsing", open);
	/* The way back is rehearsed with the way there. */
	view_bool(v, "rehearsable", h.id != 0 || strcmp(r->direction, "up") == 0);
	if (movable && !open && strcmp(r->direction, "up") == 0) {
		struct view *form = view_form(v, "rehearse");

		view_url(form, "url", "/requests/%d64/rehearse", r->id);
		view_text(form, "label", h.id == 0 ? "Rehearse it on a copy" : "Rehearse it again");
		req_formf(req, form, "form", WIRE_REHEARSAL_ADD, "request/%" PRId64, r->id);
	} else {
		view_text(v, "rehearse", "");
	}
	if (h.id == 0) {
		view_text(v, "rehearsal", "");
		return GH_OK;
	}
	item = view_object(v, "rehearsal");
	view_int(item, "id", h.id);
	view_text(item, "state", h.state);
	view_bool(item, "good", h.good);
	view_bool(item, "done", strcmp(h.state, "done") == 0);
	if (strcmp(h.state, "done") == 0)
		show_mark_as(item, "mark", h.good ? "ok" : "failed-partly", h.good ? "good" : "look at it");
	else
		show_mark(item, "mark", h.state);
	view_text(item, "sentence", sentence(req, &h));
	view_text(item, "place", h.place);
	view_text(item, "text", strcmp(h.state, "failed") == 0 ? "" : h.text);
	view_time(item, "at", h.ended_at);
	view_span(item, "took", h.started_at == 0 || h.ended_at == 0 ? -1 : h.ended_at - h.started_at);
	return show_migrations(req, item, r, &h, err);
}

enum gh_code
request_loss_show(struct req *req, struct view *v, const struct store_request *r, struct gh_err *err)
{
	struct view *list = view_list(v, "losses");
	struct store_losses rows = { 0 };
	struct store_count c;
	char ago[GH_CLOCK_LEN];
	const char *text = "";
	size_t i;

	GH_TRY(store_count_find(req->store, req->arena, r->plan_digest, &c, err));
	if (strcmp(c.state, "done") == 0) {
		GH_TRY(store_loss_list(req->store, req->arena, r->plan_digest, &rows, err));
		text = gh_printf(req->arena, "%s Counted in %s %s.%s%s",
		    rows.n == 0 ? "Nothing was found that it would destroy." : "", r->target,
		    gh_clock_ago(c.counted_at, req->now_us, ago), *c.text == '\0' ? "" : " ", c.text);
	} else if (strcmp(c.state, "failed") == 0) {
		text = gh_printf(req->arena, "It could not be counted: %s", c.text);
	} else if (*c.state != '\0') {
		text = "It is being counted; come back in a moment.";
	}
	for (i = 0; i < rows.n; i++) {
		struct view *item = view_item(list);

		view_text(item, "object", rows.rows[i].object);
		view_int(item, "there", rows.rows[i].there);
		view_int(item, "since", rows.rows[i].since);
		view_bool(item, "empty", rows.rows[i].there == 0);
		view_text(item, "text", rows.rows[i].text);
	}
	view_bool(v, "any_losses", rows.n > 0);
	view_text(v, "loss_text", text);
	return GH_OK;
}
