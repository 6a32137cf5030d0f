#include "base/ban.h"
#include "cgi/show.h"
#include "store/migration.h"

/* GET /migrations: which migration is where.  Rows newest first, a column a target in promotion order. */
#define MIGRATIONS_A_PAGE 50
#define MIGRATIONS_READ   500 /* at a time, when a text is looked for */

struct matrix {
	struct req *req;
	struct store_project project;
	struct store_targets targets;
	const char *text;
	size_t rows;
	struct store_place last; /* of the last row shown */
	bool more;
};

static bool
matches(const struct store_migration *m, const char *text)
{
	return *text == '\0' || strcasestr(m->key, text) != NULL || strcasestr(m->name, text) != NULL ||
	    strcasestr(m->author, text) != NULL || strcasestr(m->description, text) != NULL;
}

static enum gh_code
show_cells(struct matrix *x, struct view *item, const struct store_migration *m, struct gh_err *err)
{
	struct view *list = view_list(item, "cells");
	struct store_migration one = *m;
	struct store_cells cells;
	size_t i;

	GH_TRY(store_cell_list(
	    x->req->store, x->req->arena, &(struct store_migrations){ .n = 1, .rows = &one }, &cells, err));
	for (i = 0; i < cells.n && i < x->targets.n; i++) {
		const struct store_cell *c = &cells.rows[i];
		struct view *cell = view_item(list);
		char utc[GH_CLOCK_LEN] = "";

		view_text(cell, "target", x->targets.rows[i].name);
		view_text(cell, "state", c->state);
		show_mark(cell, "mark", c->state);
		view_time(cell, "applied_at", c->applied_at);
		view_int(cell, "run", c->run);
		view_text(cell, "run_url", c->run == 0 ? "" : show_url(x->req, "/runs/%d64", c->run));
		if (c->applied_at != 0)
			(void)gh_clock_utc(c->applied_at, utc);
		view_text(cell, "title",
		    *utc == '\0' ? show_word(c->state) : gh_printf(x->req->arena, "applied %s", utc));
	}
	return GH_OK;
}

static enum gh_code
show_migration(struct matrix *x, struct view *item, const struct store_migration *m, struct gh_err *err)
{
	view_text(item, "project", m->project);
	view_text(item, "key", m->key);
	view_text(item, "version", m->version);
	view_text(item, "name", m->name);
	view_text(item, "author", m->author);
	view_text(item, "description", m->description);
	view_bool(item, "present", m->present);
	view_bool(item, "has_down", m->has_down);
	view_bool(item, "alone", m->present && !m->transactional);
	view_text(item, "problem", m->problem);
	view_url(item, "url", "/migrations/%s/%s", m->project, m->key);
	return show_cells(x, item, m, err);
}

/* Fills a page; with a text, goes on reading until it is full or the end is reached. */
static enum gh_code
show_rows(struct matrix *x, struct view *list, struct store_place at, struct gh_err *err)
{
	struct store_migrations found;
	size_t i;

	do {
		GH_TRY(store_migration_list(x->req->store, x->req->arena, x->project.id, at,
		    *x->text == '\0' ? MIGRATIONS_A_PAGE : MIGRATIONS_READ, &found, err));
		for (i = 0; i < found.n; i++) {
			const struct store_migration *m = &found.rows[i];

			at = (struct store_place){ m->number, m->key };
			if (!matches(m, x->text))
				continue;
			if (x->rows == MIGRATIONS_A_PAGE) {
				x->more = true;
				return GH_OK;
			}
			GH_TRY(show_migration(x, view_item(list), m, err));
			x->last = at;
			x->rows++;
		}
		if (*x->text == '\0') {
			x->more = found.more;
			return GH_OK;
		}
	} while (found.more);
	return GH_OK;
}

