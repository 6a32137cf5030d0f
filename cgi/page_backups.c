#include "base/ban.h"
#include "cgi/show.h"
#include "store/backup.h"

/* GET /backups: what could be restored, and how far that is proved. */
#define BACKUPS_A_PAGE 50

static void
show_backup(struct view *item, const struct store_backup *b)
{
	view_int(item, "id", b->id);
	view_text(item, "target", b->target);
	view_text(item, "environment", b->environment);
	view_time(item, "ended_at", b->ended_at);
	view_text(item, "level", b->level);
	show_proof(item, "proof", b->level);
	view_text(item, "schema_key", b->schema_key);
	view_int(item, "table_count", b->table_count);
	view_int(item, "row_count", b->row_count);
	view_bytes(item, "size", b->size);
	view_span(item, "took", b->ended_at - b->started_at);
	view_int(item, "run", b->run_id);
	if (b->run_id == 0)
		view_text(item, "run_url", "");
	else
		view_url(item, "run_url", "/runs/%d64", b->run_id);
	view_text(item, "file", b->file);
	view_text(item, "digest", b->digest);
	view_text(item, "server_version", b->server_version);
	view_text(item, "client_version", b->client_version);
}

/* "The newest was taken 4 minutes ago, on shop_production." */
static const char *
lede(struct req *req, const struct store_backups *newest)
{
	char ago[GH_CLOCK_LEN];

	if (newest->n == 0)
		return "None was taken yet.";
	return gh_printf(req->arena, "The newest was taken %s, of %s.",
	    gh_clock_ago(newest->rows[0].ended_at, req->now_us, ago), newest->rows[0].target);
}

static enum gh_code
page_backups_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_backups newest, backups;
	int64_t target, before;
	struct view *list;
	size_t i;

	GH_TRY(show_target_choices(req, v, req_query(req, "target"), &target, err));
	GH_TRY(req_query_int(req, "before", 1, INT64_MAX, 0, &before, err));
	GH_TRY(store_backup_list(req->store, req->arena, target, 0, 1, &newest, err));
	GH_TRY(store_backup_list(req->store, req->arena, target, before, BACKUPS_A_PAGE, &backups, err));
	view_text(v, "lede", lede(req, &newest));
	list = view_list(v, "backups");
	for (i = 0; i < backups.n; i++)
		show_backup(view_item(list), &backups.rows[i]);
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
	.query = { "target", "before" },
	.run = page_backups_run,
};
