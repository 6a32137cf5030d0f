#include "base/ban.h"
#include "runner/plan_doc.h"
#include "base/clock.h"

void
plan_doc_done(struct runner *r)
{
	if (r->plan_doc == NULL)
		return;
	gh_text_done(&r->plan_doc->text);
	free(r->plan_doc);
	r->plan_doc = NULL;
}

const struct plan_doc *
plan_doc_find(struct runner *r, const char *digest)
{
	if (r->plan_doc == NULL || strcmp(r->plan_doc->digest, digest) != 0 ||
	    gh_clock_mono() - r->plan_doc->used_at > PLAN_DOC_KEEP_US)
		return NULL;
	r->plan_doc->used_at = gh_clock_mono();
	return r->plan_doc;
}

enum gh_code
plan_doc_make(struct runner *r, struct plan_built *b, bool json, struct gh_err *err)
{
	struct plan_facts facts = { 0 };
	struct plan_doc *d;

	GH_TRY(plan_facts_read(r->store, b, &facts, err));
	plan_doc_done(r);
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	d->text.limit = PLAN_DOC_LIMIT;
	if (json)
		plan_json(b, &facts, &d->text);
	else
		plan_text(b, &facts, &d->text);
	r->plan_doc = d;
	if (d->text.full) {
		plan_doc_done(r);
		return gh_fail(err, GH_BAD_INPUT,
		    "the plan is too large to be shown: ask for fewer migrations at a time");
	}
	gh_sha256_hex(d->text.data, d->text.len, d->digest);
	d->used_at = gh_clock_mono();
	return GH_OK;
}
