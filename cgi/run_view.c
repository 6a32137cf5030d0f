#include "base/ban.h"
#include "cgi/run_view.h"
#include "base/sqlstate.h"

#include "cgi/sqlstate.h"
#include "store/batch.h"
#include "store/failure.h"
#include "store/guard.h"
#include "wire/journal.h"

#define EVENTS 300

bool
run_view_open(const struct store_run *r)
{
	return strcmp(r->state, "queued") == 0 || strcmp(r->state, "running") == 0 ||
	    strcmp(r->state, "unknown") == 0;
}

/* p NULL: the run has not come to it, or never will. */
static void
show_phase(struct view *item, const struct store_phase *p, bool open)
{
	static const struct store_phase none = { .state = "waiting", .evidence = "" };
	const char *shape = p != NULL ? p->state : open ? "to-come" : "not-reached";
	bool timed;

	if (p == NULL)
		p = &none;
	/* How long a phase that goes on has taken would make each answer differ from the last one. */
	timed = p->started_at != 0 && p->ended_at != 0 && strcmp(p->state, "skipped") != 0;
	view_text(item, "state", p->state);
	view_text(item, "word", show_word(shape));
	show_mark(item, "mark", shape);
	view_span(item, "took", timed ? p->ended_at - p->started_at : -1);
	view_text(item, "evidence", p->evidence);
	view_time(item, "started_at", p->started_at);
	view_time(item, "ended_at", p->ended_at);
}

enum gh_code
run_view_phases(struct req *req, struct view *v, const struct store_run *r, struct gh_err *err)
{
	struct view *list = view_list(v, "phases");
	struct store_phases phases;
	const enum wire_phase *i;
	size_t k;

	GH_TRY(store_phase_list(req->store, req->arena, r->id, &phases, err));
	for (i = wire_phase_order; *i != 0; i++) {
		const struct store_phase *found = NULL;
		struct view *item = view_item(list);

		for (k = 0; k < phases.n; k++) {
			if (strcmp(phases.rows[k].phase, wire_phase_name(*i)) == 0)
				found = &phases.rows[k];
		}
		view_text(item, "phase", wire_phase_name(*i));
		show_phase(item, found, run_view_open(r));
	}
	view_bool(v, "any_phases", phases.n > 0);
	return GH_OK;
}

static const struct store_run_statement *
find_statement(const struct store_run_statements *rows, int64_t migration, int64_t position)
{
	size_t i;

	for (i = 0; i < rows->n; i++) {
		if (rows->rows[i].migration == migration && rows->rows[i].position == position)
			return &rows->rows[i];
	}
	return NULL;
}

/* It failed, but only gave way: it is tried again. */
static bool
tries_again(const struct store_progress *now, const struct store_run_statement *ran)
{
	return now != NULL && strcmp(now->activity, "backing-off") == 0 && now->migration == ran->migration &&
	    now->statement == ran->position && strcmp(ran->state, "failed") == 0;
}

/* What the run's other rows say of its statements. */
struct known {
	struct store_progress *now; /* NULL none */
	bool index;                 /* the run has left an invalid one */
	int64_t batched;            /* the migration of which only the first batches are in; -1 none */
};

/*
 * A statement that failed outside a transaction has left what it had done: an invalid index, or the batches
 * before the one that failed.
 */
static enum gh_code
known_look(struct req *req, const struct store_run *r, struct known *ret, struct gh_err *err)
{
	struct store_actions actions;
	struct store_batches batches;
	size_t i;

	*ret = (struct known){ .batched = -1 };
	GH_TRY(store_progress_find(req->store, req->arena, r->id, &ret->now, err));
	if (strncmp(r->state, "failed", 6) != 0)
		return GH_OK;
	GH_TRY(store_action_list(req->store, req->arena, r->id, &actions, err));
	for (i = 0; i < actions.n; i++)
		ret->index = ret->index || strcmp(actions.rows[i].kind, "drop-index") == 0;
	GH_TRY(store_batch_list(req->store, req->arena, r->id, &batches, err));
	for (i = 0; i < batches.n; i++) {
		if (strcmp(batches.rows[i].state, "failed") == 0 && batches.rows[i].rows > 0)
			ret->batched = batches.rows[i].migration;
	}
	return GH_OK;
}

