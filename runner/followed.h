/*
 * One run's journal while it is followed.
 */
#ifndef GH_RUNNER_FOLLOWED_H
#define GH_RUNNER_FOLLOWED_H

#include "runner/follow.h"
#include "runner/follow_rows.h"

struct followed {
	struct followed *next;
	struct runner *runner;
	int fd; /* -1: there is no journal */
	struct wire_follow at;
	struct gh_text buf; /* a frame */
	struct follow_run run;
	struct gh_text plan_bytes;
	struct gh_arena plan_arena;
	struct plan plan;
	char path[PATH_MAX], target[256];
	pid_t pid;      /* our child, 0: another runner's */
	bool gone;      /* our child has ended, with status */
	bool pid_known; /* the store knows of a process */
	bool ended;     /* only waits for its child to be reaped */
	bool spoilt;    /* the journal cannot be read on: why */
	int status;
	int64_t empty_since; /* monotonic */
	char why[512];
};

enum gh_code followed_new(
    struct runner *r, int64_t run_id, struct followed **ret, struct gh_err *err) GH_MUST_USE;
void followed_free(struct followed *f);
/* Takes over what is there.  *ret_ended: the run is not running any more; it may be unknown now. */
enum gh_code followed_read(struct followed *f, bool *ret_ended, struct gh_err *err) GH_MUST_USE;

#endif
