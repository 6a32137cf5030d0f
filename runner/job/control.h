/*
 * What people tell a run while it runs (wire/control.h), the job's side.  The record is read whenever the job
 * looks around: job_stopped does it, at most every CONTROL_EVERY_US, and job_poll never sleeps longer than
 * JOB_LOOK_MS.  So cancel is SIGTERM by another way: the statement is cancelled, what is open is rolled back.
 *
 * Pause and the end of the window act at gates only: before the next migration, or the next batch.
 */
#ifndef GH_JOB_CONTROL_H
#define GH_JOB_CONTROL_H

#include "runner/job/job.h"
#include "wire/control.h"

#define CONTROL_EVERY_US INT64_C(200000)

struct control {
	int fd;
	int64_t looked;           /* monotonic */
	struct wire_control now;  /* the newest record that was whole */
	struct wire_control told; /* what CONTROL frames have answered */
	bool over;                /* a gate was closed because the window has ended */
	/* Asked again and again while the run is paused; NULL nothing.  Fails: the session is lost. */
	enum gh_code (*alive)(void *arg, struct gh_err *err);
	void *alive_arg;
};

/* Takes the descriptor; without one (-1) nobody tells the run anything but SIGTERM.  c lives as long as j. */
void control_start(struct job *j, struct control *c, int fd);
/* Reads the record when the last look was long enough ago.  NULL: nothing. */
void control_look(struct control *c);
/* Somebody wants it to pause: read now, so that whoever says so says it before control_gate waits. */
bool control_paused(struct job *j);
/* Somebody has cancelled the run. */
bool control_cancelled(const struct job *j);
/* A gate was closed because the window has ended: what is in stays as it is. */
bool control_over(const struct job *j);
/* What a person wants of batches; 0 as the file says.  Gives the record's serial: while it is the same,
 * nobody has said anything since. */
int64_t control_speed(const struct job *j, int64_t *ret_size, int64_t *ret_pause_ms);
/* "cancelled" or "asked to stop": why job_stopped is true. */
const char *control_why(const struct job *j);
/* CONTROL frames for what was not answered yet.  Never between say_start and say_end. */
void control_answer(struct job *j);
/*
 * Before something new begins ("0012_add_x", "the next batch of 0012_add_x"): waits while the run is paused.
 * GH_CONFLICT: cancelled, asked to stop, or the window has ended (control_over).  What c->alive gives: the
 * session was lost while it waited.
 */
enum gh_code control_gate(struct job *j, const char *before, struct gh_err *err) GH_MUST_USE;

#endif