static bool
is_half(const struct known *h, const struct store_plan_statement *st, const struct store_run_statement *ran)
{
	if (ran == NULL || strcmp(ran->state, "failed") != 0 || !st->alone)
		return false;
	return h->batched == st->migration || (h->index && strstr(st->kind, "INDEX") != NULL);
}

static void
show_statement(struct sqlview *s, struct view *item, const struct store_plan_statement *st,
    const struct store_run_statement *ran, const struct known *known, bool batched)
{
	const char *state = ran == NULL    ? "pending"
	    : tries_again(known->now, ran) ? "waiting"
	    : is_half(known, st, ran)      ? "half-done"
					   : ran->state;
	struct view *mark;

	sqlview_statement(s, item, st, batched);
	view_text(item, "state", state);
	if (ran == NULL) {
		mark = view_form(item, "mark");
		view_text(mark, "word", "");
		view_text(mark, "tone", "calm");
		view_text(mark, "icon", "minus");
		view_bool(mark, "turns", false);
	} else {
		show_mark_as(
		    item, "mark", state, strcmp(state, "waiting") == 0 ? "tries again" : show_word(state));
	}
	view_bool(item, "lit", ran != NULL && strcmp(state, "started") == 0);
	view_text(item, "tag", ran == NULL ? "" : ran->tag);
	view_int(item, "row_count", ran == NULL ? -1 : ran->row_count);
	view_text(item, "rows",
	    ran == NULL || ran->row_count < 0 ? "" : show_count(s->req, ran->row_count, "row", "rows"));
	view_span(item, "took", ran == NULL || ran->ended_at == 0 ? -1 : ran->ended_at - ran->started_at);
}

static void
show_migration(struct req *req, struct view *item, const struct store_run *r,
    const struct store_plan_migration *m, const struct store_run_migrations *rows)
{
	const struct store_run_migration *ran = NULL;
	const char *state;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		if (rows->rows[i].position == m->position)
			ran = &rows->rows[i];
	}
	(void)req;
	state = ran == NULL ? "pending" : ran->state;
	if (strcmp(state, "pending") == 0 && r->ended_at != 0)
		state = "not-reached";
	view_int(item, "position", m->position);
	view_text(item, "key", m->key);
	view_text(item, "version", m->version);
	view_text(item, "name", m->name);
	view_url(item, "url", "/migrations/%s/%s", r->project, m->key);
	view_text(item, "state", state);
	show_mark(item, "mark", state);
	view_text(item, "text", ran == NULL ? "" : ran->text);
	view_span(item, "took",
	    ran == NULL || ran->started_at == 0 || ran->ended_at == 0 ? -1 : ran->ended_at - ran->started_at);
}

enum gh_code
run_view_sql(struct req *req, struct view *v, const struct store_run *r, struct gh_err *err)
{
	struct view *list = view_list(v, "migrations");
	struct store_run_statements done;
	struct store_run_migrations rows;
	struct store_plan_migrations plan;
	struct store_plan_statements sql;
	int64_t total = 0;
	struct sqlview s;
	struct known known;
	size_t i, k;

	GH_TRY(sqlview_start(&s, req, r->plan_digest, err));
	GH_TRY(known_look(req, r, &known, err));
	GH_TRY(store_run_migration_list(req->store, req->arena, r->id, &rows, err));
	GH_TRY(store_run_statement_list(req->store, req->arena, r->id, &done, err));
	GH_TRY(store_plan_migration_list(
	    req->store, req->arena, r->plan_digest, 0, SQLVIEW_MIGRATIONS, &plan, err));
	for (i = 0; i < plan.n; i++) {
		struct view *item = view_item(list), *under;

		total += plan.rows[i].statements;
		show_migration(req, item, r, &plan.rows[i], &rows);
		under = view_list(item, "statements");
		GH_TRY(sqlview_list(&s, r->plan_digest, plan.rows[i].position, &sql, err));
		for (k = 0; k < sql.n; k++)
			show_statement(&s, view_item(under), &sql.rows[k],
			    find_statement(&done, sql.rows[k].migration, sql.rows[k].position), &known,
			    plan.rows[i].batched);
	}
	view_text(v, "sql_title",
	    strcmp(r->act, "restore") == 0 || strcmp(r->act, "side") == 0 ? "Restore" : "SQL");
	view_text(v, "progress",
	    total == 0 ? ""
		       : gh_printf(req->arena, "%s, %zu of %s begun",
			     show_count(req, r->migrations, "migration", "migrations"), done.n,
			     show_count(req, total, "statement", "statements")));
	view_text(v, "more",
	    s.too_large ? "The plan is too large to be shown here."
		: r->migrations > SQLVIEW_MIGRATIONS
		? gh_printf(req->arena, "The first %d of %s are shown.", SQLVIEW_MIGRATIONS,
		      show_count(req, r->migrations, "migration", "migrations"))
		: "");
	return GH_OK;
}

