#include "base/ban.h"
#include "cgi/show.h"
#include "store/memo.h"
#include "store/migration.h"

/* GET /migrations: which migration is where.  Rows newest first, a column a target in promotion order. */
#define MIGRATIONS_A_PAGE 50

/* What the store says: read once, kept while nothing is committed. */
struct facts {
	struct store_projects projects;
	struct store_project project; /* that is asked for, else the first one; id 0 when there is none */
	struct store_targets targets;
	struct store_file_counts counts;
	struct store_migration_filter filter;
	struct store_migrations found;
	struct store_cells cells;
};

struct matrix {
	struct req *req;
	const struct facts *f;
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

static void
show_rows(struct matrix *x, struct view *list)
{
	const struct facts *f = x->f;
	size_t i, k, c = 0;

	for (i = 0; i < f->found.n; i++) {
		const struct store_migration *m = &f->found.rows[i];
		struct view *item = view_item(list), *under;

		show_migration(x, item, m);
		under = view_list(item, "cells");
		for (k = 0; c < f->cells.n && f->cells.rows[c].migration_id == m->id; k++, c++) {
			if (k < f->targets.n)
				show_cell(x, view_item(under), &f->cells.rows[c], f->targets.rows[k].name);
		}
	}
}

static const char *const states[] = { "pending", "applied", "edited", "out-of-order", "missing", "failed",
	"baseline", NULL };

/* The choices: which project, which rows on which target. */
static enum gh_code
show_filters(struct matrix *x, struct view *v, struct gh_err *err)
{
	struct view *columns = view_list(view_form(v, "columns"), "all");
	struct view *projects = view_list(view_form(v, "projects"), "all");
	const struct facts *f = x->f;
	size_t i;

	GH_TRY(show_choices(v, "states", states, f->filter.standing, err));
	for (i = 0; i < f->targets.n; i++) {
		struct view *item = view_item(columns);

		view_text(item, "name", f->targets.rows[i].name);
		view_bool(item, "selected", f->targets.rows[i].id == f->filter.target_id);
	}
	for (i = 0; i < f->projects.n; i++) {
		struct view *item = view_item(projects);

		view_text(item, "name", f->projects.rows[i].name);
		view_bool(item, "selected", f->projects.rows[i].id == f->project.id);
	}
	view_bool(v, "any_projects", f->projects.n > 0);
	view_text(v, "text", f->filter.text);
	return GH_OK;
}

static enum gh_code
choose_target(struct req *req, struct facts *f, struct gh_err *err)
{
	const char *target = req_query(req, "target");
	size_t i;

	for (i = 0; i < f->targets.n; i++) {
		if (strcmp(f->targets.rows[i].name, target) == 0)
			f->filter.target_id = f->targets.rows[i].id;
	}
	return *target == '\0' || f->filter.target_id != 0
	    ? GH_OK
	    : gh_fail(err, GH_BAD_INPUT, "%s has no target %.64s", f->project.name, target);
}

/* One query for the rows, one for all their cells. */
static enum gh_code
facts_read(struct req *req, struct gh_arena *a, struct store_place at, struct facts *f, struct gh_err *err)
{
	const char *name = req_query(req, "project");
	struct store *st = req->store;

	GH_TRY(store_project_list(st, a, &f->projects, err));
	if (*name != '\0')
		GH_TRY(store_project_get(st, a, name, &f->project, err));
	else if (f->projects.n > 0)
		f->project = f->projects.rows[0];
	f->filter = (struct store_migration_filter){ .project_id = f->project.id,
		.standing = gh_strdup(a, req_query(req, "state")),
		.text = gh_strdup(a, req_query(req, "text")) };
	if (f->project.id != 0)
		GH_TRY(store_target_list(st, a, f->project.id, &f->targets, err));
	GH_TRY(choose_target(req, f, err));
	if (f->project.id == 0)
		return GH_OK;
	GH_TRY(store_file_count(st, a, f->project.id, &f->counts, err));
	GH_TRY(store_migration_list_filter(st, a, &f->filter, at, MIGRATIONS_A_PAGE, &f->found, err));
	return store_cell_list(st, a, &f->found, &f->cells, err);
}

static enum gh_code
facts_find(struct req *req, const struct facts **ret, struct gh_err *err)
{
	static const char *const names[] = { "project", "text", "state", "target", "before", "key" };
	struct store_place at = { 0 };
	const char *key = "migrations";
	struct facts *f;
	size_t i;

	if (*req_query(req, "key") != '\0')
		at.key = req_query(req, "key");
	GH_TRY(req_query_int(req, "before", 0, INT64_MAX, 0, &at.number, err));
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		key = gh_printf(
		    req->arena, "%s %zu:%s", key, strlen(req_query(req, names[i])), req_query(req, names[i]));
	*ret = store_memo_find(req->store, key);
	if (*ret != NULL)
		return GH_OK;
	f = gh_alloc(store_memo_arena(req->store), sizeof(*f));
	GH_TRY(facts_read(req, store_memo_arena(req->store), at, f, err));
	store_memo_keep(req->store, key, f);
	*ret = f;
	return GH_OK;
}

/* v.files_url and v.files: how many want a look, as a sentence. */
static void
show_files(struct matrix *x, struct view *v)
{
	const struct store_file_counts *counts = &x->f->counts;
	const char *text = "";
	size_t i;

	for (i = 0; i < counts->n; i++) {
		const char *as = counts->rows[i].taken_as;

		if (strcmp(as, "refused") == 0 || strcmp(as, "ignored") == 0 || strcmp(as, "code") == 0)
			text = gh_printf(x->req->arena, "%s%s%" PRId64 " %s", text, *text == '\0' ? "" : ", ",
			    counts->rows[i].n, show_word(as));
	}
	view_text(v, "files", text);
	view_text(v, "files_url",
	    x->f->project.id == 0 ? "" : show_url(x->req, "/projects/%s", x->f->project.name));
}

static void
show_columns(struct matrix *x, struct view *v)
{
	struct view *list = view_list(v, "targets"), *stops = view_list(v, "stops");
	size_t i;

	for (i = 0; i < x->f->targets.n; i++) {
		const struct store_target *t = &x->f->targets.rows[i];
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
	const struct store_project *p = x->f->project.id == 0 ? &none : &x->f->project;

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

static void
show_next_page(struct matrix *x, struct view *v)
{
	const struct facts *f = x->f;
	const struct store_migration *last = f->found.n == 0 ? NULL : &f->found.rows[f->found.n - 1];

	view_text(v, "next_url",
	    last == NULL || !f->found.more
		? ""
		: show_url(x->req, "/migrations?project=%s&text=%s&state=%s&target=%s&before=%d64&key=%s",
		      f->project.name, f->filter.text, f->filter.standing, req_query(x->req, "target"),
		      last->number, last->key));
}

static enum gh_code
page_migrations_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct matrix x = { .req = req };

	GH_TRY(facts_find(req, &x.f, err));
	GH_TRY(show_filters(&x, v, err));
	show_rows(&x, view_list(v, "migrations"));
	show_columns(&x, v);
	show_files(&x, v);
	show_project(&x, v);
	show_list(req, v, x.f->found.n);
	show_formats(req, v);
	show_next_page(&x, v);
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
