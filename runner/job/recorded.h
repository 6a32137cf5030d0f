/*
 * What the rows of a tracking table say of a plan's migrations, for each kind of bookkeeping: a row a
 * migration, or one row that only names the newest.  No database here.
 */
#ifndef GH_JOB_RECORDED_H
#define GH_JOB_RECORDED_H

#include "runner/job/tracking.h"

struct recorded {
	const struct convention *c;
	const struct plan *plan;
	const struct tracking *t;
	size_t back; /* 1 + the migration of a plan upwards whose way back was begun; 0 none */
};

/* Migration i of the plan counts as applied; a repeatable one as it is in the plan. */
bool recorded_in(const struct recorded *d, size_t i);
/* The row that says that migration i was begun and did not end, or failed; NULL none. */
const struct convention_row *recorded_failed(const struct recorded *d, size_t i);
/* Why the tables tell nothing any more, one sentence without its end; NULL they do. */
const char *recorded_blind(const struct recorded *d, struct gh_arena *a);
/* It in words: "public.t calls 003_c dirty, ...", without an end; there must be such a row. */
const char *recorded_failed_text(const struct recorded *d, size_t i, struct gh_arena *a);
/* Why the rows are none that a run of this plan can leave, one sentence without its end; NULL they may be. */
const char *recorded_odd(const struct recorded *d, struct gh_arena *a);

#endif
