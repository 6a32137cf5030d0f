#include "base/ban.h"
#include "cgi/sqlview.h"
#include "store/migration.h"

/* GET /migrations/{project}/{version}: what is in it, where it is, where it ran. */
#define TOUCHES 50

static void
show_statements(
    struct sqlview *s, struct view *v, const struct store_statements *rows, const struct gh_text *sql)
{
	struct view *list = view_list(v, "statements");
	size_t i;

	for (i = 0; i < rows->n; i++) {
		const struct store_statement *st = &rows->rows[i];
		struct view *item = view_item(list);
		bool inside = st->at >= 0 && st->length >= 0 && (size_t)(st->at + st->length) <= sql->len;

		view_int(item, "line", st->line);
		view_text(item, "kind", st->kind);
		view_text(item, "object", st->object);
		view_bool(item, "alone", st->alone);
		sqlview_sql(s, item,
		    inside ? gh_strndup(s->req->arena, sql->data + st->at, (size_t)st->length) : "",
		    st->length);
	}
	view_bool(v, "any", rows->n > 0);
}

static enum gh_code
show_side(struct sqlview *s, struct view *list, const struct store_migration *m, const char *name,
    struct store_side **ret, struct gh_err *err)
{
	GH_TEXT sql = { .limit = SQLVIEW_BYTES };
	struct store_statements rows;
	struct view *item;

	GH_TRY(store_side_find(s->req->store, s->req->arena, m->id, name, ret, err));
	if (*ret == NULL)
		return GH_OK;
	item = view_item(list);
	view_text(item, "side", name);
	view_text(item, "heading", strcmp(name, "up") == 0 ? "Up" : "Down");
	view_text(item, "file", (*ret)->file);
	view_text(item, "digest", (*ret)->digest);
	view_text(item, "how",
	    !(*ret)->transactional ? "each statement by itself: some cannot run in a transaction"
		: (*ret)->stripped ? "one transaction: its own BEGIN and COMMIT are replaced by ours"
				   : "one transaction");
	rows = (struct store_statements){ 0 };
	if ((*ret)->bytes < SQLVIEW_BYTES) {
		GH_TRY(store_content_read(s->req->store, (*ret)->digest, &sql, err));
		GH_TRY(store_statement_list(s->req->store, s->req->arena, m->id, name, &rows, err));
	}
	show_statements(s, item, &rows, &sql);
	/* What could not be split is shown whole. */
	sqlview_sql(s, item, rows.n == 0 ? gh_text_str(&sql) : "", rows.n == 0 ? (*ret)->bytes : 0);
	return GH_OK;
}

static enum gh_code
show_cells(struct req *req, struct view *v, const struct store_migration *m, struct gh_err *err)
{
	struct view *list = view_list(v, "cells");
	struct store_migration one = *m;
	struct store_targets targets;
	struct store_cells cells;
	size_t i;

	GH_TRY(store_target_list(req->store, req->arena, m->project_id, &targets, err));
	GH_TRY(store_cell_list(
	    req->store, req->arena, &(struct store_migrations){ .n = 1, .rows = &one }, &cells, err));
	for (i = 0; i < cells.n && i < targets.n; i++) {
		struct view *item = view_item(list);

		view_text(item, "target", targets.rows[i].name);
		view_text(item, "state", cells.rows[i].state);
		show_mark(item, "mark", cells.rows[i].state);
		view_time(item, "applied_at", cells.rows[i].applied_at);
		view_int(item, "run", cells.rows[i].run);
	}
	return GH_OK;
}

static enum gh_code
show_touches(struct req *req, struct view *v, const struct store_migration *m, struct gh_err *err)
{
	struct view *list = view_list(v, "touches");
	struct store_touches touches;
	size_t i;

	GH_TRY(store_touch_list(req->store, req->arena, m->project_id, m->key, TOUCHES, &touches, err));
	for (i = 0; i < touches.n; i++) {
		const struct store_touch *t = &touches.rows[i];
		struct view *item = view_item(list);

		view_int(item, "run", t->run);
		view_url(item, "url", "/runs/%d64", t->run);
		view_text(item, "target", t->target);
		view_text(item, "direction", t->direction);
		view_text(item, "run_state", t->run_state);
		view_text(item, "state", t->state);
		show_mark(item, "mark", t->state);
		view_text(item, "text", t->text);
		view_time(item, "at", t->started_at);
		view_span(
		    item, "took", t->started_at == 0 || t->ended_at == 0 ? -1 : t->ended_at - t->started_at);
	}
	view_bool(v, "any_touches", touches.n > 0);
	return GH_OK;
}

static enum gh_code
page_migration_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct sqlview s = { .req = req, .left = SQLVIEW_BYTES };
	struct store_side *up = NULL, *down = NULL;
	struct store_migration m;
	struct view *sides;

	GH_TRY(store_migration_get(
	    req->store, req->arena, req_param(req, "project"), req_param(req, "version"), &m, err));
	view_text(v, "title", gh_printf(req->arena, "%s %s", m.version, m.name));
	view_text(v, "project", m.project);
	view_url(v, "project_url", "/migrations?project=%s", m.project);
	view_text(v, "key", m.key);
	view_text(v, "version", m.version);
	view_text(v, "name", m.name);
	view_text(v, "description", m.description);
	view_text(v, "author", m.author);
	view_text(v, "written_on", m.written_on);
	view_text(v, "file", m.file);
	view_bool(v, "present", m.present);
	view_text(v, "in_folder", m.present ? "yes" : "no: the file is gone, this is what was last read");
	view_text(v, "problem", m.problem);
	sides = view_list(v, "sides");
	GH_TRY(show_side(&s, sides, &m, "up", &up, err));
	GH_TRY(show_side(&s, sides, &m, "down", &down, err));
	view_bool(v, "has_down", down != NULL);
	view_text(v, "way_back", down == NULL ? "none" : gh_printf(req->arena, "down SQL, %s", down->file));
	view_text(v, "digest", up == NULL ? "" : up->digest);
	GH_TRY(show_cells(req, v, &m, err));
	GH_TRY(show_touches(req, v, &m, err));
	show_formats(req, v);
	return GH_OK;
}

const struct page page_migration = {
	.path = "/migrations/{project}/{version}",
	.tpl = TPL_MIGRATION,
	.nav = "migrations",
	.run = page_migration_run,
};