static enum gh_code
show_files(struct matrix *x, struct view *v, struct gh_err *err)
{
	static const char *const kinds[] = { "refused", "ignored" };
	struct view *list = view_list(v, "files");
	struct store_files files;
	size_t i, k, n = 0;

	for (k = 0; x->project.id != 0 && k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		GH_TRY(store_file_list(
		    x->req->store, x->req->arena, x->project.id, kinds[k], "", STORE_PAGE_MAX, &files, err));
		for (i = 0; i < files.n && n < STORE_PAGE_MAX; i++, n++) {
			struct view *item = view_item(list);

			view_text(item, "file", files.rows[i].file);
			view_text(item, "taken_as", kinds[k]);
			show_mark(item, "mark", kinds[k]);
			view_text(item, "reason", files.rows[i].reason);
		}
	}
	view_bool(v, "any_files", n > 0);
	return GH_OK;
}

/* The project that is asked for, else the first one; x->project.id 0 when there is none. */
static enum gh_code
choose_project(struct matrix *x, struct view *v, struct gh_err *err)
{
	struct view *form = view_form(v, "projects"), *list = view_list(form, "all");
	const char *name = req_query(x->req, "project");
	struct store_projects projects;
	size_t i;

	GH_TRY(store_project_list(x->req->store, x->req->arena, &projects, err));
	if (*name != '\0')
		GH_TRY(store_project_get(x->req->store, x->req->arena, name, &x->project, err));
	else if (projects.n > 0)
		x->project = projects.rows[0];
	for (i = 0; i < projects.n; i++) {
		struct view *item = view_item(list);

		view_text(item, "name", projects.rows[i].name);
		view_bool(item, "selected", projects.rows[i].id == x->project.id);
	}
	view_bool(v, "any_projects", projects.n > 0);
	return GH_OK;
}

static void
show_columns(struct matrix *x, struct view *v)
{
	struct view *list = view_list(v, "targets");
	size_t i;

	for (i = 0; i < x->targets.n; i++) {
		struct view *item = view_item(list);

		view_text(item, "name", x->targets.rows[i].name);
		view_text(item, "environment", x->targets.rows[i].environment);
	}
}

static enum gh_code
page_migrations_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct matrix x = { .req = req, .text = req_query(req, "text") };
	struct store_place at = { 0 };
	struct view *list;

	GH_TRY(choose_project(&x, v, err));
	if (*req_query(req, "key") != '\0')
		at.key = req_query(req, "key");
	GH_TRY(req_query_int(req, "before", 0, INT64_MAX, 0, &at.number, err));
	list = view_list(v, "migrations");
	if (x.project.id != 0) {
		GH_TRY(store_target_list(req->store, req->arena, x.project.id, &x.targets, err));
		GH_TRY(show_rows(&x, list, at, err));
	}
	show_columns(&x, v);
	GH_TRY(show_files(&x, v, err));
	view_text(v, "project", x.project.id == 0 ? "" : x.project.name);
	view_text(v, "folder", x.project.id == 0 ? "" : x.project.folder);
	view_text(v, "problem", x.project.id == 0 ? "" : x.project.problem);
	view_text(v, "text", x.text);
	view_text(v, "lede",
	    x.project.id == 0
		? "No project is configured yet."
		: gh_printf(req->arena, "%s of %s, on its targets in promotion order.",
		      show_count(req, x.project.migrations, "migration", "migrations"), x.project.name));
	show_list(req, v, x.rows);
	show_formats(req, v);
	view_text(v, "next_url",
	    !x.more ? ""
		    : show_url(req, "/migrations?project=%s&text=%s&before=%d64&key=%s", x.project.name,
			  x.text, x.last.number, x.last.key));
	return GH_OK;
}

const struct page page_migrations = {
	.path = "/migrations",
	.tpl = TPL_MIGRATIONS,
	.title = "Migrations",
	.nav = "migrations",
	.csv = "migrations",
	.query = { "project", "text", "before", "key" },
	.run = page_migrations_run,
};
