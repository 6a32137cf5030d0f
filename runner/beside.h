/*
 * A job beside runs while it is followed: its process, its time limit, its journal, which becomes rows in
 * transactions of at most BESIDE_BATCH frames together with how far it was read (each frame once, also when
 * the runner is killed and started again), and the folder for what it throws away.
 *
 * Its end is the transaction that reads its OUTCOME, or, when its job is gone without one, a transaction that
 * says so.  After that journal and folder are removed, with whatever still runs in the folder.
 */
#ifndef GH_RUNNER_BESIDE_H
#define GH_RUNNER_BESIDE_H

#include "runner/job.h"
#include "wire/journal.h"

#define BESIDE_BATCH    256
#define BESIDE_EVERY_US GH_SECOND
#define BESIDE_GRACE_US (30 * GH_SECOND) /* from being asked to stop to being ended */
#define BESIDE_EMPTY_US (2 * GH_SECOND)  /* for another runner's job: from exec to its lock */

struct beside;

struct beside_kind {
	const char *name; /* of its files in the jobs folder: NAME.ID.journal, NAME.ID */
	/* Within a transaction.  GH_BAD_INPUT and GH_CONFLICT: the journal is corrupt. */
	enum gh_code (*frame)(
	    struct beside *b, const struct wire_event *e, struct gh_arena *a, struct gh_err *err);
	/* How far it was read, b->at, where that is remembered: in the same transaction; when it fails
	 * nothing of them is.  Otherwise the next runner reads it from the beginning, and its frames must not
	 * mind. */
	enum gh_code (*keep)(struct beside *b, struct gh_err *err);
	/* Within a transaction: it has ended.  outcome 0: its job did not say how, the sentence is why. */
	enum gh_code (*settle)(
	    struct beside *b, enum wire_outcome outcome, const char *sentence, struct gh_err *err);
	/* Nothing is left of it, and b is free. */
	void (*freed)(struct runner *r);
};

struct beside {
	struct runner *runner;
	const struct beside_kind *kind;
	int64_t id;   /* 0: free */
	pid_t pid;    /* our child; 0: of another runner, or gone */
	int64_t said; /* the process that the journal names, 0 none yet */
	int64_t timer;
	int64_t until; /* monotonic: then it is asked to stop, and then ended */
	int64_t empty; /* monotonic: since when nobody holds its journal, in which nothing is; 0 not so */
	bool fenced;
	bool asked;   /* to stop: its time was over, somebody wants it ended, or it has said all */
	bool settled; /* its end is in the store; only its job is waited for */
	bool gone;    /* our child has ended, with status */
	int status;
	char late[128];   /* said of one whose time is over, "" that it took too long */
	char stop[4096];  /* why it is asked to stop, "" it is not */
	char spoilt[512]; /* why its journal cannot be read on, "" it can */
	struct wire_follow at;
	char journal[PATH_MAX], folder[PATH_MAX];
};

/* Names its files; nothing is started. */
void beside_name(struct beside *b, struct runner *r, const struct beside_kind *kind, int64_t id);
/* Starts the job after what an older one has left was removed, and follows it; on failure b is free again. */
enum gh_code beside_start(
    struct beside *b, struct job_order *o, int64_t limit_us, struct gh_err *err) GH_MUST_USE;
/* Takes up one that another runner has started: at and said are set. */
void beside_adopt(struct beside *b, int64_t limit_us);
/* It is asked to stop now, as one whose time is over is, and why is said of its end; what had succeeded has.
 */
void beside_cancel(struct beside *b, const char *why);
/* The runner ends, the job goes on. */
void beside_stop(struct beside *b);
/* Removes what is left in the jobs folder of jobs of that name that are not in list. */
void beside_sweep(struct runner *r, const struct beside_kind *kind, const struct beside *list, size_t n);

#endif