/* "0014_x, line 9" */
static enum gh_code
error_place(struct req *req, const struct store_run *r, const struct store_run_detail *d, const char **ret,
    struct gh_err *err)
{
	struct store_plan_migrations plan;

	*ret = "";
	if (d->error_migration < 0)
		return GH_OK;
	GH_TRY(store_plan_migration_list(
	    req->store, req->arena, r->plan_digest, d->error_migration, 1, &plan, err));
	if (plan.n == 0)
		return GH_OK;
	*ret = gh_printf(req->arena, "%s%s%s", plan.rows[0].key,
	    d->error_line > 0 ? gh_printf(req->arena, ", line %" PRId64, d->error_line) : "",
	    d->error_statement >= 0 ? gh_printf(req->arena, ", statement %" PRId64, d->error_statement + 1)
				    : "");
	return GH_OK;
}

enum gh_code
run_view_error(struct req *req, struct view *v, const struct store_run *r, const struct store_run_detail *d,
    struct gh_err *err)
{
	const struct sqlstate *known = sqlstate_find(d->sqlstate);
	struct view *e;
	const char *where;

	if (*d->error == '\0' && *d->sqlstate == '\0') {
		view_text(v, "error", "");
		return GH_OK;
	}
	GH_TRY(error_place(req, r, d, &where, err));
	e = view_object(v, "error");
	view_text(e, "title", known == NULL ? "It failed" : known->title);
	view_text(e, "explain", known == NULL ? "" : known->explain);
	view_text(e, "advice", known == NULL ? "" : known->advice);
	view_text(e, "sqlstate", d->sqlstate);
	view_text(e, "condition", gh_sqlstate_name(d->sqlstate));
	view_text(e, "message", d->error);
	view_text(e, "detail", d->error_detail);
	view_text(e, "hint", d->error_hint);
	view_text(e, "where", where);
	view_text(e, "object", d->error_object);
	return GH_OK;
}

enum gh_code
run_view_events(struct req *req, struct view *v, const struct store_run *r, struct gh_err *err)
{
	struct view *list = view_list(v, "events");
	struct store_events events;
	int64_t after = r->event_seq > EVENTS ? r->event_seq - EVENTS : 0;
	size_t i;

	GH_TRY(store_event_list(req->store, req->arena, r->id, after, EVENTS, &events, err));
	for (i = 0; i < events.n; i++) {
		const struct store_event *e = &events.rows[i];
		struct view *item = view_item(list);
		char iso[GH_CLOCK_LEN];

		view_int(item, "seq", e->seq);
		view_time(item, "at", e->at);
		/* 2026-11-21T10:16:03Z */
		view_text_n(item, "clock", gh_clock_iso(e->at, iso) + 11, 8);
		view_text(item, "kind", e->kind);
		view_text(item, "text", e->text);
	}
	view_bool(v, "any_events", events.n > 0);
	view_text(
	    v, "events_cut", after == 0 ? "" : gh_printf(req->arena, "The newest %d are shown.", EVENTS));
	return GH_OK;
}
