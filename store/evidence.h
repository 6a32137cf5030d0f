/*
 * What a run has looked at before and after, one line each: reads.
 */
#ifndef GH_STORE_EVIDENCE_H
#define GH_STORE_EVIDENCE_H

#include "store/store.h"

struct store_evidence {
	int64_t position, at;
	const char *kind;  /* query table object tracking index health temporary setting lock ... */
	const char *name;  /* of the thing; may be empty */
	const char *state; /* ok failed skipped */
	const char *text;  /* a sentence; of a query that failed also its first rows, a line each */
};
struct store_evidences {
	size_t n;
	struct store_evidence *rows;
};
/* Oldest first, at most STORE_PAGE_MAX. */
enum gh_code store_evidence_list(struct store *st, struct gh_arena *a, int64_t run_id,
    struct store_evidences *ret, struct gh_err *err) GH_MUST_USE;

#endif
