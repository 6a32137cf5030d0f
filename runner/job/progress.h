/*
 * PROGRESS frames: what the job does just now.  Only the newest counts for whoever reads them, so one is said
 * when something is new, and at most four a second; what was too early is said with the next call.
 */
#ifndef GH_JOB_PROGRESS_H
#define GH_JOB_PROGRESS_H

#include "runner/job/say.h"

struct progress {
	struct say_at at;     /* migration and statement, -1 none */
	const char *activity; /* as wire/journal.h has them */
	const char *text;
	int64_t done, total; /* total 0: nobody knows */
	const char *unit;
	int64_t since_us; /* wall clock: of this activity */
};

/* Never fails: a journal that cannot be written is the job's own trouble (job_bad). */
void progress_say(struct job *j, const struct progress *p);
/* The same without the limit of four a second: when something has ended. */
void progress_say_now(struct job *j, const struct progress *p);

#endif
