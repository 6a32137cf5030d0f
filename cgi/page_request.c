#include "base/ban.h"
#include "cgi/lintview.h"
#include "cgi/request_rehearsal.h"
#include "cgi/request_restore.h"
#include "cgi/request_view.h"
#include "cgi/sqlview.h"
#include "store/migration.h"

/* GET /requests/{id}: may this run?  The SQL, the facts, and last of all the decision. */
static const char *
sentence(struct req *req, const struct store_request *r)
{
	int64_t left = r->needed - r->given;
	char ago[GH_CLOCK_LEN];

	if (strcmp(r->state, "waiting") == 0)
		return gh_printf(req->arena, "waits for %s; expires %s.",
		    left == 1 ? "one approval" : show_count(req, left, "approval", "approvals"),
		    gh_clock_ago(r->expires_at, req->now_us, ago));
	if (strcmp(r->state, "started") == 0)
		return "its run is under way.";
	if (strcmp(r->state, "done") == 0)
		return gh_printf(req->arena, "its run ended: %s.", show_word(r->run_state));
	return gh_printf(req->arena, "%s.", gh_clock_ago(r->moved_at, req->now_us, ago));
}

/* What is known of a plan's migration; nothing when its file has changed since the plan was made. */
static enum gh_code
lint_start(struct lintview *l, struct req *req, const struct store_request *r,
    const struct store_plan_migration *p, struct gh_err *err)
{
	struct store_side *side = NULL;
	struct store_migration m;
	struct gh_err why = { 0 };
	enum gh_code code = store_migration_get(req->store, req->arena, r->project, p->key, &m, &why);

	lintview_none(l, req);
	if (code == GH_NOT_FOUND)
		return GH_OK;
	if (code != GH_OK) {
		*err = why;
		return code;
	}
	GH_TRY(store_side_find(req->store, req->arena, m.id, r->direction, &side, err));
	if (side == NULL || strcmp(side->digest, p->digest) != 0)
		return GH_OK;
	return lintview_start(l, req, m.id, r->direction, r->target_id, err);
}

/* item.durations [{target, took}]: the same on the targets that come before. */
static enum gh_code
show_durations(
    struct req *req, struct view *item, const struct store_request *r, const char *key, struct gh_err *err)
{
	struct view *list = view_list(item, "durations");
	struct store_durations rows;
	size_t i;

	GH_TRY(store_duration_list(
	    req->store, req->arena, r->target_id, key, strcmp(r->direction, "down") == 0, &rows, err));
	for (i = 0; i < rows.n; i++) {
		struct view *one = view_item(list);

		view_text(one, "target", rows.rows[i].target);
		view_span(one, "took", rows.rows[i].us);
	}
	return GH_OK;
}

static const char *
how(const struct store_plan_migration *m)
{
	if (m->batched)
		return "in batches, a transaction each";
	if (!m->transactional)
		return "partly outside a transaction";
	if (!m->row_inside)
		return "one transaction; its tool's tracking row is written outside it";
	return m->stripped ? "one transaction, in place of its own" : "one transaction";
}

static enum gh_code
show_statements(struct sqlview *s, struct view *item, const struct store_request *r,
    const struct store_plan_migration *m, struct gh_err *err)
{
	struct view *under = view_list(item, "statements");
	struct store_plan_statements rows;
	struct lintview lint;
	size_t k;

	GH_TRY(lint_start(&lint, s->req, r, m, err));
	GH_TRY(lintview_statement(&lint, view_object(item, "whole"), -1, err));
	GH_TRY(sqlview_list(s, r->plan_digest, m->position, &rows, err));
	for (k = 0; k < rows.n; k++) {
		struct view *st = view_item(under);

		sqlview_statement(s, st, &rows.rows[k], m->batched);
		GH_TRY(lintview_statement(&lint, st, rows.rows[k].position, err));
	}
	view_text(item, "lint", lintview_sum(&lint));
	return GH_OK;
}

static const char *
way_back(struct req *req, const struct store_request *r, int64_t back)
{
	if (strcmp(r->direction, "up") != 0)
		return "applying them again";
	if (back == r->migrations)
		return "every migration has its down SQL";
	if (back == 0)
		return "none: no migration has down SQL";
	return gh_printf(req->arena, "%" PRId64 " of %" PRId64 " have down SQL", back, r->migrations);
}

/* Of a restore there is no SQL to be read. */
static enum gh_code
show_restore(struct req *req, struct view *v, const struct store_request *r,
    const struct store_plan_restore *p, struct gh_err *err)
{
	bool side = *p->keep_name == '\0';

	(void)view_list(v, "migrations");
	view_text(v, "size", "");
	view_text(v, "to", side ? p->name : *p->schema_key == '\0' ? "the backup" : p->schema_key);
	view_text(v, "way_back",
	    side ? gh_printf(req->arena, "none needed: %s is dropped by hand", p->name)
		 : gh_printf(req->arena, "the old database, kept as %s", p->keep_name));
	view_bool(v, "any_cut", false);
	return request_restore_show(req, v, r, p, err);
}

static enum gh_code
show_migrations(
    struct req *req, struct view *v, const struct store_request *r, bool *ret_cut, struct gh_err *err)
{
	struct view *list = view_list(v, "migrations");
	struct store_plan_migrations plan;
	int64_t back = 0, statements = 0;
	bool up = strcmp(r->direction, "up") == 0;
	struct sqlview s;
	size_t i;

