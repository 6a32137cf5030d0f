#include "base/ban.h"
#include "cgi/lintview.h"

#include "cgi/highlight.h"
#include "wire/journal.h"

/* What a lock means for the others, in the words of the people who wait. */
static const char *
effect(const struct store_statement_touch *t)
{
	if (t->strength == WIRE_NO_LOCK)
		return "created here";
	if (t->strength == WIRE_ACCESS_EXCLUSIVE)
		return "nobody reads or writes it meanwhile";
	if (t->strength >= WIRE_SHARE)
		return "nobody writes it meanwhile";
	return t->writes ? "writes rows; others go on" : "readers and writers go on";
}

static const char *
tone(const struct store_statement_touch *t)
{
	if (t->strength >= WIRE_SHARE)
		return t->rewrites || t->scans ? "bad" : "wait";
	return "calm";
}

enum gh_code
lintview_start(struct lintview *l, struct req *req, int64_t migration_id, const char *side, int64_t target_id,
    struct gh_err *err)
{
	*l = (struct lintview){ .req = req, .target_id = target_id };
	GH_TRY(store_finding_list(req->store, req->arena, migration_id, side, &l->findings, err));
	return store_statement_touch_list(req->store, req->arena, migration_id, side, &l->touches, err);
}

void
lintview_none(struct lintview *l, struct req *req)
{
	*l = (struct lintview){ .req = req };
}

/* An earlier statement of this side has made it: nobody else knows it yet. */
static bool
made_here(const struct lintview *l, const struct store_statement_touch *t)
{
	size_t i;

	for (i = 0; i < l->touches.n; i++) {
		const struct store_statement_touch *other = &l->touches.rows[i];

		if (other->strength == WIRE_NO_LOCK && other->statement < t->statement &&
		    strcmp(other->object, t->object) == 0)
			return true;
	}
	return false;
}

/* Rules speak in half sentences, for terminals; a page has whole ones.  Names keep their case. */
static const char *
sentence(struct gh_arena *a, const char *text, const char *name)
{
	size_t word = strcspn(text, " "), len = strlen(text);
	char *ret = gh_printf(a, "%s%s", text, len == 0 || text[len - 1] == '.' ? "" : ".");
	const char *dot = strrchr(name, '.');

	name = dot == NULL ? name : dot + 1;
	if (strcspn(text, "_.\"") < word || (word > 0 && strncmp(text, name, word) == 0))
		return ret;
	*ret = (char)toupper((unsigned char)*ret);
	return ret;
}

static enum gh_code
show_touch(struct lintview *l, struct view *item, const struct store_statement_touch *t, struct gh_err *err)
{
	struct gh_arena *a = l->req->arena;
	bool made = made_here(l, t), fresh = made || t->strength == WIRE_NO_LOCK;
	struct store_table *table = NULL;

	if (l->target_id != 0 && !fresh)
		GH_TRY(store_table_find(l->req->store, a, l->target_id, t->object, &table, err));
	view_text(item, "object", t->object);
	view_text(item, "lock", t->lock);
	view_text(item, "tone", made ? "calm" : tone(t));
	view_bool(item, "rewrites", t->rewrites);
	view_bool(item, "scans", t->scans);
	view_text(item, "effect", made ? "created above, so nobody waits" : effect(t));
	view_text(item, "work",
	    made              ? ""
		: t->rewrites ? "rewrites the whole table"
		: t->scans    ? "reads the whole table"
			      : "");
	view_text(item, "size",
	    l->target_id == 0 || fresh ? ""
		: table == NULL
		? "not there yet"
		: gh_printf(a, "%s, %s", finding_bytes(table->bytes, a), finding_rows(table->row_count, a)));
	return GH_OK;
}

static enum gh_code
show_finding(struct lintview *l, struct view *item, const struct store_finding *f, struct gh_err *err)
{
	const char *level = f->level, *why = "";
	struct store_table *table = NULL;

	if (l->target_id != 0 && *f->object != '\0') {
		GH_TRY(store_table_find(l->req->store, l->req->arena, l->target_id, f->object, &table, err));
		level = finding_level(f->level, f->scale, table, l->req->arena, &why);
	}
	if (f->ignored)
		l->ignored++;
	else if (strcmp(level, "error") == 0)
		l->errors++;
	else if (strcmp(level, "warning") == 0)
		l->warnings++;
	else
		l->notices++;
	view_text(item, "rule", f->rule);
	view_text(item, "url", gh_printf(l->req->arena, "/docs/lint#%s", f->rule));
	view_text(item, "level", f->ignored ? "ignored" : level);
	show_mark(item, "mark", f->ignored ? "ignored" : level);
	view_int(item, "line", f->line);
	view_int(item, "column", f->column);
	view_text(item, "message", sentence(l->req->arena, f->message, f->object));
	view_text(item, "why", *why == '\0' ? "" : sentence(l->req->arena, why, f->object));
	view_markup(item, "rewrite", highlight_sql(l->req->arena, f->rewrite, strlen(f->rewrite)));
	view_text(item, "reason", f->ignored ? f->reason : "");
	return GH_OK;
}

enum gh_code
lintview_statement(struct lintview *l, struct view *item, int64_t statement, struct gh_err *err)
{
	struct view *touches = view_list(item, "touches"), *findings = view_list(item, "findings");
	size_t i;

	for (i = 0; i < l->touches.n; i++) {
		if (l->touches.rows[i].statement == statement)
			GH_TRY(show_touch(l, view_item(touches), &l->touches.rows[i], err));
	}
	for (i = 0; i < l->findings.n; i++) {
		if (l->findings.rows[i].statement == statement)
			GH_TRY(show_finding(l, view_item(findings), &l->findings.rows[i], err));
	}
	view_bool(item, "any_touches", touches->n_items > 0);
	view_bool(item, "any_findings", findings->n_items > 0);
	return GH_OK;
}

const char *
lintview_sum(const struct lintview *l)
{
	struct req *req = l->req;
	const char *ret = "";

	if (l->errors > 0)
		ret = show_count(req, l->errors, "error", "errors");
	if (l->warnings > 0)
		ret = gh_printf(req->arena, "%s%s%s", ret, *ret == '\0' ? "" : ", ",
		    show_count(req, l->warnings, "warning", "warnings"));
	if (l->notices > 0)
		ret = gh_printf(req->arena, "%s%s%s", ret, *ret == '\0' ? "" : ", ",
		    show_count(req, l->notices, "notice", "notices"));
	if (l->ignored > 0)
		ret = gh_printf(req->arena, "%s%s%" PRId64 " ignored with a reason", ret,
		    *ret == '\0' ? "" : ", ", l->ignored);
	return ret;
}
