/*
 * What a plan will do to whom: for each migration the locks that its statements take, on tables of which
 * size, what lint has found and how bad that is there, and how long it took elsewhere.
 */
#ifndef GH_RUNNER_PLAN_FACTS_H
#define GH_RUNNER_PLAN_FACTS_H

#include "runner/plan_build.h"
#include "store/finding.h"
#include "store/outside.h"

struct plan_touch {
	struct store_statement_touch touch;
	const struct store_table *table; /* NULL: new, or not known */
	const char *text; /* "locks public.orders (1.2 GB, 4.1 million rows) against reads and writes while it
			     rewrites it"; "" nothing worth saying */
};

struct plan_found {
	struct store_finding finding;
	const char *level; /* on this target */
	const char *why;
};

struct plan_migration_facts {
	size_t n_touches, n_found;
	struct plan_touch *touches; /* in the order of the statements */
	struct plan_found *found;
	struct store_durations durations;
	const char *text; /* the whole migration's, the worst of each table; "" nothing worth saying */
};

struct plan_facts {
	bool tables_known;
	struct store_outside_counts
	    outside; /* where the policy takes one of others; limit_ms 0: it does not */
	struct plan_migration_facts *migrations; /* as the plan has them */
};

/* Into the plan's arena. */
enum gh_code plan_facts_read(
    struct store *st, struct plan_built *b, struct plan_facts *ret, struct gh_err *err) GH_MUST_USE;

/* The sentence of one touch, in the arena. */
const char *plan_touch_text(
    const struct store_statement_touch *t, const struct store_table *table, bool known, struct gh_arena *a);

#endif
