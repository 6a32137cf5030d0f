#include "base/ban.h"
#include "cgi/run_failure.h"

#include "store/failure.h"

static void
show_table(struct view *item, const struct store_cause *c)
{
	struct view *columns = view_list(item, "columns"), *rows = view_list(item, "rows");
	size_t i, k;

	for (i = 0; i < c->n_columns; i++)
		view_text(view_item(columns), "name", c->columns[i]);
	for (i = 0; i < c->n_rows; i++) {
		struct view *cells = view_list(view_item(rows), "cells");

		for (k = 0; k < c->n_columns; k++) {
			const char *value = c->cells[i * c->n_columns + k];
			struct view *cell = view_item(cells);

			view_text(cell, "value", value == NULL ? "NULL" : value);
			view_bool(cell, "null", value == NULL);
		}
	}
	view_bool(item, "any_rows", c->n_rows > 0);
	view_bool(item, "none", c->n_rows == 0 && c->n_columns > 0);
	view_bool(item, "more", c->more);
}

static enum gh_code
show_causes(struct req *req, struct view *v, const struct store_run *r, struct gh_err *err)
{
	struct view *list = view_list(v, "causes");
	struct sqlview s = { .req = req, .left = SQLVIEW_BYTES };
	struct store_causes rows;
	size_t i;

	GH_TRY(store_cause_list(req->store, req->arena, r->id, &rows, err));
	for (i = 0; i < rows.n; i++) {
		struct view *item = view_item(list);

		view_text(item, "title", rows.rows[i].title);
		view_text(item, "text", rows.rows[i].text);
		view_bool(item, "asked", *rows.rows[i].sql != '\0');
		sqlview_sql(&s, item, rows.rows[i].sql, (int64_t)strlen(rows.rows[i].sql));
		show_table(item, &rows.rows[i]);
	}
	view_bool(v, "any_causes", rows.n > 0);
	return GH_OK;
}

static enum gh_code
show_run_facts(struct req *req, struct view *v, const struct store_run *r, struct gh_err *err)
{
	struct view *list = view_list(v, "facts");
	struct store_run_facts rows;
	size_t i;

	GH_TRY(store_run_fact_list(req->store, req->arena, r->id, &rows, err));
	for (i = 0; i < rows.n; i++) {
		struct view *item = view_item(list);

		view_int(item, "position", rows.rows[i].position);
		view_text(item, "kind", rows.rows[i].kind);
		view_text(item, "object", rows.rows[i].object);
		view_bool(item, "good", rows.rows[i].good);
		show_mark_as(item, "mark", rows.rows[i].good ? "ok" : "edited",
		    rows.rows[i].good ? "in order" : "look at this");
		view_text(item, "text", rows.rows[i].text);
	}
	view_bool(v, "any_facts", rows.n > 0);
	return GH_OK;
}

/* Where a person goes for it; "" when the sentence is all there is. */
static const char *
action_url(struct req *req, const struct store_run *r, const struct store_run_detail *d,
    const struct store_action *a)
{
	if (strcmp(a->kind, "retry") == 0)
		return show_url(
		    req, "/requests/new?target=%s&direction=%s&to=%s", r->target, r->direction, a->goal);
	if (strcmp(a->kind, "down") == 0)
		return show_url(req, "/requests/new?target=%s&direction=down", r->target);
	if (strcmp(a->kind, "mark") == 0)
		return show_url(req, "/requests/repair?target=%s&act=mark&goal=%s", r->target, a->goal);
	if (strcmp(a->kind, "drop-index") == 0)
		return show_url(req, "/requests/repair?target=%s&act=drop-index&goal=%s", r->target, a->goal);
	if (strcmp(a->kind, "restore") == 0)
		return show_url(req, "/backups?target=%s", r->target);
	return d->incident == 0 ? show_url(req, "/incidents/new?run=%d64", r->id)
				: show_url(req, "/incidents/%d64", d->incident);
}

static const char *
action_label(const struct store_action *a)
{
	static const struct {
		const char *kind, *label;
	} rows[] = {
		{ "retry", "Ask again from here" },
		{ "down", "Ask for the way back" },
		{ "mark", "Ask to mark it as applied" },
		{ "drop-index", "Ask to drop the invalid index" },
		{ "restore", "See the backup" },
		{ "repair", "Write down the repair" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].kind, a->kind) == 0)
			return rows[i].label;
	}
	return a->kind;
}

enum gh_code
run_failure_show(struct req *req, struct view *v, const struct store_run *r, const struct store_run_detail *d,
    struct gh_err *err)
{
	struct view *list = view_list(v, "actions");
	struct store_actions rows;
	size_t i;

	GH_TRY(show_causes(req, v, r, err));
	GH_TRY(show_run_facts(req, v, r, err));
	GH_TRY(store_action_list(req->store, req->arena, r->id, &rows, err));
	for (i = 0; i < rows.n; i++) {
		struct view *item = view_item(list);

		view_text(item, "kind", rows.rows[i].kind);
		view_text(item, "goal", rows.rows[i].goal);
		view_text(item, "text", rows.rows[i].text);
		view_text(item, "label", action_label(&rows.rows[i]));
		view_text(item, "url", action_url(req, r, d, &rows.rows[i]));
		view_bool(item, "primary", i == 0);
	}
	view_bool(v, "any_actions", rows.n > 0);
	return GH_OK;
}
