#include "base/ban.h"
#include "cgi/lintview.h"
#include "cgi/sqlview.h"
#include "store/migration.h"

/* GET /migrations/{project}/{version}: what is in it, where it is, where it ran. */
#define TOUCHES 50

struct shown {
	struct sqlview sql;
	const struct store_migration *m;
	int64_t target_id; /* whose sizes make a finding grave or quiet; 0 none */
	const char *sums;  /* what lint says of the sides so far */
};

static enum gh_code
show_statements(struct shown *x, struct view *v, const char *side, const struct store_statements *rows,
    const struct gh_text *sql, struct gh_err *err)
{
	struct view *list = view_list(v, "statements");
	struct req *req = x->sql.req;
	struct lintview lint;
	const char *sum;
	size_t i;

	GH_TRY(lintview_start(&lint, req, x->m->id, side, x->target_id, err));
	GH_TRY(lintview_statement(&lint, view_object(v, "whole"), -1, err));
	for (i = 0; i < rows->n; i++) {
		const struct store_statement *st = &rows->rows[i];
		struct view *item = view_item(list);
		bool inside = st->at >= 0 && st->length >= 0 && (size_t)(st->at + st->length) <= sql->len;

		view_int(item, "line", st->line);
		view_text(item, "kind", st->kind);
		view_text(item, "object", st->object);
		view_int(item, "group", st->group);
		view_bool(item, "alone", st->group == 0);
		view_bool(item, "destructive", st->destructive);
		view_bool(item, "one_way", !st->reversible && !st->destructive);
		x->sql.marks.from = inside ? (size_t)st->at : 0;
		sqlview_sql(&x->sql, item,
		    inside ? gh_strndup(req->arena, sql->data + st->at, (size_t)st->length) : "", st->length);
		GH_TRY(lintview_statement(&lint, item, st->position, err));
	}
	view_bool(v, "any", rows->n > 0);
	sum = lintview_sum(&lint);
	view_text(v, "lint", sum);
	if (*sum != '\0')
		x->sums =
		    gh_printf(req->arena, "%s%s%s: %s", x->sums, *x->sums == '\0' ? "" : "; ", side, sum);
	return GH_OK;
}

static const char *
how(const struct store_side *side)
{
	if (side->not_analysed)
		return "syntax that is newer than the parser: it runs as it is, and nothing more is known of "
		       "it";
	if (!side->transactional)
		return "statements outside a transaction stay when a later one fails";
	if (!side->row_inside)
		return "one transaction; the tracking row is written outside it, as its tool does";
	return side->stripped ? "one transaction: its own BEGIN and COMMIT are replaced by ours"
			      : "one transaction";
}

static enum gh_code
show_side(struct shown *x, struct view *list, const char *name, struct store_side **ret, struct gh_err *err)
{
	GH_TEXT sql = { .limit = SQLVIEW_BYTES };
	struct req *req = x->sql.req;
	struct store_statements rows;
	struct view *item;

	GH_TRY(store_side_find(req->store, req->arena, x->m->id, name, ret, err));
	if (*ret == NULL)
		return GH_OK;
	item = view_item(list);
	view_text(item, "side", name);
	view_text(item, "heading",
	    strcmp(name, "up") == 0         ? "Up"
		: strcmp(name, "down") == 0 ? "Down"
					    : "Verify");
	view_text(item, "file", (*ret)->file);
	view_text(item, "digest", (*ret)->digest);
	view_text(item, "how", how(*ret));
	view_text(item, "note", (*ret)->note);
	view_text(item, "side_problem", strcmp(name, "up") == 0 ? "" : (*ret)->problem);
	rows = (struct store_statements){ 0 };
	if ((*ret)->bytes < SQLVIEW_BYTES) {
		GH_TRY(store_content_read(req->store, (*ret)->digest, &sql, err));
		GH_TRY(store_statement_list(req->store, req->arena, x->m->id, name, &rows, err));
	}
	x->sql.marks = (struct highlight_marks){ .bytes = (*ret)->marks, .n = (*ret)->n_marks };
	GH_TRY(show_statements(x, item, name, &rows, &sql, err));
	x->sql.marks.from = 0;
	/* What could not be split is shown whole. */
	sqlview_sql(&x->sql, item, rows.n == 0 ? gh_text_str(&sql) : "", rows.n == 0 ? (*ret)->bytes : 0);
	return GH_OK;
}

