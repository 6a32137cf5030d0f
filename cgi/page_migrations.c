#include "base/ban.h"
#include "cgi/show.h"
#include "store/migration.h"

/* GET /migrations: which migration is where.  Rows newest first, a column a target in promotion order. */
#define MIGRATIONS_A_PAGE 50

struct matrix {
	struct req *req;
	struct store_project project;
	struct store_targets targets;
	struct store_migration_filter filter;
	struct store_place last; /* of the last row shown */
	size_t rows;
	bool more;
};

/* What one has to know of a migration before looking at its page: the gravest first. */
static const char *
risk(struct req *req, const struct store_migration *m)
{
	const char *ret = "";

	if (m->code)
		return "a code step: only its own tool runs it";
	if (!m->present)
		return "its file is gone";
	if (m->repeatable)
		ret = "runs again when it changes";
	else if (m->not_analysed)
		ret = "newer syntax than can be analysed";
	else if (m->findings > 0)
		ret = gh_printf(req->arena, "lint: %s",
		    show_count(req, m->findings, "thing to look at", "things to look at"));
	if (!m->transactional && *m->problem == '\0')
		ret =
		    gh_printf(req->arena, "%s%spartly outside a transaction", ret, *ret == '\0' ? "" : " · ");
	if (!m->has_down)
		ret = gh_printf(req->arena, "%s%sno way back", ret, *ret == '\0' ? "" : " · ");
	return ret;
}

static void
show_cell(struct matrix *x, struct view *cell, const struct store_cell *c, const char *target)
{
	char utc[GH_CLOCK_LEN] = "";
	const char *word = c->quiet ? "comments changed" : show_word(c->state);

	view_text(cell, "target", target);
	view_text(cell, "state", c->state);
	view_text(cell, "decision", c->decision);
	view_text(cell, "text", c->text);
	show_mark_as(cell, "mark", c->quiet ? "comments" : c->state, word);
	view_time(cell, "applied_at", c->applied_at);
	view_int(cell, "run", c->run);
	view_text(cell, "run_url", c->run == 0 ? "" : show_url(x->req, "/runs/%d64", c->run));
	if (c->applied_at != 0)
		(void)gh_clock_utc(c->applied_at, utc);
	view_text(cell, "title",
	    *c->text != '\0'   ? c->text
		: *utc == '\0' ? word
			       : gh_printf(x->req->arena, "applied %s", utc));
}

static void
show_migration(struct matrix *x, struct view *item, const struct store_migration *m)
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
	view_int(item, "findings", m->findings);
	view_text(item, "risk", risk(x->req, m));
	view_text(item, "problem", m->problem);
	view_url(item, "url", "/migrations/%s/%s", m->project, m->key);
}

/* One query for the rows, one for all their cells. */
static enum gh_code
show_rows(struct matrix *x, struct view *list, struct store_place at, struct gh_err *err)
{
	struct store_migrations found;
	struct store_cells cells;
	size_t i, k, c = 0;

	GH_TRY(store_migration_list_filter(
	    x->req->store, x->req->arena, &x->filter, at, MIGRATIONS_A_PAGE, &found, err));
	GH_TRY(store_cell_list(x->req->store, x->req->arena, &found, &cells, err));
	for (i = 0; i < found.n; i++) {
		const struct store_migration *m = &found.rows[i];
		struct view *item = view_item(list), *under;

		show_migration(x, item, m);
		under = view_list(item, "cells");
		for (k = 0; c < cells.n && cells.rows[c].migration_id == m->id; k++, c++) {
			if (k < x->targets.n)
				show_cell(x, view_item(under), &cells.rows[c], x->targets.rows[k].name);
		}
		x->last = (struct store_place){ m->number, m->key };
	}
	x->rows = found.n;
	x->more = found.more;
	return GH_OK;
}

static const char *const states[] = { "pending", "applied", "edited", "out-of-order", "missing", "failed",
	"baseline", NULL };

