/*
 * What is true after a run whose job died: from the tracking rows and the state of the transaction that was
 * in flight. No database here.
 */
#ifndef GH_JOB_JUDGE_H
#define GH_JOB_JUDGE_H

#include "migration/plan.h"
#include "runner/job/job.h"

enum judge_xact {          /* pg_xact_status of the intent */
	JUDGE_NO_XACT = 0, /* no intent, no number, or too old to tell */
	JUDGE_COMMITTED,
	JUDGE_ABORTED,
	JUDGE_IN_PROGRESS,
};

struct judge_facts {
	const struct plan *plan;
	const bool *row;          /* for each migration: its tracking row is there */
	int64_t done;             /* known as committed by the journal */
	int64_t intent_migration; /* -2 none */
	enum judge_xact xact;
	const char *half; /* a migration is half done outside a transaction: what; NULL not */
};

struct judge_verdict {
	enum wire_outcome outcome;
	size_t n_in; /* migrations 0 .. n_in-1 are in */
	const char *sentence;
};

/* How many migrations are in, from the first; false when a later one is in without an earlier one. */
bool judge_prefix(const struct plan *p, const bool *row, size_t *ret_n);
void judge(const struct judge_facts *f, struct gh_arena *a, struct judge_verdict *ret);

#endif
