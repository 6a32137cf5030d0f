#include "base/ban.h"
#include "cgi/app.h"
#include "cgi/backup_view.h"

#include "base/clock.h"

/* GET /backups/{id}: one backup, how far it is proved and by what. */

static enum gh_code
show_tables(struct req *req, struct view *v, int64_t id, struct gh_err *err)
{
	struct view *list = view_list(v, "tables_in_it");
	struct store_backup_tables tables;
	bool counted = false;
	size_t i;

	GH_TRY(store_backup_table_list(req->store, req->arena, id, &tables, err));
	for (i = 0; i < tables.n; i++) {
		const struct store_backup_table *t = &tables.rows[i];
		struct view *item = view_item(list);
		bool differs = t->restored >= 0 && t->restored != t->rows;

		counted = counted || t->restored >= 0;
		view_text(item, "name", t->name);
		view_int(item, "row_count", t->rows);
		view_text(item, "rows", show_number(req, t->rows));
		view_bytes(item, "size", t->bytes);
		view_text(item, "restored", t->restored < 0 ? "" : show_number(req, t->restored));
		view_bool(item, "differs", differs);
		show_mark_as(item, "mark",
		    t->restored < 0 ? "to-come"
			: differs   ? "failed"
				    : "ok",
		    t->restored < 0 ? "not counted"
			: differs   ? "differs"
				    : "equal");
	}
	view_bool(v, "any_tables", tables.n > 0);
	view_bool(v, "any_counted", counted);
	return GH_OK;
}

static enum gh_code
show_proofs(struct req *req, struct view *v, const struct store_backup *b, struct gh_err *err)
{
	struct view *list = view_list(v, "proofs");
	struct store_proofs proofs;
	size_t i;

	GH_TRY(store_proof_list(req->store, req->arena, b->id, &proofs, err));
	backup_steps(v, b, &proofs);
	for (i = 0; i < proofs.n; i++) {
		const struct store_proof *p = &proofs.rows[i];
		struct view *item = view_item(list);

		view_text(item, "level", p->level);
		view_text(item, "state", p->state);
		show_mark_as(item, "mark", p->state, p->level);
		view_time(item, "at", p->ended_at);
		view_span(item, "took", p->ended_at - p->started_at);
		view_text(item, "place", p->place);
		view_text(item, "text", p->text);
		view_text(item, "by", p->task_id == 0 ? "the run" : "a proof");
	}
	view_bool(v, "any_proofs", proofs.n > 0);
	return GH_OK;
}

/* A form of the page, or "" where there is nothing to do. */
static void
offer(struct req *req, struct view *v, const char *name, bool may, const struct store_backup *b)
{
	struct view *form;

	if (!may) {
		view_text(v, name, "");
		return;
	}
	form = view_form(v, name);
	view_url(form, "url", "/backups/%d64/prove", b->id);
	req_formf(req, form, "form", WIRE_BACKUP_PROVE, "backup/%" PRId64, b->id);
}

static void
show_offers(struct req *req, struct view *v, const struct store_backup *b)
{
	bool ours = *b->file != '\0' && strcmp(b->state, "kept") == 0;
	bool may = req_has_role(req, ROLE_LEAD | ROLE_ADMIN);

	offer(req, v, "prove", ours && may, b);
	view_bool(v, "any_offer", ours);
	view_text(v, "restore_url",
	    ours && *b->broken == '\0' ? show_url(req, "/backups/%d64/restore", b->id) : "");
}

static const char *
sentence(struct req *req, const struct store_backup *b)
{
	if (strcmp(b->state, "missing") == 0)
		return "Its file is not where it was. Nothing can be restored from it.";
	if (strcmp(b->state, "expired") == 0)
		return strcmp(b->kind, "outside") == 0 ? "The other system no longer lists it."
						       : "It was removed when its time was over.";
	if (*b->broken != '\0')
		return b->broken;
	if (strcmp(b->kind, "outside") == 0)
		return gh_printf(req->arena, "%s keeps it; Gatehouse only lists it.", b->source);
	return show_proof_text(b->level);
}

/* What lies beside the file, as it was written. */
static enum gh_code
show_sidecar(struct req *req, struct view *v, const struct store_backup *b, struct gh_err *err)
{
	struct store_sidecar s;
	struct view *item;

	GH_TRY(store_sidecar_get(req->store, req->arena, b->id, &s, err));
	if (*s.name == '\0') {
		view_text(v, "sidecar", "");
		return GH_OK;
	}
	item = view_object(v, "sidecar");
	view_text(item, "name", s.name);
	view_bytes(item, "size", s.size);
	view_text(item, "digest", s.digest);
	view_text(item, "wrong", *b->sidecar_wrong == '\0' ? "" : app_sentence(req->arena, b->sidecar_wrong));
	view_text(item, "text", s.text);
	return GH_OK;
}

/* What is known of one that another system keeps. */
static const char *
outside_text(struct req *req, const struct store_backup *b)
{
	char utc[GH_CLOCK_LEN], ago[GH_CLOCK_LEN];

	if (b->seen_at == 0)
		return gh_printf(req->arena, "Listed by %s.", b->source);
	return gh_printf(req->arena, "Listed by %s, the last time %s (%s).", b->source,
	    gh_clock_utc(b->seen_at, utc), gh_clock_ago(b->seen_at, req->now_us, ago));
}

static enum gh_code
page_backup_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_backup b;
	const char *log;

	GH_TRY(store_backup_get(req->store, req->arena, req->id, &b, err));
	GH_TRY(store_backup_log(req->store, req->arena, req->id, &log, err));
	view_textf(v, "title", "Backup %" PRId64 " of %s", b.id, b.target);
	backup_view(req, v, &b);
	view_text(v, "sentence", sentence(req, &b));
	view_text(v, "log", log);
	view_bool(v, "outside", strcmp(b.kind, "outside") == 0);
	view_text(v, "outside_text", strcmp(b.kind, "outside") == 0 ? outside_text(req, &b) : "");
	GH_TRY(show_sidecar(req, v, &b, err));
	GH_TRY(show_proofs(req, v, &b, err));
	GH_TRY(show_tables(req, v, b.id, err));
	GH_TRY(backup_tasks(req, v, b.target_id, b.id, err));
	show_offers(req, v, &b);
	show_formats(req, v);
	return GH_OK;
}

const struct page page_backup = {
	.path = "/backups/{id}",
	.tpl = TPL_BACKUP,
	.nav = "backups",
	.csv = "tables_in_it",
	.polls = true,
	.run = page_backup_run,
};