/* Which rows: by text, by what they are on one target or on any. */
static enum gh_code
choose_rows(struct matrix *x, struct view *v, struct gh_err *err)
{
	struct view *form = view_form(v, "columns"), *list = view_list(form, "all");
	const char *target = req_query(x->req, "target");
	size_t i;

	x->filter = (struct store_migration_filter){ .project_id = x->project.id,
		.standing = req_query(x->req, "state"),
		.text = req_query(x->req, "text") };
	GH_TRY(show_choices(v, "states", states, x->filter.standing, err));
	for (i = 0; i < x->targets.n; i++) {
		struct view *item = view_item(list);
		bool is = strcmp(x->targets.rows[i].name, target) == 0;

		view_text(item, "name", x->targets.rows[i].name);
		view_bool(item, "selected", is);
		if (is)
			x->filter.target_id = x->targets.rows[i].id;
	}
	if (*target != '\0' && x->filter.target_id == 0)
		return gh_fail(err, GH_BAD_INPUT, "%s has no target %.64s", x->project.name, target);
	return GH_OK;
}

/* v.files_url and v.files: how many want a look, as a sentence. */
static enum gh_code
show_files(struct matrix *x, struct view *v, struct gh_err *err)
{
	struct store_file_counts counts = { 0 };
	const char *text = "";
	size_t i;

	if (x->project.id != 0)
		GH_TRY(store_file_count(x->req->store, x->req->arena, x->project.id, &counts, err));
	for (i = 0; i < counts.n; i++) {
		const char *as = counts.rows[i].taken_as;

		if (strcmp(as, "refused") == 0 || strcmp(as, "ignored") == 0 || strcmp(as, "code") == 0)
			text = gh_printf(x->req->arena, "%s%s%" PRId64 " %s", text, *text == '\0' ? "" : ", ",
			    counts.rows[i].n, show_word(as));
	}
	view_text(v, "files", text);
	view_text(
	    v, "files_url", x->project.id == 0 ? "" : show_url(x->req, "/projects/%s", x->project.name));
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
	struct view *list = view_list(v, "targets"), *stops = view_list(v, "stops");
	size_t i;

	for (i = 0; i < x->targets.n; i++) {
		const struct store_target *t = &x->targets.rows[i];
		struct view *item = view_item(list);

		view_text(item, "name", t->name);
		view_text(item, "environment", t->environment);
		view_int(item, "pending", t->pending);
		if (*t->blocked == '\0')
			continue;
		item = view_item(stops);
		view_text(item, "target", t->name);
		view_text(item, "text", t->blocked);
	}
}

static void
show_project(struct matrix *x, struct view *v)
{
	static const struct store_project none = {
		.name = "", .folder = "", .problem = "", .folder_problem = "", .convention = ""
	};
	const struct store_project *p = x->project.id == 0 ? &none : &x->project;

	view_text(v, "project", p->name);
	view_text(v, "folder", p->folder);
	view_text(v, "problem", p->problem);
	view_text(v, "folder_problem", p->folder_problem);
	view_text(v, "convention", p->convention);
	view_text(v, "lede",
	    p->id == 0 ? "No project is configured yet."
		       : gh_printf(x->req->arena, "%s of %s, on its targets in promotion order.",
			     show_count(x->req, p->migrations, "migration", "migrations"), p->name));
}

static enum gh_code
page_migrations_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct matrix x = { .req = req };
	struct store_place at = { 0 };
	struct view *list;

	GH_TRY(choose_project(&x, v, err));
	if (*req_query(req, "key") != '\0')
		at.key = req_query(req, "key");
	GH_TRY(req_query_int(req, "before", 0, INT64_MAX, 0, &at.number, err));
	if (x.project.id != 0)
		GH_TRY(store_target_list(req->store, req->arena, x.project.id, &x.targets, err));
	GH_TRY(choose_rows(&x, v, err));
	list = view_list(v, "migrations");
	if (x.project.id != 0)
		GH_TRY(show_rows(&x, list, at, err));
	show_columns(&x, v);
	GH_TRY(show_files(&x, v, err));
	show_project(&x, v);
	view_text(v, "text", x.filter.text);
	show_list(req, v, x.rows);
	show_formats(req, v);
	view_text(v, "next_url",
	    !x.more ? ""
		    : show_url(req, "/migrations?project=%s&text=%s&state=%s&target=%s&before=%d64&key=%s",
			  x.project.name, x.filter.text, x.filter.standing, req_query(req, "target"),
			  x.last.number, x.last.key));
	return GH_OK;
}

const struct page page_migrations = {
	.path = "/migrations",
	.tpl = TPL_MIGRATIONS,
	.title = "Migrations",
	.nav = "migrations",
	.csv = "migrations",
	.query = { "project", "text", "state", "target", "before", "key" },
	.run = page_migrations_run,
};
