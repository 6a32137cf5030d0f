/*
 * A plan as a document for the command line, as text or as JSON.  It may be larger than a frame, so the one
 * that was asked for last is kept and given in parts.
 */
#ifndef GH_RUNNER_PLAN_DOC_H
#define GH_RUNNER_PLAN_DOC_H

#include "runner/plan_facts.h"
#include "runner/runner.h"

#define PLAN_DOC_LIMIT   ((size_t)256 << 20)
#define PLAN_DOC_PART    ((size_t)48 << 10) /* bytes in one reply */
#define PLAN_DOC_KEEP_US (60 * GH_SECOND)

struct plan_doc {
	struct gh_text text;
	char digest[GH_SHA256_HEX_LEN]; /* of text */
	int64_t used_at;                /* monotonic */
};

/* GH_BAD_INPUT when it would be larger than PLAN_DOC_LIMIT. */
enum gh_code plan_doc_make(struct runner *r, struct plan_built *b, bool json, struct gh_err *err) GH_MUST_USE;
/* The kept one, NULL when it is gone. */
const struct plan_doc *plan_doc_find(struct runner *r, const char *digest);
void plan_doc_done(struct runner *r);

/* The two forms; facts are of the plan. */
void plan_text(const struct plan_built *b, const struct plan_facts *f, struct gh_text *ret);
void plan_json(const struct plan_built *b, const struct plan_facts *f, struct gh_text *ret);

#endif
