#include "base/ban.h"
#include "cgi/sqlview.h"

#include "cgi/highlight.h"

enum gh_code
sqlview_start(struct sqlview *s, struct req *req, const char *digest, struct gh_err *err)
{
	struct store_plan plan;

	*s = (struct sqlview){ .req = req, .left = SQLVIEW_BYTES };
	GH_TRY(store_plan_get(req->store, req->arena, digest, &plan, err));
	s->too_large = plan.bytes > SQLVIEW_PLAN_BYTES;
	s->cut = s->too_large;
	return GH_OK;
}

void
sqlview_sql(struct sqlview *s, struct view *item, const char *sql, int64_t whole)
{
	int64_t len = (int64_t)strlen(sql);

	s->cut = s->cut || len > s->left || len < whole;
	if (len > s->left) {
		view_markup(item, "sql", highlight_sql(s->req->arena, "", 0));
		view_text(item, "cut", "Not shown: this page has reached its limit of SQL.");
		return;
	}
	s->left -= len;
	view_markup(item, "sql", highlight_marked(s->req->arena, sql, (size_t)len, &s->marks));
	view_text(item, "cut",
	    len >= whole
		? ""
		: gh_printf(s->req->arena, "%" PRId64 " of %" PRId64 " bytes are shown.", len, whole));
}

void
sqlview_statement(struct sqlview *s, struct view *item, const struct store_plan_statement *st, bool batched)
{
	view_int(item, "line", st->line);
	view_text(item, "kind", st->kind);
	view_bool(item, "alone", st->alone && !batched);
	view_bool(item, "batched", batched);
	view_text(item, "effect", st->effect);
	view_text(item, "undo",
	    strcmp(st->effect, "one-way") == 0        ? "no statement undoes it by itself"
		: strcmp(st->effect, "destroys") == 0 ? "what it removes is gone"
						      : "");
	sqlview_sql(s, item, st->sql, st->sql_bytes);
}

enum gh_code
sqlview_list(struct sqlview *s, const char *digest, int64_t migration, struct store_plan_statements *ret,
    struct gh_err *err)
{
	*ret = (struct store_plan_statements){ 0 };
	if (s->too_large)
		return GH_OK;
	return store_plan_statement_list(s->req->store, s->req->arena, digest, migration, ret, err);
}
