#include "base/ban.h"
#include "cgi/run_checks.h"

#include "store/evidence.h"
#include "store/hook.h"

/* "exit status 3", "killed by signal 9" */
static const char *
ending(struct req *req, const struct store_hook *h)
{
	if (h->exit_status < 0 || strcmp(h->state, "ok") == 0)
		return "";
	if (h->exit_status >= 256)
		return gh_printf(req->arena, "ended by signal %" PRId64, h->exit_status - 256);
	return gh_printf(req->arena, "exit status %" PRId64, h->exit_status);
}

enum gh_code
run_checks_hooks(struct req *req, struct view *v, const struct store_run *r, struct gh_err *err)
{
	struct view *list = view_list(v, "hooks");
	struct store_hooks rows;
	size_t i;

	GH_TRY(store_hook_list(req->store, req->arena, r->id, &rows, err));
	for (i = 0; i < rows.n; i++) {
		const struct store_hook *h = &rows.rows[i];
		struct view *item = view_item(list);

		view_text(item, "when", h->when);
		view_text(item, "command", h->command);
		view_text(item, "state", h->state);
		show_mark(item, "mark", h->state);
		view_text(item, "ending", ending(req, h));
		view_text(item, "output", h->output);
		view_span(item, "took", h->ended_at == 0 ? -1 : h->ended_at - h->started_at);
	}
	view_bool(v, "any_hooks", rows.n > 0);
	return GH_OK;
}

enum gh_code
run_checks_evidence(struct req *req, struct view *v, const struct store_run *r, struct gh_err *err)
{
	struct view *list = view_list(v, "checks");
	struct store_evidences rows;
	size_t i, failed = 0;

	GH_TRY(store_evidence_list(req->store, req->arena, r->id, &rows, err));
	for (i = 0; i < rows.n; i++) {
		const struct store_evidence *e = &rows.rows[i];
		struct view *item = view_item(list);

		failed += strcmp(e->state, "failed") == 0 ? 1 : 0;
		view_text(item, "kind", e->kind);
		view_text(item, "name", e->name);
		view_text(item, "state", e->state);
		show_mark(item, "mark", e->state);
		view_text(item, "text", e->text);
		view_time(item, "at", e->at);
	}
	view_bool(v, "any_checks", rows.n > 0);
	view_text(v, "checks_sum",
	    rows.n == 0 ? ""
		: failed == 0
		? show_count(req, (int64_t)rows.n, "thing looked at", "things looked at")
		: gh_printf(req->arena, "%s, %zu failed",
		      show_count(req, (int64_t)rows.n, "thing looked at", "things looked at"), failed));
	return GH_OK;
}
