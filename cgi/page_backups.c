#include "base/ban.h"
#include "cgi/backup_view.h"

#include "base/clock.h"
#include "store/finding.h"
#include "store/shelf.h"

/* GET /backups: could we go back, and is it proved. */
#define BACKUPS_A_PAGE 50

/* Targets that ask for backups, or have some. */
static bool
is_shown(const struct store_target *t, const struct store_backups *list)
{
	return t->backup || list->n > 0;
}

/* v.summary: a target a row. */
static enum gh_code
show_summary(struct req *req, struct view *v, const struct store_targets *targets, struct gh_err *err)
{
	struct view *rows = view_list(v, "summary");
	size_t i, n = 0;

	for (i = 0; i < targets->n; i++) {
		const struct store_target *t = &targets->rows[i];
		struct store_backups list;
		struct view *item;

		GH_TRY(store_backup_list(req->store, req->arena, t->id, 0, BACKUP_CHART, &list, err));
		if (!is_shown(t, &list))
			continue;
		n++;
		item = view_item(rows);
		view_text(item, "target", t->name);
		view_url(item, "url", "/targets/%s", t->name);
		view_text(item, "environment", t->environment);
		view_time(item, "newest_at", t->last_backup_at);
		if (t->last_backup == 0)
			view_text(item, "proof", "");
		else
			show_proof(item, "proof", t->last_backup_level, t->last_backup_broken);
		view_time(item, "proved_backup_at", t->proved_backup_at);
		view_time(item, "proved_at", t->proved_at);
		view_span(item, "prove_took", t->proved_backup == 0 ? -1 : t->prove_us);
		backup_chart(req, item, &list);
		backup_answer_view(req, item, t);
	}
	view_bool(v, "any_summary", n > 0);
	return GH_OK;
}

/* Files that no row knows. */
static enum gh_code
show_orphans(struct req *req, struct view *v, struct gh_err *err)
{
	struct view *list = view_list(v, "orphans");
	struct store_orphans orphans;
	size_t i;

	GH_TRY(store_orphan_list(req->store, req->arena, &orphans, err));
	for (i = 0; i < orphans.n; i++) {
		struct view *item = view_item(list);

		view_text(item, "file", orphans.rows[i].file);
		view_text(item, "text", orphans.rows[i].text);
		view_bytes(item, "size", orphans.rows[i].size);
		view_time(item, "changed_at", orphans.rows[i].changed_at);
	}
	view_bool(v, "any_orphans", orphans.n > 0);
	return GH_OK;
}

/* "2 of 3 targets could go back to a backup that was restored and counted." */
static const char *
lede(struct req *req, const struct store_targets *targets)
{
	int64_t asked = 0, proved = 0;
	size_t i;

	for (i = 0; i < targets->n; i++) {
		asked += targets->rows[i].backup || targets->rows[i].last_backup != 0;
		proved += targets->rows[i].proved_backup != 0;
	}
	if (asked == 0)
		return "No target asks for backups, and there are none.";
	return gh_printf(req->arena, "%s of %s could go back to a backup that was restored and counted.",
	    show_number(req, proved), show_count(req, asked, "target", "targets"));
}

/* "12.3 GB are free where the backups lie. At 1.2 GB a day that is enough until 2026-12-03." */
static enum gh_code
show_shelf(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_shelf s;
	const char *rest = "";
	char utc[GH_CLOCK_LEN];

	GH_TRY(store_shelf_get(req->store, req->arena, &s, err));
	view_text(v, "shelf_problem", s.problem);
	if (s.looked_at == 0 || s.free_size < 0) {
		view_text(v, "shelf", "");
		return GH_OK;
	}
	if (s.a_day > 0 && s.full_at > 0)
		rest = gh_printf(req->arena,
		    " At the pace of the last backups, %s a day, it is full about %.10s.",
		    finding_bytes(s.a_day, req->arena), gh_clock_utc(s.full_at, utc));
	else if (s.a_day >= 0 && s.full_at == 0)
		rest = " At the pace of the last backups it is not full within ten years.";
	view_textf(
	    v, "shelf", "%s are free where the backups lie.%s", finding_bytes(s.free_size, req->arena), rest);
	return GH_OK;
}

static enum gh_code
page_backups_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_targets targets;
	struct store_backups backups;
	int64_t target, before;
	struct view *list;
	size_t i;

	GH_TRY(show_target_choices(req, v, req_query(req, "target"), &target, err));
	GH_TRY(req_query_int(req, "before", 1, INT64_MAX, 0, &before, err));
	GH_TRY(store_target_list(req->store, req->arena, 0, &targets, err));
	GH_TRY(store_backup_list(req->store, req->arena, target, before,
	    req->format == REQ_HTML ? BACKUPS_A_PAGE : STORE_PAGE_MAX, &backups, err));
	view_text(v, "lede", lede(req, &targets));
	GH_TRY(show_summary(req, v, &targets, err));
	GH_TRY(backup_tasks(req, v, target, 0, err));
	GH_TRY(show_shelf(req, v, err));
	GH_TRY(show_orphans(req, v, err));
	list = view_list(v, "backups");
	for (i = 0; i < backups.n; i++)
		backup_view(req, view_item(list), &backups.rows[i]);
	view_text(v, "take_url",
	    req_has_role(req, ROLE_LEAD | ROLE_ADMIN) && targets.n > 0
		? show_url(req, "/backups/new?target=%s", req_query(req, "target"))
		: "");
	show_list(req, v, backups.n);
	show_formats(req, v);
	show_next(req, v, backups.next);
	return GH_OK;
}

const struct page page_backups = {
	.path = "/backups",
	.tpl = TPL_BACKUPS,
	.title = "Backups",
	.nav = "backups",
	.csv = "backups",
	.polls = true,
	.query = { "target", "before" },
	.run = page_backups_run,
};
