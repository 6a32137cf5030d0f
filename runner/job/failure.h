/*
 * What a run says after it has failed, and reconcile of one that is settled: causes (explain.h), facts of the
 * catalog as it is now (facts.c), and the actions that are valid now (actions.c).  No frame of these changes
 * the outcome; what goes wrong is logged.
 */
#ifndef GH_JOB_FAILURE_H
#define GH_JOB_FAILURE_H

#include "runner/job/explain.h"
#include "runner/job/tracking.h"

/* What has become of a migration of the plan. */
enum failure_state {
	FAILURE_NOT_RUN = 0,
	FAILURE_ROLLED_BACK, /* by the rollback of its transaction */
	FAILURE_TAKEN_BACK,  /* by its down SQL */
	FAILURE_IN,          /* committed, and stays */
	FAILURE_HALF,        /* some of its statements took effect */
};

struct failure {
	struct explain x; /* its connection */
	enum wire_outcome outcome;
	const enum failure_state *state; /* one a migration of the plan */
	bool parse;                      /* its statements may be parsed: reconcile does not */
	const char *backup;              /* the run's, "" none or not known */
	int64_t run;
	/* Invalid indexes of before the run, as plans name them; not known to reconcile. */
	struct failure_before {
		size_t n;
		const char **at;
	} before;
	bool before_known;
	bool blocked; /* the tracking table says that something failed: nothing runs until that is cleared */
	/* found by facts.c */
	size_t n_facts;
	size_t n_invalid;
	struct failure_index {
		const char *name;
		int64_t position; /* of its fact */
	} * invalid;
	bool all_there; /* every object of the migration that failed, and there are some */
	bool recorded;  /* its tracking row is there */
};

/* FACT frames. */
void facts_say(struct failure *f);
/* ACTION frames, from what facts_say has found. */
void actions_say(struct failure *f);
/* The migration that is half done or was rolled back first; n_migrations when there is none. */
size_t failure_at(const struct failure *f);

struct judge_facts;
struct judge_verdict;
/* The same for a run that reconcile has settled: facts and actions, from the catalog alone. */
void failure_settled(
    struct pg *pg, const struct convention *c, const struct judge_facts *j, const struct judge_verdict *v);

/* What may be done after a run that restores has failed: by its outcome alone. */
void actions_restore(struct job *j, const struct plan *p);

struct run;
/* After a run has taken back what it does. */
void failure_say(struct run *r);

#endif
