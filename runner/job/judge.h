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

/* The last INTENT of the dead job, wire/journal.h. */
struct judge_intent {
	int64_t migration; /* -2 none */
	bool back;         /* of the way back */
	int64_t at;        /* a statement or enum wire_intent */
	bool numbered;     /* a transaction's */
	bool untouched;    /* the catalog is as it was before the statement */
	enum judge_xact xact;
};
void judge_intent(const struct wire_spec *s, struct judge_intent *ret);

struct judge_facts {
	const struct plan *plan;
	const bool *row; /* for each migration: it counts as applied */
	int64_t done;    /* known as committed by the journal */
	struct judge_intent intent;
	const char *half;  /* a migration is half done: what; NULL not */
	const char *batch; /* the first that is not in is batched and unfinished: how far it is; NULL not */
	const char *note;  /* the tracking table calls the first that is not in failed; NULL not */
	const char *odd;   /* the tracking table is as no run leaves it; NULL not */
	bool made;         /* the tracking table is there and empty, and was not before */
};

struct judge_verdict {
	enum wire_outcome outcome;
	size_t n_in; /* migrations 0 .. n_in-1 are in */
	const char *sentence;
};

/* How many migrations are in, from the first; false when a later one is in without an earlier one. */
bool judge_prefix(const struct plan *p, const bool *row, size_t *ret_n);
/*
 * What is half done of the migration of the intent, as far as that alone tells: NULL when nothing is.
 * effect: what is known of the statement by itself that was under way, NULL that it had none.
 */
const char *judge_half(const struct judge_facts *f, size_t n_in, const char *effect, struct gh_arena *a);
/* The statement by itself that the intent names, whose effect judge_half wants to know; NULL none. */
const struct plan_statement *judge_alone(const struct judge_facts *f, size_t n_in);
void judge(const struct judge_facts *f, struct gh_arena *a, struct judge_verdict *ret);
/*
 * When all of a run is in: says what did not come to its end after the migrations, and asks for its health,
 * which may make a person needed (reconcile_after.c).  GH_UNAVAILABLE: asked to stop meanwhile.
 */
enum gh_code reconcile_after(
    struct job *j, const struct plan *p, struct judge_verdict *v, struct gh_err *err) GH_MUST_USE;
/* Nobody of the run is left: sql (survivors.sql, or like it) says who is, and they are ended. GH_UNAVAILABLE:
 * not all. */
struct pg;
enum gh_code reconcile_alone(struct pg *pg, const char *sql, struct gh_err *err) GH_MUST_USE;

#endif