/* Where it is, and whose sizes the findings are judged by: the target asked for, else the last in order. */
static enum gh_code
show_cells(struct shown *x, struct view *v, struct gh_err *err)
{
	struct view *list = view_list(v, "cells");
	struct req *req = x->sql.req;
	const char *wanted = req_query(req, "target");
	struct store_migration one = *x->m;
	struct store_targets targets;
	struct store_cells cells;
	const char *judged = "";
	size_t i;

	GH_TRY(store_target_list(req->store, req->arena, x->m->project_id, &targets, err));
	GH_TRY(store_cell_list(
	    req->store, req->arena, &(struct store_migrations){ .n = 1, .rows = &one }, &cells, err));
	for (i = 0; i < cells.n && i < targets.n; i++) {
		const struct store_cell *c = &cells.rows[i];
		const char *name = targets.rows[i].name;
		struct view *item = view_item(list);

		if (*wanted == '\0' || strcmp(wanted, name) == 0) {
			x->target_id = targets.rows[i].id;
			judged = name;
		}
		view_text(item, "target", name);
		view_url(item, "judge_url", "/migrations/%s/%s?target=%s", x->m->project, x->m->key, name);
		view_text(item, "state", c->state);
		show_mark_as(item, "mark", c->quiet ? "comments" : c->state,
		    c->quiet ? "only comments or spaces changed" : show_word(c->state));
		view_time(item, "applied_at", c->applied_at);
		view_text(item, "by", c->by);
		view_text(item, "text", c->text);
		view_int(item, "run", c->run);
	}
	view_text(v, "judged", judged);
	return *wanted == '\0' || *judged != '\0'
	    ? GH_OK
	    : gh_fail(err, GH_BAD_INPUT, "%s has no target %.64s", x->m->project, wanted);
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

static void
show_facts(struct req *req, struct view *v, const struct store_migration *m)
{
	view_text(v, "title", gh_printf(req->arena, "%s %s", m->version, m->name));
	view_text(v, "project", m->project);
	view_url(v, "project_url", "/migrations?project=%s", m->project);
	view_text(v, "key", m->key);
	view_text(v, "version", m->version);
	view_text(v, "name", m->name);
	view_text(v, "description", m->description);
	view_text(v, "author", m->author);
	view_text(v, "written_on", m->written_on);
	view_text(v, "file", m->file);
	view_text(v, "checksum", m->checksum);
	view_bool(v, "present", m->present);
	view_bool(v, "code", m->code);
	view_bool(v, "repeatable", m->repeatable);
	view_text(v, "in_folder", m->present ? "yes" : "no: the file is gone, this is what was last read");
	view_text(v, "problem", m->problem);
}

static enum gh_code
page_migration_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_side *up = NULL, *down = NULL, *verify = NULL;
	struct store_migration m;
	struct shown x = { .sql = { .req = req, .left = SQLVIEW_BYTES }, .m = &m, .sums = "" };
	struct view *sides;

	GH_TRY(store_migration_get(
	    req->store, req->arena, req_param(req, "project"), req_param(req, "version"), &m, err));
	show_facts(req, v, &m);
	GH_TRY(show_cells(&x, v, err));
	sides = view_list(v, "sides");
	GH_TRY(show_side(&x, sides, "up", &up, err));
	GH_TRY(show_side(&x, sides, "down", &down, err));
	GH_TRY(show_side(&x, sides, "verify", &verify, err));
	view_bool(v, "has_down", down != NULL);
	view_text(v, "way_back", down == NULL ? "none" : gh_printf(req->arena, "down SQL, %s", down->file));
	view_text(v, "digest", up == NULL ? "" : up->digest);
	view_text(v, "lint", x.sums);
	GH_TRY(show_touches(req, v, &m, err));
	show_formats(req, v);
	return GH_OK;
}

const struct page page_migration = {
	.path = "/migrations/{project}/{version}",
	.tpl = TPL_MIGRATION,
	.nav = "migrations",
	.query = { "target" },
	.run = page_migration_run,
};
