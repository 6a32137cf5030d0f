#include "base/ban.h"
#include "base/clock.h"
#include "cgi/app.h"
#include "cgi/show.h"

/* GET /ledger: who did what, newest first, with the state of the chain. */
#define ENTRIES_A_PAGE 50

static void
show_entry(struct req *req, struct view *item, const struct store_entry *e)
{
	view_int(item, "seq", e->seq);
	view_time(item, "at", e->at);
	view_text(item, "actor", e->actor);
	view_text(item, "way", e->way);
	view_int(item, "session", e->session);
	view_text(item, "op", e->op);
	view_text(item, "subject", e->subject);
	view_text(item, "subject_url", show_subject_url(req, e->subject));
	view_text(item, "target", e->target);
	view_text(item, "outcome", e->outcome);
	show_mark(item, "mark", e->outcome);
	view_text(item, "text", e->text);
	view_text(item, "canonical", e->canonical);
	view_text(item, "digest", e->digest);
	view_url(item, "url", "/ledger/%d64", e->seq);
}

static const char *
chain_text(struct req *req, const struct chain_look *look)
{
	const struct store_chain *c = &look->chain;
	const char *entries = show_count(req, c->entries, "entry was", "entries were");
	char since[GH_CLOCK_LEN];

	if (c->bad != 0)
		return gh_printf(req->arena,
		    "Entry %" PRId64
		    " does not follow from the one before it: it was changed, or one is missing. "
		    "Good up to:",
		    c->bad);
	if (c->entries < c->newest)
		return gh_printf(req->arena,
		    "The first %s checked, of %s; every look checks more. The digest of entry %" PRId64 ":",
		    entries, show_number(req, c->newest), c->entries);
	if (look->before == 0)
		return gh_printf(req->arena, "%s checked just now. The digest of the newest:", entries);
	if (look->before == c->entries)
		return gh_printf(req->arena, "%s checked from %s on. The digest of the newest:", entries,
		    gh_clock_utc(look->since, since));
	return gh_printf(req->arena,
	    "%s checked, the first %s from %s on, the rest just now. The digest of the newest:", entries,
	    show_number(req, look->before), gh_clock_utc(look->since, since));
}

static enum gh_code
show_chain(struct req *req, struct view *v, struct gh_err *err)
{
	struct view *c = view_object(v, "chain");
	struct app *app = req->app;
	const char *check = req_query(req, "check");
	struct chain_look look;
	bool whole, all;

	if (*check != '\0' && strcmp(check, "whole") != 0)
		return gh_fail(err, GH_BAD_INPUT, "check is whole, or not given: %.40s", check);
	GH_TRY(chain_check(app->config.chain == NULL ? &app->own_chain : app->config.chain, &app->source,
	    *check != '\0', req->now_us, &look, err));
	whole = look.chain.bad == 0;
	all = look.chain.entries >= look.chain.newest;
	view_bool(c, "whole", whole);
	view_int(c, "entries", look.chain.entries);
	view_int(c, "newest", look.chain.newest);
	view_int(c, "bad", look.chain.bad);
	view_int(c, "before", look.before);
	view_time(c, "since", look.since);
	view_text(c, "head", look.chain.head);
	view_text(c, "tone", !whole ? "bad" : all ? "good" : "wait");
	view_text(c, "icon", whole ? "shield-check" : "shield-alert");
	view_text(c, "title",
	    !whole    ? "The chain is broken."
		: all ? "The chain is whole."
		      : "The chain is whole so far.");
	view_text(c, "text", chain_text(req, &look));
	return GH_OK;
}

static enum gh_code
page_ledger_run(struct req *req, struct view *v, struct gh_err *err)
{
	static const char *const outcomes[] = { "ok", "refused", "failed", NULL };
	struct store_entry_filter filter = { .actor = req_query(req, "actor"),
		.op = req_query(req, "op"),
		.subject = req_query(req, "subject"),
		.outcome = req_query(req, "outcome") };
	bool html = req->format == REQ_HTML;
	struct store_entries entries;
	struct view *list;
	size_t i;

	filter.limit = html ? ENTRIES_A_PAGE : STORE_PAGE_MAX;
	GH_TRY(req_query_int(req, "before", 1, INT64_MAX, 0, &filter.before, err));
	GH_TRY(show_choices(v, "outcomes", outcomes, filter.outcome, err));
	GH_TRY(show_chain(req, v, err));
	GH_TRY(store_ledger_list(req->store, req->arena, &filter, &entries, err));
	view_text(v, "actor", filter.actor);
	view_text(v, "op", filter.op);
	view_text(v, "subject", filter.subject);
	list = view_list(v, "entries");
	for (i = 0; i < entries.n; i++)
		show_entry(req, view_item(list), &entries.rows[i]);
	show_list(req, v, entries.n);
	show_formats(req, v);
	show_next(req, v, entries.next);
	return GH_OK;
}

const struct page page_ledger = {
	.path = "/ledger",
	.needs = ROLE_LEAD | ROLE_AUDITOR | ROLE_ADMIN,
	.tpl = TPL_LEDGER,
	.title = "Ledger",
	.nav = "ledger",
	.csv = "entries",
	.query = { "actor", "op", "subject", "outcome", "before", "check" },
	.run = page_ledger_run,
};