	GH_TRY(sqlview_start(&s, req, r->plan_digest, err));
	GH_TRY(store_plan_migration_list(
	    req->store, req->arena, r->plan_digest, 0, SQLVIEW_MIGRATIONS, &plan, err));
	for (i = 0; i < plan.n; i++) {
		const struct store_plan_migration *m = &plan.rows[i];
		struct view *item = view_item(list);

		back += m->has_back ? 1 : 0;
		statements += m->statements;
		view_int(item, "position", m->position);
		view_text(item, "key", m->key);
		view_text(item, "version", m->version);
		view_text(item, "name", m->name);
		view_text(item, "description", m->description);
		view_text(item, "author", m->author);
		view_text(item, "digest", m->digest);
		view_bool(item, "has_back", m->has_back);
		view_text(item, "how", how(m));
		view_url(item, "url", "/migrations/%s/%s", r->project, m->key);
		GH_TRY(show_durations(req, item, r, m->key, err));
		GH_TRY(show_statements(&s, item, r, m, err));
	}
	view_text(v, "size",
	    gh_printf(req->arena, "%s, %s%s", show_count(req, r->migrations, "migration", "migrations"),
		show_count(req, statements, "statement", "statements"),
		s.too_large ? "; too large to be shown here" : ""));
	view_text(v, "to",
	    plan.n == 0 ? ""
		: up    ? plan.rows[plan.n - 1].key
			: gh_printf(req->arena, "before %s", plan.rows[plan.n - 1].key));
	view_text(v, "way_back", way_back(req, r, back));
	*ret_cut = s.cut || r->migrations > (int64_t)plan.n;
	view_bool(v, "any_cut", *ret_cut);
	return GH_OK;
}

static void
show_approvals(struct view *v, const struct store_approvals *approvals)
{
	struct view *list = view_list(v, "approvals");
	size_t i;

	for (i = 0; i < approvals->n; i++) {
		const struct store_approval *a = &approvals->rows[i];
		struct view *item = view_item(list);

		view_text(item, "person", a->person);
		view_text(item, "decision", a->decision);
		show_mark(item, "mark", a->decision);
		view_text(item, "comment", a->comment);
		view_time(item, "at", a->created_at);
	}
	view_bool(v, "any_approvals", approvals->n > 0);
}

static void
show_facts(struct req *req, struct view *v, const struct store_request *r, const char *act)
{
	view_text(v, "title", gh_printf(req->arena, "Request %" PRId64, r->id));
	view_int(v, "id", r->id);
	view_text(v, "state", r->state);
	show_mark(v, "mark", strcmp(r->state, "done") == 0 ? r->run_state : r->state);
	view_text(v, "state_text", r->state_text);
	view_text(v, "sentence", sentence(req, r));
	view_text(v, "goal", show_goal(req, act, r->goal));
	view_text(v, "direction", r->direction);
	view_text(v, "target", r->target);
	view_text(v, "environment", r->environment);
	view_text(v, "project", r->project);
	view_text(v, "person", r->person);
	view_text(v, "reason", r->reason);
	view_text(v, "plan_digest", r->plan_digest);
	view_time(v, "created_at", r->created_at);
	view_time(v, "expires_at",
	    strcmp(r->state, "waiting") == 0 || strcmp(r->state, "approved") == 0 ? r->expires_at : 0);
	view_text(v, "reverts_url", r->reverts == 0 ? "" : show_url(req, "/runs/%d64", r->reverts));
	view_int(v, "reverts", r->reverts);
	view_int(v, "given", r->given);
	view_int(v, "needed", r->needed);
	view_text(
	    v, "no_approvals", r->needed == 0 ? "This target asks for none." : "Nobody has decided yet.");
	view_int(v, "run", r->run);
	view_text(v, "run_url", r->run == 0 ? "" : show_url(req, "/runs/%d64", r->run));
	view_text(v, "run_state", r->run_state);
	show_mark(v, "run_mark", r->run_state);
}

static enum gh_code
page_request_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_approvals approvals;
	struct store_plan_restore restore;
	struct store_request r;
	bool cut = false, restores;

	GH_TRY(store_request_get(req->store, req->arena, req->id, &r, err));
	GH_TRY(store_approval_list(req->store, req->arena, req->id, &approvals, err));
	GH_TRY(request_restore_find(req, &r, &restore, &restores, err));
	show_facts(req, v, &r, restores ? "restore" : "run");
	show_approvals(v, &approvals);
	GH_TRY(request_view_plan(req, v, &r, err));
	if (restores) {
		GH_TRY(show_restore(req, v, &r, &restore, err));
	} else {
		GH_TRY(request_restore_show(req, v, &r, NULL, err));
		GH_TRY(show_migrations(req, v, &r, &cut, err));
	}
	GH_TRY(request_rehearsal_show(req, v, &r, err));
	GH_TRY(request_loss_show(req, v, &r, err));
	request_view_decision(req, v, &r, &approvals, cut);
	return GH_OK;
}

const struct page page_request = {
	.path = "/requests/{id}",
	.tpl = TPL_REQUEST,
	.nav = "requests",
	.run = page_request_run,
};
