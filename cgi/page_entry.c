#include "base/ban.h"
#include "cgi/show.h"
#include "store/ledger.h"

/* GET /ledger/{id}: one entry with its canonical form and what proves it. */
static enum gh_code
digest_before(struct req *req, int64_t seq, unsigned char ret[GH_SHA256_LEN], char ret_hex[GH_SHA256_HEX_LEN],
    struct gh_err *err)
{
	struct store_entry before;

	memset(ret, 0, GH_SHA256_LEN);
	if (seq > 1) {
		GH_TRY(store_ledger_get(req->store, req->arena, seq - 1, &before, err));
		if (!gh_unhex(before.digest, ret, GH_SHA256_LEN))
			return gh_fail(
			    err, GH_INTERNAL, "the digest of entry %" PRId64 " is no digest", seq - 1);
	}
	gh_hex(ret, GH_SHA256_LEN, ret_hex);
	return GH_OK;
}

static enum gh_code
show_proof_of(struct req *req, struct view *v, const struct store_entry *e, struct gh_err *err)
{
	unsigned char before[GH_SHA256_LEN], now[GH_SHA256_LEN];
	char hex[GH_SHA256_HEX_LEN];
	bool good;

	GH_TRY(digest_before(req, e->seq, before, hex, err));
	view_text(v, "before", hex);
	store_ledger_chain(before, e->canonical, now);
	gh_hex(now, sizeof(now), hex);
	good = strcmp(hex, e->digest) == 0;
	view_bool(v, "follows", good);
	show_mark_as(v, "check", good ? "ok" : "failed",
	    good ? "the digest follows from the entry before and this text"
		 : "the digest does not follow: this entry or the one before was changed");
	return GH_OK;
}

static enum gh_code
page_entry_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_entry e, next;

	GH_TRY(store_ledger_get(req->store, req->arena, req->id, &e, err));
	view_text(v, "title", gh_printf(req->arena, "Entry %" PRId64, e.seq));
	view_int(v, "seq", e.seq);
	view_time(v, "at", e.at);
	view_int(v, "mono", e.mono);
	view_text(v, "actor", e.actor);
	view_text(v, "way", e.way);
	view_int(v, "session", e.session);
	view_text(v, "op", e.op);
	view_text(v, "subject", e.subject);
	view_text(v, "subject_url", show_subject_url(req, e.subject));
	view_text(v, "target", e.target);
	view_text(v, "outcome", e.outcome);
	show_mark(v, "mark", e.outcome);
	view_text(v, "text", e.text);
	view_text(v, "canonical", e.canonical);
	view_text(v, "digest", e.digest);
	GH_TRY(show_proof_of(req, v, &e, err));
	view_text(v, "before_url", e.seq > 1 ? show_url(req, "/ledger/%d64", e.seq - 1) : "");
	view_text(v, "after_url",
	    store_ledger_get(req->store, req->arena, e.seq + 1, &next, NULL) == GH_OK
		? show_url(req, "/ledger/%d64", e.seq + 1)
		: "");
	show_formats(req, v);
	return GH_OK;
}

const struct page page_entry = {
	.path = "/ledger/{id}",
	.needs = ROLE_LEAD | ROLE_AUDITOR | ROLE_ADMIN,
	.tpl = TPL_ENTRY,
	.nav = "ledger",
	.run = page_entry_run,
};
