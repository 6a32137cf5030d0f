#include "base/ban.h"
#include "cgi/show.h"
#include "store/ledger.h"

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

static enum gh_code
show_chain(struct req *req, struct view *v, struct gh_err *err)
{
	struct view *c = view_object(v, "chain");
	struct store_chain chain;
	bool whole;

	GH_TRY(store_ledger_verify(req->store, &chain, err));
	whole = chain.bad == 0;
	view_bool(c, "whole", whole);
	view_int(c, "entries", chain.entries);
	view_int(c, "bad", chain.bad);
	view_text(c, "head", chain.head);
	view_text(c, "tone", whole ? "good" : "bad");
	view_text(c, "icon", whole ? "shield-check" : "shield-alert");
	view_text(c, "title", whole ? "The chain is whole." : "The chain is broken.");
	view_text(c, "text",
	    whole ? gh_printf(req->arena, "%s checked just now. The digest of the newest:",
			show_count(req, chain.entries, "entry was", "entries were"))
		  : gh_printf(req->arena,
			"Entry %" PRId64
			" does not follow from the one before it: it was changed, or one is missing. "
			"Good up to:",
			chain.bad));
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
	GH_TRY(show_chain(req, v, err));
	GH_TRY(store_ledger_list(req->store, req->arena, &filter, &entries, err));
	view_text(v, "actor", filter.actor);
	view_text(v, "op", filter.op);
	view_text(v, "subject", filter.subject);
	show_choices(v, "outcomes", outcomes, filter.outcome);
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
	.query = { "actor", "op", "subject", "outcome", "before" },
	.run = page_ledger_run,
};
