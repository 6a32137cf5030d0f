/*
 * For tests of what starts jobs: their program is also the job that they start, `test_X KIND ID`, and keeps
 * its files in a folder of its own.
 */
#ifndef GH_TESTS_FAKE_JOB_H
#define GH_TESTS_FAKE_JOB_H

#include "tests/support/fixture_plan.h"
#include "wire/journal.h"

extern char fake_job_folder[];          /* of the test */
extern char fake_job_self[PATH_MAX];    /* the program */
int fake_job_group_start(void **state); /* makes both */
int fake_job_group_stop(void **state);  /* fails when something was left in the folder */

/* FOLDER/NAME, until the next call. */
const char *fake_job_file(const char *name);
void fake_job_put(const char *name, const char *text);
/* Turns the runner's loop until the query gives that, a minute at most. */
void fake_job_until(struct fixture_runner *f, const char *sql, const char *want);
/* Turns it until all that was thrown away is gone (runner/waste.h), a minute at most. */
void fake_job_until_clear(struct fixture_runner *f);

/* ---- as the job ---- */

struct fake_job {
	struct gh_arena arena;
	struct gh_text bytes; /* that the spec was read from */
	struct wire_journal journal;
	struct wire_spec spec;
};
/* Reads the spec, opens the journal; otherwise what the process is to exit with. */
int fake_job_open(struct fake_job *j);
/* Until the file is there, ten seconds at most. */
void fake_job_wait(const char *path);
void fake_job_say_start(struct fake_job *j);
void fake_job_end(struct fake_job *j, enum wire_outcome outcome, const char *text);

#endif
