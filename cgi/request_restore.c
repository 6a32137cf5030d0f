#include "base/ban.h"
#include "cgi/request_restore.h"
#include "cgi/backup_view.h"
#include "base/duration.h"
#include "store/loss.h"

enum gh_code
request_restore_find(struct req *req, const struct store_request *r, struct store_plan_restore *ret,
    bool *ret_is, struct gh_err *err)
{
	struct gh_err why = { 0 };
	enum gh_code code = store_plan_restore_get(req->store, req->arena, r->plan_digest, ret, &why);

	*ret_is = code == GH_OK;
	if (code == GH_OK || code == GH_NOT_FOUND)
		return GH_OK;
	*err = why;
	return code;
}

static const struct store_backup_table *
find(const struct store_backup_tables *tables, const char *name)
{
	size_t i;

	for (i = 0; i < tables->n; i++) {
		if (strcmp(tables->rows[i].name, name) == 0)
			return &tables->rows[i];
	}
	return NULL;
}

/* One table now, and in the backup. */
static void
table(struct req *req, struct view *item, const struct store_loss *now, const struct store_backup_table *then)
{
	int64_t was = then == NULL ? -1 : then->rows;
	bool differs = now->there < 0 || was != now->there || now->since > 0;

	view_text(item, "name", now->object);
	view_text(item, "now", now->there < 0 ? "" : show_number(req, now->there));
	view_text(item, "then", was < 0 ? "not in it" : show_number(req, was));
	view_text(item, "since", now->since <= 0 ? "" : show_number(req, now->since));
	view_text(item, "text", now->text);
	view_bool(item, "differs", differs);
	show_mark_as(item, "mark", differs ? "pending" : "ok", differs ? "differs" : "equal");
}

/* item.tables: what is there now against what the backup has. */
static enum gh_code
show_tables(
    struct req *req, struct view *item, const struct store_request *r, int64_t backup, struct gh_err *err)
{
	struct view *list = view_list(item, "tables");
	struct store_backup_tables then;
	struct store_losses now;
	struct store_count count;
	size_t i;

	GH_TRY(store_count_find(req->store, req->arena, r->plan_digest, &count, err));
	GH_TRY(store_loss_list(req->store, req->arena, r->plan_digest, &now, err));
	GH_TRY(store_backup_table_list(req->store, req->arena, backup, &then, err));
	for (i = 0; i < now.n; i++)
		table(req, view_item(list), &now.rows[i], find(&then, now.rows[i].object));
	view_bool(item, "any_tables", now.n > 0);
	view_time(item, "counted_at", count.counted_at);
	view_text(item, "counting",
	    strcmp(count.state, "failed") == 0
		? gh_printf(req->arena, "It could not be counted: %s", count.text)
		: strcmp(count.state, "done") == 0 || *count.state == '\0' ? ""
									   : "It is being counted.");
	view_text(item, "count_text", strcmp(count.state, "done") == 0 ? count.text : "");
	return GH_OK;
}

enum gh_code
request_restore_show(struct req *req, struct view *v, const struct store_request *r,
    const struct store_plan_restore *p, struct gh_err *err)
{
	struct store_backup b;
	struct view *item;
	char keep[GH_DURATION_LEN];
	bool side = p != NULL && *p->keep_name == '\0';

	if (p == NULL) {
		view_text(v, "restore", "");
		return GH_OK;
	}
	GH_TRY(store_backup_get(req->store, req->arena, p->backup, &b, err));
	item = view_object(v, "restore");
	view_int(item, "backup", p->backup);
	view_url(item, "backup_url", "/backups/%d64", p->backup);
	view_text(item, "file", p->file);
	view_text(item, "digest", p->digest);
	view_bytes(item, "size", p->size);
	view_time(item, "taken_at", p->taken_at);
	show_proof(item, "proof", b.level, b.broken);
	view_text(item, "proof_text", *b.broken != '\0' ? b.broken : show_proof_text(b.level));
	view_text(item, "schema_key", p->schema_key);
	view_text(item, "rows", p->rows < 0 ? "" : show_number(req, p->rows));
	view_text(item, "table_count", p->tables < 0 ? "" : show_count(req, p->tables, "table", "tables"));
	view_text(item, "name", p->name);
	view_text(item, "keep_name", p->keep_name);
	view_text(item, "keep", p->keep_ms <= 0 ? "" : gh_duration_text(p->keep_ms, keep));
	view_bool(item, "side", side);
	return show_tables(req, item, r, p->backup, err);
}
