/*
 * A job: one process, one task, one journal.  main.c reads the spec, opens the journal and runs the kind; the
 * kind reports by frames (say.h) and ends by job_outcome.  A kind that returns an error without an outcome
 * ends "failed-clean" with the error's sentence, so it may only do so while nothing was changed.
 *
 * A journal that cannot be written is remembered in `bad` and reported by job_flush: nothing risky is done
 * after that.
 */
#ifndef GH_JOB_JOB_H
#define GH_JOB_JOB_H

#include "base/arena.h"
#include "wire/journal.h"
#include "wire/spec.h"

#include <signal.h>

#define JOB_LOOK_MS     INT64_C(250)        /* how long a wait may be without a look around */
#define JOB_ARENA_LIMIT ((size_t)512 << 20) /* a plan is up to 96 MiB */

struct control;
struct job {
	struct wire_spec spec;
	struct wire_journal journal;
	struct gh_arena *arena;    /* lives as long as the job */
	struct gh_err bad;         /* first failure to write the journal */
	enum wire_outcome outcome; /* 0: none yet */
	const char *sentence;
	bool deaf;                                 /* SIGTERM and cancel no longer count: cleaning up */
	struct control *control;                   /* runner/job/control.h; NULL: nobody tells it anything */
	int64_t progress_at;                       /* monotonic: of the newest PROGRESS frame, 0 none */
	unsigned char progress_sum[GH_SHA256_LEN]; /* of its fields */
};

struct job_kind {
	const char *name;
	enum gh_code (*run)(struct job *j, struct gh_err *err);
};
extern const struct job_kind job_analyse, job_check, job_run, job_reconcile, job_notify, job_rehearse,
    job_count, job_take, job_prove, job_outside;

/* Sets how the job ends; the last call counts.  main writes the frame. */
void job_outcome(struct job *j, enum wire_outcome outcome, const char *fmt, ...) GH_PRINTF(3, 4);
/* Makes the journal durable; reports an earlier failure to write it. */
enum gh_code job_flush(struct job *j, struct gh_err *err) GH_MUST_USE;
/* Only reports an earlier failure to write it. */
enum gh_code job_bad(const struct job *j, struct gh_err *err) GH_MUST_USE;

/*
 * SIGTERM sets a flag; it stays blocked but in job_poll, so none is lost between a look and a wait.
 * job_stopped is true as well when the run was cancelled (control.h), and false while the job cleans up after
 * a failure.
 */
void job_signals(void);
bool job_stopped(const struct job *j);
struct pollfd;
/* As poll(2), JOB_LOOK_MS at most: returns early (0 or -1 with EINTR) then and when SIGTERM comes. */
int job_poll(struct pollfd *fds, size_t n, int64_t timeout_ms);
/* Waits, at most until SIGTERM. */
void job_sleep(const struct job *j, int64_t ms);

#endif
